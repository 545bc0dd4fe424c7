"""What is written of a request: decoded to know that it is sound, reduced to the capture level, redacted."""

from collections.abc import Mapping
from typing import cast

import orjson

from collectors.outcomes.registry import read_report
from collectors.registry import collector
from sidecar import otlp
from sidecar.capturing import Reductions, capture_file, capture_hook
from sidecar.domain import Intake, SessionId, SessionKey
from sidecar.errors import DecodeError
from sidecar.json_body import decode_json
from sidecar.outcome_parameters import outcome_parameters
from sidecar.receive.arrival import (
    DROPPED_LINES,
    Arrival,
    Prepared,
    checked_name,
    checked_time,
    offset_of,
    plain_remote,
    quiet_since,
)
from sidecar.redact import JsonValue, Redactor

MAX_DEPTH = 254
"""Levels of a hook's JSON: what orjson writes. Real hooks nest below ten."""

_SIGNALS = {Intake(signal.value): signal for signal in otlp.Signal}


class Preparation:
    """Prepares requests of every kind."""

    def __init__(self, redactor: Redactor, reductions: Reductions) -> None:
        """Bind what takes secrets out, and what takes out the rest."""
        self._redactor = redactor
        self._reductions = reductions

    def has_secret(self, plain: bytes) -> bool:
        """Whether anything may have to be redacted; False is certain."""
        return self._redactor.has_secret(plain)

    def prepared(self, arrival: Arrival, plain: bytes) -> Prepared:
        """What may be written of a request.

        Args:
            plain: Its body, decompressed.
        Raises:
            InputError: it cannot be used, now or later.
        """
        match arrival.intake:
            case Intake.HOOK:
                return self._hook(arrival, plain)
            case Intake.TRANSCRIPT:
                return self._transcript(arrival, plain)
            case Intake.OUTCOME:
                return self._outcome(arrival, plain)
            case _:
                return self.export(arrival, plain)

    def export(self, arrival: Arrival, plain: bytes, *, is_clean: bool = False) -> Prepared:
        """As `prepared`, of an OTLP request.

        Args:
            is_clean: It is known that there is nothing to redact in `plain`.
        """
        message = otlp.decode_request(_SIGNALS[arrival.intake], plain, arrival.content_type)
        acceptance = otlp.accepted(message)
        # protobuf as sent holds what is not known yet; JSON is kept as protobuf
        raw = message.SerializeToString() if otlp.is_json(arrival.content_type) else plain
        reduced = self._reductions.exports.reduced(type(message), raw)
        body, cut = reduced.body, 0
        # what is only left out leaves nothing new
        if (reduced.is_derived or not is_clean) and self._redactor.has_secret(body):
            message = type(message).FromString(body)
            otlp.redact_message(message, self._redactor.redact)
            body = message.SerializeToString()
        if len(body) > otlp.MAX_TEXT:
            message = type(message).FromString(body)
            cut = otlp.cut_long_texts(message)
            body = message.SerializeToString() if cut else body
        warning = acceptance.error_message
        if cut:
            warning = " ".join(filter(None, (warning, _cut_warning(cut))))
        return Prepared(body=body, rejected=acceptance.rejected, warning=warning)

    def _hook(self, arrival: Arrival, raw: bytes) -> Prepared:
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
        return Prepared(agent=agent, body=redacted, observed_ns=checked_time(observed_ns))

    def _transcript(self, arrival: Arrival, raw: bytes) -> Prepared:
        agent = collector(arrival.agent or "").name
        parameters = {
            "session": checked_name(arrival.parameters, "session"),
            "part": checked_name({"part": "main"} | dict(arrival.parameters), "part"),
            "offset": str(offset_of(arrival.parameters.get("offset", "0"))),
            "length": str(len(raw)),
        }
        if "quiet_since" in arrival.parameters:
            parameters["quiet_since"] = str(quiet_since(arrival.parameters["quiet_since"]))
        for name in ("remote", "repository"):
            if name in arrival.parameters:
                parameters[name] = plain_remote(name, arrival.parameters[name])
        if not raw:
            raise DecodeError(f"transcript of session {parameters['session']}: the body is empty; send its bytes")
        key = SessionKey(team=arrival.team, agent=agent, session_id=SessionId(parameters["session"]))
        reduction = self._reductions.of_file(key, parameters.get("remote"))
        captured = capture_file(agent, parameters["part"], raw, reduction)
        if captured.dropped:
            parameters[DROPPED_LINES] = str(captured.dropped)
        body = self._redactor.redact_bytes(captured.body)
        return Prepared(agent=agent, parameters=parameters, body=body, observed_ns=checked_time(arrival.observed_ns))

    def _outcome(self, arrival: Arrival, raw: bytes) -> Prepared:
        report_format = arrival.parameters.get("format") or "auto"
        outcome = arrival.report or read_report(raw, report_format)
        parameters: Mapping[str, str] = outcome_parameters(arrival.parameters, outcome) | {"format": report_format}
        body = self._redactor.redact_bytes(raw)
        return Prepared(parameters=parameters, body=body, observed_ns=checked_time(arrival.observed_ns))


def _cut_warning(cut: int) -> str:
    return f"{cut} texts were cut to {otlp.MAX_TEXT} characters; send shorter ones"


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
