"""Whether a session is over."""

import pytest

from sidecar.domain import (
    Observation,
    SessionState,
)
from tests.sidecar.sessions.observed import ended, prompted, seen, session_of


def state(*observations: Observation) -> tuple[SessionState, str | None]:
    session = session_of(observations)
    return session.state, session.end_reason


OPEN = (SessionState.OPEN, None)
CLOSED = (SessionState.CLOSED, "other")


def test_session_without_an_end_is_open() -> None:
    assert state(seen(1)) == OPEN


def test_end_later_than_all_activity_closes() -> None:
    assert state(seen(1), ended(2)) == CLOSED


def test_activity_after_the_end_reopens() -> None:
    assert state(seen(1), ended(2), seen(3)) == OPEN


def test_housekeeping_after_the_end_does_not_reopen() -> None:
    assert state(seen(1), ended(2), seen(3, is_activity=False)) == CLOSED


def test_resume_that_ended_again_is_closed_by_the_second_end() -> None:
    observations = [ended(2, "first"), seen(3, start_source="resume"), ended(4, "second")]

    session = session_of(observations)

    assert (session.state, session.end_reason, session.ended_ns) == (SessionState.CLOSED, "second", 4)


def test_of_two_reports_of_one_end_the_timed_one_counts() -> None:
    session = session_of([seen(1), ended(2), ended(9, is_timed=False)])

    assert session.ended_ns == 2


def test_late_hook_without_time_does_not_reopen() -> None:
    late = seen(9, is_timed=False, prompt_id="p")

    assert state(prompted(1, "p", is_timed=False), ended(5, is_timed=False, prompt_id="p"), late) == CLOSED


def test_first_start_received_last_does_not_reopen() -> None:
    late = seen(9, is_timed=False, start_source="startup", is_activity=False)

    assert state(ended(5, is_timed=False), late) == CLOSED


def test_resume_received_after_the_end_reopens() -> None:
    resumed = seen(9, is_timed=False, start_source="resume")

    assert state(prompted(1, "p"), ended(5, is_timed=False, prompt_id="p"), resumed) == OPEN


def test_resume_received_last_is_only_late_where_it_has_an_end_of_its_own() -> None:
    ends = [ended(5, is_timed=False, prompt_id="p"), ended(6, is_timed=False, prompt_id="q")]

    assert state(*ends, seen(9, is_timed=False, start_source="resume")) == CLOSED


def test_prompt_never_heard_of_before_the_end_reopens() -> None:
    assert state(ended(5, is_timed=False, prompt_id="p"), prompted(9, "q", is_timed=False)) == OPEN


@pytest.mark.parametrize(
    "known",
    [seen(1, is_timed=False, prompt_id="q"), prompted(1, "q")],
    ids=["another hook of it came before", "the session file has its time"],
)
def test_prompt_known_before_the_end_does_not_reopen(known: Observation) -> None:
    assert state(known, ended(5, is_timed=False), prompted(9, "q", is_timed=False)) == CLOSED


def test_prompt_that_the_end_names_does_not_reopen() -> None:
    assert state(ended(5, is_timed=False, prompt_id="p"), prompted(9, "p", is_timed=False)) == CLOSED


def test_end_received_late_does_not_close_a_session_that_had_a_later_prompt() -> None:
    late_end = ended(99, is_timed=False, prompt_id="p")

    assert state(prompted(1, "p"), prompted(5, "q"), late_end) == OPEN


def test_same_end_received_again_closes_a_session_that_was_resumed() -> None:
    first = ended(5, is_timed=False, last_at_ns=5)
    again = ended(5, is_timed=False, last_at_ns=20)

    assert state(first, seen(9)) == OPEN
    assert state(first, seen(9), again) == CLOSED


def test_same_end_received_a_day_late_changes_nothing() -> None:
    once = session_of([seen(1), ended(5, is_timed=False, last_at_ns=5)])
    twice = session_of([seen(1), ended(5, is_timed=False, last_at_ns=5), ended(5, is_timed=False, last_at_ns=99)])

    assert once == twice


def test_times_come_from_senders_where_any_gave_one() -> None:
    session = session_of([seen(50, is_timed=False), seen(10), seen(20)])

    assert (session.started_ns, session.last_activity_ns) == (10, 20)
