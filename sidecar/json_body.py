"""JSON from outside, read once for all receivers.

JavaScript writes half a surrogate pair as an escape when a text was cut inside an emoji. Strict readers refuse the
whole body for it; here that half becomes U+FFFD and everything else is kept.
"""

import re

import orjson

from sidecar.errors import DecodeError, TooLargeError

MAX_VALUES = 2_000_000
"""Of one body; each takes about fifty bytes once it is read, and two while it is not."""
_BEGINNINGS = (b"{", b"[", b",")
"""What every value but the first stands behind."""
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)


def decode_json(body: bytes) -> object:
    """The value that `body` holds.

    Raises:
        DecodeError: not JSON; the text says where.
        TooLargeError: more objects, arrays and members than are taken at once.
    """
    if len(body) > MAX_VALUES and sum(map(body.count, _BEGINNINGS)) > MAX_VALUES:
        raise TooLargeError(f"over {MAX_VALUES} JSON values in one body; send it in smaller pieces")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as exc:
        mended = _ESCAPE.sub(_whole, body)
        if mended == body:
            raise DecodeError(f"not JSON: {exc}") from exc
    try:
        return orjson.loads(mended)
    except orjson.JSONDecodeError as exc:
        raise DecodeError(f"not JSON: {exc}") from exc


def _whole(escape: re.Match[bytes]) -> bytes:
    return rb"\ufffd" if escape.lastgroup == "half" else escape.group()
