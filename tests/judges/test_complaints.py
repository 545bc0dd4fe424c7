"""What an output says is found as the plain search would find it, however long the output is."""

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judges.complaints import SIGNS, is_said

_PIECES = (
    *("no module named", "cannot find ", "module", "package", " not ", "found", "command", "is not recognized"),
    *("missing script", "no rule to", "no such ", "subcommand", "option", "can't open file", "cannot open", "unknown "),
    *("unrecognized ", "invalid ", "flag", "target", "no tests ", "were ", "run", "ran", "executed", "collected"),
    *(" 0", "0 tests", " failed", "skipped", "tests: 0", ": not found", "permission denied", "timed out"),
    *("not installed", "could not ", "resolve", "determine", "script", "defined", "exist", "no such file or directory"),
    *("failed to ", "spawn", "don't know how", "does not contain", "1", " test ", "failures", "fail", "=2", "--- FAIL"),
    *("\n", "\r\n", " ", "x", "_", "é", "\u017f", "\u212a", "\u0130", "\u0131", "İnvalid option", "\u2028", "ſcript"),
)


@pytest.mark.parametrize("pattern", SIGNS)
@given(pieces=st.lists(st.sampled_from(_PIECES) | st.text(max_size=3), max_size=12), upper=st.booleans())
def test_what_is_said_is_what_a_search_finds(pattern: re.Pattern[str], pieces: list[str], upper: bool) -> None:
    output = "".join(pieces)
    output = output.upper() if upper else output
    assert is_said(pattern, output) == (pattern.search(output) is not None)


def test_only_four_characters_outside_ascii_are_taken_for_a_letter() -> None:
    letters = re.compile("(?i)[a-z]")
    folded = [chr(code) for code in range(128, sys.maxunicode + 1) if letters.match(chr(code))]
    longer = [chr(code) for code in range(128, sys.maxunicode + 1) if len(chr(code).lower()) != 1]
    assert folded == ["\u0130", "\u0131", "\u017f", "\u212a"]
    assert longer == ["\u0130"]
