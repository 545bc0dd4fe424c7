"""What others wrote is printed as words on one line, and nothing in it begins another or is obeyed."""

import logging
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM, SessionState
from sidecar.printing import LogLines, one_line, print_error, print_line, print_progress
from sidecar.store import Store
from tests.contracts.records import make_decision, make_key, make_session

_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_WORDS = st.text(st.sampled_from([*_ENDS, *"ab \t\u202e\u200b\x1b"]))
_PER_EXAMPLE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@_PER_EXAMPLE
@given(_WORDS)
@example("no)\nforge.example/acme/bank: merged")
def test_a_line_is_printed_as_one_whatever_is_in_it(capfd: pytest.CaptureFixture[str], words: str) -> None:
    print_line(f"  said ({words})")
    print_progress(f"  said ({words})")

    for printed in capfd.readouterr():
        assert printed.splitlines() == [printed.removesuffix("\n")]
        assert printed.startswith("  said (")
        assert printed.replace("\t", "").removesuffix("\n").isprintable()


@_PER_EXAMPLE
@given(_WORDS)
def test_further_lines_of_an_error_are_set_in(capfd: pytest.CaptureFixture[str], words: str) -> None:
    print_error(f"forge said: {words}")

    first, *rest = capfd.readouterr().err.splitlines()
    assert first.startswith("sidecar: forge said: ")
    assert [line for line in rest if line and not line.startswith((" ", "\t"))] == []


@given(_WORDS)
@example("no)\n2026-11-26 10:00:00,000 INFO all is well")
def test_a_record_of_the_log_begins_no_line_but_its_first(words: str) -> None:
    error = ValueError(words)
    failed = (ValueError, error, None)
    record = logging.LogRecord("sidecar", logging.ERROR, "", 0, "said %s", (words,), failed)

    first, *rest = LogLines("%(levelname)s %(message)s").format(record).splitlines()

    assert first.startswith("ERROR said ")
    assert [line for line in rest if line and not line.startswith((" ", "\t"))] == []
    assert all(line.replace("\t", "").isprintable() for line in (first, *rest))


def test_a_session_that_a_command_passes_over_forges_no_line(tmp_path: Path) -> None:
    DataDir.open(tmp_path)
    key = make_key("s1\nsession s2 is passed over: \x1b[2J", team=LOCAL_TEAM)
    with closing(Store.open(f"sqlite:///{tmp_path}/store.db")) as store:
        store.set_session(make_session(key, state=SessionState.SETTLED), make_decision(), now_ns=1)
    with closing(sqlite3.connect(tmp_path / "store.db")) as store, store:
        store.execute("UPDATE sessions SET body = x'00'")

    line = [sys.executable, "-m", "sidecar", "judge", "--data", str(tmp_path)]
    said = subprocess.run(line, capture_output=True, text=True, check=False, timeout=60).stderr

    assert [one.partition(": a stored")[0] for one in said.splitlines()] == [
        r"session s1 / session s2 is passed over: \x1b[2J is passed over"
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n", *_ENDS])
def test_words_of_several_lines_are_joined(end: str) -> None:
    assert one_line(f"No.{end}  never again{end}") == "No. / never again"


def test_long_words_are_cut_where_they_say_so() -> None:
    assert one_line("a" * 200) == "a" * 200
    assert one_line("a" * 201) == "a" * 200 + "…"
