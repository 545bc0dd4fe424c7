"""What the store promises of outcomes, joins and feedback, on SQLite and on PostgreSQL."""

from dataclasses import replace

import pytest

from sidecar.domain import (
    Conclusion,
    FollowUp,
    FollowUpId,
    FollowUpKind,
    JoinReason,
    Outcome,
    OutcomeId,
    OutcomeJoin,
    OutcomeSource,
    ProjectId,
    SessionId,
    Subject,
    TeamId,
)
from sidecar.errors import StoreError
from sidecar.store import Store
from tests.contracts.records import (
    COMMIT,
    PROJECT,
    TEAM,
    make_key,
    make_outcome,
)

OTHER_TEAM = TeamId("other")
MERGE = "89abcdef0123456789abcdef0123456789abcdef"


def test_an_outcome_is_added_once(store: Store) -> None:
    row = make_outcome(session_id="s1")

    assert [store.add_outcome(row), store.add_outcome(row)] == [True, False]
    assert [row] == store.outcomes(TEAM, session_id=SessionId("s1"), commits=[])


def test_equal_reports_of_two_teams_are_two_outcomes(store: Store) -> None:
    row = make_outcome(session_id="s1")

    assert store.add_outcome(row)
    assert store.add_outcome(replace(row, team=OTHER_TEAM))


def test_outcomes_name_the_session_or_one_of_its_commits(store: Store) -> None:
    tagged = make_outcome("tagged", session_id="s1", at_ns=3)
    full = make_outcome("full", commit=COMMIT, at_ns=1)
    short = make_outcome("short", commit=COMMIT[:9], at_ns=2)
    for row in [
        tagged,
        full,
        short,
        make_outcome("too short", commit=COMMIT[:4]),
        make_outcome("else", session_id="s2"),
    ]:
        store.add_outcome(row)

    assert [full, short, tagged] == store.outcomes(TEAM, session_id=SessionId("s1"), commits=[COMMIT])
    assert [full, short] == store.outcomes(TEAM, session_id=SessionId("s9"), commits=[COMMIT[:7]])
    assert [tagged] == store.outcomes(TEAM, session_id=SessionId("s1"), commits=[])


def make_join(outcome_id: str, confidence: float = 1.0) -> OutcomeJoin:
    return OutcomeJoin(
        session=make_key(), outcome_id=OutcomeId(outcome_id), confidence=confidence, reason=JoinReason.HEAD_COMMIT
    )


def test_joins_are_replaced(store: Store) -> None:
    for outcome_id in ("a", "b", "c"):
        store.add_outcome(make_outcome(outcome_id))
    store.set_joins(make_key(), [make_join("a"), make_join("b", 0.5)])

    store.set_joins(make_key(), [make_join("b", 0.5), make_join("c")])

    assert [make_join("c"), make_join("b", 0.5)] == store.joins(make_key())


def test_a_join_to_an_outcome_nobody_stored_is_refused_whole(store: Store) -> None:
    store.add_outcome(make_outcome("a"))
    store.set_joins(make_key(), [make_join("a")])

    with pytest.raises(StoreError, match="refused"):
        store.set_joins(make_key(), [make_join("missing")])

    assert [make_join("a")] == store.joins(make_key())


def test_feedback_keeps_every_word_in_order(store: Store) -> None:
    long = "It should have used make. " * 400
    store.add_feedback(make_key(), "second", at_ns=2)
    store.add_feedback(make_key(), long, at_ns=1)

    store.add_feedback(make_key(), "second", at_ns=2)

    assert [long, "second"] == store.feedback(make_key())


def test_an_outcome_reads_back_with_all_it_says(store: Store) -> None:
    row = replace(make_outcome(commit=COMMIT), project=PROJECT, branch="topic", added=("0a", "1b"))
    check = Outcome(
        format="github",
        tests=(),
        passed=0,
        failed=0,
        errored=0,
        skipped=0,
        check="test",
        conclusion=Conclusion.BROKEN,
        subject=Subject(session_id=SessionId("s1")),
    )
    for one in (row, replace(row, outcome_id=OutcomeId("x2"), source=OutcomeSource.CHECK, outcome=check)):
        store.add_outcome(one)
        assert one in store.outcomes(TEAM, session_id=SessionId("s9"), commits=[COMMIT])


def test_outcomes_are_found_by_any_line_of_their_commit(store: Store) -> None:
    mine = replace(make_outcome("mine", at_ns=2), added=("0a", "1b"))
    ours = replace(make_outcome("ours", at_ns=1), added=("1b", "2c"))
    for row in (mine, ours, replace(ours, team=OTHER_TEAM), make_outcome("without")):
        store.add_outcome(row)

    assert [ours, mine] == store.outcomes_with_lines(TEAM, ["1b", "9f"])
    assert [mine] == store.outcomes_with_lines(TEAM, ["0a"])
    assert store.outcomes_with_lines(TEAM, []) == []


def test_outcomes_are_found_on_their_branch_in_time(store: Store) -> None:
    rows = [replace(make_outcome(f"x{at}", at_ns=at), project=PROJECT, branch="topic") for at in (1, 2, 3)]
    for row in (*rows, replace(rows[0], outcome_id=OutcomeId("y"), branch="other"), make_outcome("z", at_ns=2)):
        store.add_outcome(row)

    assert rows[:2] == store.outcomes_on_branch(TEAM, project=PROJECT, branch="topic", times_ns=(1, 2))


def make_follow_up(name: str, kind: FollowUpKind = FollowUpKind.MERGED, **fields: object) -> FollowUp:
    plain = FollowUp(follow_up_id=FollowUpId(name), team=TEAM, kind=kind, project=PROJECT, at_ns=1)
    return replace(plain, **fields)  # pyright: ignore[reportArgumentType] # a factory's keywords


def test_a_follow_up_is_added_once(store: Store) -> None:
    told = make_follow_up("a", branch="topic", commits=(COMMIT,), number=3, paths=("a.py",))

    for _ in range(2):
        store.add_follow_up(told)

    assert [told] == store.follow_ups(TEAM, commits=[COMMIT[:7]])
    assert [told] == store.follow_ups(TEAM, commits=[], project=PROJECT, branch="topic")


def test_follow_ups_of_others_are_not_found(store: Store) -> None:
    for told in (
        make_follow_up("a", commits=(MERGE,)),
        make_follow_up("b", branch="other"),
        make_follow_up("c", branch="topic", project=ProjectId("example.org/other")),
        make_follow_up("d", branch="topic", team=OTHER_TEAM, commits=(COMMIT,)),
    ):
        store.add_follow_up(told)

    assert store.follow_ups(TEAM, commits=[COMMIT], project=PROJECT, branch="topic") == []
    assert store.follow_ups(TEAM, commits=[]) == []
    assert store.follow_ups(TEAM, commits=[], project=ProjectId("example.org/other"), number=12) == []


def test_what_takes_a_merge_back_is_found_with_it(store: Store) -> None:
    merged = make_follow_up("merged", branch="topic", commits=(MERGE,), number=12)
    by_number = make_follow_up("n", FollowUpKind.REVERTED, branch="main", number=12, at_ns=2)
    by_commit = make_follow_up("c", FollowUpKind.REVERTED, branch="main", commits=(MERGE[:9],), at_ns=3)
    for told in (by_commit, by_number, merged):
        store.add_follow_up(told)

    assert [merged, by_number, by_commit] == store.follow_ups(TEAM, commits=[], project=PROJECT, branch="topic")
    assert [merged, by_number] == store.follow_ups(TEAM, commits=[], project=PROJECT, number=12)
