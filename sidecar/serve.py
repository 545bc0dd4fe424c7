"""Run the receivers and the projector in one process until told to stop.

What is acknowledged is in the inbox; the projector follows behind. Ports are bound before anything is announced, so a
taken port is an error at start and never a half-running sidecar.
"""

import asyncio
import logging
import signal
import sys
import threading
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import dataclass, replace

import grpc.aio
import uvicorn
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse

from sidecar.addresses import Address, bind
from sidecar.api import add_read_routes
from sidecar.config import Config, Credentials
from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM
from sidecar.errors import ConfigError, SidecarError
from sidecar.flows import scheduled
from sidecar.grpc_receiver import grpc_server
from sidecar.http_receiver import Gate, add_error_answers, add_receiving_routes
from sidecar.installation import Installation
from sidecar.owner import this_process
from sidecar.projector import Projector
from sidecar.receive import Receiver

_log = logging.getLogger(__name__)

IDLE_S = 0.5
"""Between looks at the inbox when nothing woke the projector; rows of a dead one turn up by lease."""
FAILED_S = 1.0
"""Before a run that failed is tried again, unless a reader wakes it."""
READ_WAIT_S = 2.0
"""How long a read waits for the projector; after it, what is there is answered."""
SWITCH_S = 0.0005
"""How long a thread may keep the interpreter. At Python's own 5 ms a request may wait that long behind the projector
after each system call; this acknowledged a third more requests of 5 spans (684 against 516 a second, 2026-11-25)."""
STOP_S = 3
"""Grace for requests in flight at a stop, once for HTTP and once for gRPC; service managers kill after 10 s."""


class ProjectorLoop:
    """Runs the projector whenever something arrived, and tells readers when it has caught up."""

    def __init__(self, projector: Projector, on_failure: Callable[[Exception], None]) -> None:
        """Bind the projector; `on_failure` is told of each run that failed."""
        self._projector = projector
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
                await asyncio.to_thread(
                    lambda: self._projector.run(now_ns=time.time_ns(), is_stopping=self._is_stopping.is_set)
                )
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


def create_app(installation: Installation, receiver: Receiver, loop: ProjectorLoop) -> FastAPI:
    """The HTTP application over an opened installation."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        projecting = asyncio.create_task(loop.run())
        yield
        loop.stop()
        # its thread uses the store, which is closed next; cancelling would leave it running
        await projecting

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    limits = installation.config.receive
    add_receiving_routes(
        app, receiver, max_body_bytes=limits.max_body_bytes, max_waiting_bytes=limits.max_waiting_bytes
    )
    add_read_routes(app, installation.store, LOCAL_TEAM, loop.caught_up)
    add_error_answers(app)
    app.add_middleware(Gate, allowed_hosts=frozenset(limits.allowed_hosts))

    async def health(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> JSONResponse:
        counts = await asyncio.to_thread(installation.inbox.counts)
        return JSONResponse({"status": "ready", "inbox": counts})

    app.add_route("/healthz", health, methods=["GET"])
    app.add_route("/readyz", ready, methods=["GET"])
    return app


def _log_failure(error: Exception) -> None:
    is_foreseen = isinstance(error, SidecarError)
    _log.error("projection failed, it is tried again: %s", error, exc_info=None if is_foreseen else error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where a sidecar can be reached, for scripts that let the system choose a port."""

    http: str
    grpc: str | None
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A sidecar that takes requests."""

    http_port: int
    """The port in use; what was asked for, or what the system chose for 0."""
    grpc_port: int | None
    """The same for gRPC; None when it is not served."""
    ended: asyncio.Task[None]
    """Done when the HTTP server has ended: by a signal, or because the block was left."""


@asynccontextmanager
async def running(installation: Installation, http: Address, grpc: Address | None) -> AsyncGenerator[Running]:
    """Receive while the block runs.

    Raises:
        ConfigError: a port is taken.
    """
    receiver = installation.receiver()
    app = create_app(installation, receiver, ProjectorLoop(installation.projector(), _log_failure))
    with closing(bind(http, option="--http")) as listening:
        async with _exporting(installation, receiver, grpc) as grpc_port:
            settings = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=STOP_S)
            server = uvicorn.Server(settings)
            ended = asyncio.create_task(server.serve(sockets=[listening]))
            try:
                yield Running(http_port=listening.getsockname()[1], grpc_port=grpc_port, ended=ended)
            finally:
                server.should_exit = True
                await ended


@asynccontextmanager
async def _exporting(
    installation: Installation, receiver: Receiver, address: Address | None
) -> AsyncGenerator[int | None]:
    """Receive by gRPC while the block runs, when there is an address; gives the port."""
    if address is None:
        yield None
        return
    limits = installation.config.receive
    server = grpc_server(
        receiver,
        team=LOCAL_TEAM,
        max_body_bytes=limits.max_body_bytes,
        max_waiting_bytes=limits.max_waiting_bytes,
    )
    port = _bind_grpc(server, address)
    await server.start()
    try:
        yield port
    finally:
        await server.stop(STOP_S)


async def serve(
    data_dir: DataDir,
    config: Config,
    http: Address,
    grpc: Address | None,
    announce: Callable[[Listening], None],
    credentials: Credentials | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, which end it without an error.

    Args:
        announce: Told once, when both ports take requests.
        credentials: For the language model of the flows.
    Raises:
        ConfigError: a port is taken.
        DataDirInUseError: the data folder is served already.
    """
    sys.setswitchinterval(SWITCH_S)
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn hands a signal on to who was there before it, which else would be the end of the process by it
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    with (
        data_dir.held(),
        Installation.open(data_dir, config, owner=this_process(), credentials=credentials) as installation,
    ):
        async with running(installation, http, grpc) as sidecar, _flows_by_the_clock(installation):
            listening = _listening(sidecar, http, grpc, data_dir)
            _log.info("http on %s, grpc on %s, data in %s", listening.http, listening.grpc or "no port", listening.data)
            announce(listening)
            stopped = asyncio.create_task(stopping.wait())
            await asyncio.wait([sidecar.ended, stopped], return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
    _log.info("stopped; what was acknowledged is stored")


@asynccontextmanager
async def _flows_by_the_clock(installation: Installation) -> AsyncGenerator[None]:
    """Start the flows by schedule; opening and closing their engine waits for its database, off the event loop."""
    stack = ExitStack()
    await asyncio.to_thread(stack.enter_context, scheduled(installation))
    try:
        yield
    finally:
        await asyncio.to_thread(stack.close)


def _listening(sidecar: Running, http: Address, grpc: Address | None, data_dir: DataDir) -> Listening:
    return Listening(
        http=str(replace(http, port=sidecar.http_port)),
        grpc=str(replace(grpc, port=sidecar.grpc_port)) if grpc and sidecar.grpc_port else None,
        data=str(data_dir.path),
    )


def _bind_grpc(server: grpc.aio.Server, address: Address) -> int:
    if address.port:
        # tried first by ourselves: gRPC writes to standard error, in its own words, that a port is taken
        bind(address, option="--grpc").close()
    try:
        bound = server.add_insecure_port(str(address))
    except RuntimeError as exc:
        raise _taken(address) from exc
    if bound == 0:
        raise _taken(address)
    return bound


def _taken(address: Address) -> ConfigError:
    return ConfigError(f"--grpc {address}: cannot listen there; stop what does, or choose another port")
