"""What a port is open for, and who may come in: each path belongs to a door, and most doors want a scope.

One port can be told to take only what agents send, or only a forge's webhooks, so that the network sees no more than
it needs. Who a caller is goes on with the request; nothing behind the doors reads a header for it.
"""

from collections.abc import Callable, Collection
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from sidecar.access import Access
from sidecar.answers import Answer, answer_to
from sidecar.domain import AccessScope, Caller, Door
from sidecar.errors import AccessError, NotFoundError, UnknownCallerError

CALLER: Final = "sidecar.caller"
"""Key of the Caller in an ASGI scope's `state`."""

Refusal = Callable[[str, str, Answer], ASGIApp]
"""Path, content type of the request, and what to say; gives the response."""


_INGEST_PATHS = ("/v1/", "/hooks/", "/transcripts/", "/outcomes")
_WEBHOOK_PATHS = ("/webhooks/",)
_ALWAYS = frozenset({"/healthz", "/readyz"})
"""For whoever watches the process; they say that it runs, and of what there is only counts."""


_SCOPES = {Door.INGEST: AccessScope.INGEST, Door.READ: AccessScope.READ, Door.WEBHOOKS: None}


def door_of(path: str) -> Door | None:
    """The door that a path is behind; None for what everybody may ask."""
    if path in _ALWAYS:
        return None
    if path.startswith(_INGEST_PATHS):
        return Door.INGEST
    return Door.WEBHOOKS if path.startswith(_WEBHOOK_PATHS) else Door.READ


def scope_of(door: Door) -> AccessScope | None:
    """The scope that a door wants; None where requests prove themselves otherwise."""
    return _SCOPES[door]


class Entrance:
    """Which doors of a port are open, and who may come in through them."""

    def __init__(self, access: Access, is_open: Collection[Door]) -> None:
        """Bind who is known.

        Args:
            is_open: The doors of this port.
        """
        self._access = access
        self._open = frozenset(is_open)

    async def caller(self, path: str, authorization: str | None) -> Caller | None:
        """Who asks; None where nobody is asked who they are.

        Args:
            authorization: The header of that name; None where there is none.
        Raises:
            AccessError: nobody known, or one who may not.
            NotFoundError: the path's door is not open on this port.
        """
        door = door_of(path)
        if door is None:
            return None
        if door not in self._open:
            opened = ", ".join(sorted(self._open))
            raise NotFoundError(f"this port is open for {opened} only, and {path[:80]} is for {door.value}")
        wanted = scope_of(door)
        return None if wanted is None else await self._access.caller(authorization, wanted)


class Doors:
    """Lets requests in that may come in, each with its caller."""

    def __init__(self, app: ASGIApp, *, access: Access, is_open: Collection[Door], refusal: Refusal) -> None:
        """Wrap `app`.

        Args:
            is_open: The doors of this port.
            refusal: The response to a request that is not let in.
        """
        self._app = app
        self._entrance = Entrance(access, is_open)
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 401, 403 or 404, or pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            caller = await self._entrance.caller(scope["path"], headers.get("authorization"))
        except (AccessError, NotFoundError) as error:
            refused = self._refusal(scope["path"], headers.get("content-type", ""), answer_to(error))
            await refused(scope, receive, send)
            return
        scope.setdefault("state", {})[CALLER] = caller
        await self._app(scope, receive, send)


def caller_of(scope: Scope) -> Caller:
    """Who sends a request that came through the doors.

    Raises:
        UnknownCallerError: it came in where nobody is asked.
    """
    caller = scope.get("state", {}).get(CALLER)
    if not isinstance(caller, Caller):
        raise UnknownCallerError("nobody was asked who sends this")
    return caller
