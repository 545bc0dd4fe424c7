"""Periods are asked for whatever the clock does: none is skipped that has begun and is still going, none is doubled."""

import threading
import time
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sidecar.errors import StoreBusyError
from sidecar.schedule import SECOND_NS, Schedule
from sidecar.ticks import Ticker, ticking

HOUR_NS = 3600 * SECOND_NS
DAY_NS = 24 * HOUR_NS
JUDGE = Schedule(flow="judge", every_s=300)
DRAFT = Schedule(flow="draft", every_s=86_400)
PATIENCE_S = 60


class Engine:
    """Does each name once, as the durable engine does."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, int]] = []

    def enqueue(self, flow: str, period: int) -> None:
        if (flow, period) not in self.ran:
            self.ran.append((flow, period))


@given(st.lists(st.integers(min_value=0, max_value=2**62), min_size=1, max_size=60))
def test_each_period_that_a_tick_falls_into_runs_once_in_whatever_order_the_clock_shows_them(clock: list[int]) -> None:
    engine = Engine()
    ticker = Ticker([JUDGE, DRAFT], engine.enqueue)

    for now_ns in clock:
        ticker.tick(now_ns)

    expected = {(one.flow, one.period(now_ns)) for one in (JUDGE, DRAFT) for now_ns in clock}
    assert set(engine.ran) == expected
    assert len(engine.ran) == len(expected)


def test_three_days_of_downtime_are_made_up_by_one_run() -> None:
    engine = Engine()
    Ticker([DRAFT], engine.enqueue).tick(10 * DAY_NS)

    Ticker([DRAFT], engine.enqueue).tick(13 * DAY_NS + HOUR_NS)

    assert engine.ran == [("draft", 10), ("draft", 13)]


def test_two_schedulers_over_one_engine_double_nothing() -> None:
    engine = Engine()
    first, second = (Ticker([JUDGE], engine.enqueue) for _ in range(2))

    for minute in range(60):
        first.tick(minute * 60 * SECOND_NS)
        second.tick(minute * 60 * SECOND_NS + SECOND_NS)

    assert engine.ran == [("judge", period) for period in range(12)]


def test_clock_set_back_an_hour_runs_nothing_again() -> None:
    engine = Engine()
    ticker = Ticker([JUDGE], engine.enqueue)
    ticker.tick(5 * HOUR_NS)

    for minute in range(60):
        ticker.tick(4 * HOUR_NS + minute * 60 * SECOND_NS)
    again = len(engine.ran)
    ticker.tick(5 * HOUR_NS)

    assert len(engine.ran) == again


def test_period_that_could_not_be_asked_for_is_asked_for_again() -> None:
    asked: list[int] = []

    def refuse_once(_: str, period: int) -> None:
        asked.append(period)
        if len(asked) == 1:
            raise StoreBusyError("locked")

    ticker = Ticker([JUDGE], refuse_once)
    ticker.tick(0)
    ticker.tick(1)

    assert asked == [0, 0]


def test_short_periods_are_ticked_twice_in_each() -> None:
    ticker = Ticker([DRAFT, Schedule(flow="judge", every_s=4)], Engine().enqueue)

    assert ticker.every_s == 2
    assert Ticker([DRAFT], Engine().enqueue).every_s == 10


def test_tick_that_waits_for_a_far_time_of_day_comes_at_once_when_the_clock_was_set_back() -> None:
    ticks = threading.Semaphore(0)

    with ticking(Ticker([JUDGE], Engine().enqueue), lambda: ticks.release() or time.time_ns()) as clockwork:
        ticks.acquire()
        # what the scheduler waits for is an hour and more away, as seen from the new time
        clockwork.keep_up(datetime.now(UTC) - timedelta(hours=1))

        assert ticks.acquire(timeout=5)


def test_tick_that_is_near_is_not_brought_forward() -> None:
    ticks = threading.Semaphore(0)

    with ticking(Ticker([JUDGE], Engine().enqueue), lambda: ticks.release() or time.time_ns()) as clockwork:
        ticks.acquire()
        clockwork.keep_up(datetime.now(UTC))

        assert not ticks.acquire(timeout=0.5)


def test_chores_are_done_at_once_and_not_again_within_the_hour() -> None:
    done = threading.Semaphore(0)

    with ticking(Ticker([], Engine().enqueue), time.time_ns, done.release):
        assert done.acquire(timeout=PATIENCE_S)

        assert not done.acquire(timeout=0.5)


def test_first_tick_comes_at_once_and_the_clock_stops_with_the_block() -> None:
    engine = Engine()

    with ticking(Ticker([JUDGE], engine.enqueue), time.time_ns):
        began = list(engine.ran)

    assert len(began) == 1
    assert not any(thread.name.startswith("APScheduler") for thread in threading.enumerate())
