"""Reads the JSON of a report with its limits, and says where it is damaged."""

import json
import re
from typing import cast

from collectors.outcomes.form import encoding_of
from collectors.payload import JsonValue, Payload
from sidecar.errors import DecodeError, TooLargeError

MAX_BYTES = 20 * 1024 * 1024
"""Larger reports are refused unread, as for XML."""
MAX_VALUES = 2_000_000
"""Commas and opening brackets, counted before anything is built: a value may take a hundred times its bytes."""
MESSAGE_CHARS = 2_000

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def decode_text(report: bytes, name: str) -> str:
    """The report as text; what is not UTF-8 becomes U+FFFD.

    Raises:
        DecodeError: It is empty.
        TooLargeError: Over MAX_BYTES.
    """
    if len(report) > MAX_BYTES:
        raise TooLargeError(
            f"{name} report of {len(report)} bytes; the limit is {MAX_BYTES}. Split it by package or file"
        )
    text = report.decode(encoding_of(report), errors="replace")
    if not text.strip():
        raise DecodeError(f"{name} report is empty; a JSON document was expected. Did the test run write it?")
    return text


def parse_json_report(report: bytes, name: str, expected: str) -> Payload:
    """The JSON object that a report is.

    Raises:
        DecodeError: Not JSON, with line and column; or not an object.
        TooLargeError: Over MAX_BYTES or MAX_VALUES.
    """
    text = decode_text(report, name)
    if text.count(",") + text.count("{") + text.count("[") > MAX_VALUES:
        raise TooLargeError(f"{name} report of more than {MAX_VALUES} values; write it without coverage, or split it")
    try:
        value = cast(JsonValue, json.loads(text))
    except json.JSONDecodeError as exc:
        raise DecodeError(
            f"{name} report is not JSON: line {exc.lineno}, column {exc.colno}: {exc.msg}; it is damaged or cut off. "
            f"Expected {expected}"
        ) from exc
    except (RecursionError, ValueError) as exc:
        raise DecodeError(f"{name} report is JSON that no test runner writes ({exc}). Expected {expected}") from exc
    if not isinstance(value, dict):
        raise DecodeError(f"{name} report is a JSON {type(value).__name__}, not an object. Expected {expected}")
    return Payload(value)


def first_line(text: str | None) -> str | None:
    """The first line that says something, without colours and jest's headings; None when there is none."""
    if text is None:
        return None
    lines = (_ANSI.sub("", line).strip() for line in text[: 10 * MESSAGE_CHARS].splitlines())
    return next((line[:MESSAGE_CHARS] for line in lines if line and not line.startswith("●")), None)
