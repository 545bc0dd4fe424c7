"""The clock that starts flows: on each tick, every schedule's present period is asked for.

Asking for a period that has run, or is about to, is nothing, so ticks may come late, twice or after days of downtime.
APScheduler keeps no state of its own; what has run is known by the names of the runs.
"""

import logging
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import UTC

from apscheduler.schedulers.background import BackgroundScheduler  # pyright: ignore[reportMissingTypeStubs] # has none

from sidecar.errors import SidecarError
from sidecar.schedule import Schedule

_log = logging.getLogger(__name__)

TICK_S = 10
"""Lateness of a run at most, beside the queue's polling; a tick that finds nothing to ask for costs nothing."""

Enqueue = Callable[[str, int], None]


class Ticker:
    """Asks for periods, each once in this process; another process's are known by name where they are asked for."""

    def __init__(self, schedules: Sequence[Schedule], enqueue: Enqueue) -> None:
        """Bind what to ask for and whom."""
        self._schedules = tuple(schedules)
        self._enqueue = enqueue
        self._asked: set[tuple[str, int]] = set()

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


@contextmanager
def ticking(ticker: Ticker, now_ns: Callable[[], int]) -> Generator[None]:
    """Tick while the block runs, the first time at once."""
    scheduler = BackgroundScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    ticker.tick(now_ns())
    scheduler.add_job(lambda: ticker.tick(now_ns()), "interval", seconds=TICK_S, id="tick")  # pyright: ignore[reportUnknownMemberType] # untyped
    scheduler.start()  # pyright: ignore[reportUnknownMemberType] # untyped
    try:
        yield
    finally:
        scheduler.shutdown(wait=True)  # pyright: ignore[reportUnknownMemberType] # untyped
