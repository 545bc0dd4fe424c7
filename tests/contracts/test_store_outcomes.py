"""What the store promises of outcomes, joins and feedback, on SQLite and on PostgreSQL."""

from dataclasses import replace

import pytest

from sidecar.domain import (
    JoinReason,
    OutcomeId,
    OutcomeJoin,
    SessionId,
    TeamId,
)
from sidecar.errors import StoreError
from sidecar.store import Store
from tests.contracts.records import (
    COMMIT,
    TEAM,
    make_key,
    make_outcome,
)

OTHER_TEAM = TeamId("other")


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
