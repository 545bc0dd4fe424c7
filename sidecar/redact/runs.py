"""Values that are no string of one key: the pairs of a cookie, the line of a netrc file."""

import re

from sidecar.redact.forms import GAP
from sidecar.redact.stand_ins import is_placeholder
from sidecar.redact.values import is_random

MAX_NETRC = 300
"""Bytes of a line before its password, at most."""
_COOKIE = re.compile(rb"[\w!#$%&*.^~+-]{1,64}=[^\s\"'\\;,]{6,}(?:; ?[^\"'\\\r\n;]{1,512}){0,40}")
_COOKIE_SEPARATOR = re.compile(rb"\\{0,15}[\"']?[ \t]{0,4}[:=][ \t]{0,4}\\{0,15}[\"']?|[ \t]{1,4}\\{0,15}[\"']")
_NETRC_GAP = rb"(?:" + GAP + rb"|(?<=[\nn])[+-](?=[ \t])){1,8}"
"""A line of a diff begins with one more sign."""
_NETRC_BEFORE = re.compile(
    rb"(?:login|machine)" + _NETRC_GAP + rb"(?!(?:and|or)\b)[^\s\"\\]{1,200}" + _NETRC_GAP + rb"\Z"
)
_NETRC_VALUE = re.compile(_NETRC_GAP + rb"(?P<secret>[^\s\"\\]{3,200})")


def netrc_password(body: bytes, key_start: int, key_end: int) -> tuple[int, int] | None:
    """Where the password stands whose key is between these, in a line that names a machine or a login before."""
    if _NETRC_BEFORE.search(body, max(0, key_start - MAX_NETRC), key_start) is None:
        return None
    found = _NETRC_VALUE.match(body, key_end)
    return None if found is None or is_placeholder(found.group("secret")) else found.span("secret")


def cookie_pairs(body: bytes, key_end: int) -> tuple[int, int] | None:
    """Where the pairs stand behind a header's name that ends here, if one of them may be a session."""
    separator = _COOKIE_SEPARATOR.match(body, key_end)
    found = None if separator is None else _COOKIE.match(body, separator.end())
    if found is None or is_placeholder(found.group().partition(b"=")[2]):
        return None
    values = [pair.partition(b"=")[2] for pair in found.group().split(b";")]
    return found.span() if any(map(is_random, values)) else None
