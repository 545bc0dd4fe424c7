"""One attempt: a request over the wire, its bytes back, or why not; the only module that knows the provider's library.

The library's own retries and tracing are off: retries are counted and paid for in one place, and our calls must not
come in as spans of an agent. Imported late, as it takes more than a second.
"""

import asyncio
from collections.abc import Mapping
from functools import cache
from typing import TypeVar

import httpx2
from anthropic import (
    AnthropicError,
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AsyncAnthropic,
    transform_schema,
)
from pydantic import TypeAdapter

from sidecar.domain import ModelRequest
from sidecar.llm.attempt import Answer, Failure, Fate
from sidecar.llm.pace import told_wait_s
from sidecar.llm.settings import NO_KEY, ModelSettings

T = TypeVar("T")

LONGEST_REPLY_BYTES = 256 * 1024
"""Several times the longest answer we ask for, with its envelope."""
_ANTHROPIC_URL = "https://api.anthropic.com"
_PASSING = frozenset({408, 409, 425, 429})
_FOR_ALL_CALLS = frozenset({401, 402, 403, 404})
_BILLING = frozenset({"billing_error", "authentication_error", "permission_error", "not_found_error"})


class Provider:
    """A client with its connections, for one event loop."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        has_own_key = settings.api_key is not None or settings.auth_token is not None
        self._client = AsyncAnthropic(
            api_key=settings.api_key if has_own_key else NO_KEY,
            auth_token=None if settings.api_key is not None else settings.auth_token,
            base_url=settings.base_url or _ANTHROPIC_URL,
            timeout=settings.timeout_s,
            max_retries=0,
            open_telemetry=False,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def ask(self, request: ModelRequest[T]) -> Answer | Failure:
        """One attempt; it ends within the settings' timeout, however slowly bytes come."""
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                return await self._exchange(request)
        except APIStatusError as exc:
            return _failure_of_status(exc)
        except (TimeoutError, APITimeoutError, httpx2.TimeoutException):
            return _broken(f"no whole answer within {self._settings.timeout_s:g} s")
        except APIConnectionError as exc:
            cause = exc.__cause__
            is_unpaid = isinstance(cause, (httpx2.ConnectError, httpx2.PoolTimeout))
            return _broken(f"the connection failed ({type(cause or exc).__name__})", is_unpaid=is_unpaid)
        except (httpx2.HTTPError, httpx2.StreamError) as exc:
            return _broken(f"the answer broke off ({type(exc).__name__})")
        except (AnthropicError, httpx2.InvalidURL, UnicodeError) as exc:
            return Failure(fate=Fate.ALL_REFUSED, words=f"the client refused: {_line(str(exc))}", is_unpaid=True)

    async def _exchange(self, request: ModelRequest[T]) -> Answer:
        async with self._client.messages.with_streaming_response.create(
            model=self._settings.model,
            max_tokens=request.max_tokens,
            system=[{"type": "text", "text": request.system, "cache_control": {"type": "ephemeral"}}],
            messages=[{"role": "user", "content": request.user}],
            output_config={"format": {"type": "json_schema", "schema": _schema(request.shape)}},
        ) as response:
            request_id = response.headers.get("request-id")
            body = bytearray()
            async for chunk in response.iter_bytes():
                body += chunk
                if len(body) > LONGEST_REPLY_BYTES:
                    return Answer(body=None, request_id=request_id)
            return Answer(body=bytes(body), request_id=request_id)


@cache
def _schema(shape: type[object]) -> dict[str, object]:
    return transform_schema(TypeAdapter(shape).json_schema())


def _failure_of_status(exc: APIStatusError) -> Failure:
    status = exc.status_code
    headers: Mapping[str, str] = exc.response.headers
    words = f"status {status}{f' ({exc.type})' if exc.type else ''}: {_line(exc.api_message or exc.message)}"
    return Failure(
        fate=_fate(status, exc.type, exc.api_message, headers.get("x-should-retry")),
        words=words,
        told_wait_s=told_wait_s(headers),
        is_unpaid=True,
        request_id=exc.request_id,
    )


def _fate(status: int, kind: str | None, message: str | None, should_retry: str | None) -> Fate:
    # The credit error has no status or type of its own at every gateway, so its words have to do.
    is_credit = status == 400 and "credit balance" in (message or "").lower()
    if status in _FOR_ALL_CALLS or is_credit or (kind in _BILLING and status < 500):
        return Fate.ALL_REFUSED
    is_passing = status in _PASSING or status >= 500
    if should_retry in ("true", "false"):
        is_passing = should_retry == "true"
    return Fate.TRY_AGAIN if is_passing else Fate.REQUEST_REJECTED


def _broken(words: str, *, is_unpaid: bool = False) -> Failure:
    return Failure(fate=Fate.TRY_AGAIN, words=words, is_unpaid=is_unpaid)


def _line(text: str) -> str:
    """The first line of a text that others wrote, fit for a terminal."""
    first = (text.strip().splitlines() or [""])[0]
    return "".join(character if character.isprintable() else "?" for character in first)[:200]
