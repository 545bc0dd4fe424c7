"""What the store promises of sessions, their revisions and states, on SQLite and on PostgreSQL."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from sidecar.domain import (
    AgentName,
    Label,
    PersonId,
    ProjectId,
    Session,
    SessionId,
    SessionState,
    Step,
    StepId,
    StepKind,
    TeamId,
)
from sidecar.sessions.added_lines import added_lines
from sidecar.store import Store
from tests.contracts.records import (
    COMMIT,
    PROJECT,
    TEAM,
    make_decision,
    make_key,
    make_session,
)

OPEN, CLOSED, SETTLED = SessionState.OPEN, SessionState.CLOSED, SessionState.SETTLED
OTHER_TEAM = TeamId("other")
OTHER_PROJECT = ProjectId("example.org/parcel")


def test_a_session_comes_back_as_it_was_set(store: Store) -> None:
    session = make_session(head_commit=COMMIT, commands=("npm test", "make test"))

    store.set_session(session, make_decision(), now_ns=1)

    stored = store.session(session.key)
    assert stored is not None
    assert session == stored.session
    assert make_decision() == stored.decision


def test_a_session_nobody_set_is_none(store: Store) -> None:
    assert store.session(make_key()) is None


def test_steps_are_replaced(store: Store) -> None:
    store.set_session(make_session(commands=("a", "b", "c")), make_decision(), now_ns=1)

    store.set_session(make_session(commands=("d",)), make_decision(), now_ns=2)

    stored = store.session(make_key())
    assert stored is not None
    assert [step.command for step in stored.session.steps] == ["d"]


def revision_and_state(store: Store) -> tuple[int, SessionState]:
    stored = store.session(make_key())
    assert stored is not None
    return stored.session.revision, stored.session.state


@pytest.mark.parametrize(
    ("states_and_commands", "expected"),
    [
        pytest.param([(OPEN, "a"), (CLOSED, "b"), (SETTLED, "b")], (1, SETTLED), id="changes before settling are one"),
        pytest.param([(SETTLED, "a"), (SETTLED, "a")], (1, SETTLED), id="the same again"),
        pytest.param([(SETTLED, "a"), (SETTLED, "b")], (2, SETTLED), id="settled and changed"),
        pytest.param([(SETTLED, "a"), (CLOSED, "a")], (1, SETTLED), id="merged again without settling"),
        pytest.param([(SETTLED, "a"), (CLOSED, "b")], (2, SETTLED), id="changed by a late message"),
        pytest.param([(SETTLED, "a"), (OPEN, "b")], (2, OPEN), id="resumed"),
        pytest.param([(SETTLED, "a"), (OPEN, "b"), (OPEN, "c"), (CLOSED, "c")], (2, CLOSED), id="one per resume"),
        pytest.param([(SETTLED, "a"), (OPEN, "b"), (SETTLED, "b"), (SETTLED, "c")], (3, SETTLED), id="grows each time"),
    ],
)
def test_revision_and_state_after(
    store: Store, states_and_commands: Sequence[tuple[SessionState, str]], expected: tuple[int, SessionState]
) -> None:
    for state, command in states_and_commands:
        store.set_session(make_session(state=state, commands=(command,)), make_decision(), now_ns=1)

    assert expected == revision_and_state(store)


def test_another_label_of_a_settled_session_is_a_new_revision(store: Store) -> None:
    store.set_session(make_session(state=SETTLED), make_decision(Label.UNKNOWN), now_ns=1)

    store.set_session(make_session(state=SETTLED), make_decision(Label.PASS), now_ns=2)

    assert revision_and_state(store) == (2, SETTLED)


def test_the_revision_of_the_caller_is_not_looked_at(store: Store) -> None:
    store.set_session(replace(make_session(state=SETTLED), revision=7), make_decision(), now_ns=1)

    store.set_session(replace(make_session(state=SETTLED), revision=9), make_decision(), now_ns=1)

    assert revision_and_state(store) == (1, SETTLED)


def test_no_revision_is_lost_between_writers(store: Store) -> None:
    store.set_session(make_session(state=SETTLED, commands=("start",)), make_decision(), now_ns=1)
    writers, changes = 4, 5
    start = threading.Barrier(writers)

    def change(writer: int) -> None:
        start.wait()
        for number in range(changes):
            session = make_session(state=SETTLED, commands=(f"{writer} {number}",))
            store.set_session(session, make_decision(), now_ns=1)

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(change, range(writers)))

    assert (1 + writers * changes, SETTLED) == revision_and_state(store)


def test_a_new_session_set_by_several_writers_at_once_is_one(store: Store) -> None:
    writers = 8
    start = threading.Barrier(writers)

    def set_it(writer: int) -> None:
        start.wait()
        store.set_session(make_session(state=SETTLED, commands=(f"{writer}",)), make_decision(), now_ns=1)

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(set_it, range(writers)))

    assert (writers, SETTLED) == revision_and_state(store)
    assert len(store.sessions(TEAM)) == 1


def test_sessions_lists_envelopes_newest_first(store: Store) -> None:
    for number, project in enumerate([PROJECT, OTHER_PROJECT, None]):
        session = make_session(make_key(f"s{number}"), project=project, started_ns=number)
        store.set_session(session, make_decision(), now_ns=1)

    listed = store.sessions(TEAM)

    assert [stored.session.key.session_id for stored in listed] == ["s2", "s1", "s0"]
    assert [stored.session.steps for stored in listed] == [(), (), ()]
    assert [stored.session.key.session_id for stored in store.sessions(TEAM, limit=2)] == ["s2", "s1"]
    assert [stored.session.key.session_id for stored in store.sessions(TEAM, project=PROJECT)] == ["s0"]
    assert store.sessions(OTHER_TEAM) == []


def test_the_project_of_a_session_may_come_late(store: Store) -> None:
    store.set_session(make_session(project=None), make_decision(), now_ns=1)
    assert store.projects(TEAM) == []

    store.set_session(make_session(project=PROJECT), make_decision(), now_ns=2)

    assert store.projects(TEAM) == [PROJECT]
    assert len(store.sessions(TEAM, project=PROJECT)) == 1


def test_session_keys_gives_one_key_per_agent(store: Store) -> None:
    keys = [make_key("same"), make_key("same", agent=AgentName("cline"))]
    for key in [*keys, make_key("another"), make_key("same", team=OTHER_TEAM)]:
        store.set_session(make_session(key), make_decision(), now_ns=1)

    assert set(keys) == set(store.session_keys(TEAM, SessionId("same")))


def test_closed_sessions_wait_to_settle(store: Store) -> None:
    for state in SessionState:
        store.set_session(make_session(make_key(state), state=state), make_decision(), now_ns=1)

    assert [make_key("closed")] == [stored.session.key for stored in store.closed_sessions()]


@pytest.mark.parametrize(
    ("head", "asked", "is_found"),
    [
        (COMMIT, COMMIT, True),
        (COMMIT[:7], COMMIT, True),
        (COMMIT, COMMIT[:7], True),
        (COMMIT[:8], COMMIT[:12], True),
        (COMMIT, COMMIT.upper(), True),
        (COMMIT[:6], COMMIT, False),
        (COMMIT, COMMIT[:6], False),
        (COMMIT[:6], COMMIT[:6], True),
        (COMMIT, COMMIT[:39] + "0", False),
        (None, COMMIT, False),
    ],
)
def test_sessions_at_commit_follows_the_prefix_rule(store: Store, head: str | None, asked: str, is_found: bool) -> None:
    store.set_session(make_session(head_commit=head), make_decision(), now_ns=1)

    assert ([make_key()] if is_found else []) == store.sessions_at_commit(TEAM, asked)
    assert store.sessions_at_commit(OTHER_TEAM, asked) == []


def wrote(text: str, session_id: str = "s1", **fields: object) -> Session:
    step = Step(step_id=StepId("e"), kind=StepKind.EDIT, at_ns=1, is_write=True, path="a.py", new_text=text)
    return replace(make_session(make_key(session_id)), steps=(step,), **fields)  # pyright: ignore[reportArgumentType] # a factory's keywords


@pytest.mark.parametrize(
    ("base", "asked", "is_found"),
    [(COMMIT, COMMIT, True), (COMMIT, COMMIT[:8], True), (COMMIT[:7], COMMIT, True), (None, COMMIT, False)],
)
def test_sessions_based_on_follows_the_prefix_rule(store: Store, base: str | None, asked: str, is_found: bool) -> None:
    store.set_session(replace(make_session(), base_commit=base), make_decision(), now_ns=1)

    assert ([make_key()] if is_found else []) == store.sessions_based_on(TEAM, asked)
    assert store.sessions_based_on(OTHER_TEAM, asked) == []


def test_session_lines_are_those_of_the_project_in_time(store: Store) -> None:
    for session in (
        wrote("return total", "mine"),
        wrote("return total", "unassigned", project=None),
        wrote("return total", "other", project=OTHER_PROJECT),
        wrote("return total", "late", started_ns=9),
        wrote("", "nothing"),
    ):
        store.set_session(session, make_decision(), now_ns=1)

    lines = added_lines(wrote("return total").steps)
    assert {make_key("mine"): lines, make_key("unassigned"): lines} == store.session_lines(
        TEAM, project=PROJECT, times_ns=(0, 5)
    )
    assert set(store.session_lines(TEAM, project=None, times_ns=(9, 9))) == {make_key("late")}


def test_sessions_on_a_branch_by_their_last_activity(store: Store) -> None:
    for session in (
        wrote("x", "mine", branch="topic"),
        wrote("x", "other branch", branch="other"),
        wrote("x", "other project", branch="topic", project=OTHER_PROJECT),
        wrote("x", "late", branch="topic", last_activity_ns=90),
    ):
        store.set_session(session, make_decision(), now_ns=1)

    assert [make_key("mine")] == store.sessions_on_branch(TEAM, project=PROJECT, branch="topic", times_ns=(11, 20))


def test_known_persons_who_sat_before_sessions_are_told_at_most_so_many(store: Store) -> None:
    for number, person in enumerate(["ada", "ada", None, "bot", "bob"]):
        made = make_session(make_key(f"s{number}"), started_ns=number)
        attended = replace(made, person=PersonId(person) if person else None, is_headless=person == "bot")
        store.set_session(attended, make_decision(), now_ns=1)
    elsewhere = replace(make_session(make_key("x"), project=None), person=PersonId("eve"))
    store.set_session(elsewhere, make_decision(), now_ns=1)

    assert store.attended_persons(TEAM, PROJECT, most=9) == {"ada", "bob"}
    assert len(store.attended_persons(TEAM, PROJECT, most=1)) == 1


def test_sessions_are_found_by_the_first_characters_of_their_id_as_they_are(store: Store) -> None:
    keys = [make_key(one) for one in ("a_1", "a_10", "ab1", "A_1", "b1")]
    for key in (*keys, make_key("a_2", team=OTHER_TEAM)):
        store.set_session(make_session(key), make_decision(), now_ns=1)

    assert store.sessions_that_begin(TEAM, "a_") == keys[:2]
    assert store.sessions_that_begin(TEAM, "a_1") == keys[:2]
    assert store.sessions_that_begin(TEAM, "%") == []
    assert store.sessions_that_begin(TEAM, "") == []
