"""Takes the three OTLP exports, and passes everything else on.

They come by the thousand a second, so they do without the framework, its router and all that stands around a route;
what is asked of every request is asked of them here.
"""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sidecar import otlp
from sidecar.domain import Intake
from sidecar.doors import Entrance
from sidecar.errors import UnknownCallerError
from sidecar.http_receiver.failures import failure_answer
from sidecar.http_receiver.gate import Hosts
from sidecar.http_receiver.headers import headers_of, media_type
from sidecar.http_receiver.intake import Intakes

_SIGNALS: Final = {f"/v1/{signal.value}": (signal, Intake(signal.value)) for signal in otlp.Signal}
_TYPES: Final = frozenset({otlp.PROTOBUF_CONTENT_TYPE, otlp.JSON_CONTENT_TYPE})


class Exports:
    """Stands before the application."""

    def __init__(
        self, app: ASGIApp, *, hosts: Hosts, entrance: Entrance, intakes: Intakes, max_response_bytes: int
    ) -> None:
        """Wrap `app`."""
        self._app = app
        self._hosts = hosts
        self._entrance = entrance
        self._intakes = intakes
        self._max_response_bytes = max_response_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an export, or pass the request on."""
        signal = _SIGNALS.get(scope["path"]) if scope["type"] == "http" else None
        if signal is None:
            await self._app(scope, receive, send)
            return
        try:
            answer = await self._take(scope, receive, *signal)
        except Exception as error:  # noqa: BLE001 - the boundary: whatever it was, the sender gets an answer
            await failure_answer(scope, error)(scope, receive, send)
            return
        for message in answer:
            await send(message)

    async def _take(
        self, scope: Scope, receive: Receive, signal: otlp.Signal, intake: Intake
    ) -> tuple[Message, Message]:
        """The answer, start and body."""
        headers = headers_of(scope)
        self._hosts.check(headers)
        caller = await self._entrance.caller(scope["path"], headers.get("authorization"))
        if caller is None:
            raise UnknownCallerError("nobody was asked who sends this")
        if scope["method"] != "POST":
            raise HTTPException(405, "method not allowed")
        content_type = media_type(headers)
        if content_type not in _TYPES:
            raise HTTPException(415, f"send {otlp.PROTOBUF_CONTENT_TYPE} or {otlp.JSON_CONTENT_TYPE}")
        receipt = await self._intakes.take(scope, receive, intake, team=caller.team)
        said = otlp.response_bytes(signal, content_type, receipt.rejected, receipt.warning)
        if len(said) > self._max_response_bytes:
            raise HTTPException(500, otlp.TOO_LONG_ANSWER)
        return _answer(content_type, said)


def _answer(content_type: str, body: bytes) -> tuple[Message, Message]:
    headers = [(b"content-type", content_type.encode()), (b"content-length", b"%d" % len(body))]
    start = {"type": "http.response.start", "status": 200, "headers": headers}
    return start, {"type": "http.response.body", "body": body}
