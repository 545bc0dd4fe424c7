"""Run the receivers and the projector in one process until told to stop.

What is acknowledged is in the inbox; the projector follows behind. Ports are bound before anything is announced, so a
taken port is an error at start and never a half-running sidecar.
"""

import asyncio
import logging
import socket
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import grpc.aio
import uvicorn
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse

from sidecar.api import add_read_routes
from sidecar.config import Config
from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM
from sidecar.errors import ConfigError, SidecarError
from sidecar.grpc_receiver import grpc_server
from sidecar.http_receiver import LOOPBACK_HOSTS, Gate, add_error_answers, add_receiving_routes
from sidecar.installation import Installation
from sidecar.owner import this_process
from sidecar.projector import Projector
from sidecar.receive import Receiver

_log = logging.getLogger(__name__)

IDLE_S = 0.5
"""Between looks at the inbox when nothing woke the projector; rows of a dead one turn up by lease."""
READ_WAIT_S = 2.0
"""How long a read waits for the projector; after it, what is there is answered."""
STOP_S = 10
"""Grace for requests in flight at a stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where to listen."""

    host: str
    port: int


def parse_address(text: str, *, option: str) -> Address:
    """`127.0.0.1:4318` as an Address.

    Raises:
        ConfigError: not HOST:PORT, or not a loopback address: nothing else is served yet.
    """
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise ConfigError(f"{option} {text!r}: HOST:PORT was expected, such as 127.0.0.1:4318")
    if host not in LOOPBACK_HOSTS:
        raise ConfigError(
            f"{option} {text!r}: only loopback is served ({', '.join(sorted(LOOPBACK_HOSTS))}), "
            "because requests are not authenticated yet"
        )
    return Address(host=host.strip("[]"), port=int(port))


class ProjectorLoop:
    """Runs the projector whenever something arrived, and tells readers when it has caught up."""

    def __init__(self, projector: Projector, on_failure: Callable[[SidecarError], None]) -> None:
        """Bind the projector; `on_failure` is told of each run that the store refused."""
        self._projector = projector
        self._on_failure = on_failure
        self._finished_runs = 0
        self._turn = asyncio.Condition()
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Project for ever; a run that fails is reported and tried again."""
        while True:
            self._wake.clear()
            try:
                await asyncio.to_thread(lambda: self._projector.run(now_ns=time.time_ns()))
            except SidecarError as exc:
                self._on_failure(exc)
                await asyncio.sleep(1)
            async with self._turn:
                self._finished_runs += 1
                self._turn.notify_all()
            try:
                await asyncio.wait_for(self._wake.wait(), IDLE_S)
            except TimeoutError:
                continue

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
        projecting.cancel()

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A sidecar that takes requests."""

    http_port: int
    """The port in use; what was asked for, or what the system chose for 0."""
    ended: asyncio.Task[None]
    """Done when the HTTP server has ended: by a signal, or because the block was left."""


@asynccontextmanager
async def running(installation: Installation, http: Address, grpc: Address | None) -> AsyncGenerator[Running]:
    """Receive while the block runs.

    Raises:
        ConfigError: a port is taken.
    """
    listening = _bind(http, "--http")
    receiver = installation.receiver()
    loop = ProjectorLoop(installation.projector(), lambda exc: _log.error("projection failed: %s", exc))
    app = create_app(installation, receiver, loop)
    export = None
    if grpc is not None:
        limit = installation.config.receive.max_body_bytes
        export = grpc_server(receiver, team=LOCAL_TEAM, max_body_bytes=limit)
        _bind_grpc(export, grpc)
        await export.start()
    settings = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=STOP_S)
    server = uvicorn.Server(settings)
    ended = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield Running(http_port=listening.getsockname()[1], ended=ended)
    finally:
        server.should_exit = True
        await ended
        if export is not None:
            await export.stop(STOP_S)


async def serve(data_dir: DataDir, config: Config, http: Address, grpc: Address | None) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        ConfigError: a port is taken.
        DataDirInUseError: the data folder is served already.
    """
    with data_dir.held(), Installation.open(data_dir, config, owner=this_process()) as installation:
        async with running(installation, http, grpc) as sidecar:
            _log.info("http on %s:%d, data in %s", http.host, sidecar.http_port, data_dir.path)
            await asyncio.wait([sidecar.ended])


def _bind(address: Address, option: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address.host, address.port))
    except OSError as exc:
        listening.close()
        raise ConfigError(
            f"{option} {address.host}:{address.port}: {exc.strerror}; stop what listens there or choose another port"
        ) from exc
    return listening


def _bind_grpc(server: grpc.aio.Server, address: Address) -> None:
    host = f"[{address.host}]" if ":" in address.host else address.host
    try:
        bound = server.add_insecure_port(f"{host}:{address.port}")
    except RuntimeError as exc:
        bound = 0
        cause: Exception | None = exc
    else:
        cause = None
    if bound == 0:
        raise ConfigError(
            f"--grpc {host}:{address.port}: the port is taken; stop what listens there or choose another"
        ) from cause
