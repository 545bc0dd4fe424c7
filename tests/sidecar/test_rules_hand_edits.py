"""Human edits are law: whatever people and formatters do to the block, each rule is told apart and theirs stay."""

import json
import re
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.domain import EditOperation, ProjectId, Rule, RuleEdit, RuleKind
from sidecar.errors import RulesFileError
from sidecar.proposals import build_files, deletion_tombstones, read_base
from sidecar.rules import BEGIN, END, is_ledger_path, ledger_path, listed_words, rule_id, rule_words
from sidecar.targets import CLAUDE_CODE, Target

TARGET = Target(path="CLAUDE.md", name="CLAUDE.md", agents=(CLAUDE_CODE,))
TEXTS = (
    ("Run `uv run pytest`; `pytest` fails here.", None),
    ("Do not edit `gen/api_v2.py` by hand.", "src/**"),
    ("Change `schema.sql` together with `models.py`.", None),
    ("Never store amounts as *floats*; use whole cents.", None),
    ("Keep handlers in one file each, named like_this.", None),
)
ABOVE, BELOW = "# Shop\n\nBe kind.\n\n- ours\n", "\n## More\n\n1. first\n"
OWN: tuple[str, ...] = ("Ask Ada before you touch rates.", "Lunch is at noon.")


def rule(text: str, scope: str | None = None) -> Rule:
    return Rule(rule_id=rule_id(text, scope), text=text, scope=scope, kind=RuleKind.CONSTRAINT, evidence=("s1",))


RULES = tuple(rule(text, scope) for text, scope in TEXTS)
NEW = RuleEdit(operation=EditOperation.ADD, rule=rule("Something new, said by nobody yet."), reason="because")
Files = dict[str, bytes]
Lines = list[str]


def built(files: Files, edits: Sequence[RuleEdit]) -> Files:
    changes = build_files(files, edits, targets=[TARGET])
    merged: dict[str, bytes | None] = {**files, **changes}
    return {path: content for path, content in merged.items() if content is not None}


MERGED = built(
    {"CLAUDE.md": ABOVE.encode()},
    [RuleEdit(operation=EditOperation.ADD, rule=one, reason="because") for one in RULES],
)
LINES = [f"- {rule_words(one.text, one.scope)}" for one in RULES]


def with_block(lines: Sequence[str], *, begin: str = BEGIN, end: str = END, newline: str = "\n") -> Files:
    text = "\n".join([ABOVE, begin, *lines, end]) + "\n" + BELOW
    return MERGED | {"CLAUDE.md": text.replace("\n", newline).encode()}


def words(line: str) -> str:
    """What a list line says."""
    return re.sub(r"^\s*(?:[-*+]|\d+[.)])\s+", "", line)


def marked(mark: str) -> Callable[[Lines], Lines]:
    return lambda lines: [f"{mark} {words(line)}" for line in lines]


def numbered(lines: Lines) -> Lines:
    return [f"{number}. {words(line)}" for number, line in enumerate(lines, start=1)]


def wrapped(lines: Lines) -> Lines:
    """As a formatter breaks long lines."""
    return [part for line in lines for part in re.sub(r"(.{20,}?) ", "\\1\n  ", line).split("\n")]


def spread(lines: Lines) -> Lines:
    return ["", *(part for line in lines for part in (line, ""))]


def escaped(lines: Lines) -> Lines:
    return [line.replace("like_this", "like\\_this").replace("*floats*", "_floats_") for line in lines]


def headed(lines: Lines) -> Lines:
    return ["### Learned", "", *lines, "", "That is all."]


FORMATS: dict[str, Callable[[Lines], Lines]] = {
    "asterisks": marked("*"),
    "pluses": marked("+"),
    "four columns": marked("-  "),
    "numbers": numbered,
    "wrapped": wrapped,
    "blank lines": spread,
    "escapes": escaped,
    "reversed": lambda lines: lines[::-1],
    "a heading and prose": headed,
    "trailing blanks": lambda lines: [f"{line}  " for line in lines],
    "indented": lambda lines: [f"  {line}" for line in lines],
    "tabs": lambda lines: [line.replace("- ", "-\t", 1) for line in lines],
}


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", FORMATS)
def test_formatter_changes_no_rule(name: str, newline: str) -> None:
    reading = read_base(with_block(FORMATS[name](LINES), newline=newline))

    assert {one.rule_id for one in reading.standing} == {one.rule_id for one in RULES}
    assert (reading.amended, reading.deleted, reading.added) == ((), (), ())


@pytest.mark.parametrize("name", FORMATS)
def test_what_a_formatter_did_is_not_undone(name: str) -> None:
    files = with_block(FORMATS[name](LINES))

    text = built(files, [NEW])["CLAUDE.md"].decode()

    assert text.replace(f"- {NEW.rule.text}\n", "") == files["CLAUDE.md"].decode()
    assert all(not json.loads(files[ledger_path(one.rule_id)])["human"] for one in RULES)


@given(st.lists(st.sampled_from(sorted(set(FORMATS) - {"a heading and prose"})), max_size=3))
def test_formatters_one_after_another_change_no_rule(names: list[str]) -> None:
    lines = list(LINES)
    for name in names:
        # what takes lines apart is last: the others look at whole ones
        lines = FORMATS[name](lines) if not any(one in ("wrapped", "blank lines") for one in names[:-1]) else lines

    reading = read_base(with_block(lines))

    assert len(reading.standing) == len(RULES)
    assert (reading.amended, reading.deleted, reading.added) == ((), (), ())


