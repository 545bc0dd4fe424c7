"""A small server that answers as Phoenix 20.26 was seen to, over real HTTP, and fails on demand.

It acknowledges spans before it keeps them, keeps the first of an id, and knows sessions only by their spans.
"""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from fastapi import FastAPI, HTTPException, Request, Response
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.middleware.base import RequestResponseEndpoint

Row = dict[str, Any]


@dataclass
class StandIn:
    """What it holds, and how it is to fail."""

    url: str = ""
    spans: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    """Span id to its project and session."""
    received: list[str] = field(default_factory=list[str])
    """Every span id ever sent to it, in order."""
    annotations: dict[tuple[str, str, str, str], Row] = field(default_factory=dict[tuple[str, str, str, str], Row])
    """By kind of target, target, name and identifier."""
    lost_requests: int = 0
    """So many requests are acknowledged and forgotten."""
    refused_session: str = ""
    """Answers 400 to spans of it."""
    dropped_session: str = ""
    """Acknowledges spans of it and never shows them."""
    status: int = 200
    """Of every answer to spans, where it is not 200."""
    requests: int = 0
    """How many it has served."""
    broken_request: int = 0
    """The one of this number is done and answered 500, as if Phoenix had died after it."""

    def note(self, target: str, target_id: str, text: str, *, name: str = "quality", kind: str = "HUMAN") -> None:
        """What a person notes at the page."""
        row = {"name": name, "annotator_kind": kind, "identifier": "", "result": {"label": "bad", "explanation": text}}
        self._keep(target, {**row, f"{target}_id": target_id})

    def said(self, target: str, target_id: str) -> dict[str, str]:
        """Name to label of what stands on a target."""
        return {
            key[2]: row["result"]["label"] for key, row in self.annotations.items() if key[:2] == (target, target_id)
        }

    def receive(self, body: bytes) -> int:
        request = ExportTraceServiceRequest.FromString(body)
        (resource,) = request.resource_spans
        project = next(
            a.value.string_value for a in resource.resource.attributes if a.key == "openinference.project.name"
        )
        sent: list[tuple[str, str]] = []
        for span in resource.scope_spans[0].spans:
            session = next(a.value.string_value for a in span.attributes if a.key == "session.id")
            sent.append((span.span_id.hex(), session))
        if self.status != 200:
            return self.status
        if self.refused_session in {session for _, session in sent}:
            return 400
        self.received += [span_id for span_id, _ in sent]
        if self.lost_requests:
            self.lost_requests -= 1
            return 200
        for span_id, session in sent:
            if session != self.dropped_session:
                self.spans.setdefault(span_id, (project, session))
        return 200

    def annotate(self, target: str, rows: list[Row]) -> None:
        known = set(self.spans) if target == "span" else {session for _, session in self.spans.values()}
        if missing := {row[f"{target}_id"] for row in rows} - known:
            raise HTTPException(404, f"{missing} do not exist")
        for row in rows:
            self._keep(target, row)

    def _keep(self, target: str, row: Row) -> None:
        key = (target, row[f"{target}_id"], row["name"], row["identifier"])
        before = self.annotations.get(key, {"id": f"a{len(self.annotations)}", "edits": 0})
        edits = before["edits"] + 1
        stamp = f"2026-11-25T20:00:{edits:02d}+00:00"
        self.annotations[key] = {**row, "id": before["id"], "updated_at": stamp, "edits": edits}


def _app(phoenix: StandIn) -> FastAPI:
    app = FastAPI()

    @app.middleware("http")
    async def breaking(request: Request, call_next: RequestResponseEndpoint) -> Response:
        phoenix.requests += 1
        is_broken = phoenix.requests == phoenix.broken_request
        answer = await call_next(request)
        return Response(status_code=500) if is_broken else answer

    @app.post("/v1/traces")
    async def traces(request: Request) -> Response:
        if request.headers["content-type"] != "application/x-protobuf":
            return Response(status_code=415)
        return Response(status_code=phoenix.receive(await request.body()))

    @app.get("/v1/projects")
    async def projects() -> Row:
        names = sorted({project for project, _ in phoenix.spans.values()} | {"default"})
        return {"data": [{"name": name, "id": f"id-{name}"} for name in names], "next_cursor": None}

    @app.get("/v1/projects/{project}/spans")
    async def spans(project: str, request: Request) -> Row:
        if project not in {known for known, _ in phoenix.spans.values()}:
            raise HTTPException(404, "no such project")
        wanted = request.query_params.getlist("span_id")
        return {
            "data": [{"context": {"span_id": one}} for one in wanted if phoenix.spans.get(one, ("",))[0] == project]
        }

    @app.post("/v1/{target}_annotations")
    async def annotate(target: str, request: Request) -> Row:
        phoenix.annotate(target, (await request.json())["data"])
        return {"data": []}

    @app.get("/v1/projects/{project}/{target}_annotations")
    async def annotations(project: str, target: str, request: Request) -> Row:
        wanted = request.query_params.getlist(f"{target}_ids")
        return {"data": [row for key, row in phoenix.annotations.items() if key[0] == target and key[1] in wanted]}

    @app.delete("/v1/projects/{project}/{target}_annotations", status_code=204)
    async def remove(project: str, target: str, name: str, identifier: str) -> None:
        for key in list(phoenix.annotations):
            if (key[0], *key[2:]) == (target, name, identifier):
                del phoenix.annotations[key]

    _add_deleting(app, phoenix)
    return app


def _add_deleting(app: FastAPI, phoenix: StandIn) -> None:
    @app.post("/graphql")
    async def session_by_id(request: Request) -> Row:
        wanted = (await request.json())["variables"]["id"]
        is_known = wanted in {session for _, session in phoenix.spans.values()}
        return {"data": {"getProjectSessionById": {"id": "R2xvYmFs"} if is_known else None}}

    @app.post("/v1/sessions/delete", status_code=204)
    async def delete_sessions(request: Request) -> None:
        gone = (await request.json())["session_identifiers"]
        phoenix.spans = {span: at for span, at in phoenix.spans.items() if at[1] not in gone}


@asynccontextmanager
async def stand_in() -> AsyncGenerator[StandIn]:
    """A running one."""
    listening = socket.create_server(("127.0.0.1", 0))
    phoenix = StandIn(url=f"http://127.0.0.1:{listening.getsockname()[1]}")
    server = uvicorn.Server(uvicorn.Config(_app(phoenix), log_config=None))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield phoenix
    finally:
        server.should_exit = True
        await serving
