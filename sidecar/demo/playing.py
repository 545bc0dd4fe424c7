"""Play recorded sessions into a real sidecar over HTTP, as their agents sent them."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import httpx
from rich.console import Console
from rich.progress import Progress

from sidecar.errors import StoreError
from sidecar.installation import Installation
from sidecar.recordings import RecordedRequest
from sidecar.serve import STOP_S, Address, Running, running

SENDERS = 4
"""Requests in flight while playing; agents' hooks send a few at a time."""


async def play(installation: Installation, requests: Sequence[RecordedRequest]) -> None:
    """Post every request to a sidecar of the demo's own, and stop that again.

    Raises:
        StoreError: one of them was not taken; never expected.
    """
    waiting = list(reversed(requests))
    console = Console(stderr=True)
    async with running(installation, Address(host="127.0.0.1", port=0), None) as sidecar:
        url = f"http://127.0.0.1:{sidecar.http_port}"
        async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False) as client:
            with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
                task = progress.add_task("playing sessions in", total=len(requests))

                async def send() -> None:
                    while waiting:
                        await _post(client, waiting.pop(), sidecar)
                        progress.advance(task)

                await asyncio.gather(*(send() for _ in range(SENDERS)))


async def _post(client: httpx.AsyncClient, request: RecordedRequest, sidecar: Running) -> None:
    try:
        answer = await client.post(request.target, content=request.body, headers=dict(request.headers))
    except httpx.TransportError as exc:
        # a Ctrl-C reaches the server first, which hands it on to us once it has ended
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(sidecar.ended), STOP_S)
        await asyncio.sleep(0)
        raise StoreError(f"the demo's sidecar does not answer ({exc}); please report this") from exc
    if answer.status_code != 200:
        said = answer.text.strip()
        raise StoreError(f"the demo's sidecar answered {answer.status_code}: {said}; please report this")
