"""Read-only view of an agent's JSON, where a missing or misshapen field is None rather than an error.

Agents change their formats without notice; what a collector does not find it leaves out.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, cast

JsonValue: TypeAlias = "Mapping[str, JsonValue] | Sequence[JsonValue] | str | int | float | bool | None"

_MOST = 2**63
_END_OF_TIME_NS = 2**63
"""Nanoseconds are stored in 64 bits with a sign."""


@dataclass(frozen=True, slots=True)
class Payload:
    """One JSON value."""

    value: JsonValue = None

    def at(self, *names: str) -> "Payload":
        """The value below these object fields; a Payload of None where the path ends early."""
        found = self.value
        for name in names:
            found = found.get(name) if isinstance(found, Mapping) else None
        return Payload(found)

    def string(self, *names: str) -> str | None:
        """The string at a path, an empty one too; what no store can hold becomes U+FFFD."""
        found = self.at(*names).value
        return _storable(found) if isinstance(found, str) else None

    def text(self, *names: str) -> str | None:
        """The string at a path; None when it is empty or none."""
        return self.string(*names) or None

    def flag(self, *names: str) -> bool | None:
        """The boolean at a path."""
        found = self.at(*names).value
        return found if isinstance(found, bool) else None

    def whole(self, *names: str) -> int | None:
        """The number at a path as an int; None beyond 64 bits, which no agent counts to."""
        found = self.at(*names).value
        if isinstance(found, bool) or not isinstance(found, int | float) or not -_MOST < found < _MOST:
            return None
        return int(found)

    def items(self, *names: str) -> Iterator["Payload"]:
        """The elements of the array at a path."""
        found = self.at(*names).value
        if isinstance(found, Sequence) and not isinstance(found, str):
            yield from map(Payload, found)

    def is_object(self) -> bool:
        """Whether it is a JSON object."""
        return isinstance(self.value, Mapping)

    def is_array(self) -> bool:
        """Whether it is a JSON array."""
        return isinstance(self.value, Sequence) and not isinstance(self.value, str)

    def digest(self) -> str:
        """Sixteen hex digits that are equal for equal values, whatever the order of object fields."""
        canonical = json.dumps(self.value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def parse_payload(text: str) -> Payload | None:
    """The JSON value that a text is; None when it is cut or no JSON."""
    try:
        return Payload(cast(JsonValue, json.loads(text)))
    except (ValueError, RecursionError):
        return None


def _storable(text: str) -> str:
    """Without NUL and without halves of surrogate pairs, which JSON may hold and UTF-8 or a database may not."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def storable_time(at_ns: int | None) -> int | None:
    """The time, where it lies between 1970 and 2262; None where it cannot be one."""
    return at_ns if at_ns is not None and 0 < at_ns < _END_OF_TIME_NS else None


def parse_time(text: str | None) -> int | None:
    """Nanoseconds of an ISO 8601 time with offset; None when it is none."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    # Whole seconds and microseconds apart: a float of seconds since 1970 loses the nanoseconds.
    seconds = int(moment.replace(microsecond=0).timestamp())
    return storable_time(seconds * 1_000_000_000 + moment.microsecond * 1_000)
