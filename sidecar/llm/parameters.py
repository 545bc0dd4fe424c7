"""What a question is on the wire: the fields of the Messages API, the same for a call and for one line of a batch."""

from functools import cache
from typing import TypeVar

from anthropic import transform_schema
from anthropic.types import TextBlockParam
from anthropic.types.message_create_params import MessageCreateParamsNonStreaming
from pydantic import TypeAdapter

from sidecar.domain import ModelRequest

T = TypeVar("T")

SMALLEST_CACHED_TOKENS = 512
"""No model caches less; most want 1,024 to 4,096 and let a mark on less go by at no cost (documentation, 2026-11)."""
_BYTES_PER_TOKEN = 2
"""Half of what English has, so that no part is left unmarked that some model would cache."""


def parameters(model: str, request: ModelRequest[T]) -> MessageCreateParamsNonStreaming:
    """The fields of a request; its stable part is marked for the provider's cache where any model would keep it."""
    system: TextBlockParam = {"type": "text", "text": request.system}
    if len(request.system.encode("utf-8", "replace")) >= SMALLEST_CACHED_TOKENS * _BYTES_PER_TOKEN:
        system["cache_control"] = {"type": "ephemeral"}
    return {
        "model": model,
        "max_tokens": request.max_tokens,
        "system": [system],
        "messages": [{"role": "user", "content": request.user}],
        "output_config": {"format": {"type": "json_schema", "schema": _schema(request.shape)}},
    }


@cache
def _schema(shape: type[object]) -> dict[str, object]:
    # Building one takes longer than all else about a request.
    return transform_schema(TypeAdapter(shape).json_schema())
