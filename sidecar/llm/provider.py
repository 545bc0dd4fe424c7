"""One attempt: a request over the wire, its bytes back, or why not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import httpx2
from anthropic import AnthropicError, APIConnectionError, APIStatusError, APITimeoutError

from sidecar.domain import ModelRequest
from sidecar.llm.attempt import Answer, Failure, Fate
from sidecar.llm.client import open_client
from sidecar.llm.failing import broken, failure_of_status, first_line
from sidecar.llm.parameters import parameters
from sidecar.llm.settings import ModelSettings

T = TypeVar("T")
A = TypeVar("A")

LONGEST_REPLY_BYTES = 256 * 1024
"""Several times the longest answer we ask for, with its envelope."""


class Provider:
    """A client with its connections, for one event loop."""

    def __init__(self, settings: ModelSettings) -> None:
        """Open the client.

        Raises:
            ConfigError: its cloud cannot be reached with what is given.
        """
        self._settings = settings
        self._client = open_client(settings)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def ask(self, request: ModelRequest[T]) -> Answer | Failure:
        """One attempt; it ends within the settings' timeout, however slowly bytes come."""
        return await attempt(lambda: self._exchange(request), timeout_s=self._settings.timeout_s)

    async def _exchange(self, request: ModelRequest[T]) -> Answer:
        sent = parameters(self._settings.model, request)
        async with self._client.messages.with_streaming_response.create(**sent) as response:
            body = await read_bounded(response.iter_bytes(), LONGEST_REPLY_BYTES)
            return Answer(body=body, request_id=response.headers.get("request-id"))


async def read_bounded(chunks: AsyncIterator[bytes], most_bytes: int) -> bytes | None:
    """The whole body; None as soon as it is longer."""
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > most_bytes:
            return None
    return bytes(body)


async def attempt(exchange: Callable[[], Awaitable[A]], *, timeout_s: float) -> A | Failure:
    """What an exchange gives, or why it gave nothing within the time."""
    try:
        async with asyncio.timeout(timeout_s):
            return await exchange()
    except APIStatusError as exc:
        return failure_of_status(exc)
    except (TimeoutError, APITimeoutError, httpx2.TimeoutException):
        return broken(f"no whole answer within {timeout_s:g} s")
    except APIConnectionError as exc:
        cause = exc.__cause__
        is_unpaid = isinstance(cause, (httpx2.ConnectError, httpx2.PoolTimeout))
        return broken(f"the connection failed ({type(cause or exc).__name__})", is_unpaid=is_unpaid)
    except (httpx2.HTTPError, httpx2.StreamError) as exc:
        return broken(f"the answer broke off ({type(exc).__name__})")
    except (AnthropicError, httpx2.InvalidURL, UnicodeError) as exc:
        return Failure(fate=Fate.ALL_REFUSED, words=f"the client refused: {first_line(str(exc))}", is_unpaid=True)