@st.composite
def hand_edits(draw: st.DrawFn) -> tuple[Lines, dict[int, str], set[int], list[str]]:
    """The block's lines after people were at it: lines, reworded rules, deleted ones, and lines of their own."""
    said: dict[int, str] = {number: words(line) for number, line in enumerate(LINES)}
    gone = draw(st.sets(st.sampled_from(range(len(LINES))), max_size=3))
    reworded = draw(st.sets(st.sampled_from(range(len(LINES))), max_size=2)) - gone
    for number in reworded:
        pieces = said[number].split(" ")
        place = draw(st.integers(3 if TEXTS[number][1] else 1, len(pieces)))
        pieces.insert(place, draw(st.sampled_from(["always", "really,", "(see docs)", "please"])))
        said[number] = " ".join(pieces)
    own = draw(st.lists(st.sampled_from(OWN), unique=True, max_size=2))
    lines = draw(
        st.permutations([f"- {said[number]}" for number in said if number not in gone] + [f"- {o}" for o in own])
    )
    return lines, {number: said[number] for number in reworded}, gone, own


@settings(max_examples=60)
@given(
    edited=hand_edits(),
    shape=st.sampled_from([name for name in FORMATS if name != "escapes"]),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_hand_edits_are_told_apart_and_kept(
    edited: tuple[Lines, dict[int, str], set[int], list[str]], shape: str, newline: str
) -> None:
    lines, reworded, gone, own = edited
    files = with_block(FORMATS[shape](lines), newline=newline)

    reading = read_base(files)

    assert {one.rule_id: rule_words(one.text, one.scope) for one in reading.amended} == {
        RULES[number].rule_id: said for number, said in reworded.items()
    }
    assert {one.rule_id for one in reading.deleted} == {RULES[number].rule_id for number in gone}
    assert sorted(one.text for one in reading.added) == sorted(own)
    assert all(one.is_human for one in (*reading.amended, *reading.added))

    after = built(files, [NEW])
    before_lines = files["CLAUDE.md"].split(newline.encode())
    after_lines = after["CLAUDE.md"].split(newline.encode())
    assert [line for line in after_lines if NEW.rule.text.encode() not in line] == before_lines
    for number, said in reworded.items():
        entry = json.loads(after[ledger_path(RULES[number].rule_id)])
        assert (entry["human"], rule_words(entry["text"], entry["scope"])) == (True, said)


@settings(max_examples=40)
@given(edited=hand_edits())
def test_rule_that_a_person_deleted_never_comes_back(
    edited: tuple[Lines, dict[int, str], set[int], list[str]],
) -> None:
    lines, _, gone, _ = edited
    files = with_block(lines)
    stones = deletion_tombstones(ProjectId("p"), read_base(files), at_ns=1)
    buried = files | {
        path: content
        for path, content in build_files(files, [], targets=[TARGET], tombstones=stones).items()
        if content is not None
    }

    again = built(buried, [RuleEdit(operation=EditOperation.ADD, rule=RULES[number], reason="x") for number in gone])

    assert again == buried
    assert len(stones) == len(gone)


def test_line_that_a_person_split_is_the_rule_and_a_line_of_theirs() -> None:
    first, second = "Run `uv run pytest`; `pytest` fails.", "That is since the move."

    reading = read_base(with_block([f"- {first}", f"- {second}", *LINES[1:]]))

    assert [(one.rule_id, one.text) for one in reading.amended] == [(RULES[0].rule_id, first)]
    assert [one.text for one in reading.added] == [second]


@pytest.mark.parametrize("indent", ["  ", "    ", "\t"])
def test_rules_that_a_person_sorted_under_a_line_of_their_own_are_still_ours(indent: str) -> None:
    reading = read_base(with_block(["- Learned:", *(f"{indent}{line}" for line in LINES)]))

    assert len(reading.standing) == len(RULES)
    assert [one.text for one in reading.added] == ["Learned:"]


def test_rule_that_is_said_twice_stands_once_and_is_retired_as_a_whole() -> None:
    files = with_block([*LINES, LINES[0]])
    retire = RuleEdit(operation=EditOperation.RETIRE, rule=RULES[0], reason="because")

    assert len(read_base(files).standing) == len(RULES)
    assert rule_words(RULES[0].text, None) not in listed_words(built(files, [retire])["CLAUDE.md"].decode())


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("<!--agent-sidecar rules: begin-->", "<!--agent-sidecar rules: end-->"),
        ("<!-- agent-sidecar rules: begin (do not touch, Ada) -->", END),
        (f"{BEGIN}  ", f" {END}"),
    ],
)
def test_markers_in_other_words_still_mark_the_block(begin: str, end: str) -> None:
    assert len(read_base(with_block(LINES, begin=begin, end=end)).standing) == len(RULES)


@pytest.mark.parametrize(("begin", "end"), [(BEGIN, ""), ("", END), (END, BEGIN), (f"> {BEGIN}", END)])
def test_half_a_block_is_said_and_nothing_is_taken_for_deleted(begin: str, end: str) -> None:
    with pytest.raises(RulesFileError, match=r"^CLAUDE\.md: line \d+: "):
        read_base(with_block(LINES, begin=begin, end=end))


def test_rules_whose_markers_a_person_deleted_are_theirs() -> None:
    reading = read_base(with_block(LINES, begin="", end=""))

    stones = deletion_tombstones(ProjectId("p"), reading, at_ns=1)

    assert {one.rule_id for one in stones} == {one.rule_id for one in RULES}
    assert {one.reason for one in stones} == {"taken out of the block: a person keeps it among their own lines"}


def test_ledger_files_are_the_only_others_that_change() -> None:
    changed = build_files(with_block(LINES), [NEW], targets=[TARGET])

    assert {path for path in changed if not is_ledger_path(path)} == {"CLAUDE.md"}
