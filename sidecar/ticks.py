"""The clock that starts flows: on each tick, every schedule's present period is asked for.

Asking for a period that has run, or is about to, is nothing, so ticks may come late, twice or after days of downtime.
APScheduler keeps no state of its own; what has run is known by the names of the runs.
"""

import logging
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import cast

from apscheduler.job import Job  # pyright: ignore[reportMissingTypeStubs] # has none
from apscheduler.schedulers.background import BackgroundScheduler  # pyright: ignore[reportMissingTypeStubs] # has none

from sidecar.errors import SidecarError
from sidecar.schedule import Schedule

_log = logging.getLogger(__name__)

TICK_S = 10
"""Lateness of a run at most, beside the queue's polling; a tick that finds nothing to ask for costs nothing. Periods of
less than twice that are ticked twice in each, so that none passes unseen."""
CHORES_S = 3600

Enqueue = Callable[[str, int], None]


class Ticker:
    """Asks for periods, each once in this process; another process's are known by name where they are asked for."""

    def __init__(self, schedules: Sequence[Schedule], enqueue: Enqueue) -> None:
        """Bind what to ask for and whom."""
        self._schedules = tuple(schedules)
        self._enqueue = enqueue
        self._asked: set[tuple[str, int]] = set()

    @property
    def every_s(self) -> float:
        """How far ticks may be apart."""
        return min([TICK_S, *(schedule.every_s / 2 for schedule in self._schedules)])

    def tick(self, now_ns: int) -> None:
        """Ask for every schedule's period at `now_ns`."""
        for schedule in self._schedules:
            wanted = (schedule.flow, schedule.period(now_ns))
            if wanted in self._asked:
                continue
            try:
                self._enqueue(*wanted)
            except SidecarError as exc:
                _log.error("%s could not be started and will be at the next tick: %s", schedule.flow, exc)
                continue
            self._asked = {asked for asked in self._asked if asked[0] != schedule.flow} | {wanted}


class Clockwork:
    """APScheduler while it ticks."""

    def __init__(self, job: Job) -> None:
        """Hold the job that ticks; made by `ticking` alone."""
        self._job = job

    def keep_up(self, now: datetime) -> None:
        """Tick now where the next tick is too far off.

        The scheduler waits for a time of day. Set back by an hour, the clock shows that time an hour late, and a
        machine that starts with a wrong year would wait for that year.
        """
        next_tick = cast("datetime", self._job.next_run_time)  # pyright: ignore[reportUnknownMemberType] # untyped
        if next_tick - now > timedelta(seconds=2 * TICK_S):
            self._job.modify(next_run_time=now)  # pyright: ignore[reportUnknownMemberType] # untyped


@contextmanager
def ticking(
    ticker: Ticker, now_ns: Callable[[], int], chores: Callable[[], None] = lambda: None
) -> Generator[Clockwork]:
    """Tick while the block runs, the first time at once.

    Args:
        chores: Done at once and then every hour, beside the ticks.
    """
    scheduler = BackgroundScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    ticker.tick(now_ns())
    add = cast("Callable[..., Job]", scheduler.add_job)  # pyright: ignore[reportUnknownMemberType] # untyped
    tick = add(lambda: ticker.tick(now_ns()), "interval", seconds=ticker.every_s)
    add(chores, "interval", seconds=CHORES_S, next_run_time=datetime.now(UTC))
    scheduler.start()  # pyright: ignore[reportUnknownMemberType] # untyped
    try:
        yield Clockwork(tick)
    finally:
        scheduler.shutdown(wait=True)  # pyright: ignore[reportUnknownMemberType] # untyped
