"""Opens both ports, and closes them again when the block ends."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass

import grpc.aio
import uvicorn

from sidecar.access import Access
from sidecar.addresses import Address, bind
from sidecar.errors import ConfigError, SidecarError
from sidecar.exposure import Tls, tls_for
from sidecar.grpc_receiver import grpc_server
from sidecar.installation import Installation
from sidecar.receive import Receiver
from sidecar.serve.application import create_app
from sidecar.serve.projecting import ProjectorLoop
from sidecar.work import ProjectedElsewhere

_log = logging.getLogger("sidecar.serve")

STOP_S = 3
"""Grace for requests in flight at a stop, once for HTTP and once for gRPC; service managers kill after 10 s."""


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
                proxy_headers=False,  # nothing here asks where a request came from
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


def _log_failure(error: Exception) -> None:
    is_foreseen = isinstance(error, SidecarError)
    _log.error("projection failed, it is tried again: %s", error, exc_info=None if is_foreseen else error)
