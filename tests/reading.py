"""Reads of a running sidecar that show all it was sent: asked again where one gave up on a projector far behind."""

import time

import httpx

from sidecar.serve.projecting import READ_WAIT_S

PATIENCE_S = 60


def caught_up(url: str) -> httpx.Response:
    """The answer to a read."""
    deadline_s = time.monotonic() + PATIENCE_S
    while _gave_up(answer := httpx.get(url, timeout=PATIENCE_S)) and time.monotonic() < deadline_s:
        pass
    return answer


async def caught_up_by(client: httpx.AsyncClient, target: str) -> httpx.Response:
    """As `caught_up`, for who has a client."""
    deadline_s = time.monotonic() + PATIENCE_S
    while _gave_up(answer := await client.get(target)) and time.monotonic() < deadline_s:
        pass
    return answer


def _gave_up(answer: httpx.Response) -> bool:
    return answer.elapsed.total_seconds() >= READ_WAIT_S
