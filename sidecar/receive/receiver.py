"""The one way into the inbox: a request is unpacked, prepared, and committed under a hash that knows it again."""

import asyncio
import hashlib
import hmac
import time
from functools import cache

import orjson

from sidecar import otlp
from sidecar.capturing import Reductions
from sidecar.decompression import GZIP_HEADER, Body, unpack
from sidecar.domain import Intake
from sidecar.receive.arrival import DROPPED_LINES, Arrival, Prepared, Receipt
from sidecar.receive.preparing import Preparation
from sidecar.redact import Redactor
from sidecar.store import Inbox, InboxEntry

_EXPORTS = frozenset({Intake.TRACES, Intake.LOGS, Intake.METRICS})
SMALL_BYTES = 32 * 1024
"""A body up to this is prepared at once, in about a millisecond; a larger one in a thread, so that others go on."""
QUICK_BYTES = 2**20
"""The same for an export without a secret, which takes two to seven milliseconds: in several threads at once they
would take the interpreter from each other, and a third of the time with it."""
MAX_PACKED_RATIO = 50
"""Uncompressed to compressed; a body over it, which no telemetry is, is compressed anew by ourselves."""


class Receiver:
    """The one way into the inbox."""

    def __init__(
        self, *, inbox: Inbox, redactor: Redactor, reductions: Reductions, key: bytes, max_body_bytes: int
    ) -> None:
        """Bind the parts; `key` makes duplicates recognisable without storing a hash anybody could look up."""
        self._inbox = inbox
        self._preparation = Preparation(redactor, reductions)
        self._keyed = hmac.new(key, digestmod=hashlib.sha256)
        self._max_body_bytes = max_body_bytes
        self._under_way = 0
        self._last_s = time.monotonic()

    async def receive(self, arrival: Arrival) -> Receipt:
        """Store one request durably.

        Raises:
            InputError: it cannot be used, now or later (UnknownAgentError, DecodeError, TooLargeError).
            StoreBusyError: it could not be written for now; nothing of it is stored.
        """
        self._under_way += 1
        try:
            # nothing but the entry is held while it waits: the plain bytes are several times as many
            entry, rejected, warning = self._taken_at_once(arrival) or await asyncio.to_thread(self._taken, arrival)
            receipt = await self._inbox.add(entry)
        finally:
            self._under_way -= 1
            self._last_s = time.monotonic()
        return Receipt(is_new=receipt.is_new, rejected=rejected, warning=warning)

    def quiet_s(self) -> float:
        """Seconds since a request was done with; 0 while one is under way."""
        return 0.0 if self._under_way else time.monotonic() - self._last_s

    def _taken_at_once(self, arrival: Arrival) -> tuple[InboxEntry, int, str] | None:
        """As `_taken`; None for a request that takes longer than others should wait for it."""
        is_export = arrival.intake in _EXPORTS and not otlp.is_json(arrival.content_type)
        if len(arrival.body) > (QUICK_BYTES if is_export else SMALL_BYTES):
            return None
        body = self._unpacked(arrival)
        plain = body.plain
        # to take secrets out of an export takes a hundred times as long as to see that it has none
        if is_export and len(plain) <= QUICK_BYTES and not self._preparation.has_secret(plain):
            return self._entry(arrival, body, self._preparation.export(arrival, plain, is_clean=True))
        return (
            self._entry(arrival, body, self._preparation.prepared(arrival, plain))
            if len(plain) <= SMALL_BYTES
            else None
        )

    def _taken(self, arrival: Arrival) -> tuple[InboxEntry, int, str]:
        """What is to be written, how many records are rejected, and what the sender should know."""
        body = self._unpacked(arrival)
        return self._entry(arrival, body, self._preparation.prepared(arrival, body.plain))

    def _unpacked(self, arrival: Arrival) -> Body:
        return unpack(arrival.body, arrival.content_encoding, self._max_body_bytes)

    def _entry(self, arrival: Arrival, body: Body, prepared: Prepared) -> tuple[InboxEntry, int, str]:
        packed = _packed(body) if prepared.body is body.plain else None
        entry = InboxEntry(
            team=arrival.team,
            body_hash=self._hash(arrival, prepared, body),
            channel=arrival.intake.value,
            agent=prepared.agent,
            parameters=prepared.parameters,
            body=prepared.body if packed is None else b"",
            packed=packed,
            received_ns=arrival.received_ns,
            observed_ns=arrival.received_ns if prepared.observed_ns is None else prepared.observed_ns,
            is_timed=prepared.observed_ns is not None,
        )
        return entry, prepared.rejected, prepared.warning

    def _hash(self, arrival: Arrival, prepared: Prepared, body: Body) -> str:
        digest = self._keyed.copy()
        if arrival.intake in _EXPORTS:
            digest.update(_about_export(arrival.intake, is_plain=body.packed is None))
        else:
            # An untimed hook may come again a day later and still be the same event; a timed one is another event.
            when = prepared.observed_ns if arrival.intake is Intake.HOOK else None
            named = sorted(item for item in prepared.parameters.items() if item[0] != DROPPED_LINES)
            about = [arrival.intake.value, prepared.agent, named, when, body.packed is None]
            digest.update(orjson.dumps(about) + b"\n")
        # a sender compresses anew when it sends again, with the same result but for the time in the header
        digest.update(body.plain if body.packed is None else memoryview(body.packed)[GZIP_HEADER:])
        return digest.hexdigest()


@cache
def _about_export(intake: Intake, *, is_plain: bool) -> bytes:
    return orjson.dumps([intake.value, None, [], None, is_plain]) + b"\n"


def _packed(body: Body) -> bytes | None:
    """The body as its sender compressed it, where we may store it so instead of compressing it anew."""
    if body.packed is None or len(body.plain) > MAX_PACKED_RATIO * len(body.packed):
        return None
    return body.packed
