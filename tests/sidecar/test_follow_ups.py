"""Which follow-ups speak of a session's change."""

from dataclasses import replace

import pytest

from sidecar.domain import FollowUp, FollowUpId, FollowUpKind, ProjectId, Step, StepId, StepKind, TeamId
from sidecar.follow_ups import follow_up_as_json, follow_ups_of, later_edits
from tests.contracts.records import COMMIT, PROJECT, make_session

END_NS = 1_000
OTHER = "f" * 40
SESSION = replace(make_session(head_commit=COMMIT), branch="topic", last_activity_ns=END_NS)


def told(kind: FollowUpKind = FollowUpKind.MERGED, **fields: object) -> FollowUp:
    plain = FollowUp(
        follow_up_id=FollowUpId(f"{kind} {fields}"), team=TeamId("local"), kind=kind, project=PROJECT, at_ns=END_NS + 5
    )
    return replace(plain, **fields)  # pyright: ignore[reportArgumentType] # a factory's keywords


@pytest.mark.parametrize(
    "one",
    [
        told(commits=(COMMIT,)),
        told(commits=(OTHER, COMMIT[:8])),
        told(branch="topic"),
        told(FollowUpKind.CLOSED, branch="topic"),
        told(FollowUpKind.PUSHED, branch="topic"),
        told(FollowUpKind.REVERTED, commits=(COMMIT,)),
    ],
)
def test_by_commit_or_by_the_sessions_own_branch(one: FollowUp) -> None:
    assert follow_ups_of(SESSION, [one]) == [one]


@pytest.mark.parametrize(
    "one",
    [
        told(commits=(OTHER,)),
        told(branch="other"),
        told(branch="topic", project=ProjectId("example.org/other")),
        told(branch="topic", at_ns=0),
        told(FollowUpKind.PUSHED, branch="topic", at_ns=END_NS - 1),
        told(FollowUpKind.REVERTED, branch="topic"),
    ],
)
def test_of_others_is_left_out(one: FollowUp) -> None:
    assert follow_ups_of(SESSION, [one]) == []


def edit(number: int, path: str) -> Step:
    return Step(step_id=StepId(f"edit-{number}"), kind=StepKind.EDIT, at_ns=number, path=path, is_write=True)


EDITED = replace(SESSION, steps=(edit(1, "a.py"), edit(2, "b.py"), edit(3, "a.py"), edit(4, "c.py")))


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (told(FollowUpKind.PUSHED, paths=("a.py", "z.py")), [("edit-3", "a.py was changed again by a later push.")]),
        (
            told(FollowUpKind.PUSHED, paths=("c.py", "b.py")),
            [("edit-2", "b.py was changed again by a later push, and so was 1 more file.")],
        ),
        (told(FollowUpKind.PUSHED, paths=("z.py",)), []),
        (told(FollowUpKind.MERGED, paths=("a.py",)), []),
        (told(FollowUpKind.REVERTED), [("edit-4", "The change was taken back by a later commit.")]),
    ],
)
def test_later_edits_of_the_sessions_files_stand_at_its_last_edit_of_them(
    one: FollowUp, expected: list[tuple[str, str]]
) -> None:
    assert [(correction.step_id, correction.text) for correction in later_edits(EDITED, [one])] == expected


def test_each_file_is_told_of_once_however_often_it_is_pushed() -> None:
    pushes = [told(FollowUpKind.PUSHED, paths=paths) for paths in (("a.py",), ("a.py", "b.py"), ("b.py", "a.py"))]
    reverts = [told(FollowUpKind.REVERTED, number=number) for number in (1, 2)]

    assert [one.text for one in later_edits(EDITED, [*pushes, *reverts])] == [
        "a.py was changed again by a later push.",
        "b.py was changed again by a later push.",
        "The change was taken back by a later commit.",
    ]


def test_the_push_of_the_sessions_own_commit_is_no_later_edit() -> None:
    assert later_edits(EDITED, [told(FollowUpKind.PUSHED, commits=(OTHER, COMMIT[:9]), paths=("a.py",))]) == ()


def test_the_first_push_of_a_file_that_the_session_did_not_commit_may_be_its_own_work() -> None:
    first, second = (told(FollowUpKind.PUSHED, paths=("a.py", "b.py")), told(FollowUpKind.PUSHED, paths=("b.py",)))
    uncommitted = replace(EDITED, head_commit=None)

    assert later_edits(uncommitted, [first]) == ()
    assert [one.text for one in later_edits(uncommitted, [first, second])] == [
        "b.py was changed again by a later push."
    ]


def test_a_session_that_edited_nothing_has_no_later_edits() -> None:
    assert later_edits(SESSION, [told(FollowUpKind.REVERTED), told(FollowUpKind.PUSHED, paths=("a.py",))]) == ()


def test_a_branch_of_many_tasks_tells_nothing() -> None:
    assert follow_ups_of(replace(SESSION, branch="main"), [told(branch="main")]) == []


def test_the_main_branch_of_a_repository_is_of_many_tasks_whatever_its_name() -> None:
    assert follow_ups_of(replace(SESSION, branch="next", is_branch_shared=True), [told(branch="next")]) == []


@pytest.mark.parametrize("revert", [{"number": 12}, {"commits": (OTHER[:10],)}])
def test_a_revert_of_the_merge_is_one_of_the_change(revert: dict[str, object]) -> None:
    merged = told(branch="topic", number=12, commits=(OTHER,))
    reverted = told(FollowUpKind.REVERTED, branch="main", at_ns=END_NS + 9, **revert)

    assert follow_ups_of(SESSION, [reverted, merged]) == [merged, reverted]


def test_a_push_shows_which_files_it_changes_again() -> None:
    step = Step(step_id=StepId("e"), kind=StepKind.EDIT, at_ns=1, is_write=True, path="src/cart.py", new_text="x")
    pushed = told(FollowUpKind.PUSHED, branch="topic", commits=(OTHER,), paths=("README.md", "src/cart.py"))

    assert follow_up_as_json(replace(SESSION, steps=(step,)), pushed) == {
        "kind": "pushed",
        "branch": "topic",
        "pull_request": None,
        "commits": [OTHER],
        "changes_again": ["src/cart.py"],
        "at_ns": END_NS + 5,
    }
