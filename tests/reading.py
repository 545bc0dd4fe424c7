"""Reads of a running sidecar that show all it was sent."""

import time

import httpx

from sidecar.serve.projecting import READ_WAIT_S

PATIENCE_S = 60


def caught_up(url: str) -> httpx.Response:
    """The answer to a read; asked again where it gave up on a projector that is far behind, on a slow machine."""
    deadline_s = time.monotonic() + PATIENCE_S
    while True:
        began_s = time.monotonic()
        answer = httpx.get(url, timeout=PATIENCE_S).raise_for_status()
        if time.monotonic() - began_s < READ_WAIT_S or time.monotonic() > deadline_s:
            return answer
