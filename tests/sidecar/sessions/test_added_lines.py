"""Sketches of added lines: what they count, and what two of them tell of each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain import Step, StepId, StepKind
from sidecar.sessions.added_lines import SKETCH_SIZE, added_lines, added_lines_of_diff, overlap


def edit(new: str, old: str | None = None, at_ns: int = 0) -> Step:
    kind = StepKind.EDIT
    return Step(step_id=StepId(f"e{at_ns}"), kind=kind, at_ns=at_ns, is_write=True, old_text=old, new_text=new)


def diff(*added: str, removed: tuple[str, ...] = ()) -> str:
    lines = ["--- a/src/cart.py", "+++ b/src/cart.py", "@@ -1,2 +1,3 @@", *(f"-{line}" for line in removed)]
    return "\n".join([*lines, *(f"+{line}" for line in added)])


def test_an_edit_and_its_commit_have_the_same_sketch() -> None:
    written = edit("def total(items):\n    return sum(items)\n", old="def total():\n    pass\n")
    committed = diff("def total(items):", "\treturn sum(items)", removed=("def total():", "    pass"))

    assert added_lines([written]) == added_lines_of_diff(committed) != ()


def test_lines_that_were_there_before_do_not_count() -> None:
    assert added_lines([edit("same line\nnew line", old="same line")]) == added_lines([edit("new line")])


def test_a_line_that_a_later_edit_takes_away_does_not_count() -> None:
    steps = [edit("first try", at_ns=1), edit("second try", old="first try", at_ns=2)]

    assert added_lines(steps) == added_lines([edit("second try")])


@pytest.mark.parametrize("text", ["", "\n\n", "}\n)\n", "  });  ", "a=1", "----------"])
def test_lines_that_tell_nothing_do_not_count(text: str) -> None:
    assert added_lines([edit(text)]) == ()


def test_reading_adds_nothing() -> None:
    read = Step(step_id=StepId("r"), kind=StepKind.TOOL_CALL, at_ns=0, new_text="some text")

    assert added_lines([read]) == ()


@given(lines=st.sets(st.integers(0, 5_000), min_size=1, max_size=400))
def test_a_set_holds_itself_whole(lines: set[int]) -> None:
    sketch = added_lines_of_diff(diff(*(f"line number {one}" for one in lines)))

    assert len(sketch) == min(len(lines), SKETCH_SIZE)
    assert overlap(sketch, sketch).share == 1.0


@given(small=st.integers(5, 60), rest=st.integers(0, 2_000))
def test_a_commit_with_more_in_it_still_holds_the_session(small: int, rest: int) -> None:
    mine = [f"mine {one}" for one in range(small)]
    sketch = added_lines_of_diff(diff(*mine))
    commit = added_lines_of_diff(diff(*mine, *(f"theirs {one}" for one in range(rest))))

    shared = overlap(commit, sketch)
    assert shared.common == 0 or shared.is_match


@given(mine=st.integers(1, 500), theirs=st.integers(1, 500))
def test_strangers_share_nothing(mine: int, theirs: int) -> None:
    one = added_lines_of_diff(diff(*(f"mine {number}" for number in range(mine))))
    other = added_lines_of_diff(diff(*(f"theirs {number}" for number in range(theirs))))

    assert not overlap(one, other).is_match
    assert overlap(one, other) == overlap(other, one)


def test_nothing_holds_nothing() -> None:
    assert not overlap((), ()).is_match
