"""What a port lets in: by path, by token, and as which Team."""

import secrets

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sidecar.access import Access
from sidecar.answers import Answer
from sidecar.domain import AccessScope, AccessToken, Door, TeamId
from sidecar.doors import Doors, caller_of
from sidecar.tokens import digest_of, new_token

EVERYTHING = frozenset(Door)
HEALTH = ("/healthz", "/readyz")


def refusal(path: str, content_type: str, answer: Answer) -> Response:
    return JSONResponse({"path": path, "error": answer.message}, status_code=answer.http_status)


async def told(request: Request) -> Response:
    is_asked = request.url.path not in HEALTH and not request.url.path.startswith("/webhooks/")
    return JSONResponse({"team": caller_of(request.scope).team if is_asked else None})


def client(scope: AccessScope | None, *, is_open: frozenset[Door] = EVERYTHING) -> httpx.AsyncClient:
    """Somebody on the network with a token for a scope, or without any."""
    token_id, text = new_token(secrets.token_bytes)
    held = scope or AccessScope.ADMIN
    token = AccessToken(
        token_id=token_id, team=TeamId("acme"), scope=held, digest=digest_of(text), note="", created_ns=0
    )
    inner = Starlette(routes=[Route("/{path:path}", told, methods=["GET", "POST"])])
    access = Access({token_id: token}.get, is_loopback=False)
    app = Doors(inner, access=access, is_open=is_open, refusal=refusal)
    headers = {} if scope is None else {"Authorization": f"Bearer {text}"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://sidecar.example", headers=headers)


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/v1/traces", AccessScope.INGEST),
        ("/hooks/claude_code", AccessScope.INGEST),
        ("/transcripts/cline", AccessScope.INGEST),
        ("/outcomes", AccessScope.INGEST),
        ("/api/sessions", AccessScope.READ),
        ("/", AccessScope.READ),
        ("/metrics", AccessScope.READ),
        ("/V1/traces", AccessScope.READ),
        ("//v1/traces", AccessScope.READ),
    ],
)
async def test_each_path_wants_its_scope(path: str, scope: AccessScope) -> None:
    other = AccessScope.READ if scope is AccessScope.INGEST else AccessScope.INGEST

    async with client(None) as nobody, client(other) as wrong, client(scope) as right:
        answers = [await one.get(path) for one in (nobody, wrong, right)]

    assert [answer.status_code for answer in answers] == [401, 403, 200]
    assert answers[-1].json() == {"team": "acme"}


@pytest.mark.parametrize("path", [*HEALTH, "/webhooks/github"])
async def test_some_paths_ask_nobody_for_a_token(path: str) -> None:
    async with client(None) as nobody:
        answer = await nobody.get(path)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("is_open", "statuses"),
    [
        ({Door.INGEST}, [200, 404, 404]),
        ({Door.WEBHOOKS}, [404, 200, 404]),
        ({Door.READ}, [404, 404, 200]),
        ({Door.INGEST, Door.WEBHOOKS}, [200, 200, 404]),
    ],
)
async def test_a_closed_door_is_not_there_for_anybody(is_open: set[Door], statuses: list[int]) -> None:
    async with client(AccessScope.ADMIN, is_open=frozenset(is_open)) as admin:
        answers = [await admin.get(path) for path in ("/v1/traces", "/webhooks/github", "/api/sessions")]

    assert [answer.status_code for answer in answers] == statuses
