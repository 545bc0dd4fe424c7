"""The HTTP port: OTLP, hooks, session files and outcomes in; the read interface beside them.

A request is read with a limit and handed to `receive`; 200 is sent only after that returned, which is after the
durable commit. On loopback a web page is the attacker to think of: it can reach this port through the browser, so
foreign hosts and origins are refused and hooks and OTLP need a content type no form can send.
"""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sidecar import otlp
from sidecar.addresses import LOOPBACK_HOSTS
from sidecar.answers import RETRY_AFTER_S, Answer, answer_to
from sidecar.domain import LOCAL_TEAM, Intake
from sidecar.errors import DecodeError, InputError, SidecarError, StoreBusyError, TooLargeError
from sidecar.receive import Arrival, Receipt, Receiver

OBSERVED_HEADER: Final = "x-sidecar-observed-ns"

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
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
            refusal = self._refusal(headers)
            if refusal:
                answer = Answer(http_status=403, grpc_code=7, message=refusal)
                await _error_response(scope["path"], headers.get("content-type", ""), answer)(scope, receive, send)
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

    async def take(
        self, request: Request, intake: Intake, *, agent: str | None = None, parameters: Mapping[str, str] | None = None
    ) -> Receipt:
        """Hand one request to `receive` and return its receipt; see there for the errors."""
        received_ns = time.time_ns()
        body = bytearray()
        try:
            async for piece in request.stream():
                self._waiting_bytes += len(piece)
                body += piece
                if len(body) > self._max_body_bytes:
                    raise TooLargeError(f"the body is over {self._max_body_bytes} bytes, the most taken in one request")
                if self._waiting_bytes > self._max_waiting_bytes:
                    raise StoreBusyError("too many bytes are waiting to be stored; send again in a second")
            arrival = Arrival(
                team=LOCAL_TEAM,
                intake=intake,
                body=bytes(body),
                received_ns=received_ns,
                content_type=request.headers.get("content-type", ""),
                content_encoding=request.headers.get("content-encoding", ""),
                agent=agent,
                parameters=parameters or {},
                observed_ns=_observed_ns(request),
            )
            return await self._receiver.receive(arrival)
        except asyncio.CancelledError as exc:
            # the server stops and this request outlasted its grace: it is not acknowledged, whatever becomes of it
            raise StoreBusyError("the sidecar is stopping; send the same again when it is back") from exc
        except ClientDisconnect as exc:
            raise InputError("the sender went away before its whole body was here") from exc
        finally:
            self._waiting_bytes -= len(body)


def add_receiving_routes(app: FastAPI, receiver: Receiver, *, max_body_bytes: int, max_waiting_bytes: int) -> None:
    """Mount everything that takes data."""
    intake = _Intake(receiver, max_body_bytes=max_body_bytes, max_waiting_bytes=max_waiting_bytes)

    def export(signal: Intake) -> Callable[[Request], Awaitable[Response]]:
        async def take_export(request: Request) -> Response:
            content_type = _content_type(request)
            if content_type not in (otlp.PROTOBUF_CONTENT_TYPE, otlp.JSON_CONTENT_TYPE):
                raise HTTPException(415, f"send {otlp.PROTOBUF_CONTENT_TYPE} or {otlp.JSON_CONTENT_TYPE}")
            receipt = await intake.take(request, signal)
            body = otlp.response_bytes(otlp.Signal(signal.value), content_type, receipt.rejected, receipt.warning)
            return Response(body, media_type=content_type)

        return take_export

    async def take_hook(request: Request) -> Response:
        if _content_type(request) != "application/json":
            raise HTTPException(415, "hooks are taken as application/json")
        return _stored(await intake.take(request, Intake.HOOK, agent=_agent(request)))

    async def take_transcript(request: Request) -> Response:
        parameters = dict(request.query_params)
        return _stored(await intake.take(request, Intake.TRANSCRIPT, agent=_agent(request), parameters=parameters))

    async def take_outcome(request: Request) -> Response:
        return _stored(await intake.take(request, Intake.OUTCOME, parameters=dict(request.query_params)))

    # plain routes: these read the body themselves, and FastAPI's own would only add its time to each request
    for signal in (Intake.TRACES, Intake.LOGS, Intake.METRICS):
        app.add_route(f"/v1/{signal.value}", export(signal), methods=["POST"])
    app.add_route("/hooks/{agent}", take_hook, methods=["POST"])
    app.add_route("/transcripts/{agent}", take_transcript, methods=["POST"])
    app.add_route("/outcomes", take_outcome, methods=["POST"])


def add_error_answers(app: FastAPI) -> None:
    """Every failure gets a body a developer can read: google.rpc.Status under /v1, else `{"error": …}`."""

    async def on_known(request: Request, error: Exception) -> Response:
        return _error_response(request.url.path, request.headers.get("content-type", ""), answer_to(error))

    async def on_http(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        detail = str(error.detail) if isinstance(error, HTTPException) else "internal error"
        if status in (404, 405):
            detail = f"{request.method} {request.url.path[:80]} is not served here: {detail.lower()}; see the README"
        answer = Answer(http_status=status, grpc_code={404: 5, 405: 12, 415: 3}.get(status, 13), message=detail)
        return _error_response(request.url.path, request.headers.get("content-type", ""), answer)

    async def on_parameter(request: Request, error: Exception) -> Response:
        message = _wrong_parameters(error) if isinstance(error, RequestValidationError) else "not usable"
        answer = Answer(http_status=400, grpc_code=3, message=message)
        return _error_response(request.url.path, request.headers.get("content-type", ""), answer)

    async def on_unforeseen(request: Request, error: Exception) -> Response:
        _log.exception("request to %s failed", request.url.path, exc_info=error)
        return _error_response(request.url.path, request.headers.get("content-type", ""), answer_to(error))

    app.add_exception_handler(SidecarError, on_known)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(RequestValidationError, on_parameter)
    app.add_exception_handler(Exception, on_unforeseen)


def _wrong_parameters(error: RequestValidationError) -> str:
    faults = cast("Sequence[Mapping[str, object]]", error.errors())
    places = [".".join(str(part) for part in cast("Sequence[object]", fault["loc"])) for fault in faults]
    return "; ".join(f"{place}: {str(fault['msg']).lower()}" for place, fault in zip(places, faults, strict=True))


def _error_response(path: str, content_type: str, answer: Answer) -> Response:
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


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _observed_ns(request: Request) -> int | None:
    text = request.headers.get(OBSERVED_HEADER)
    if text is None:
        return None
    if not re.fullmatch("[0-9]{1,19}", text):
        raise DecodeError(f"header {OBSERVED_HEADER} must be nanoseconds since 1970, got {text[:40]!r}")
    return int(text)


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name.lower() if colon and port.isdecimal() else host.lower()
