"""What can go wrong with a call, each kind by name, and plans of when it does."""

import json
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import TypeAlias, cast

from tests.scripted_model.request import Asked


class Fault(StrEnum):
    """One way to be hostile."""

    BAD_REQUEST = "400"
    UNAUTHORISED = "401"
    NO_CREDIT = "402"
    NO_CREDIT_IN_WORDS = "400 credit"
    FORBIDDEN = "403"
    NOT_FOUND = "404"
    REQUEST_TIMEOUT = "408"
    CONFLICT = "409"
    TOO_LARGE = "413"
    RATE_LIMIT = "429"
    RATE_LIMIT_MS = "429 ms"
    RATE_LIMIT_LONG = "429 for a day"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    GATEWAY_TIMEOUT = "504"
    OVERLOADED = "529"
    TIMEOUT = "timeout"
    DROP = "drop"
    """The connection breaks in the middle of the body."""
    DRIP = "drip"
    """Byte by byte, so that no single read times out."""
    PAGE = "page"
    """Success with somebody else's HTML."""
    REFUSAL = "refusal"
    TRUNCATED = "max_tokens"
    PAUSED = "pause_turn"
    PROSE_AROUND = "prose around"
    PROSE = "prose"
    FENCED = "fenced"
    WRONG_IDS = "wrong ids"
    NOT_A_NUMBER = "NaN"
    OUT_OF_RANGE = "1.5"
    UNKNOWN_FIELD = "unknown field"
    MISSING_FIELD = "missing field"
    NO_CONTENT = "no content"
    BLANK = "blank"
    HUGE = "5 MB"
    WRONG_LANGUAGE = "wrong language"


@dataclass(frozen=True, slots=True)
class Status:
    """An error status as the API sends it."""

    code: int
    kind: str
    message: str
    headers: Mapping[str, str]


def _status(code: int, kind: str, message: str, **headers: str) -> Status:
    return Status(code, kind, message, {name.replace("_", "-"): value for name, value in headers.items()})


STATUSES: Mapping[Fault, Status] = {
    Fault.BAD_REQUEST: _status(400, "invalid_request_error", "prompt is too long: 250000 tokens > 200000 maximum"),
    Fault.UNAUTHORISED: _status(401, "authentication_error", "invalid bearer token"),
    Fault.NO_CREDIT: _status(402, "billing_error", "your organization has no credit"),
    Fault.NO_CREDIT_IN_WORDS: _status(
        400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API."
    ),
    Fault.FORBIDDEN: _status(403, "permission_error", "your key may not use this resource"),
    Fault.NOT_FOUND: _status(404, "not_found_error", "model: no-such-model"),
    Fault.REQUEST_TIMEOUT: _status(408, "timeout_error", "request timed out"),
    Fault.CONFLICT: _status(409, "conflict_error", "try again"),
    Fault.TOO_LARGE: _status(413, "invalid_request_error", "request exceeds the maximum size"),
    Fault.RATE_LIMIT: _status(429, "rate_limit_error", "rate limit", retry_after="2"),
    Fault.RATE_LIMIT_MS: _status(429, "rate_limit_error", "rate limit", retry_after_ms="250", retry_after="9"),
    Fault.RATE_LIMIT_LONG: _status(429, "rate_limit_error", "rate limit", retry_after="86400"),
    Fault.SERVER_ERROR: _status(500, "api_error", "internal server error"),
    Fault.BAD_GATEWAY: _status(502, "api_error", "bad gateway"),
    Fault.UNAVAILABLE: _status(503, "api_error", "unavailable"),
    Fault.GATEWAY_TIMEOUT: _status(504, "timeout_error", "timed out"),
    Fault.OVERLOADED: _status(529, "overloaded_error", "overloaded"),
}

TWELVE = (
    Fault.RATE_LIMIT,
    Fault.SERVER_ERROR,
    Fault.OVERLOADED,
    Fault.TIMEOUT,
    Fault.DROP,
    Fault.REFUSAL,
    Fault.TRUNCATED,
    Fault.PROSE,
    Fault.WRONG_IDS,
    Fault.NO_CONTENT,
    Fault.HUGE,
    Fault.WRONG_LANGUAGE,
)
"""Kinds that pass or concern one answer only; those that must stop a run are not drawn at random."""

FaultPlan: TypeAlias = Callable[[Asked], Fault | None]
"""Called once for each request, in the order of their coming."""


def never(asked: Asked) -> Fault | None:
    """No fault."""
    return None


def first(*faults: Fault | None) -> FaultPlan:
    """These for the first requests, one each; then none."""
    waiting = list(faults)
    lock = Lock()

    def plan(asked: Asked) -> Fault | None:
        with lock:
            return waiting.pop(0) if waiting else None

    return plan


def always(fault: Fault) -> FaultPlan:
    """This one, whoever asks."""
    return lambda asked: fault


def randomly(seed: int, share: float = 0.3, kinds: Iterable[Fault] = TWELVE) -> FaultPlan:
    """A share of all requests, each kind as likely as the other."""
    chance, drawn = random.Random(seed), tuple(kinds)
    lock = Lock()

    def plan(asked: Asked) -> Fault | None:
        with lock:
            return chance.choice(drawn) if chance.random() < share else None

    return plan


_UNKNOWN_ID = "ffffffffffff"
_FREE_WORDS = frozenset({"explanation", "reasoning", "reason", "lesson", "text"})
_FOREIGN = "Die Änderung lässt den Test scheitern, weil die Summe nicht als ganze Zahl von Cent geführt wird."


def spoiled(fault: Fault, value: object, text: str) -> str:
    """The text of an answer with a fault in it."""
    match fault:
        case Fault.PROSE:
            return "I looked at the packet. The session failed because of the rounding, I think."
        case Fault.PROSE_AROUND:
            return f"Here is what you asked for:\n{text}\nTell me if you need more."
        case Fault.FENCED:
            return f"```json\n{text}\n```"
        case Fault.BLANK:
            return " \n"
        case Fault.HUGE:
            return text + " " * 5_000_000
        case _:
            return json.dumps(_spoiled_value(fault, value), ensure_ascii=False)


def _spoiled_value(fault: Fault, value: object) -> object:
    if fault is Fault.WRONG_IDS:
        return _replaced(value, _with_unknown_ids)
    if fault is Fault.WRONG_LANGUAGE:
        return _replaced(value, lambda key, inner: _FOREIGN if key in _FREE_WORDS else inner)
    if not isinstance(value, dict):
        return value
    fields = dict(cast("dict[str, object]", value))
    name = next(iter(fields), "")
    number = "confidence" if "confidence" in fields else name
    match fault:
        case Fault.NOT_A_NUMBER:
            fields[number] = float("nan")
        case Fault.OUT_OF_RANGE:
            fields[number] = 1.5
        case Fault.UNKNOWN_FIELD:
            fields["score"] = 0.9
        case Fault.MISSING_FIELD:
            fields.pop(name, None)
        case _:
            pass
    return fields


def _with_unknown_ids(key: str, inner: object) -> object:
    if key == "rule_ids":
        return [_UNKNOWN_ID]
    return _UNKNOWN_ID if key in ("step_id", "rule_id") else inner


def _replaced(value: object, change: Callable[[str, object], object]) -> object:
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        return {key: change(key, _replaced(inner, change)) for key, inner in fields.items()}
    if isinstance(value, list):
        return [_replaced(inner, change) for inner in cast("list[object]", value)]
    return value
