"""Sessions that nobody ended: closed by silence, reopened by anything new."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain import Observation, SessionState
from sidecar.sessions.ending import IDLE, idle_end
from tests.sidecar.sessions.observed import ended, prompted, seen, session_of

CLOSED = (SessionState.CLOSED, IDLE)


def after_silence(*observations: Observation) -> list[Observation]:
    return [*observations, idle_end(observations)]


def state(*observations: Observation) -> tuple[SessionState, str | None]:
    session = session_of(observations)
    return session.state, session.end_reason


@pytest.mark.parametrize("is_timed", [True, False])
def test_silence_ends_a_session_with_the_last_thing_heard(is_timed: bool) -> None:
    session = session_of(after_silence(seen(1), seen(7, is_timed=is_timed), prompted(3, "p", is_timed=is_timed)))

    assert (session.state, session.end_reason, session.ended_ns) == (SessionState.CLOSED, IDLE, 7)


@pytest.mark.parametrize("is_timed", [True, False])
def test_anything_the_agent_does_later_reopens_it(is_timed: bool) -> None:
    assert state(*after_silence(seen(1)), seen(9, is_timed=is_timed)) == (SessionState.OPEN, None)


def test_housekeeping_and_what_is_only_late_do_not_reopen_it() -> None:
    late = seen(2, "late")

    assert state(*after_silence(seen(1), seen(5)), seen(9, is_activity=False), late) == CLOSED


def test_an_end_that_was_told_late_counts_before_silence() -> None:
    assert state(*after_silence(seen(1)), ended(9, "exit")) == (SessionState.CLOSED, "exit")


def test_silence_after_a_resume_ends_it_again() -> None:
    first = after_silence(seen(1))
    again = [*first, seen(9)]

    session = session_of(after_silence(*again))

    assert (session.state, session.ended_ns) == (SessionState.CLOSED, 9)


def test_silence_says_nothing_of_when_it_began_or_what_it_did() -> None:
    observations = [seen(5, is_timed=False), seen(8, is_timed=False)]
    before, after = session_of(observations), session_of(after_silence(*observations))

    assert (after.started_ns, after.last_activity_ns) == (before.started_ns, before.last_activity_ns) == (5, 8)


@given(
    times=st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=4, unique=True),
)
def test_silence_always_ends_it_in_whatever_order(times: list[tuple[int, bool]]) -> None:
    observations = after_silence(*(seen(at, is_timed=is_timed) for at, is_timed in times))

    assert {CLOSED} == {state(*order) for order in permutations(observations)}
