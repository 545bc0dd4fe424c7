"""Whether serialized bytes may hold a secret: never wrong when it says no, and cheaper than looking for it.

In protobuf a string has no quotes around it: a length and a tag stand before it, the next field's tag behind it, and
either may be a letter or digit. So what `scan` asks of a secret's neighbours is not asked here, and where a value may
have run on into the next field, shorter readings of it are tried, too.
"""

import re
from collections.abc import Iterator

from sidecar.redact import scan
from sidecar.redact.forms import FORMS, PREFIX_SEPARATOR, PREFIXES, PRIVATE_KEY_ANCHOR, Form, private_key_spans
from sidecar.redact.keys import word_of
from sidecar.redact.members import ANCHORS, MAX_VALUE, has_separator, is_protobuf_member, key_at, member_at

_MAX_FRAMING_BEFORE = 4
"""Printable bytes that may stand before a string: its length and tag, and those of the message that it begins."""
_MAX_FRAMING_AFTER = 12
"""Printable bytes that may follow a string before an unprintable one: tags, lengths, a fixed64 with its tag."""
_BARE_END = re.compile(rb"[\s\"'`\\,;<>(){}\[\]|&\x00-\x1f]|\Z")
_COMMANDS = re.compile(rb"mysql|mariadb|mycli|sshpass|7z|zip|login|mongo|az|ldapsearch|twine|redis-cli|sql|cf|oc")
"""Wider than the commands whose options `scan` reads: a command may be the first word of a string."""
_REQUESTS = re.compile(rb"curl|wget|http|xh")


def may_hold_secret(body: bytes) -> bool:
    """Whether `body`, text or protobuf, may hold anything to redact; False is certain, True may be wrong."""
    lowered = body.lower()
    return (
        any(_has_form(body, form) for form in FORMS)
        or any(private_key_spans(body, position) for position in scan.positions(body, PRIVATE_KEY_ANCHOR))
        or _has_prefix(body)
        or _has_syntax(body, lowered)
        or _has_member(body, lowered)
    )


def _has_form(body: bytes, form: Form) -> bool:
    return any(form.unframed.match(body, position) for position in scan.positions(body, form.anchor))


def _has_prefix(body: bytes) -> bool:
    ends = [end for match in PREFIX_SEPARATOR.finditer(body) if body[(end := match.end()) - 3 : end] in scan.ENDS]
    return any(
        PREFIXES[prefix].unframed.match(body, max(0, end - len(prefix)))
        for end in ends
        for prefix in scan.ENDS[body[end - 3 : end]]
    )


def _has_member(body: bytes, lowered: bytes) -> bool:
    return any(_is_member(body, position, anchor) for anchor in ANCHORS for position in scan.positions(lowered, anchor))


def _is_member(body: bytes, anchor_start: int, anchor: bytes) -> bool:
    start, end = key_at(body, anchor_start, anchor)
    is_protobuf = is_protobuf_member(body, end)
    if not is_protobuf and not has_separator(body, end):
        return False
    starts = range(start, min(start + _MAX_FRAMING_BEFORE, anchor_start) + 1)
    if not any(word_of(body[first:end]) for first in starts):
        return False
    if is_protobuf or member_at(body, anchor_start, anchor) is not None:
        return True
    return any(member_at(view, anchor_start - first, anchor) for first in starts for view in _views(body, first, end))


def _views(body: bytes, start: int, key_end: int) -> Iterator[bytes]:
    """The text from `start` on, whole and as if it ended a little before the bare value's end."""
    yield body[start : key_end + MAX_VALUE]
    value = key_end
    while value < len(body) and body[value : value + 1] in b" \t\r\n=:>\"'`\\]!,":
        value += 1
    ending = _BARE_END.search(body, value)
    stop = len(body) if ending is None else ending.start()
    yield from (body[start:end] for end in range(stop, max(value, stop - _MAX_FRAMING_AFTER), -1))


def _has_syntax(body: bytes, lowered: bytes) -> bool:
    if b":5432:" in body:
        return True
    tries: tuple[tuple[bytes, bytes, re.Pattern[bytes]], ...] = (
        (body, b"://", scan.SERVICE_URL),
        (body, b"://", scan.URL_CREDENTIAL),
        (body, b"://", scan.URL_TOKEN),
        (lowered, b"authorization", scan.AUTHORIZATION),
        (lowered, b"bearer", scan.BEARER),
        (lowered, b"identified ", scan.IDENTIFIED_BY),
        (body, b"echo ", scan.PIPED_PASSWORD),
    )
    if any(
        pattern.match(body, position) for text, anchor, pattern in tries for position in scan.positions(text, anchor)
    ):
        return True
    return any(_is_option(body, position) for anchor in (b" -", b"--user") for position in scan.positions(body, anchor))


def _is_option(body: bytes, position: int) -> bool:
    reads: tuple[tuple[re.Pattern[bytes], re.Pattern[bytes]], ...] = (
        (scan.OPTION_VALUE, _COMMANDS),
        (scan.USER_OPTION, _REQUESTS),
    )
    return any(
        (match := option.match(body, position)) is not None and commands.search(scan.command_before(match)) is not None
        for option, commands in reads
    )
