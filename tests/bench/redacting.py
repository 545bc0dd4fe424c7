"""Redaction against one regular expression over the same bytes."""

import json
import re

from sidecar import otlp
from sidecar.redact import Redactor
from tests.bench.figures import Figure, best_s
from tests.bench.telemetry import request
from tests.loop.loop import requests_of
from tests.recordings.planted import ENV_FILE

SPANS = 512
PROMISED_MB = 50
"""A second, on text without a secret."""
_ONE_PATTERN = re.compile(rb"(?:password|token|secret)[\"']?[:=]\s*[\"']?\S{8,}")


def redacting() -> list[Figure]:
    """MB a second on text without and with secrets, and on a request without and with one."""
    redactor = Redactor(key=b"k" * 32)
    clean = b"".join(one.body for one in requests_of("shop") if "/transcripts/" in one.target)[:1_000_000]
    secret = json.dumps({"stdout": ENV_FILE}).encode() + b"\n"
    hit = secret.join(clean[start : start + 4000] for start in range(0, len(clean), 4000))
    body = request(SPANS)

    def walk() -> None:
        message = otlp.decode_request(otlp.Signal.TRACES, body, otlp.PROTOBUF_CONTENT_TYPE)
        otlp.redact_message(message, redactor.redact)

    free = redactor.redact_bytes(clean)
    free_s = best_s(lambda: redactor.redact_bytes(free), repeat=3)
    return [
        Figure(
            name="looking through session files without a secret",
            value=len(free) / free_s / 1e6,
            unit="MB/s",
            yardstick="what was promised",
            yardstick_value=PROMISED_MB,
        ),
        _figure("redaction of session files", clean, best_s(lambda: redactor.redact_bytes(clean), repeat=3)),
        _figure("redaction, a secret every 4 kB", hit, best_s(lambda: redactor.redact_bytes(hit), repeat=3)),
        _figure("prefilter over OTLP without a secret", body, best_s(lambda: redactor.has_secret(body))),
        _figure("redaction of OTLP, string by string", body, best_s(walk, repeat=3)),
    ]


def _figure(name: str, text: bytes, taken_s: float) -> Figure:
    return Figure(
        name=name,
        value=len(text) / taken_s / 1e6,
        unit="MB/s",
        yardstick="one regular expression of three key words",
        yardstick_value=len(text) / best_s(lambda: _ONE_PATTERN.findall(text)) / 1e6,
    )
