"""Export requests decoded from protobuf or from OTLP's own JSON.

OTLP JSON is not protobuf's JSON mapping (trace and span ids are hex, enums are integers only, snake_case names are
unknown), so it is walked here along the message descriptors instead of by `json_format`.
"""

import base64
import binascii
import math
import re
from collections.abc import Callable
from enum import StrEnum
from functools import cache, lru_cache
from typing import cast

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError as ProtobufDecodeError
from google.protobuf.message import Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from sidecar.errors import DecodeError
from sidecar.json_body import decode_json
from sidecar.otlp.counting import check_counts

PROTOBUF_CONTENT_TYPE = "application/x-protobuf"
JSON_CONTENT_TYPE = "application/json"

MAX_DEPTH = 64
"""Nested messages in one JSON body; protobuf's own parser stops at 100, real attribute values nest below ten."""

_HEX_FIELDS = frozenset({"traceId", "spanId", "parentSpanId"})
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})*")
_INTEGER_RANGES = {
    FieldDescriptor.TYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_SINT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_SFIXED32: (-(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_ENUM: (-(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.TYPE_FIXED32: (0, 2**32 - 1),
    FieldDescriptor.TYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.TYPE_SINT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.TYPE_SFIXED64: (-(2**63), 2**63 - 1),
    FieldDescriptor.TYPE_UINT64: (0, 2**64 - 1),
    FieldDescriptor.TYPE_FIXED64: (0, 2**64 - 1),
}
_NON_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


class Signal(StrEnum):
    """What a request carries."""

    TRACES = "traces"
    LOGS = "logs"
    METRICS = "metrics"


_REQUESTS: dict[Signal, Callable[[], Message]] = {
    Signal.TRACES: ExportTraceServiceRequest,
    Signal.LOGS: ExportLogsServiceRequest,
    Signal.METRICS: ExportMetricsServiceRequest,
}


def decode_request(signal: Signal, body: bytes, content_type: str) -> Message:
    """The Export*ServiceRequest that `body` holds; an empty body is an empty request.

    Args:
        content_type: Header value as sent; parameters such as `; charset=utf-8` are ignored.
    Raises:
        DecodeError: the content type is not one of OTLP's two, or the body is not what it says.
        TooLargeError: more records, or objects of JSON, than are taken in one request.
    """
    media_type = _media_type(content_type)
    message = _REQUESTS[signal]()
    if media_type == PROTOBUF_CONTENT_TYPE:
        check_counts(body, cast("Descriptor", message.DESCRIPTOR))
        try:
            message.ParseFromString(body)
        except ProtobufDecodeError as exc:
            raise DecodeError(
                f"the {signal} request is not a protobuf {message.DESCRIPTOR.name}; send what an OTLP exporter sends"
            ) from exc
        return message
    if media_type == JSON_CONTENT_TYPE:
        _fill_from_json(message, body)
        return message
    raise DecodeError(
        f"content type {media_type or 'missing'!r} is not OTLP; send {PROTOBUF_CONTENT_TYPE} or {JSON_CONTENT_TYPE}"
    )


def is_json(content_type: str) -> bool:
    """Whether a request of this content type is JSON, not protobuf."""
    return _media_type(content_type) == JSON_CONTENT_TYPE


@lru_cache(maxsize=64)
def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _fill_from_json(message: Message, body: bytes) -> None:
    _fill(message, decode_json(body or b"{}"), "$", MAX_DEPTH)


def _fill(message: Message, value: object, place: str, depth: int) -> None:
    if depth == 0:
        raise DecodeError(f"{place}: nested deeper than {MAX_DEPTH} messages; send flatter attributes")
    if not isinstance(value, dict):
        raise _wrong(place, "an object", value)
    fields = _fields_by_json_name(type(message))
    for name, item in cast("dict[str, object]", value).items():
        field = fields.get(name)
        if field is not None and item is not None:
            _set(message, field, item, f"{place}.{name}", depth)


@cache
def _fields_by_json_name(message: type[Message]) -> dict[str, FieldDescriptor]:
    # not fields_by_camelcase_name: protobuf's C implementation answers to snake_case there, too
    return {field.json_name: field for field in cast("list[FieldDescriptor]", message.DESCRIPTOR.fields)}


def _set(message: Message, field: FieldDescriptor, value: object, place: str, depth: int) -> None:
    if not field.is_repeated:
        if field.message_type is None:
            setattr(message, field.name, _scalar(field, value, place))
        else:
            child = cast("Message", getattr(message, field.name))
            child.SetInParent()
            _fill(child, value, place, depth - 1)
        return
    if not isinstance(value, list):
        raise _wrong(place, "an array", value)
    items = cast("list[object]", value)
    target = getattr(message, field.name)
    if field.message_type is None:
        target.extend(_scalar(field, item, f"{place}[{index}]") for index, item in enumerate(items))
        return
    for index, item in enumerate(items):
        _fill(cast("Message", target.add()), item, f"{place}[{index}]", depth - 1)


def _scalar(field: FieldDescriptor, value: object, place: str) -> str | bytes | bool | int | float:
    if field.type == FieldDescriptor.TYPE_STRING:
        return _text(value, place)
    if field.type == FieldDescriptor.TYPE_BYTES:
        text = _text(value, place)
        return _hex(text, place) if field.json_name in _HEX_FIELDS else _base64(text, place)
    if field.type == FieldDescriptor.TYPE_BOOL:
        if not isinstance(value, bool):
            raise _wrong(place, "true or false", value)
        return value
    if field.type in (FieldDescriptor.TYPE_DOUBLE, FieldDescriptor.TYPE_FLOAT):
        return _float(value, place)
    return _integer(field, value, place)


def _text(value: object, place: str) -> str:
    if not isinstance(value, str):
        raise _wrong(place, "a string", value)
    return value


def _hex(text: str, place: str) -> bytes:
    # bytes.fromhex alone would skip spaces, and base64 of an id must not pass for a short one
    if _HEX.fullmatch(text) is None:
        raise DecodeError(f"{place}: OTLP JSON writes ids as hex digits, not base64")
    return bytes.fromhex(text)


def _base64(text: str, place: str) -> bytes:
    try:
        return base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)
    except binascii.Error as exc:
        raise DecodeError(f"{place}: not base64") from exc


def _float(value: object, place: str) -> float:
    if isinstance(value, str):
        if value in _NON_FINITE:
            return _NON_FINITE[value]
        try:
            number = float(value)
        except ValueError as exc:
            raise _wrong(place, "a number", value) from exc
        # float() also reads "nan", "inf" and "1_0", which JSON does not
        if not math.isfinite(number) or "_" in value or value != value.strip():
            raise _wrong(place, "a number", value)
        return number
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(place, "a number", value)
    return float(value)


def _integer(field: FieldDescriptor, value: object, place: str) -> int:
    number = value
    if isinstance(value, str) and field.type != FieldDescriptor.TYPE_ENUM:
        if re.fullmatch(r"-?[0-9]{1,20}", value) is None:
            raise _wrong(place, "an integer", value)
        number = int(value)
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, int):
        raise _wrong(place, "an enum's integer" if field.type == FieldDescriptor.TYPE_ENUM else "an integer", value)
    low, high = _INTEGER_RANGES[field.type]
    if not low <= number <= high:
        raise DecodeError(f"{place}: {number} is out of range for this field")
    return number


def _wrong(place: str, expected: str, value: object) -> DecodeError:
    # the type, never the value: an error text travels back to the sender and into logs
    return DecodeError(f"{place}: expected {expected}, got {type(value).__name__}")
