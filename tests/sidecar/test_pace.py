"""A projector waits while requests come, in proportion to what it did, and never for long."""

from dataclasses import dataclass

import pytest

from sidecar.projector.pace import LOOK_S, LULL_S, MAX_WAIT_S, PATIENCE, Pace


@dataclass
class Time:
    """Passes only while somebody sleeps; requests stop coming at some moment."""

    now_s: float = 100.0
    worked_s: float = 0.0
    last_request_s: float = float("inf")

    def quiet_s(self) -> float:
        return max(0.0, self.now_s - self.last_request_s)

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


def paused_s(time: Time, *, work_s: float) -> float:
    """How long the pause after such a piece of work takes."""
    pace = Pace(time.quiet_s, clock_s=lambda: time.now_s, worked_s=lambda: time.worked_s, sleep=time.sleep)
    time.worked_s += work_s
    began_s = time.now_s
    pace.pause()
    return time.now_s - began_s


def test_nobody_is_waited_for_when_nothing_comes() -> None:
    assert paused_s(Time(last_request_s=90.0), work_s=0.01) == 0


@pytest.mark.parametrize("work_s", [0.0, 0.001, 0.02])
def test_wait_is_in_proportion_to_the_work_while_requests_never_cease(work_s: float) -> None:
    assert paused_s(Time(), work_s=work_s) == pytest.approx(PATIENCE * work_s, abs=0.003)


def test_long_work_is_not_followed_by_a_longer_wait_than_the_limit() -> None:
    assert paused_s(Time(), work_s=30.0) == pytest.approx(MAX_WAIT_S, abs=0.003)


def test_wait_ends_with_the_first_lull() -> None:
    assert paused_s(Time(last_request_s=100.1), work_s=1.0) == pytest.approx(0.1 + LULL_S, abs=LOOK_S)
