"""The read interface under /api: what is stored, as JSON, for pages, scripts and people with curl."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import FastAPI, Query, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from sidecar.documents import proposal_document, rules_document, session_document, session_summary
from sidecar.domain import ProjectId, TeamId
from sidecar.doors import caller_of
from sidecar.errors import NotFoundError
from sidecar.store import Store

MAX_SESSIONS = 10_000
"""Envelopes of one answer; about 5 MB of JSON."""


def add_read_routes(
    app: FastAPI,
    store: Store,
    projects_of: Callable[[TeamId], list[ProjectId]],
    caught_up: Callable[[], Awaitable[None]],
) -> None:
    """Mount the reads; each shows what is the caller's Team's and nothing else.

    Args:
        projects_of: Repositories of a Team, whose rules and proposals it may see.
        caught_up: Waits, for a bounded time, until what was acknowledged before the read has been projected.
    """
    _add_session_reads(app, store, caught_up)
    _add_rule_reads(app, store, projects_of)


def _add_session_reads(app: FastAPI, store: Store, caught_up: Callable[[], Awaitable[None]]) -> None:
    async def read_sessions(
        request: Request, limit: Annotated[int, Query(ge=1, le=MAX_SESSIONS)] = 1000
    ) -> JSONResponse:
        await caught_up()
        stored = await run_in_threadpool(store.sessions, _team(request), limit=limit)
        return JSONResponse({"sessions": [session_summary(one) for one in stored]})

    async def read_session(request: Request, session_id: str, agent: str | None = None) -> JSONResponse:
        await caught_up()
        return JSONResponse(await run_in_threadpool(session_document, store, _team(request), session_id, agent))

    async def read_trace(request: Request, trace_id: str) -> JSONResponse:
        await caught_up()
        rows = await run_in_threadpool(store.spans, _team(request), trace_id.lower())
        if not rows:
            raise NotFoundError(
                f"no span of trace {trace_id[:40]!r} is stored; give the 32 hex digits of a trace that was sent here"
            )
        return JSONResponse({"spans": [{"span_id": row.span_id, "name": row.name} for row in rows]})

    app.add_api_route("/api/sessions", read_sessions, methods=["GET"])
    app.add_api_route("/api/sessions/{session_id}", read_session, methods=["GET"])
    app.add_api_route("/api/traces/{trace_id}", read_trace, methods=["GET"])


def _add_rule_reads(app: FastAPI, store: Store, projects_of: Callable[[TeamId], list[ProjectId]]) -> None:
    async def read_rules(request: Request) -> JSONResponse:
        projects = await run_in_threadpool(projects_of, _team(request))
        return JSONResponse(await run_in_threadpool(rules_document, store, projects))

    async def read_proposals(request: Request) -> JSONResponse:
        projects = await run_in_threadpool(projects_of, _team(request))
        proposals = [one for one in await run_in_threadpool(store.proposals) if one.project in projects]
        return JSONResponse({"proposals": [proposal_document(one) for one in proposals]})

    app.add_api_route("/api/rules", read_rules, methods=["GET"])
    app.add_api_route("/api/proposals", read_proposals, methods=["GET"])


def _team(request: Request) -> TeamId:
    return caller_of(request.scope).team
