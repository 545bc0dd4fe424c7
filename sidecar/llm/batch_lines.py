"""Reads the results of a batch: bytes into lines of bounded length, and a line into what became of one question."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Never, TypeVar, cast

from sidecar.domain import ReplyProblem
from sidecar.llm.reading import Reading, read_answer

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

LONGEST_LINE_BYTES = 256 * 1024
"""Several times the longest answer we ask for, with its envelope."""
_CUSTOM_ID = re.compile(rb'"custom_id"\s*:\s*"([A-Za-z0-9_-]{1,64})"')
_IDENTIFIED_BYTES = 4096
"""How far into a line that is too long its id is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of results."""

    body: bytes
    """Its beginning alone where it is too long."""
    is_whole: bool


class Lines:
    """Takes bytes as they come and gives lines; a line without end costs no more memory than the longest one."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self._is_skipping = False

    def fed(self, chunk: bytes) -> Iterator[Line]:
        """The lines that this chunk completes, and the beginning of one that has become too long."""
        for number, piece in enumerate(chunk.split(b"\n")):
            if number:
                yield from self.ended()
            if self._is_skipping:
                continue
            self._pending += piece
            if len(self._pending) > LONGEST_LINE_BYTES:
                yield Line(body=bytes(self._pending[:_IDENTIFIED_BYTES]), is_whole=False)
                self._pending.clear()
                self._is_skipping = True

    def ended(self) -> Iterator[Line]:
        """The line that ends here, if anything stands in it."""
        body = bytes(self._pending).strip()
        self._pending.clear()
        self._is_skipping = False
        if body:
            yield Line(body=body, is_whole=True)


class Ending(StrEnum):
    """What became of a question in a batch."""

    SUCCEEDED = "succeeded"
    ERRORED = "errored"
    CANCELED = "canceled"
    EXPIRED = "expired"
    UNREADABLE = "unreadable"
    """The line is not one of the API's."""
    MISSING = "missing"
    """There is no line for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result(Generic[T_co]):
    """What one line says."""

    custom_id: str | None
    """None where it cannot be read."""
    ending: Ending
    reading: Reading[T_co]
    is_unpaid: bool
    """Certain to cost nothing."""


def read_line(line: Line, shape: type[T]) -> Result[T]:
    """What became of the question that a line speaks of; every bad end is a problem, never a value."""
    if not line.is_whole:
        found = _CUSTOM_ID.search(line.body)
        name = found[1].decode() if found else None
        return Result(custom_id=name, ending=Ending.SUCCEEDED, reading=read_answer(None, shape), is_unpaid=False)
    fields = _decoded(line.body)
    name, result = fields.get("custom_id"), _fields(fields.get("result"))
    kind = result.get("type")
    if not isinstance(name, str) or kind not in _KNOWN:
        problem: Reading[T] = _unanswered("its line cannot be read")
        known = name if isinstance(name, str) else None
        return Result(custom_id=known, ending=Ending.UNREADABLE, reading=problem, is_unpaid=False)
    if kind == Ending.SUCCEEDED:
        reading = read_answer(json.dumps(result.get("message")).encode(), shape)
        return Result(custom_id=name, ending=Ending.SUCCEEDED, reading=reading, is_unpaid=False)
    error = _fields(_fields(result.get("error")).get("error"))
    # none of these is billed (documentation, 2026-11)
    if error.get("type") == "invalid_request_error":
        words = "in a batch, the provider does not take this request"
        rejected: Reading[T] = Reading(problem=ReplyProblem.REJECTED, detail=words)
        return Result(custom_id=name, ending=Ending.ERRORED, reading=rejected, is_unpaid=True)
    unanswered: Reading[T] = _unanswered(f"the provider says: {kind}")
    return Result(custom_id=name, ending=Ending(str(kind)), reading=unanswered, is_unpaid=True)


_KNOWN = frozenset({Ending.SUCCEEDED.value, Ending.ERRORED.value, Ending.CANCELED.value, Ending.EXPIRED.value})


def missing(name: str) -> Result[Never]:
    """What became of a question that no line speaks of; whether it was paid nobody knows."""
    return Result(custom_id=name, ending=Ending.MISSING, reading=_unanswered("no result came for it"), is_unpaid=False)


def _unanswered(words: str) -> Reading[Never]:
    """No answer, and nothing is said about the request."""
    return Reading(problem=ReplyProblem.UNAVAILABLE, detail=f"in a batch, {words}")


def _decoded(body: bytes) -> Mapping[str, object]:
    try:
        return _fields(json.loads(body))
    except (ValueError, RecursionError):
        return {}


def _fields(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
