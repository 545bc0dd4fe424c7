"""Makes the messages that requests are answered with, checked with the vendor's own types, and meters them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from anthropic.types import Message

from sidecar.domain import ModelUsage
from tests.scripted_model.faults import Fault, spoiled
from tests.scripted_model.request import CHARACTERS_PER_TOKEN, Asked, tokens

SMALLEST_CACHED_TOKENS = 1024
"""Shorter prompts are not cached, marked or not."""
_STOPS = {Fault.REFUSAL: "refusal", Fault.TRUNCATED: "max_tokens", Fault.PAUSED: "pause_turn"}

Script: TypeAlias = Callable[[Asked], object]
"""The JSON value that a request is answered with."""


@dataclass(slots=True)
class Meter:
    """What was asked and what a provider would bill."""

    asked: list[Asked] = field(default_factory=list[Asked])
    """Every well-formed request, in the order of their coming, those answered with a fault too."""
    faults: list[Fault] = field(default_factory=list[Fault])
    billed: list[tuple[str, ModelUsage]] = field(default_factory=list[tuple[str, ModelUsage]])
    """Model and usage of every answer that was made, whether or not its bytes arrived."""
    at_once: int = 0
    most_at_once: int = 0
    cached: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """Model and system text of what has been written to the cache; nothing expires within a test."""


def make_message(asked: Asked, script: Script, fault: Fault | None, meter: Meter) -> Message:
    """The message that answers a request, booked as billed."""
    value = script(asked)
    text = json.dumps(value, ensure_ascii=False) if asked.schema is not None else str(value)
    text, stop = _cut(asked, spoiled(fault, value, text) if fault else text, fault)
    is_bare = fault in (Fault.NO_CONTENT, Fault.REFUSAL)
    message = Message.model_validate(
        {
            "id": f"msg_{len(meter.billed):08d}",
            "type": "message",
            "role": "assistant",
            "model": asked.model,
            "content": [] if is_bare else [{"type": "text", "text": text}],
            "stop_reason": stop,
            "stop_details": {"type": "refusal"} if stop == "refusal" else None,
            # However many bytes come, nobody bills more than was asked for.
            "usage": _metered(asked, min(tokens(text), asked.max_tokens), meter),
        }
    )
    meter.billed.append((asked.model, usage_of(message)))
    return message


def usage_of(message: Message) -> ModelUsage:
    """A message's usage in our words."""
    usage = message.usage
    return ModelUsage(
        input_tokens=usage.input_tokens,
        cache_write_tokens=usage.cache_creation_input_tokens or 0,
        cache_read_tokens=usage.cache_read_input_tokens or 0,
        output_tokens=usage.output_tokens,
    )


def _cut(asked: Asked, text: str, fault: Fault | None) -> tuple[str, str]:
    """The text as far as it comes, and why it stops there."""
    if fault is not None and fault in _STOPS:
        return text[: len(text) // 2], _STOPS[fault]
    if fault is not Fault.HUGE and tokens(text) > asked.max_tokens:
        return text[: asked.max_tokens * CHARACTERS_PER_TOKEN], "max_tokens"
    return text, "end_turn"


def _metered(asked: Asked, output_tokens: int, meter: Meter) -> dict[str, object]:
    is_cacheable = asked.is_cached and asked.system_tokens >= SMALLEST_CACHED_TOKENS
    is_hit = is_cacheable and (asked.model, asked.system) in meter.cached
    if is_cacheable:
        meter.cached.add((asked.model, asked.system))
    cached = asked.system_tokens if is_cacheable else 0
    written = 0 if is_hit else cached
    return {
        "input_tokens": asked.input_tokens - cached,
        "cache_creation_input_tokens": written,
        "cache_read_input_tokens": cached if is_hit else 0,
        "cache_creation": {"ephemeral_5m_input_tokens": written, "ephemeral_1h_input_tokens": 0},
        "output_tokens": output_tokens,
        "service_tier": "standard",
    }
