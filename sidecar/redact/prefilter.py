"""Whether serialized bytes may hold a secret: never wrong when it says no, and cheaper than looking for it.

In protobuf a string has no quotes around it: a length and a tag stand before it, the next field's tag behind it, and
either may be a letter or digit. So what `scan` asks of a secret's neighbours is not asked here, and where a value may
have run on into the next field, shorter readings of it are tried, too.
"""

import re
import string
from collections.abc import Iterator

from sidecar.redact import scan
from sidecar.redact.forms import FORMS, PREFIX_SEPARATOR, PREFIXES, PRIVATE_KEY_ANCHOR, private_key_spans
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
_CORES = tuple(map(re.compile, (rb"k(?:ey|en|ie)", rb"p(?:ass|wd)", rb"cre[td]", rb"_auth")))
"""What anchors of key words have in common. Each begins with one letter, which `re` skips to as fast as memory goes."""
_ANCHORS_BY_CORE = {
    core: tuple((anchor, anchor.index(core)) for anchor in ANCHORS if core in anchor)
    for core in (b"key", b"ken", b"kie", b"pass", b"pwd", b"cret", b"cred", b"_auth")
}
"""Core to each anchor that holds it and where in the anchor."""
_COMMON = (string.ascii_lowercase + string.digits).encode()
"""What telemetry is mostly made of. Searching what is left of it without these costs a tenth of searching it."""
_RUN = (string.ascii_letters + string.digits + "_-").encode()
_IS_RUN = bytes(byte in _RUN for byte in range(256))
_LONG_RUN = b"\1" * 16
"""As long as what PREFIX_SEPARATOR asks to follow."""


def may_hold_secret(body: bytes) -> bool:
    """Whether `body`, text or protobuf, may hold anything to redact; False is certain, True may be wrong."""
    lowered = body.lower()
    rest = body.translate(None, _COMMON)
    return (
        any(form.unframed.match(body, at) for form in FORMS for at in _rare_positions(body, form.anchor, rest))
        or any(private_key_spans(body, position) for position in _rare_positions(body, PRIVATE_KEY_ANCHOR, rest))
        or _has_prefix(body)
        or _has_syntax(body, lowered, rest)
        or any(_is_member(body, at, anchor) for at, anchor in key_positions(lowered))
    )


def _rare_positions(body: bytes, anchor: bytes, rest: bytes) -> Iterator[int]:
    """Where the anchor stands; at once none where its uncommon bytes stand together nowhere in `rest`."""
    return scan.positions(body, anchor) if anchor.translate(None, _COMMON) in rest else iter(())


def _has_prefix(body: bytes) -> bool:
    return any(
        PREFIXES[prefix].unframed.match(body, max(0, end - len(prefix)))
        for start, stop in _long_runs(body)
        for match in PREFIX_SEPARATOR.finditer(body, max(0, start - 1), stop)
        for end in (match.end(),)
        for prefix in scan.ENDS.get(body[end - 3 : end], ())
    )


def _long_runs(body: bytes) -> Iterator[tuple[int, int]]:
    """Where letters, digits, `_` and `-` stand in one run that is long enough for a token."""
    runs = body.translate(_IS_RUN)
    start = runs.find(_LONG_RUN)
    while start >= 0:
        stop = runs.find(b"\0", start)
        stop = len(body) if stop < 0 else stop
        yield start, stop
        start = runs.find(_LONG_RUN, stop)


def key_positions(lowered: bytes) -> Iterator[tuple[int, bytes]]:
    """Where the anchors of key words stand, with the anchor, in no order; as if each were searched for."""
    for core in _CORES:
        for match in core.finditer(lowered):
            for anchor, before in _ANCHORS_BY_CORE[match.group()]:
                at = match.start() - before
                if lowered.startswith(anchor, max(0, at)) and at >= 0:
                    yield at, anchor


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
    if body[value - 1 : value] in (b'"', b"'", b"`"):
        return  # it ends at its own quote, or is cut off and judged by what there is of it
    ending = _BARE_END.search(body, value)
    stop = len(body) if ending is None else ending.start()
    yield from (body[start:end] for end in range(stop, max(value, stop - _MAX_FRAMING_AFTER), -1))


def _has_syntax(body: bytes, lowered: bytes, rest: bytes) -> bool:
    if b":5432:" in body:
        return True
    urls = (scan.SERVICE_URL, scan.URL_CREDENTIAL, scan.URL_TOKEN)
    if any(pattern.match(body, at) for at in _rare_positions(body, b"://", rest) for pattern in urls):
        return True
    words = (
        (b"authorization", scan.AUTHORIZATION),
        (b"bearer", scan.BEARER),
        (b"identified ", scan.IDENTIFIED_BY),
        (b"echo ", scan.PIPED_PASSWORD),
    )
    if any(pattern.match(body, at) for anchor, pattern in words for at in scan.positions(lowered, anchor)):
        return True
    return any(
        _is_option(body, position) for anchor in (b" -", b"--user") for position in _rare_positions(body, anchor, rest)
    )


def _is_option(body: bytes, position: int) -> bool:
    reads: tuple[tuple[re.Pattern[bytes], re.Pattern[bytes]], ...] = (
        (scan.OPTION_VALUE, _COMMANDS),
        (scan.USER_OPTION, _REQUESTS),
    )
    return any(
        (match := option.match(body, position)) is not None and commands.search(scan.command_before(match)) is not None
        for option, commands in reads
    )
