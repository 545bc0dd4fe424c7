"""What a process does beside receiving: it runs the flows by the clock, and projects where nobody receives.

Receiving never waits for the engine: loading and opening it takes longer than all the rest of a start, so it begins
when the ports already take requests.
"""

import asyncio
import logging
import signal
import threading
import time
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sidecar.arenas import give_back
from sidecar.config import Config, Credentials
from sidecar.data_dir import DataDir, Role
from sidecar.errors import SidecarError
from sidecar.forges.registry import check_forges
from sidecar.installation import Installation
from sidecar.owner import this_process
from sidecar.projector import Projector
from sidecar.store import Inbox, InboxState

_log = logging.getLogger(__name__)

IDLE_S = 0.5
"""Between looks at the inbox; whoever receives into it is another process and cannot wake us."""
FAILED_S = 1.0
"""Before a run that failed is tried again."""
FLOWS_AGAIN_S = 10.0
"""Before flows are started again whose database could not be used."""
READ_WAIT_S = 2.0
"""How long a read waits until others have projected; after it, what is there is answered."""
LOOK_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a process is given to run flows with."""

    credentials: Credentials
    """For the language model."""


def check_work(installation: Installation) -> None:
    """Nothing, where the flows can be run: an error at start and not in the night.

    Raises:
        ConfigError: the judge or a forge that the settings name cannot be had.
        NotFoundError: there is no judge of that name.
    """
    installation.judge(installation.config.learn.judge)
    check_forges({name: settings.forge for name, settings in installation.config.projects.items()})


@asynccontextmanager
async def flows_beside(installation: Installation) -> AsyncGenerator[asyncio.Future[None]]:
    """Start the flows while the block already runs, unless the settings say by command only.

    Gives a future that is done when they have ended; what keeps them from running is said and tried again.
    """
    if not installation.config.schedule.is_on:
        yield asyncio.get_running_loop().create_future()
        return
    ended = threading.Event()
    # a thread of its own: one of the shared pool would be missing there for as long as we run
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="flows") as thread:
        running = asyncio.get_running_loop().run_in_executor(thread, _run_flows, installation, ended)
        try:
            yield running
        finally:
            ended.set()
            await running


def _run_flows(installation: Installation, ended: threading.Event) -> None:
    from sidecar.flows import scheduled  # noqa: PLC0415 - it loads the engine, for which receiving does not wait

    began = time.monotonic()
    while not ended.is_set():
        try:
            with scheduled(installation, ended):
                _log.info("flows run by the clock, %.1f s after the rest", time.monotonic() - began)
                give_back()
                ended.wait()
        except Exception as exc:  # noqa: BLE001 - a boundary: receiving goes on, whatever it was
            # a full disk, for one, may be mended while we run
            is_foreseen = isinstance(exc, SidecarError | OSError)
            words = "no flow runs now, which is tried again in %.0f s: %s"
            _log.error(words, FLOWS_AGAIN_S, exc, exc_info=None if is_foreseen else exc)
            ended.wait(FLOWS_AGAIN_S)


class ProjectedElsewhere:
    """Stands where a projector's loop would, in a process that only receives."""

    def __init__(self, inbox: Inbox) -> None:
        """Bind the inbox that others project."""
        self._inbox = inbox
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        """Return when told to stop."""
        await self._stopped.wait()

    def stop(self) -> None:
        """Have `run` end."""
        self._stopped.set()

    async def caught_up(self) -> None:
        """Return when nothing waits in the inbox, or after READ_WAIT_S."""
        deadline = time.monotonic() + READ_WAIT_S
        while time.monotonic() < deadline:
            counts = await asyncio.to_thread(self._inbox.counts)
            if not counts[InboxState.NEW] and not counts[InboxState.CLAIMED]:
                return
            await asyncio.sleep(LOOK_S)
        _log.warning("who projects is more than %.0f s behind; the read shows what is there", READ_WAIT_S)


async def work(data_dir: DataDir, config: Config, work: Work, announce: Callable[[str], None]) -> None:
    """Project and run the flows until SIGTERM or SIGINT, which end it without an error; listens to nothing.

    Args:
        announce: Told once where the data lies, when it is at work.
    Raises:
        ConfigError: the settings do not allow to run the flows.
        DataDirInUseError: another process works on the data folder.
        StoreError: a database cannot be used.
    """
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    with (
        data_dir.held(Role.WORK),
        Installation.open(data_dir, config, owner=this_process(), credentials=work.credentials) as installation,
    ):
        check_work(installation)
        async with flows_beside(installation) as flows:
            announce(str(data_dir.path))
            _log.info("at work on %s", data_dir.path)
            stopped = asyncio.create_task(stopping.wait())
            flows.add_done_callback(lambda _: stopping.set())
            await _project(installation.projector(), stopping)
            await stopped
    _log.info("stopped; what is left waits in the store")


async def _project(projector: Projector, stopping: asyncio.Event) -> None:
    """Project until told to stop; a run that fails is reported and tried again."""
    while not stopping.is_set():
        pause_s = IDLE_S
        try:
            await asyncio.to_thread(lambda: projector.run(now_ns=time.time_ns(), is_stopping=stopping.is_set))
        except Exception as exc:  # noqa: BLE001 - the boundary: an unforeseen one must not end it silently
            is_foreseen = isinstance(exc, SidecarError)
            _log.error("projection failed, it is tried again: %s", exc, exc_info=None if is_foreseen else exc)
            pause_s = FAILED_S
        try:
            await asyncio.wait_for(stopping.wait(), pause_s)
        except TimeoutError:
            continue
