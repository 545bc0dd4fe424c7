"""Where the key begins and ends that holds an anchor, and whether a value may follow it."""

import re
import string

from sidecar.redact.runs import MAX_NETRC
from sidecar.redact.separators import SEPARATOR

MAX_KEY_BEFORE = 40
"""Bytes of a key before its anchor."""
_KEY_BYTES = (string.ascii_letters + string.digits + "_.-").encode()
MAX_KEY_AFTER = 30
"""Bytes of a key behind its anchor."""
KEY_AFTER = re.compile(rb"[A-Za-z0-9_\-]{0,%d}" % MAX_KEY_AFTER)
OTHER_SEPARATORS = (b" ", b"\t", b"\n", b"\r", b"\\", b'"', b"'", b"`", b"?")
"""What may follow a key where `SEPARATOR` does not: in options, cookies, netrc and prose."""
SPACED_VALUE = re.compile(
    rb"(?:[ \t]|\\{1,15}t){1,8}(?P<secret>[^\s\"'`\\,;<>(){}\[\]|&\x00-\x1f-][^\s\"'`\\,;<>(){}\[\]|&\x00-\x1f]{7,511})"
)
"""A value that only blanks part from its key."""
_PROTOBUF_MEMBER = re.compile(rb"\x12[\x00-\xff]{1,3}\x0a[\x00-\xff]")


def key_at(body: bytes, anchor_start: int, anchor: bytes) -> tuple[int, int]:
    """Where the key that holds the anchor begins and ends."""
    return anchor_start - len(key_before(body, anchor_start)), end_of(KEY_AFTER, body, anchor_start + len(anchor))


def has_separator(body: bytes, key_end: int) -> bool:
    """Whether what may stand between a key and its value follows here."""
    return body[key_end : key_end + 1] in OTHER_SEPARATORS or SEPARATOR.match(body, key_end) is not None


def may_have_value(body: bytes, anchor_start: int, key_end: int) -> bool:
    """Whether a value may be assigned to the key that ends there, also if the text ended earlier; False is certain.

    Behind a blank most keys are words of a sentence; behind other signs this does not look.
    """
    if body[key_end : key_end + 1] != b" ":
        return True
    return (
        SEPARATOR.match(body, key_end) is not None
        or SPACED_VALUE.match(body, key_end) is not None
        or may_be_spaced(body, anchor_start, key_end)
    )


def may_be_spaced(body: bytes, anchor_start: int, key_end: int) -> bool:
    """Whether a key that no sign follows may be an option or a line of netrc; nearly all are words of a sentence."""
    if body[key_end : key_end + 1] not in OTHER_SEPARATORS:
        return False
    before = body[max(0, anchor_start - MAX_NETRC) : anchor_start]
    return b"--" in before[-MAX_KEY_BEFORE:] or b"login" in before or b"machine" in before


def is_protobuf_member(body: bytes, key_end: int) -> bool:
    """Whether the key that ends here is that of a serialized attribute whose value would have to be read beside it."""
    return _PROTOBUF_MEMBER.match(body, key_end) is not None


def key_before(body: bytes, end: int) -> bytes:
    tail = body[max(0, end - MAX_KEY_BEFORE) : end]
    key = tail[len(tail.rstrip(_KEY_BYTES)) :]
    # the n of an escaped line end is no part of the key
    is_escape = key[:1] in (b"n", b"r", b"t") and body[end - len(key) - 1 : end - len(key)] == b"\\"
    return key[1:] if is_escape else key


def end_of(pattern: re.Pattern[bytes], body: bytes, start: int) -> int:
    found = pattern.match(body, start)
    return start if found is None else found.end()
