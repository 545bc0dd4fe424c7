"""Run the receivers and the projector in one process until told to stop.

What is acknowledged is in the inbox; the projector follows behind. Ports are bound before anything is announced, so a
taken port is an error at start and never a half-running sidecar.
"""

import asyncio
import gc
import logging
import math
import signal
import sys
import threading
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, closing, nullcontext
from dataclasses import dataclass, replace

import grpc.aio
import uvicorn
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.requests import Request
from starlette.responses import JSONResponse

from sidecar.access import Access
from sidecar.addresses import Address, bind
from sidecar.api import add_read_routes
from sidecar.config import Config, Credentials
from sidecar.data_dir import DataDir, Role
from sidecar.doors import Doors
from sidecar.errors import ConfigError, SidecarError
from sidecar.exposure import Tls, tls_for
from sidecar.grpc_receiver import grpc_server
from sidecar.http_receiver import Gate, add_error_answers, add_receiving_routes, error_response
from sidecar.installation import Installation
from sidecar.owner import this_process
from sidecar.projector import Projector
from sidecar.projector.pace import Pace
from sidecar.receive import Receiver
from sidecar.webhooks import add_webhook_routes
from sidecar.work import ProjectedElsewhere, Work, check_work, flows_beside

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
GARBAGE = 20_000
"""New objects before a look for garbage; a request of 512 spans makes a thousand."""
_UNTRACED: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""Of requests to ourselves: told where to send traces by the environment, we would trace receiving our own traces."""
STOP_S = 3
"""Grace for requests in flight at a stop, once for HTTP and once for gRPC; service managers kill after 10 s."""


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


def create_app(
    installation: Installation, receiver: Receiver, loop: ProjectorLoop | ProjectedElsewhere, access: Access
) -> FastAPI:
    """The HTTP application over an opened installation."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        projecting = asyncio.create_task(loop.run())
        yield
        loop.stop()
        # its thread uses the store, which is closed next; cancelling would leave it running
        await projecting

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None, telemetry=_UNTRACED)
    limits = installation.config.receive
    add_receiving_routes(app, receiver, limits)
    add_webhook_routes(app, installation)
    add_read_routes(app, installation.store, installation.projects_of, loop.caught_up)
    add_error_answers(app)
    doors = installation.config.listen.doors
    app.add_middleware(Doors, access=access, is_open=doors, refusal=error_response)
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
async def running(
    installation: Installation, http: Address, grpc: Address | None, *, is_projecting: bool = True
) -> AsyncGenerator[Running]:
    """Receive while the block runs.

    Args:
        is_projecting: False where other processes project what is received.
    Raises:
        ConfigError: a port is taken.
    """
    receiver = installation.receiver()
    elsewhere = ProjectedElsewhere(installation.inbox)
    quiet_s = receiver.quiet_s
    loop = ProjectorLoop(installation.projector(), _log_failure, quiet_s) if is_projecting else elsewhere
    app = create_app(installation, receiver, loop, _access(installation, http))
    tls = tls_for(installation.config.listen, [http, *([grpc] if grpc else [])])
    with closing(bind(http, option="--http")) as listening:
        async with _exporting(installation, receiver, grpc, tls) as grpc_port:
            settings = uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=STOP_S,
                ssl_certfile=tls.certificate if tls else None,
                ssl_keyfile=tls.key if tls else None,
            )
            server = uvicorn.Server(settings)
            ended = asyncio.create_task(server.serve(sockets=[listening]))
            try:
                yield Running(http_port=listening.getsockname()[1], grpc_port=grpc_port, ended=ended)
            finally:
                server.should_exit = True
                await ended


def _access(installation: Installation, address: Address) -> Access:
    return Access(installation.store.token, is_loopback=address.is_loopback)


@asynccontextmanager
async def _exporting(
    installation: Installation, receiver: Receiver, address: Address | None, tls: Tls | None
) -> AsyncGenerator[int | None]:
    """Receive by gRPC while the block runs, when there is an address; gives the port."""
    if address is None:
        yield None
        return
    limits = installation.config.receive
    server = grpc_server(
        receiver,
        access=_access(installation, address),
        limits=limits,
    )
    port = _bind_grpc(server, address, tls)
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
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn hands a signal on to who was there before it, which else would be the end of the process by it
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    with (
        data_dir.held(),
        data_dir.held(Role.WORK) if work else nullcontext(),
        Installation.open(
            data_dir,
            config,
            owner=this_process(),
            credentials=work.credentials if work else Credentials(webhook_secret=webhook_secret),
        ) as installation,
    ):
        if work:
            check_work(installation)
        async with (
            running(installation, http, grpc, is_projecting=work is not None) as sidecar,
            flows_beside(installation) if work else nullcontext() as flows,
        ):
            listening = _listening(sidecar, http, grpc, data_dir)
            _log.info("http on %s, grpc on %s, data in %s", listening.http, listening.grpc or "no port", listening.data)
            announce(listening)
            stopped = asyncio.create_task(stopping.wait())
            ends = [sidecar.ended, stopped, *([flows] if flows else [])]
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
    _log.info("stopped; what was acknowledged is stored")


def _calm_garbage_collection() -> None:
    """Have it leave alone what stays anyway, and run after ten requests, not after each."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 100)


def _listening(sidecar: Running, http: Address, grpc: Address | None, data_dir: DataDir) -> Listening:
    return Listening(
        http=str(replace(http, port=sidecar.http_port)),
        grpc=str(replace(grpc, port=sidecar.grpc_port)) if grpc and sidecar.grpc_port else None,
        data=str(data_dir.path),
    )


def _bind_grpc(server: grpc.aio.Server, address: Address, tls: Tls | None) -> int:
    if address.port:
        # tried first by ourselves: gRPC writes to standard error, in its own words, that a port is taken
        bind(address, option="--grpc").close()
    try:
        if tls is None:
            bound = server.add_insecure_port(str(address))
        else:
            pair = (tls.key.read_bytes(), tls.certificate.read_bytes())
            bound = server.add_secure_port(str(address), grpc.ssl_server_credentials([pair]))
    except RuntimeError as exc:
        raise _taken(address) from exc
    if bound == 0:
        raise _taken(address)
    return bound


def _taken(address: Address) -> ConfigError:
    return ConfigError(f"--grpc {address}: cannot listen there; stop what does, or choose another port")
