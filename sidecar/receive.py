"""Take one request into the inbox: bound it, check it, redact it, commit it; only then is it acknowledged.

Both receivers (HTTP and gRPC) and the importer come through here, so what is promised of one holds for all:
nothing undecodable is stored, no planted secret is written, the same bytes twice are one row.
What the bytes mean is the projector's business.
"""

import asyncio
import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import orjson

from collectors.outcomes.registry import read_report
from collectors.registry import collector
from sidecar import otlp
from sidecar.capturing import Reductions, capture_file, capture_hook, capture_message
from sidecar.decompression import GZIP_HEADER, Body, unpack
from sidecar.domain import AgentName, Intake, SessionId, SessionKey, TeamId
from sidecar.errors import DecodeError, InputError
from sidecar.json_body import decode_json
from sidecar.outcome_parameters import outcome_parameters
from sidecar.redact import JsonValue, Redactor
from sidecar.store import Inbox, InboxEntry

MAX_NAME = 200
"""Characters of a session id or part; the longest seen in agents is 36."""
MAX_OFFSET = 2**53
"""Bytes; far beyond any session file, and still exact in every JSON reader."""

DROPPED_LINES = "dropped_lines"
"""Parameter of a transcript's row: how many of its lines the capture level left nothing of."""
_EXPORTS = frozenset({Intake.TRACES, Intake.LOGS, Intake.METRICS})
MAX_DEPTH = 254
"""Levels of a hook's JSON: what orjson writes. Real hooks nest below ten."""
SMALL_BYTES = 32 * 1024
"""A body up to this is prepared at once, in about a millisecond; a larger one in a thread, so that others go on."""
QUICK_BYTES = 2**20
"""The same for an export without a secret, which takes two to seven milliseconds: in several threads at once they
would take the interpreter from each other, and a third of the time with it."""
MAX_PACKED_RATIO = 50
"""Uncompressed to compressed; a body over it, which no telemetry is, is compressed anew by ourselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One request as it came."""

    team: TeamId
    intake: Intake
    body: bytes
    """As sent, compressed or not."""
    received_ns: int
    content_type: str = "application/json"
    content_encoding: str = ""
    agent: str | None = None
    """Name in the path of a hook or transcript, as sent."""
    parameters: Mapping[str, str] = field(default_factory=dict[str, str])
    """Query of a transcript or outcome."""
    observed_ns: int | None = None
    """When it happened, as the sender says; None when it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was stored; returned after the commit, never before."""

    is_new: bool
    """False when these bytes were here before."""
    rejected: int = 0
    """OTLP records that could not be kept."""
    warning: str = ""
    """What a sender should change, in English; empty when all is well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prepared:
    """A request that may be written."""

    agent: AgentName | None
    parameters: Mapping[str, str]
    body: bytes
    observed_ns: int | None
    rejected: int = 0
    warning: str = ""


class Receiver:
    """The one way into the inbox."""

    def __init__(
        self, *, inbox: Inbox, redactor: Redactor, reductions: Reductions, key: bytes, max_body_bytes: int
    ) -> None:
        """Bind the parts; `key` makes duplicates recognisable without storing a hash anybody could look up."""
        self._inbox = inbox
        self._reductions = reductions
        self._redactor = redactor
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
            entry, rejected, warning = await self._taken(arrival)
            receipt = await self._inbox.add(entry)
        finally:
            self._under_way -= 1
            self._last_s = time.monotonic()
        return Receipt(is_new=receipt.is_new, rejected=rejected, warning=warning)

    def quiet_s(self) -> float:
        """Seconds since a request was done with; 0 while one is under way."""
        return 0.0 if self._under_way else time.monotonic() - self._last_s

    async def _taken(self, arrival: Arrival) -> tuple[InboxEntry, int, str]:
        """What is to be written, how many records are rejected, and what the sender should know."""
        is_export = arrival.intake in _EXPORTS and not otlp.is_json(arrival.content_type)
        at_once = QUICK_BYTES if is_export else SMALL_BYTES
        if len(arrival.body) > at_once:
            body, prepared = await asyncio.to_thread(self._unpack_and_prepare, arrival)
        else:
            body = self._unpacked(arrival)
            # to take secrets out of an export takes a hundred times as long as to see that it has none
            is_clean = is_export and len(body.plain) <= QUICK_BYTES and not self._redactor.has_secret(body.plain)
            if is_clean and not self._reductions.unknown().is_needed:
                prepared = _kept_as_sent(arrival, body.plain)
            elif is_clean or len(body.plain) <= SMALL_BYTES:
                prepared = self._prepare(arrival, body.plain)
            else:
                prepared = await asyncio.to_thread(self._prepare, arrival, body.plain)
        return self._entry(arrival, body, prepared), prepared.rejected, prepared.warning

    def _unpack_and_prepare(self, arrival: Arrival) -> tuple[Body, _Prepared]:
        body = self._unpacked(arrival)
        return body, self._prepare(arrival, body.plain)

    def _unpacked(self, arrival: Arrival) -> Body:
        return unpack(arrival.body, arrival.content_encoding, self._max_body_bytes)

    def _entry(self, arrival: Arrival, body: Body, prepared: _Prepared) -> InboxEntry:
        packed = _packed(body) if prepared.body is body.plain else None
        return InboxEntry(
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

    def _prepare(self, arrival: Arrival, raw: bytes) -> _Prepared:
        match arrival.intake:
            case Intake.HOOK:
                return self._prepare_hook(arrival, raw)
            case Intake.TRANSCRIPT:
                return self._prepare_transcript(arrival, raw)
            case Intake.OUTCOME:
                return self._prepare_outcome(arrival, raw)
            case _:
                return self._prepare_otlp(arrival, raw)

    def _prepare_otlp(self, arrival: Arrival, raw: bytes) -> _Prepared:
        signal = otlp.Signal(arrival.intake.value)
        message = otlp.decode_request(signal, raw, arrival.content_type)
        acceptance = otlp.accepted(message)
        reduction = self._reductions.unknown()
        capture_message(message, reduction)
        # protobuf as sent holds what is not known yet; JSON is kept as protobuf
        is_as_sent = not reduction.is_needed and not otlp.is_json(arrival.content_type)
        body = raw if is_as_sent else message.SerializeToString()
        if self._redactor.has_secret(body):
            otlp.redact_message(message, self._redactor.redact)
            body = message.SerializeToString()
        cut = otlp.cut_long_texts(message) if len(body) > otlp.MAX_TEXT else 0
        return _Prepared(
            agent=None,
            parameters={},
            body=message.SerializeToString() if cut else body,
            observed_ns=None,
            rejected=acceptance.rejected,
            warning=" ".join(filter(None, (acceptance.error_message, _cut_warning(cut)))),
        )

    def _prepare_hook(self, arrival: Arrival, raw: bytes) -> _Prepared:
        agent = collector(arrival.agent or "").name
        body = _json_object(raw, f"hook of {agent}")
        observed_ns = arrival.observed_ns
        if "hook" in body:
            if not isinstance(body["hook"], dict):
                raise DecodeError(f'hook of {agent}: "hook" must hold the agent\'s JSON object')
            stated = body.get("observed_ns")
            if stated is not None and (not isinstance(stated, int) or isinstance(stated, bool)):
                raise DecodeError(f'hook of {agent}: "observed_ns" must be nanoseconds since 1970, got {stated!r}')
            observed_ns = stated if isinstance(stated, int) else observed_ns
        captured = capture_hook(agent, body, self._reductions.of_hook(arrival.team, agent, body))
        try:
            redacted = orjson.dumps(self._redactor.redact_json(cast("JsonValue", captured)))
        except (RecursionError, orjson.JSONEncodeError) as exc:
            raise DecodeError(f"hook of {agent}: nested too deep; at most {MAX_DEPTH} levels are taken") from exc
        return _Prepared(agent=agent, parameters={}, body=redacted, observed_ns=_checked_time(observed_ns))

    def _prepare_transcript(self, arrival: Arrival, raw: bytes) -> _Prepared:
        agent = collector(arrival.agent or "").name
        parameters = {
            "session": _name(arrival.parameters, "session"),
            "part": _name({"part": "main"} | dict(arrival.parameters), "part"),
            "offset": str(_offset(arrival.parameters.get("offset", "0"))),
            "length": str(len(raw)),
        }
        if "quiet_since" in arrival.parameters:
            parameters["quiet_since"] = str(_quiet_since(arrival.parameters["quiet_since"]))
        if not raw:
            raise DecodeError(f"transcript of session {parameters['session']}: the body is empty; send its bytes")
        key = SessionKey(team=arrival.team, agent=agent, session_id=SessionId(parameters["session"]))
        captured = capture_file(agent, parameters["part"], raw, self._reductions.of_session(key))
        if captured.dropped:
            parameters[DROPPED_LINES] = str(captured.dropped)
        body = self._redactor.redact_bytes(captured.body)
        return _Prepared(agent=agent, parameters=parameters, body=body, observed_ns=_checked_time(arrival.observed_ns))

    def _prepare_outcome(self, arrival: Arrival, raw: bytes) -> _Prepared:
        report_format = arrival.parameters.get("format") or "auto"
        outcome = read_report(raw, report_format)
        parameters = outcome_parameters(arrival.parameters, outcome) | {"format": report_format}
        body = self._redactor.redact_bytes(raw)
        return _Prepared(agent=None, parameters=parameters, body=body, observed_ns=_checked_time(arrival.observed_ns))

    def _hash(self, arrival: Arrival, prepared: _Prepared, body: Body) -> str:
        # An untimed hook may come again a day later and still be the same event; a timed one is another event.
        when = prepared.observed_ns if arrival.intake is Intake.HOOK else None
        named = sorted(item for item in prepared.parameters.items() if item[0] != DROPPED_LINES)
        about = [arrival.intake.value, prepared.agent, named, when, body.packed is None]
        digest = self._keyed.copy()
        digest.update(orjson.dumps(about) + b"\n")
        # a sender compresses anew when it sends again, with the same result but for the time in the header
        digest.update(body.plain if body.packed is None else memoryview(body.packed)[GZIP_HEADER:])
        return digest.hexdigest()


def _cut_warning(cut: int) -> str:
    return f"{cut} texts were cut to {otlp.MAX_TEXT} characters; send shorter ones" if cut else ""


def _kept_as_sent(arrival: Arrival, raw: bytes) -> _Prepared:
    """An export out of which nothing is taken."""
    acceptance = otlp.accepted(otlp.decode_request(otlp.Signal(arrival.intake.value), raw, arrival.content_type))
    return _Prepared(
        agent=None,
        parameters={},
        body=raw,
        observed_ns=None,
        rejected=acceptance.rejected,
        warning=acceptance.error_message,
    )


def _packed(body: Body) -> bytes | None:
    """The body as its sender compressed it, where we may store it so instead of compressing it anew."""
    if body.packed is None or len(body.plain) > MAX_PACKED_RATIO * len(body.packed):
        return None
    return body.packed


def _json_object(raw: bytes, what: str) -> dict[str, JsonValue]:
    if not raw.strip():
        raise DecodeError(f"{what}: the body is empty; send the agent's JSON")
    try:
        value = decode_json(raw)
    except DecodeError as exc:
        raise DecodeError(f"{what}: {exc}") from exc
    if not isinstance(value, dict):
        raise DecodeError(f"{what}: a JSON object was expected, got {type(value).__name__}")
    return value  # pyright: ignore[reportUnknownVariableType] # JSON objects have string keys


def _name(parameters: Mapping[str, str], name: str) -> str:
    value = parameters.get(name, "")
    if not value or len(value) > MAX_NAME or not value.isprintable() or ".." in value:
        raise InputError(f"{name}= must be 1 to {MAX_NAME} printable characters without '..', got {value[:60]!r}")
    return value


def _checked_time(observed_ns: int | None) -> int | None:
    if observed_ns is not None and not 0 <= observed_ns < 2**63:
        raise InputError(f"observed time {observed_ns} must be nanoseconds since 1970, below 2**63")
    return observed_ns


def _quiet_since(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**63:
        raise InputError(f"?quiet_since= must be the nanoseconds since 1970 of the last write, got {text[:60]!r}")
    return int(text)


def _offset(text: str) -> int:
    if not re.fullmatch("[0-9]{1,16}", text) or int(text) > MAX_OFFSET:
        raise InputError(f"offset= must be the number of bytes sent before, got {text[:60]!r}")
    return int(text)
