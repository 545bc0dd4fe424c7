"""The whole sidecar in one process: held data folder, ports, projector and flows, until a signal ends it."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace

from sidecar.addresses import Address
from sidecar.arenas import give_back
from sidecar.config import Config, Credentials
from sidecar.data_dir import DataDir, Role
from sidecar.installation import Installation
from sidecar.owner import this_process
from sidecar.serve.ports import Running, running
from sidecar.work import Work, check_work, flows_beside

_log = logging.getLogger("sidecar.serve")

SWITCH_S = 0.0005
"""How long a thread may keep the interpreter. At Python's own 5 ms a request may wait that long behind the projector
after each system call; this acknowledged a third more requests of 5 spans (684 against 516 a second, 2026-11-25)."""
GARBAGE = 20_000
"""New objects before a look for garbage; a request of 512 spans makes a thousand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where a sidecar can be reached, for scripts that let the system choose a port."""

    http: str
    grpc: str | None
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where to listen."""

    http: Address
    grpc: Address | None
    """None for no gRPC."""


async def serve(
    data_dir: DataDir,
    config: Config,
    addresses: Addresses,
    announce: Callable[[Listening], None],
    work: Work | None = None,
    *,
    webhook_secret: str | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, which end it without an error.

    Args:
        announce: Told once, when both ports take requests.
        work: None only receives: other processes project and run the flows.
        webhook_secret: By which forges prove themselves where `work` brings no credentials.
    Raises:
        ConfigError: a port is taken, or the settings do not allow to run the flows.
        DataDirInUseError: the data folder is served already.
    """
    _calm_garbage_collection()
    sys.setswitchinterval(SWITCH_S)
    stopping = _set_by_signals()
    credentials = work.credentials if work else Credentials(webhook_secret=webhook_secret)
    with (
        data_dir.held(),
        data_dir.held(Role.WORK) if work else nullcontext(),
        Installation.open(data_dir, config, owner=this_process(), credentials=credentials) as installation,
    ):
        if work:
            check_work(installation)
        async with (
            running(installation, addresses.http, addresses.grpc, is_projecting=work is not None) as sidecar,
            flows_beside(installation) if work else nullcontext() as flows,
        ):
            listening = _listening(sidecar, addresses, data_dir)
            _log.info("http on %s, grpc on %s, data in %s", listening.http, listening.grpc or "no port", listening.data)
            give_back()
            announce(listening)
            await _first_of(stopping, sidecar.ended, *([flows] if flows else []))
    _log.info("stopped; what was acknowledged is stored")


async def _first_of(stopping: asyncio.Event, *running: asyncio.Future[None]) -> None:
    """Wait until a signal came, or one of what runs has ended."""
    stopped = asyncio.create_task(stopping.wait())
    await asyncio.wait([stopped, *running], return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()


def _set_by_signals() -> asyncio.Event:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn hands a signal on to who was there before it, which else would be the end of the process by it
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    return stopping


def _calm_garbage_collection() -> None:
    """Have it leave alone what stays anyway, and run after ten requests, not after each."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 100)


def _listening(sidecar: Running, asked: Addresses, data_dir: DataDir) -> Listening:
    grpc = replace(asked.grpc, port=sidecar.grpc_port) if asked.grpc and sidecar.grpc_port else None
    return Listening(
        http=str(replace(asked.http, port=sidecar.http_port)),
        grpc=str(grpc) if grpc else None,
        data=str(data_dir.path),
    )
