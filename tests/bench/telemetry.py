"""Export requests as large as agents send them, each different from all others at little cost."""

import random
import zlib
from collections.abc import Iterator
from itertools import count

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

_WORDS = [
    "the",
    "test",
    "of",
    "a",
    "file",
    "that",
    "was",
    "read",
    "and",
    "the",
    "edit",
    "which",
    "follows",
    "session",
    "tool",
    "output",
    "path",
    "src",
    "main",
    "function",
    "value",
    "returns",
    "error",
    "line",
    "number",
]
SPAN_BYTES = 1090
"""About what a span of Claude Code takes, attributes included."""


def request(spans: int, *, seed: int = 1, service: str = "benchmark", session: str | None = None) -> bytes:
    """A protobuf body of so many spans.

    Args:
        session: Session of all spans; None gives each another, so that nothing repeats itself.
    """
    draw = random.Random(seed)
    message = ExportTraceServiceRequest()
    group = message.resource_spans.add()
    named = group.resource.attributes.add()
    named.key, named.value.string_value = "service.name", service
    scope = group.scope_spans.add()
    for number in range(spans):
        span = scope.spans.add()
        span.trace_id, span.span_id, span.name = draw.randbytes(16), draw.randbytes(8), "claude_code.tool"
        span.kind = span.SPAN_KIND_INTERNAL
        span.start_time_unix_nano = 1_795_404_254_000_000_000 + number
        span.end_time_unix_nano = span.start_time_unix_nano + 1_000_000
        texts = {"session.id": session or f"{draw.getrandbits(128):032x}", "user.id": f"{draw.getrandbits(256):064x}"}
        texts |= {"tool_name": "Bash", "gen_ai.request.model": "claude-sonnet-4-5", "span.type": "tool"}
        texts["tool.output"] = " ".join(draw.choices(_WORDS, k=150))[: SPAN_BYTES - 375]
        for key, text in texts.items():
            attribute = span.attributes.add()
            attribute.key, attribute.value.string_value = key, text
        for key in ("input_tokens", "output_tokens", "cache_read_tokens", "duration_ms"):
            attribute = span.attributes.add()
            attribute.key, attribute.value.int_value = key, draw.randrange(100_000)
    return message.SerializeToString()


def different_gzips(body: bytes) -> Iterator[bytes]:
    """`body` with one small resource more, another each time, compressed without compressing the body again."""
    begun = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    front = begun.compress(body) + begun.flush(zlib.Z_FULL_FLUSH)
    for number in count():
        tail = ExportTraceServiceRequest()
        tail.resource_spans.add().schema_url = f"urn:{number}"
        ending = begun.copy()
        yield front + ending.compress(tail.SerializeToString()) + ending.flush()
