"""Send spans until Phoenix shows them.

It acknowledges before it decodes, writes about a hundred a second, and forgets what waits when it is killed; so what
it shows is all that counts.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from opentelemetry.proto.trace.v1.trace_pb2 import Span

from sidecar.errors import PhoenixRefusedError
from sidecar.phoenix.client import PhoenixClient
from sidecar.phoenix.mapping import span_request

BATCH_SPANS = 500
"""In flight at once: about 5 s of Phoenix's work, a fortieth of the queue beyond which it refuses."""
REQUEST_BYTES = 1_000_000
"""One request's size, far below what it takes."""
SENDINGS = 2
"""Times a span is sent before Phoenix counts as refusing it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long Phoenix may take."""

    stall_s: float = 30.0
    """Without one further span appearing, before the missing ones are sent again."""
    poll_s: float = 0.25
    """Between two looks at what it shows."""


class NotKeptError(PhoenixRefusedError):
    """Phoenix acknowledged spans and does not show them."""

    def __init__(self, missing: int, sent: int) -> None:
        super().__init__(f"{missing} of {sent} spans were acknowledged {SENDINGS} times and never appeared")


async def store_spans(phoenix: PhoenixClient, place: str, spans: Sequence[Span], patience: Patience) -> None:
    """Return when Phoenix shows all of these in the project `place`.

    Raises:
        NotKeptError: some never appear.
        PhoenixRefusedError: it says no.
        PhoenixUnavailableError: it does not answer.
    """
    shown = await phoenix.stored_spans(place, [span.span_id.hex() for span in spans])
    missing = [span for span in spans if span.span_id.hex() not in shown]
    for start in range(0, len(missing), BATCH_SPANS):
        await _store_some(phoenix, place, missing[start : start + BATCH_SPANS], patience)


async def _store_some(phoenix: PhoenixClient, place: str, spans: Sequence[Span], patience: Patience) -> None:
    missing = list(spans)
    for _ in range(SENDINGS):
        for part in _requests(missing):
            await phoenix.send_spans(span_request(place, part).SerializeToString())
        missing = await _still_missing(phoenix, place, missing, patience)
        if not missing:
            return
    raise NotKeptError(len(missing), len(spans))


async def _still_missing(phoenix: PhoenixClient, place: str, spans: Sequence[Span], patience: Patience) -> list[Span]:
    """What Phoenix does not show when nothing more has appeared for a while."""
    missing = list(spans)
    progressed = time.monotonic()
    while missing and time.monotonic() - progressed < patience.stall_s:
        await asyncio.sleep(patience.poll_s)
        shown = await phoenix.stored_spans(place, [span.span_id.hex() for span in missing])
        if shown:
            progressed = time.monotonic()
            missing = [span for span in missing if span.span_id.hex() not in shown]
    return missing


def _requests(spans: Sequence[Span]) -> Iterator[list[Span]]:
    part: list[Span] = []
    size = 0
    for span in spans:
        if part and size + span.ByteSize() > REQUEST_BYTES:
            yield part
            part, size = [], 0
        part.append(span)
        size += span.ByteSize()
    if part:
        yield part
