"""Where secrets stand in bytes: every finder that may have something to find run over the text, their spans merged."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sidecar.redact import syntax
from sidecar.redact.echoes import echoes
from sidecar.redact.forms import (
    FORMS,
    PREFIX_SEPARATOR,
    PREFIXES,
    PRIVATE_KEY_ANCHOR,
    private_key_spans,
    putty_key_spans,
)
from sidecar.redact.members import ANCHORS, member_at
from sidecar.redact.naming import is_documented, is_spared
from sidecar.redact.phrases import PHRASES
from sidecar.redact.readings import READINGS
from sidecar.redact.sieve import Part, Sifted, key_positions
from sidecar.redact.sifting import sift
from sidecar.redact.stand_ins import is_placeholder
from sidecar.redact.values import is_random


@dataclass(frozen=True, slots=True)
class Found:
    """One stretch of bytes to replace."""

    start: int
    end: int
    kind: str
    quote: bytes = b""
    """Put around the replacement, where a string must stand for what was none."""


def find_secrets(body: bytes, sifted: Sifted | None = None) -> list[Found]:
    """Every secret of `body`, in order, not overlapping; of overlapping finds one span with the widest one's kind.

    Args:
        sifted: What is known of `body` already.
    """
    sifted = sifted or sift(body)
    if sifted.is_empty:
        return []
    found = list(_new_finds(body, sifted))
    return _merged([*found, *_once_more(body, found)])


def _once_more(body: bytes, found: list[Found]) -> Iterator[Found]:
    kinds = {body[secret.start : secret.end]: secret.kind for secret in found}
    return (Found(start, end, kinds[body[start:end]]) for start, end in echoes(body, set(kinds)))


def _merged(finds: list[Found]) -> list[Found]:
    found = sorted(finds, key=lambda secret: (secret.start, -secret.end))
    merged: list[Found] = []
    for secret in found:
        last = merged[-1] if merged else None
        if last is None or secret.start >= last.end:
            merged.append(secret)
        elif secret.end > last.end:
            merged[-1] = replace(last, end=secret.end)
    return merged


def _new_finds(body: bytes, sifted: Sifted) -> Iterator[Found]:
    """Finds that touch no earlier replacement, whose own words look like a key beside a value."""
    replacements = [match.span() for match in syntax.REPLACEMENT.finditer(body)]
    for found in _all_finds(body, sifted):
        index = bisect_left(replacements, (found.end, 0))
        if index == 0 or replacements[index - 1][1] <= found.start:
            yield found


def _all_finds(body: bytes, sifted: Sifted) -> Iterator[Found]:
    yield from _form_finds(body, sifted)
    if sifted.may_hold(Part.PRIVATE_KEY):
        yield from _private_keys(body)
    if sifted.may_hold(Part.PUTTY_KEY):
        yield from _putty_keys(body)
    for finds in (_member_finds, _syntax_finds, _phrase_finds):
        yield from (found for found in finds(body, sifted) if not is_spared(body, found.start, found.end))


def positions(text: bytes, anchor: bytes) -> Iterator[int]:
    """Where `anchor` stands in `text`, in order."""
    position = text.find(anchor)
    while position >= 0:
        yield position
        position = text.find(anchor, position + 1)


def _form_finds(body: bytes, sifted: Sifted) -> Iterator[Found]:
    for form in FORMS:
        if sifted.may_hold_form(form.anchor):
            pattern = form.pattern
            for position in positions(body, form.anchor):
                match = pattern.match(body, position)
                if match is not None and not is_documented(body, *match.span()):
                    yield _found(match, form.kind)
    for form in PREFIXES.values():
        if sifted.may_hold_form(form.anchor):
            pattern = form.pattern
            for position in prefix_positions(body, form.anchor):
                match = pattern.match(body, position)
                if match is not None and not _is_filler(match.group()):
                    yield _found(match, form.kind)


def prefix_positions(body: bytes, prefix: bytes) -> Iterator[int]:
    """Where `prefix` stands with something behind it that is long enough to be a token."""
    return (at for at in positions(body, prefix) if PREFIX_SEPARATOR.match(body, at + len(prefix) - 1))


def _is_filler(token: bytes) -> bool:
    """`ghp_xxxxxxxx…` and the like: documentation, not a token."""
    return len(set(token[-12:].lower())) == 1


def _private_keys(body: bytes) -> Iterator[Found]:
    for position in positions(body, PRIVATE_KEY_ANCHOR):
        for start, end in private_key_spans(body, position):
            yield Found(start, end, "private-key")


def _putty_keys(body: bytes) -> Iterator[Found]:
    reached = 0
    for position in positions(body, b"Private-Lines:"):
        for start, end in putty_key_spans(body, position) if position >= reached else ():
            reached = end
            yield Found(start, end, "private-key")


def _member_finds(body: bytes, sifted: Sifted) -> Iterator[Found]:
    reached = dict.fromkeys(ANCHORS, 0)
    for position, anchor in sorted(key_positions(body, sifted)):
        # inside the last value there is nothing more to find, and reading on from each word of it takes long
        member = member_at(body, position, anchor) if position >= reached[anchor] else None
        if member is not None:
            reached[anchor] = member.end
            yield Found(member.start, member.end, member.kind, member.quote)


def _syntax_finds(body: bytes, sifted: Sifted) -> Iterator[Found]:
    if sifted.may_hold(Part.URL):
        for position in positions(body, b"://"):
            yield from _url_finds(body, position)
    if sifted.may_hold_form(b"AKIA"):
        yield from _matches(body, b"AKIA", body, syntax.AWS_PAIR, "aws")
    if sifted.may_hold(Part.PASSWORD_FILE):
        yield from _matches(body, b":5432:", body, syntax.PASSWORD_FILE_LINE, "password")
    if sifted.may_hold(Part.COMMAND):
        for anchor, pattern in syntax.COMMANDS:
            yield from _matches(body, anchor, body, pattern, "password")
    for reading in READINGS:
        if sifted.may_hold(reading.part):
            text = body if reading.is_exact else body.lower()
            for anchor in reading.anchors:
                yield from _matches(text, anchor, body, reading.pattern, reading.kind, reading.is_secret)


def _phrase_finds(body: bytes, sifted: Sifted) -> Iterator[Found]:
    for phrase in PHRASES:
        if sifted.may_hold_phrase(phrase.name):
            kind = phrase.name.partition(":")[0]
            for start, end in phrase.spans(body, sifted.phrases.get(phrase.name)):
                yield Found(start, end, kind)


def _url_finds(body: bytes, position: int) -> Iterator[Found]:
    service = syntax.SERVICE_URL.match(body, position)
    if service is not None and service.lastgroup is not None:
        yield Found(*service.span(service.lastgroup), service.lastgroup)
    for pattern in (syntax.URL_CREDENTIAL, syntax.URL_TOKEN):
        match = pattern.match(body, position)
        if match is not None and not is_placeholder(match.group("secret")) and _is_url_secret(match):
            user = match.groupdict().get("user") or b""
            # two keys of one service, or a token where the user should be
            start = match.start("user") if len(user) >= 20 and is_random(user) else match.start("secret")
            yield Found(start, match.end("secret"), "url")


def _matches(
    text: bytes,
    anchor: bytes,
    body: bytes,
    pattern: re.Pattern[bytes],
    kind: str,
    is_secret: Callable[[re.Match[bytes]], bool] = bool,
) -> Iterator[Found]:
    for position in positions(text, anchor):
        match = pattern.match(body, position)
        if match is not None and not is_placeholder(match.group("secret")) and is_secret(match):
            yield _found(match, kind)


def _is_url_secret(match: re.Match[bytes]) -> bool:
    # user and password the same, as test databases have it, hides nothing
    return match.groupdict().get("user") != match.group("secret")


def _found(match: re.Match[bytes], kind: str) -> Found:
    group = "secret" if "secret" in match.re.groupindex else 0
    return Found(match.start(group), match.end(group), kind)
