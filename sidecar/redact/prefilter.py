"""Whether serialized bytes may hold a secret: never wrong when it says no, and cheaper than looking for it.

In protobuf a string has no quotes around it: a length and a tag stand before it, the next field's tag behind it, and
either may be a letter or digit. So what `scan` asks of a secret's neighbours is not asked here, and where a value may
have run on into the next field, shorter readings of it are tried, too.
"""

import re
from collections.abc import Iterator

from sidecar.redact import syntax
from sidecar.redact.forms import FORMS, PREFIXES, PRIVATE_KEY_ANCHOR, private_key_spans
from sidecar.redact.keys import word_of
from sidecar.redact.members import MAX_VALUE, member_at
from sidecar.redact.phrases import PHRASES
from sidecar.redact.places import has_separator, is_protobuf_member, key_at, may_have_value
from sidecar.redact.readings import command_before
from sidecar.redact.scan import positions, prefix_positions
from sidecar.redact.sieve import Part, Sifted, key_positions
from sidecar.redact.sifting import sift
from sidecar.redact.told import may_be_told, tells

_MAX_FRAMING_BEFORE = 4
"""Printable bytes that may stand before a string: its length and tag, and those of the message that it begins."""
_MAX_FRAMING_AFTER = 12
"""Printable bytes that may follow a string before an unprintable one: tags, lengths, a fixed64 with its tag."""
_MAX_BRACED = 102
"""Bytes of a braced value with its braces."""
_BARE_END = re.compile(rb"[\s\"'`\\,;<>(){}\[\]|&\x00-\x1f]|\Z")
_COMMANDS = re.compile(
    rb"mysql|mariadb|mycli|sshpass|7z|zip|login|mongo|az|ldap|dsconf|twine|redis-cli|cqlsh|sql|cf|oc|-[uUl]|-user|/u:"
)
"""Wider than the commands whose options `scan` reads: a command may be the first word of a string."""
_REQUESTS = re.compile(rb"curl|wget|http|xh")
_WORDS = (
    (Part.AUTHORIZATION, b"authorization", syntax.AUTHORIZATION),
    (Part.BEARER, b"bearer", syntax.BEARER),
    (Part.IDENTIFIED_BY, b"identified ", syntax.IDENTIFIED_BY),
    (Part.PIPED_PASSWORD, b"echo ", syntax.PIPED_PASSWORD),
    (Part.PIPED_PASSWORD, b"printf ", syntax.PIPED_PASSWORD),
    (Part.DOCKER_AUTH, b"auth", syntax.DOCKER_AUTH),
    *((Part.SENTENCE, anchor, syntax.SENTENCE) for anchor in syntax.SENTENCE_ANCHORS),
)
_URLS = (syntax.SERVICE_URL, syntax.URL_CREDENTIAL, syntax.URL_TOKEN)


def may_hold_secret(body: bytes, sifted: Sifted | None = None) -> bool:
    """Whether `body`, text or protobuf, may hold anything to redact; False is certain, True may be wrong.

    Args:
        sifted: What is known of `body` already.
    """
    sifted = sifted or sift(body)
    if sifted.is_empty:
        return False
    return (
        _has_form(body, sifted)
        or _has_syntax(body, sifted)
        or _has_option(body, sifted)
        or any(
            sifted.may_hold_phrase(phrase.name) and phrase.is_in(body, sifted.phrases.get(phrase.name))
            for phrase in PHRASES
        )
        or any(_is_member(body, at, anchor) for at, anchor in key_positions(body, sifted))
    )


def _has_form(body: bytes, sifted: Sifted) -> bool:
    ready = (
        (form.unframed_pattern, form.anchor, find)
        for forms, find in ((FORMS, positions), (PREFIXES.values(), prefix_positions))
        for form in forms
        if sifted.may_hold_form(form.anchor)
    )
    if any(pattern.match(body, at) for pattern, anchor, find in ready for at in find(body, anchor)):
        return True
    return sifted.may_hold(Part.PRIVATE_KEY) and any(
        private_key_spans(body, at) for at in positions(body, PRIVATE_KEY_ANCHOR)
    )


def _is_member(body: bytes, anchor_start: int, anchor: bytes) -> bool:
    start, end = key_at(body, anchor_start, anchor)
    if body[start:end].endswith(b"PASS") and body[end : end + 1] == b"=":
        return True
    starts = range(start, min(start + _MAX_FRAMING_BEFORE, anchor_start) + 1)
    has_word = any(word_of(body[first:end]) for first in starts)
    if not has_word and not tells(body[start:end]):
        return False
    is_protobuf = is_protobuf_member(body, end)
    if not is_protobuf and not has_separator(body, end):
        return False
    if may_be_told(body, start, end):
        return True
    if not has_word or not (is_protobuf or may_have_value(body, anchor_start, end)):
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
    if body[value : value + 1] == b"{" and (closing := body.find(b"}", value, value + _MAX_BRACED)) > 0:
        yield body[start : closing + 1]
    ending = _BARE_END.search(body, value)
    stop = len(body) if ending is None else ending.start()
    yield from (body[start:end] for end in range(stop, max(value, stop - _MAX_FRAMING_AFTER), -1))


def _has_syntax(body: bytes, sifted: Sifted) -> bool:
    if sifted.may_hold(Part.PASSWORD_FILE) and b":5432:" in body:
        return True
    if sifted.may_hold(Part.PUTTY_KEY) and syntax.PUTTY_KEY.search(body):
        return True
    if sifted.may_hold(Part.COMMAND) and any(
        pattern.match(body, at) for anchor, pattern in syntax.COMMANDS for at in positions(body, anchor)
    ):
        return True
    if sifted.may_hold(Part.URL) and any(
        pattern.match(body, at) for at in positions(body, b"://") for pattern in _URLS
    ):
        return True
    return any(
        pattern.match(body, at)
        for part, anchor, pattern in _WORDS
        if sifted.may_hold(part)
        for at in positions(body.lower(), anchor)
    )


def _has_option(body: bytes, sifted: Sifted) -> bool:
    if not (sifted.may_hold(Part.PASSWORD_OPTION) or sifted.may_hold(Part.USER_OPTION)):
        return False
    return any(_is_option(body, position) for anchor in (b" -", b"--user") for position in positions(body, anchor))


def _is_option(body: bytes, position: int) -> bool:
    reads: tuple[tuple[re.Pattern[bytes], re.Pattern[bytes]], ...] = (
        (syntax.OPTION_VALUE, _COMMANDS),
        (syntax.USER_OPTION, _REQUESTS),
    )
    return any(
        (match := option.match(body, position)) is not None and commands.search(command_before(match)) is not None
        for option, commands in reads
    )
