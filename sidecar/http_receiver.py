"""The HTTP port: OTLP, hooks, session files and outcomes in; the read interface beside them.

A request is read with a limit and handed to `receive`; 200 is sent only after that returned, which is after the
durable commit. On loopback a web page is the attacker to think of: it can reach this port through the browser, so
foreign hosts and origins are refused and hooks and OTLP need a content type no form can send.
"""

import asyncio
import logging
import re
import time
from collections.abc import Mapping, Sequence
from typing import Final, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sidecar import otlp
from sidecar.addresses import LOOPBACK_HOSTS
from sidecar.answers import RETRY_AFTER_S, Answer, answer_to
from sidecar.config import ReceiveConfig
from sidecar.domain import Intake
from sidecar.doors import caller_of
from sidecar.errors import DecodeError, InputError, SidecarError, StoreBusyError, TooLargeError
from sidecar.receive import Arrival, Receipt, Receiver

OBSERVED_HEADER: Final = "x-sidecar-observed-ns"

_HEADERS = "sidecar.headers"
"""Key of the decoded headers in an ASGI scope."""

_log = logging.getLogger(__name__)


class Gate:
    """Refuses what a web page could send: a foreign Host (DNS rebinding), a foreign Origin, a cross-site fetch."""

    def __init__(self, app: ASGIApp, allowed_hosts: frozenset[str]) -> None:
        """Wrap `app`; `allowed_hosts` are host names without ports."""
        self._app = app
        self._allowed = LOOPBACK_HOSTS | allowed_hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 or pass the request on."""
        if scope["type"] == "http":
            headers = _headers(scope)
            refusal = self._refusal(headers)
            if refusal:
                answer = Answer(http_status=403, grpc_code=7, message=refusal)
                await error_response(scope["path"], headers.get("content-type", ""), answer)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _refusal(self, headers: Mapping[str, str]) -> str | None:
        host = headers.get("host", "")
        if _without_port(host) not in self._allowed:
            return f"Host {host[:80]!r} is not served here; use localhost, or add it to receive.allowed_hosts"
        origin = headers.get("origin")
        if origin is not None and _without_port(origin.partition("://")[2]) not in self._allowed:
            return f"Origin {origin[:80]!r} is foreign; only pages of this sidecar may call it"
        if headers.get("sec-fetch-site") == "cross-site":
            return "a page of another site may not call this sidecar"
        return None


class _Intake:
    """Reads requests with a limit on one body and on all bodies held at once."""

    def __init__(self, receiver: Receiver, *, max_body_bytes: int, max_waiting_bytes: int) -> None:
        self._receiver = receiver
        self._max_body_bytes = max_body_bytes
        self._max_waiting_bytes = max_waiting_bytes
        self._waiting_bytes = 0

    async def take(self, scope: Scope, receive: Receive, intake: Intake, agent: str | None = None) -> Receipt:
        """Hand one request to `receive` and return its receipt; see there for the errors."""
        received_ns = time.time_ns()
        held = 0
        pieces: list[bytes] = []
        try:
            is_more = True
            while is_more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise InputError("the sender went away before its whole body was here")
                piece: bytes = message.get("body", b"")
                is_more = message.get("more_body", False)
                pieces.append(piece)
                held += len(piece)
                self._waiting_bytes += len(piece)
                self._check_room(held)
            body = b"".join(pieces)
            # one copy is held while it waits, not two
            pieces.clear()
            return await self._receiver.receive(_arrival(scope, intake, body, received_ns, agent))
        except asyncio.CancelledError as exc:
            # the server stops and this request outlasted its grace: it is not acknowledged, whatever becomes of it
            raise StoreBusyError("the sidecar is stopping; send the same again when it is back") from exc
        finally:
            self._waiting_bytes -= held

    def _check_room(self, held: int) -> None:
        if held > self._max_body_bytes:
            raise TooLargeError(f"the body is over {self._max_body_bytes} bytes, the most taken in one request")
        if self._waiting_bytes > self._max_waiting_bytes:
            raise StoreBusyError("too many bytes are waiting to be stored; send again in a second")


def _arrival(scope: Scope, intake: Intake, body: bytes, received_ns: int, agent: str | None) -> Arrival:
    headers = _headers(scope)
    has_parameters = intake in (Intake.TRANSCRIPT, Intake.OUTCOME)
    return Arrival(
        team=caller_of(scope).team,
        intake=intake,
        body=body,
        received_ns=received_ns,
        content_type=headers.get("content-type", ""),
        content_encoding=headers.get("content-encoding", ""),
        agent=agent,
        parameters=dict(QueryParams(scope["query_string"])) if has_parameters else {},
        observed_ns=_observed_ns(headers.get(OBSERVED_HEADER)),
    )


class Exports:
    """Takes the three OTLP exports, and passes everything else on.

    They come by the thousand a second, so they do without the router and all that stands around a route.
    """

    def __init__(self, app: ASGIApp, intake: _Intake, max_response_bytes: int) -> None:
        """Wrap `app`."""
        self._app = app
        self._intake = intake
        self._max_response_bytes = max_response_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an export, or pass the request on."""
        signal = _SIGNALS.get(scope["path"]) if scope["type"] == "http" else None
        if signal is None:
            await self._app(scope, receive, send)
            return
        try:
            content_type, body = await self._take(scope, receive, signal)
        except Exception as error:  # noqa: BLE001 - the boundary: whatever it was, the sender gets an answer
            await _failure(scope, error)(scope, receive, send)
            return
        headers = [(b"content-type", content_type.encode()), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _take(self, scope: Scope, receive: Receive, signal: Intake) -> tuple[str, bytes]:
        """Content type and body of the answer."""
        if scope["method"] != "POST":
            raise HTTPException(405, "method not allowed")
        content_type = _media_type(_headers(scope))
        if content_type not in (otlp.PROTOBUF_CONTENT_TYPE, otlp.JSON_CONTENT_TYPE):
            raise HTTPException(415, f"send {otlp.PROTOBUF_CONTENT_TYPE} or {otlp.JSON_CONTENT_TYPE}")
        receipt = await self._intake.take(scope, receive, signal)
        said = otlp.response_bytes(otlp.Signal(signal.value), content_type, receipt.rejected, receipt.warning)
        if len(said) > self._max_response_bytes:
            raise HTTPException(500, otlp.TOO_LONG_ANSWER)
        return content_type, said


_SIGNALS = {f"/v1/{signal.value}": signal for signal in (Intake.TRACES, Intake.LOGS, Intake.METRICS)}


def add_receiving_routes(app: FastAPI, receiver: Receiver, limits: ReceiveConfig) -> None:
    """Mount everything that takes data."""
    intake = _Intake(receiver, max_body_bytes=limits.max_body_bytes, max_waiting_bytes=limits.max_waiting_bytes)

    async def take_hook(request: Request) -> Response:
        if _media_type(request.headers) != "application/json":
            raise HTTPException(415, "hooks are taken as application/json")
        return _stored(await intake.take(request.scope, request.receive, Intake.HOOK, _agent(request)))

    async def take_transcript(request: Request) -> Response:
        return _stored(await intake.take(request.scope, request.receive, Intake.TRANSCRIPT, _agent(request)))

    async def take_outcome(request: Request) -> Response:
        return _stored(await intake.take(request.scope, request.receive, Intake.OUTCOME))

    # plain routes: these read the body themselves, and FastAPI's own would only add its time to each request
    app.add_route("/hooks/{agent}", take_hook, methods=["POST"])
    app.add_route("/transcripts/{agent}", take_transcript, methods=["POST"])
    app.add_route("/outcomes", take_outcome, methods=["POST"])
    app.add_middleware(Exports, intake=intake, max_response_bytes=limits.max_response_bytes)


def add_error_answers(app: FastAPI) -> None:
    """Every failure gets a body a developer can read: google.rpc.Status under /v1, else `{"error": …}`."""

    async def on_any(request: Request, error: Exception) -> Response:
        return _failure(request.scope, error)

    async def on_parameter(request: Request, error: Exception) -> Response:
        message = _wrong_parameters(error) if isinstance(error, RequestValidationError) else "not usable"
        answer = Answer(http_status=400, grpc_code=3, message=message)
        return error_response(request.url.path, request.headers.get("content-type", ""), answer)

    app.add_exception_handler(SidecarError, on_any)
    app.add_exception_handler(HTTPException, on_any)
    app.add_exception_handler(RequestValidationError, on_parameter)
    app.add_exception_handler(Exception, on_any)


def _failure(scope: Scope, error: Exception) -> Response:
    """The answer to a request that could not be served."""
    path: str = scope["path"]
    if isinstance(error, HTTPException):
        status, detail = error.status_code, str(error.detail)
        if status in (404, 405):
            detail = f"{scope['method']} {path[:80]} is not served here: {detail.lower()}; see the README"
        answer = Answer(http_status=status, grpc_code={404: 5, 405: 12, 415: 3}.get(status, 13), message=detail)
    else:
        if not isinstance(error, SidecarError):
            _log.error("request to %s failed", path, exc_info=error)
        answer = answer_to(error)
    return error_response(path, _headers(scope).get("content-type", ""), answer)


def _wrong_parameters(error: RequestValidationError) -> str:
    faults = cast("Sequence[Mapping[str, object]]", error.errors())
    places = [".".join(str(part) for part in cast("Sequence[object]", fault["loc"])) for fault in faults]
    return "; ".join(f"{place}: {str(fault['msg']).lower()}" for place, fault in zip(places, faults, strict=True))


def error_response(path: str, content_type: str, answer: Answer) -> Response:
    """The response to a request that gets no other: a Status in the request's encoding under /v1, else JSON."""
    headers = {"Retry-After": str(RETRY_AFTER_S)} if answer.is_retryable else {}
    if path.startswith("/v1/"):
        kind = otlp.JSON_CONTENT_TYPE if otlp.JSON_CONTENT_TYPE in content_type else otlp.PROTOBUF_CONTENT_TYPE
        body = otlp.status_bytes(kind, answer.grpc_code, answer.message)
        return Response(body, status_code=answer.http_status, media_type=kind, headers=headers)
    return JSONResponse({"error": answer.message}, status_code=answer.http_status, headers=headers)


def _stored(receipt: Receipt) -> Response:
    return JSONResponse({"stored": True, "new": receipt.is_new})


def _agent(request: Request) -> str:
    return str(request.path_params["agent"])


def _headers(scope: Scope) -> dict[str, str]:
    """By name; of one that comes more than once, the last. Kept with the request, which is asked for them often."""
    headers: dict[str, str] | None = scope.get(_HEADERS)
    if headers is None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        scope[_HEADERS] = headers
    return headers


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _observed_ns(text: str | None) -> int | None:
    if text is None:
        return None
    if not re.fullmatch("[0-9]{1,19}", text):
        raise DecodeError(f"header {OBSERVED_HEADER} must be nanoseconds since 1970, got {text[:40]!r}")
    return int(text)


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name.lower() if colon and port.isdecimal() else host.lower()
