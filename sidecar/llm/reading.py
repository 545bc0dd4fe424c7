"""Reads the bytes of an answer: the value it holds, or which problem it has; it never guesses and never repairs."""

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Generic, Literal, TypeVar, cast

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as wire

from sidecar.domain import ModelUsage, ReplyProblem

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_OPEN = ConfigDict(extra="ignore")
_ENDED = frozenset({"end_turn", "stop_sequence"})
_CUT = frozenset({"max_tokens", "model_context_window_exceeded"})

Count = Annotated[int, Field(ge=0, le=1_000_000_000)]


@wire(frozen=True, slots=True, kw_only=True, config=_OPEN)
class _Block:
    type: str
    text: str | None = None


@wire(frozen=True, slots=True, kw_only=True, config=_OPEN)
class _Usage:
    input_tokens: Count
    output_tokens: Count
    cache_creation_input_tokens: Count | None = None
    cache_read_input_tokens: Count | None = None


@wire(frozen=True, slots=True, kw_only=True, config=_OPEN)
class _Message:
    """What is needed of the API's message; everything it may grow is ignored."""

    type: Literal["message"]
    content: tuple[_Block, ...]
    stop_reason: str | None = None
    usage: _Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Generic[T_co]):
    """What the bytes of an answer say."""

    value: T_co | None = None
    problem: ReplyProblem | None = None
    detail: str = ""
    stop_reason: str | None = None
    usage: ModelUsage | None = None
    """None where the answer does not say."""
    text: str | None = None
    """What the value was read from; None without one."""


def read_answer(body: bytes | None, shape: type[T]) -> Reading[T]:
    """The value of an answer, or its problem.

    Args:
        body: None for one that was too long to be read.
        shape: Pydantic dataclass that the answer must be, strictly.
    """
    if body is None:
        return Reading(problem=ReplyProblem.OVERSIZE, detail="the answer is longer than anything that was asked for")
    try:
        message = _adapter(_Message).validate_json(body)
    except ValidationError as exc:
        return Reading(
            problem=ReplyProblem.NOT_A_MESSAGE,
            detail=f"the answer of {len(body)} bytes is no message of the Messages API ({_place(exc)})",
        )
    usage = ModelUsage(
        input_tokens=message.usage.input_tokens,
        cache_write_tokens=message.usage.cache_creation_input_tokens or 0,
        cache_read_tokens=message.usage.cache_read_input_tokens or 0,
        output_tokens=message.usage.output_tokens,
    )
    text = "".join(block.text or "" for block in message.content if block.type == "text")
    value, problem, detail = _value(message.stop_reason, text, shape)
    return Reading(
        value=value,
        problem=problem,
        detail=detail,
        stop_reason=message.stop_reason,
        usage=usage,
        text=None if problem else text,
    )


def read_kept(text: str, shape: type[T]) -> Reading[T] | None:
    """The value of an answer that was kept; None when it no longer has the shape."""
    value, problem, _ = _value("end_turn", text, shape)
    return None if problem else Reading(value=value, stop_reason="end_turn")


def _value(stop_reason: str | None, text: str, shape: type[T]) -> tuple[T | None, ReplyProblem | None, str]:
    if stop_reason == "refusal":
        return None, ReplyProblem.REFUSED, "the model declined to answer"
    if stop_reason in _CUT:
        return None, ReplyProblem.TRUNCATED, f"the answer ended at a limit of tokens ({stop_reason})"
    if stop_reason not in _ENDED:
        return None, ReplyProblem.UNFINISHED, f"the answer stopped before its end ({stop_reason})"
    if not text.strip():
        return None, ReplyProblem.EMPTY, "the answer has no text"
    try:
        return _adapter(shape).validate_json(text, strict=True), None, ""
    except ValidationError as exc:
        is_json = all(error["type"] != "json_invalid" for error in exc.errors(include_url=False, include_input=False))
        if not is_json:
            return None, ReplyProblem.PROSE, f"the answer of {len(text)} characters is not JSON alone"
        return None, ReplyProblem.WRONG_SHAPE, f"the answer does not have the shape asked for ({_place(exc)})"


def _adapter(shape: type[T]) -> TypeAdapter[T]:
    return cast("TypeAdapter[T]", _built_adapter(shape))


@cache
def _built_adapter(shape: type[object]) -> TypeAdapter[object]:
    # Building one takes longer than the rest of the reading.
    return TypeAdapter(shape)


def _place(exc: ValidationError) -> str:
    """Where the first difference is, without the words that stand there."""
    first = exc.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"] if isinstance(part, int) or part.isidentifier())
    return f"{place[:80] or 'at its top'}: {first['type']}"
