"""Runs the projector beside the receivers, whenever something arrived."""

import asyncio
import logging
import math
import threading
import time
from collections.abc import Callable

from sidecar.projector import Projector
from sidecar.projector.pace import Pace

_log = logging.getLogger("sidecar.serve")

IDLE_S = 0.5
"""Between looks at the inbox when nothing woke the projector; rows of a dead one turn up by lease."""
FAILED_S = 1.0
"""Before a run that failed is tried again, unless a reader wakes it."""
READ_WAIT_S = 2.0
"""How long a read waits for the projector; after it, what is there is answered."""


class ProjectorLoop:
    """Runs the projector whenever something arrived, and tells readers when it has caught up."""

    def __init__(
        self,
        projector: Projector,
        on_failure: Callable[[Exception], None],
        quiet_s: Callable[[], float] = lambda: math.inf,
    ) -> None:
        """Bind the projector.

        Args:
            on_failure: Told of each run that failed.
            quiet_s: Seconds since something was received; see `Pace`.
        """
        self._projector = projector
        self._quiet_s = quiet_s
        self._on_failure = on_failure
        self._finished_runs = 0
        self._turn = asyncio.Condition()
        self._wake = asyncio.Event()
        self._is_stopping = threading.Event()

    async def run(self) -> None:
        """Project until told to stop; a run that fails is reported and tried again."""
        while not self._is_stopping.is_set():
            self._wake.clear()
            pause_s = IDLE_S
            try:
                await asyncio.to_thread(self._run_once)
            except Exception as exc:  # noqa: BLE001 - the boundary: an unforeseen one must not end it silently
                self._on_failure(exc)
                pause_s = FAILED_S
            async with self._turn:
                self._finished_runs += 1
                self._turn.notify_all()
            try:
                await asyncio.wait_for(self._wake.wait(), pause_s)
            except TimeoutError:
                continue

    def _run_once(self) -> None:
        pace = Pace(self._quiet_s)
        self._projector.run(now_ns=time.time_ns(), is_stopping=self._is_stopping.is_set, pause=pace.pause)

    def stop(self) -> None:
        """Have `run` end with the batch under way; what is left waits in the inbox."""
        self._is_stopping.set()
        self._wake.set()

    async def caught_up(self) -> None:
        """Return when a run that began after this call has ended, or after READ_WAIT_S."""
        # the run under way may have begun before the caller's last write; the next one cannot have
        wanted = self._finished_runs + 2
        self._wake.set()
        try:
            async with asyncio.timeout(READ_WAIT_S), self._turn:
                while self._finished_runs < wanted:
                    self._wake.set()
                    await self._turn.wait()
        except TimeoutError:
            _log.warning("the projector is more than %.0f s behind; the read shows what is there", READ_WAIT_S)
