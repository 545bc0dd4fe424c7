"""The Message Batches API over the wire: create, look up, list, and the results line by line; every read is bounded."""

import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import TypeVar, cast

from anthropic import AsyncAPIResponse
from anthropic.types.messages.batch_create_params import Request

from sidecar.domain import ModelRequest
from sidecar.llm.attempt import Failure
from sidecar.llm.batch_lines import Line, Lines
from sidecar.llm.batch_state import MOST_LISTED, BatchState, read_page, read_state
from sidecar.llm.client import open_client
from sidecar.llm.parameters import parameters
from sidecar.llm.provider import attempt, read_bounded
from sidecar.llm.settings import ModelSettings

T = TypeVar("T")

_LONGEST_BYTES = 512 * 1024
"""Of what is said about a hundred batches; of one it is a thousand bytes."""
_UPLOAD_S = 300.0
"""Of a batch of the largest size; the answer to it is short."""
_RESULTS_S = 900.0
"""For reading and dealing with all results once; what is left then is read the next time."""
_PATH = "/v1/messages/batches"
_STREAMED: Mapping[str, str] = {"X-Stainless-Raw-Response": "stream"}
"""How the library is told to leave a body unread; its own way to the results goes wherever the provider says."""


class BatchCalls:
    """A client with its connections, for one event loop."""

    def __init__(self, settings: ModelSettings) -> None:
        """Open the client; see open_client for the errors."""
        self._settings = settings
        self._client = open_client(settings)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def create(self, asked: Mapping[str, ModelRequest[T]]) -> BatchState | Failure:
        """Have all of these answered; a failure that is not unpaid may have begun it all the same.

        Args:
            asked: By custom id.
        """
        model = self._settings.model
        requests: list[Request] = [
            {"custom_id": name, "params": parameters(model, request)} for name, request in asked.items()
        ]

        async def exchange() -> BatchState | Failure:
            batches = self._client.messages.batches
            async with batches.with_streaming_response.create(requests=requests, timeout=_UPLOAD_S) as response:
                return read_state(await read_bounded(response.iter_bytes(), _LONGEST_BYTES))

        return await attempt(exchange, timeout_s=_UPLOAD_S)

    async def state(self, batch_id: str) -> BatchState | Failure:
        """How far a batch is."""

        async def exchange() -> BatchState | Failure:
            async with self._client.messages.batches.with_streaming_response.retrieve(batch_id) as response:
                return read_state(await read_bounded(response.iter_bytes(), _LONGEST_BYTES))

        return await attempt(exchange, timeout_s=self._settings.timeout_s)

    async def newest(self) -> Sequence[BatchState] | Failure:
        """The last hundred batches that this key has begun, ours or not, the newest first."""

        async def exchange() -> Sequence[BatchState] | Failure:
            response = await self._get(_PATH, {"limit": MOST_LISTED})
            try:
                return read_page(await read_bounded(response.iter_bytes(), _LONGEST_BYTES))
            finally:
                await response.close()

        return await attempt(exchange, timeout_s=self._settings.timeout_s)

    async def results(self, batch_id: str) -> AsyncGenerator[Line | Failure]:
        """The lines of an ended batch's results, in any order; a failure is the last that comes."""
        response = await attempt(
            lambda: self._get(f"{_PATH}/{batch_id}/results", {}), timeout_s=self._settings.timeout_s
        )
        if isinstance(response, Failure):
            yield response
            return
        lines, chunks = Lines(), response.iter_bytes()
        deadline_s = time.monotonic() + _RESULTS_S
        try:
            while True:
                left_s = min(self._settings.timeout_s, deadline_s - time.monotonic())
                chunk = await attempt(lambda: anext(chunks, None), timeout_s=max(0.0, left_s))
                if isinstance(chunk, Failure):
                    yield chunk
                    return
                for line in lines.ended() if chunk is None else lines.fed(chunk):
                    yield line
                if chunk is None:
                    return
        finally:
            await response.close()

    async def _get(self, path: str, query: Mapping[str, object]) -> AsyncAPIResponse[object]:
        response = await self._client.get(
            path, cast_to=object, options={"headers": dict(_STREAMED), "params": dict(query)}
        )
        return cast("AsyncAPIResponse[object]", response)
