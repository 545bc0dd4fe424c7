"""What the store promises of sessions that a judge was asked about in vain."""

import pytest

from sidecar.domain import ReplyProblem, SessionState
from sidecar.errors import StoreError
from sidecar.store import JudgeProblem, Store
from sidecar.store.problems import MAX_TRIES, MAX_UNANSWERED
from tests.contracts.records import make_decision, make_key, make_session, make_verdict


def settle(store: Store, session_id: str = "s1", *, command: str = "make test", started_ns: int = 1) -> None:
    session = make_session(make_key(session_id), state=SessionState.SETTLED, commands=(command,), started_ns=started_ns)
    store.set_session(session, make_decision(), now_ns=1)


def fail(
    store: Store,
    session_id: str = "s1",
    *,
    problem: ReplyProblem = ReplyProblem.REFUSED,
    revision: int = 1,
    version: str = "1",
    at_ns: int = 5,
) -> None:
    store.add_judge_problem(
        make_key(session_id), revision=revision, judge="failure", judge_version=version, problem=problem, at_ns=at_ns
    )


def test_a_session_is_asked_about_again_until_its_tries_are_used_up(store: Store) -> None:
    settle(store)
    waiting: list[int] = []
    for _ in range(MAX_TRIES):
        waiting.append(len(store.unjudged_sessions("failure", "1")))
        fail(store)

    assert waiting == [1] * MAX_TRIES
    assert store.unjudged_sessions("failure", "1") == []


def test_tries_of_all_reasons_count_together(store: Store) -> None:
    settle(store)

    for problem in (ReplyProblem.REFUSED, ReplyProblem.PROSE, ReplyProblem.TRUNCATED):
        fail(store, problem=problem)

    assert store.unjudged_sessions("failure", "1") == []


def test_another_version_or_judge_has_its_own_tries(store: Store) -> None:
    settle(store)

    for _ in range(MAX_TRIES):
        fail(store)

    assert [make_key()] == store.unjudged_sessions("failure", "2")
    assert [make_key()] == store.unjudged_sessions("evidence", "1")


def test_a_new_revision_is_asked_about_afresh(store: Store) -> None:
    settle(store)
    for _ in range(MAX_TRIES):
        fail(store)

    settle(store, command="another command")

    assert [make_key()] == store.unjudged_sessions("failure", "1")
    assert store.judge_problems(make_key()) == []
    fail(store, revision=2)
    assert [one.tries for one in store.judge_problems(make_key())] == [1]


def test_a_late_problem_of_an_older_revision_is_dropped(store: Store) -> None:
    settle(store)
    settle(store, command="another command")
    fail(store, revision=2)

    fail(store, revision=1)

    assert [one.tries for one in store.judge_problems(make_key())] == [1]


@pytest.mark.parametrize("problem", [ReplyProblem.UNAVAILABLE, ReplyProblem.NOT_A_MESSAGE])
def test_an_outage_uses_up_no_tries_but_does_not_go_on_for_ever(store: Store, problem: ReplyProblem) -> None:
    settle(store)
    for _ in range(MAX_UNANSWERED - 1):
        fail(store, problem=problem)
    before = store.unjudged_sessions("failure", "1")

    fail(store, problem=problem)

    assert [make_key()] == before
    assert store.unjudged_sessions("failure", "1") == []


def test_by_the_clock_an_outage_is_waited_for_longer_each_time(store: Store) -> None:
    settle(store)
    minute_ns = 60_000_000_000
    began_ns = now_ns = 10_000 * minute_ns
    while store.unjudged_sessions("failure", "1"):
        if store.unjudged_sessions("failure", "1", rested_ns=now_ns):
            fail(store, problem=ReplyProblem.UNAVAILABLE, at_ns=now_ns)
        now_ns += 5 * minute_ns

    assert now_ns - began_ns > 40 * 60 * minute_ns


def test_an_answer_of_no_use_is_not_waited_for(store: Store) -> None:
    settle(store)
    fail(store, problem=ReplyProblem.PROSE, at_ns=1_000)

    assert store.unjudged_sessions("failure", "1", rested_ns=1_001) == [make_key()]


def test_what_was_given_up_is_told_and_asked_about_anew(store: Store) -> None:
    settle(store, "given-up")
    settle(store, "waiting")
    fail(store, "waiting")
    for _ in range(MAX_TRIES):
        fail(store, "given-up")
    assert store.given_up_sessions("failure", "1") == [make_key("given-up")]

    assert store.ask_again("failure", "1") == [make_key("given-up")]

    assert store.given_up_sessions("failure", "1") == []
    assert {key.session_id for key in store.unjudged_sessions("failure", "1")} == {"given-up", "waiting"}
    assert store.judge_problems(make_key("given-up")) == []
    assert store.judge_problems(make_key("waiting")) != []


def test_sessions_asked_about_in_vain_come_last(store: Store) -> None:
    for started_ns, session_id in enumerate(("first", "second", "third")):
        settle(store, session_id, started_ns=started_ns)
    fail(store, "first")
    fail(store, "second", problem=ReplyProblem.UNAVAILABLE)
    fail(store, "second", problem=ReplyProblem.UNAVAILABLE)

    waiting = [key.session_id for key in store.unjudged_sessions("failure", "1")]

    assert waiting == ["third", "first", "second"]


def test_a_verdict_after_problems_ends_the_waiting(store: Store) -> None:
    settle(store)
    fail(store)

    store.set_verdict(make_key(), revision=1, judge="failure", judge_version="1", verdict=make_verdict())

    assert store.unjudged_sessions("failure", "1") == []
    assert store.judge_problems(make_key()) != []


def test_problems_are_told_with_their_tries_and_the_last_time(store: Store) -> None:
    settle(store)
    settle(store, "s2")
    fail(store, at_ns=5)
    fail(store, at_ns=9)
    fail(store, problem=ReplyProblem.EMPTY)
    fail(store, "s2")

    refused = JudgeProblem(judge="failure", judge_version="1", problem=ReplyProblem.REFUSED, tries=2, at_ns=9)
    assert [one.problem for one in store.judge_problems(make_key())] == [ReplyProblem.EMPTY, ReplyProblem.REFUSED]
    assert refused in store.judge_problems(make_key())
    counts = store.problem_counts("failure", "1")
    assert (counts[ReplyProblem.REFUSED], counts[ReplyProblem.EMPTY], counts[ReplyProblem.PROSE]) == (3, 1, 0)


def test_a_problem_of_a_session_nobody_stored_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="refused"):
        fail(store)
