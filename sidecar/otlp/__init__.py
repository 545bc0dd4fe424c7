"""OTLP requests as bytes and as records: decoding, counting, reading, redacting, answering.

Promises what the OTLP specification demands of a server's codec (opentelemetry-proto, OTLP 1.x "Protocol Details"):
protobuf and JSON bodies give the same message, ids in JSON are hex, unknown fields are ignored. Limits on bytes and
on requests in flight belong to the receivers; nothing here does I/O.
"""

from sidecar.otlp.cutting import MAX_TEXT, cut_long_texts
from sidecar.otlp.reading import Acceptance, accepted, log_records, metric_points, spans
from sidecar.otlp.redaction import redact_message
from sidecar.otlp.reduction import Reduced, Reducer
from sidecar.otlp.requests import JSON_CONTENT_TYPE, PROTOBUF_CONTENT_TYPE, Signal, decode_request, is_json
from sidecar.otlp.responses import TOO_LONG_ANSWER, response_bytes, response_message, status_bytes, status_message

__all__ = [
    "JSON_CONTENT_TYPE",
    "MAX_TEXT",
    "PROTOBUF_CONTENT_TYPE",
    "TOO_LONG_ANSWER",
    "Acceptance",
    "Reduced",
    "Reducer",
    "Signal",
    "accepted",
    "cut_long_texts",
    "decode_request",
    "is_json",
    "log_records",
    "metric_points",
    "redact_message",
    "response_bytes",
    "response_message",
    "spans",
    "status_bytes",
    "status_message",
]
