"""What a request that could not be served is answered: google.rpc.Status under /v1, else `{"error": …}`."""

import logging
from collections.abc import Mapping, Sequence
from typing import cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import Scope

from sidecar import otlp
from sidecar.answers import RETRY_AFTER_S, Answer, answer_to
from sidecar.errors import SidecarError
from sidecar.http_receiver.headers import headers_of

_log = logging.getLogger("sidecar.http_receiver")


def add_error_answers(app: FastAPI) -> None:
    """Every failure gets a body a developer can read: google.rpc.Status under /v1, else `{"error": …}`."""

    async def on_any(request: Request, error: Exception) -> Response:
        return failure_answer(request.scope, error)

    async def on_parameter(request: Request, error: Exception) -> Response:
        message = _wrong_parameters(error) if isinstance(error, RequestValidationError) else "not usable"
        answer = Answer(http_status=400, grpc_code=3, message=message)
        return error_response(request.url.path, request.headers.get("content-type", ""), answer)

    app.add_exception_handler(SidecarError, on_any)
    app.add_exception_handler(HTTPException, on_any)
    app.add_exception_handler(RequestValidationError, on_parameter)
    app.add_exception_handler(Exception, on_any)


def failure_answer(scope: Scope, error: Exception) -> Response:
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
    return error_response(path, headers_of(scope).get("content-type", ""), answer)


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
