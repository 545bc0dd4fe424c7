"""Take one request into the inbox: bound it, check it, redact it, commit it; only then is it acknowledged.

Both receivers (HTTP and gRPC) and the importer come through here, so what is promised of one holds for all:
nothing undecodable is stored, no planted secret is written, the same bytes twice are one row.
What the bytes mean is the projector's business.
"""

import asyncio
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from collectors.outcomes.registry import read_report
from collectors.registry import collector
from sidecar import otlp
from sidecar.decompression import decompress
from sidecar.domain import AgentName, Intake, TeamId
from sidecar.errors import DecodeError, InputError
from sidecar.json_body import decode_json
from sidecar.redact import JsonValue, Redactor
from sidecar.store import Inbox, InboxEntry

MAX_NAME = 200
"""Characters of a session id or part; the longest seen in agents is 36."""
MAX_OFFSET = 2**53
"""Bytes; far beyond any session file, and still exact in every JSON reader."""
_COMMIT = re.compile(r"[0-9a-f]{7,64}")
"""Git's hashes, SHA-1 or SHA-256; shorter ones are joined to no session, because they would fit by accident."""

MAX_DEPTH = 254
"""Levels of a hook's JSON: what orjson writes. Real hooks nest below ten."""
SMALL_BYTES = 32 * 1024
"""A body up to this is prepared at once, in about a millisecond; a larger one in a thread, so that others go on."""


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

    def __init__(self, *, inbox: Inbox, redactor: Redactor, key: bytes, max_body_bytes: int) -> None:
        """Bind the parts; `key` makes duplicates recognisable without storing a hash anybody could look up."""
        self._inbox = inbox
        self._redactor = redactor
        self._key = key
        self._max_body_bytes = max_body_bytes

    async def receive(self, arrival: Arrival) -> Receipt:
        """Store one request durably.

        Raises:
            InputError: it cannot be used, now or later (UnknownAgentError, DecodeError, TooLargeError).
            StoreBusyError: it could not be written for now; nothing of it is stored.
        """
        if len(arrival.body) > SMALL_BYTES:
            raw = await asyncio.to_thread(decompress, arrival.body, arrival.content_encoding, self._max_body_bytes)
        else:
            raw = decompress(arrival.body, arrival.content_encoding, self._max_body_bytes)
        is_small = len(raw) <= SMALL_BYTES
        prepared = self._prepare(arrival, raw) if is_small else await asyncio.to_thread(self._prepare, arrival, raw)
        receipt = await self._inbox.add(
            InboxEntry(
                team=arrival.team,
                body_hash=self._hash(arrival, prepared, raw),
                channel=arrival.intake.value,
                agent=prepared.agent,
                parameters=prepared.parameters,
                body=prepared.body,
                received_ns=arrival.received_ns,
                observed_ns=arrival.received_ns if prepared.observed_ns is None else prepared.observed_ns,
                is_timed=prepared.observed_ns is not None,
            )
        )
        return Receipt(is_new=receipt.is_new, rejected=prepared.rejected, warning=prepared.warning)

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
        # protobuf as sent holds what is not known yet; JSON is kept as protobuf
        body = message.SerializeToString() if otlp.is_json(arrival.content_type) else raw
        if self._redactor.has_secret(body):
            otlp.redact_message(message, self._redactor.redact)
            body = message.SerializeToString()
        return _Prepared(
            agent=None,
            parameters={},
            body=body,
            observed_ns=None,
            rejected=acceptance.rejected,
            warning=acceptance.error_message,
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
        try:
            redacted = orjson.dumps(self._redactor.redact_json(body))
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
        body = self._redactor.redact_bytes(raw)
        return _Prepared(agent=agent, parameters=parameters, body=body, observed_ns=_checked_time(arrival.observed_ns))

    def _prepare_outcome(self, arrival: Arrival, raw: bytes) -> _Prepared:
        given = {name: arrival.parameters[name] for name in ("session", "commit") if arrival.parameters.get(name)}
        if not given:
            raise InputError("outcome: say whom it is about with ?session=ID or ?commit=SHA")
        report_format = arrival.parameters.get("format") or "auto"
        read_report(raw, report_format)
        checks = {"session": _name, "commit": _commit}
        parameters = {name: checks[name](given, name) for name in given} | {"format": report_format}
        body = self._redactor.redact_bytes(raw)
        return _Prepared(agent=None, parameters=parameters, body=body, observed_ns=_checked_time(arrival.observed_ns))

    def _hash(self, arrival: Arrival, prepared: _Prepared, raw: bytes) -> str:
        # An untimed hook may come again a day later and still be the same event; a timed one is another event.
        when = prepared.observed_ns if arrival.intake is Intake.HOOK else None
        about = [arrival.intake.value, prepared.agent, sorted(prepared.parameters.items()), when]
        digest = hmac.new(self._key, orjson.dumps(about) + b"\n", hashlib.sha256)
        digest.update(raw)
        return digest.hexdigest()


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


def _commit(parameters: Mapping[str, str], name: str) -> str:
    value = parameters[name].lower()
    if not _COMMIT.fullmatch(value):
        raise InputError(f"{name}= must be 7 to 64 hex digits of the commit's hash, got {value[:60]!r}")
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
