"""The HTTP application over an opened installation."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from ipaddress import ip_address

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from sidecar.access import Access
from sidecar.api import add_read_routes
from sidecar.doors import Doors, Entrance
from sidecar.http_receiver import (
    Exports,
    Gate,
    Hosts,
    Intakes,
    add_error_answers,
    add_receiving_routes,
    error_response,
)
from sidecar.installation import Installation
from sidecar.receive import Receiver
from sidecar.serve.projecting import ProjectorLoop
from sidecar.webhooks import add_webhook_routes
from sidecar.work import ProjectedElsewhere

_UNTRACED: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""Of requests to ourselves: told where to send traces by the environment, we would trace receiving our own traces."""


def create_app(
    installation: Installation, receiver: Receiver, loop: ProjectorLoop | ProjectedElsewhere, access: Access
) -> ASGIApp:
    """The HTTP application over an opened installation."""
    app = FastAPI(lifespan=_projecting(loop), docs_url=None, redoc_url=None, openapi_url=None, telemetry=_UNTRACED)
    limits = installation.config.receive
    intakes = Intakes(receiver, limits)
    add_receiving_routes(app, intakes)
    add_webhook_routes(app, installation)
    add_read_routes(app, installation.store, installation.projects_of, loop.caught_up)
    _add_health_routes(app, installation)
    add_error_answers(app)
    doors = installation.config.listen.doors
    app.add_middleware(Doors, access=access, is_open=doors, refusal=error_response)
    hosts = Hosts(limits.allowed_hosts)
    app.add_middleware(Gate, hosts=hosts)
    return Exports(
        app,
        hosts=hosts,
        entrance=Entrance(access, doors),
        intakes=intakes,
        max_response_bytes=limits.max_response_bytes,
    )


def _projecting(
    loop: ProjectorLoop | ProjectedElsewhere,
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Has the projector run for as long as the application does."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        projecting = asyncio.create_task(loop.run())
        yield
        loop.stop()
        # its thread uses the store, which is closed next; cancelling would leave it running
        await projecting

    return lifespan


def _add_health_routes(app: FastAPI, installation: Installation) -> None:
    """Mount what supervisors, balancers and doctor ask."""

    async def health(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def ready(request: Request) -> JSONResponse:
        counts = await asyncio.to_thread(installation.inbox.counts)
        told = {"status": "ready", "inbox": counts, "unscannable": installation.data_dir.unscannable}
        # by which doctor sees whose sidecar answers; nobody else needs to tell installations apart
        here = {"installation": installation.data_dir.key_print} if _is_on_this_machine(request) else {}
        return JSONResponse(told | here)

    app.add_route("/healthz", health, methods=["GET"])
    app.add_route("/readyz", ready, methods=["GET"])


def _is_on_this_machine(request: Request) -> bool:
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
