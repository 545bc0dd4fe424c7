"""Where secrets stand in bytes: every finder run over the text, their spans merged."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from sidecar.redact.forms import (
    FORMS,
    PREFIX_SEPARATOR,
    PREFIXES,
    PRIVATE_KEY_ANCHOR,
    private_key_spans,
)
from sidecar.redact.members import ANCHORS, member_at
from sidecar.redact.values import is_placeholder

ENDS: dict[bytes, tuple[bytes, ...]] = {
    end: tuple(sorted((prefix for prefix in PREFIXES if prefix[-3:] == end), key=len, reverse=True))
    for end in {prefix[-3:] for prefix in PREFIXES}
}
"""Last three bytes of a prefix to the prefixes that end so: one lookup dismisses nearly every separator."""

_QUOTE = rb"\\{0,15}[\"']"
URL_CREDENTIAL = re.compile(rb"://(?P<user>[^\s/:@\"'\\<>?#]{0,100}):(?P<secret>[^\s/\"'<>\\?#]{1,200})@(?=[\w\[\-.$])")
URL_TOKEN = re.compile(rb"://(?P<secret>[A-Za-z0-9_\-]{20,200})(?::x-oauth-basic)?@(?=[\w\[])")
AUTHORIZATION = re.compile(
    rb"authorization(?:"
    + _QUOTE
    + rb")?\]?[ \t]{0,4}[:=,][ \t]{0,4}(?:"
    + _QUOTE
    + rb")?(?P<scheme>(?:bearer|basic|token|digest|apikey|api-key|negotiate)[ \t]{1,4})?"
    rb"(?P<secret>[A-Za-z0-9._~+/=:\-]{8,4000})",
    re.IGNORECASE,
)
BEARER = re.compile(rb"bearer[ \t]{1,4}(?P<secret>[A-Za-z0-9._~+/=\-]{16,4000})", re.IGNORECASE)
SERVICE_URL = re.compile(
    rb"://(?:hooks\.slack\.com/(?:services|workflows|triggers)/(?P<slack>[A-Za-z0-9/_\-]{20,200})"
    rb"|(?:\w{1,10}\.)?discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/[0-9]{15,22}/(?P<discord>[A-Za-z0-9_\-]{40,100}))"
)
_AWS_PAIR = re.compile(
    rb"A[KS]IA[A-Z0-9]{16}(?:[\s,;:|\"']|\\{1,15}[nt\"]){1,12}(?P<secret>[A-Za-z0-9/+=]{40})(?![A-Za-z0-9/+=])"
)
OPTION_VALUE = re.compile(rb" -(?:p|P|a|w)[ \t]{0,4}\\{0,15}[\"']?(?P<secret>[^\s\"'\\\-][^\s\"'\\]{2,200})")
USER_OPTION = re.compile(
    rb"(?: -u|--user|--proxy-user)(?:[ \t]{1,4}|=)?\\{0,15}[\"']?"
    rb"[^\s:\"'\\/]{1,100}:(?P<secret>[^\s\"'\\/][^\s\"'\\]{2,200})"
)
_JOINED_COMMANDS = re.compile(rb"\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump|mycli|sshpass|7z|zip)\b")
_SPACED_COMMANDS = re.compile(
    rb"\b(?:docker|podman|helm|skopeo|crane|oras) (?:registry )?login\b"
    rb"|\b(?:sshpass|mongo|mongosh|mongodump|mongorestore|az|ldapsearch|twine|redis-cli|sqlcmd|sqlplus|cf|oc)\b"
)
_REQUEST_COMMANDS = re.compile(rb"\b(?:curl|wget|http|https|xh|curlie)\b")
_LINE_END = re.compile(rb"\n|\\n|[;|&]")
_PASSWORD_FILE_LINE = re.compile(rb":5432:[^\s:]{1,64}:[^\s:]{1,64}:(?P<secret>[^\s:\"'\\]{4,200})(?![^\s\"'\\])")
IDENTIFIED_BY = re.compile(
    rb"identified (?:with \w{1,40} )?by[ \t]{1,4}\\{0,15}[\"'](?P<secret>[^\"'\\\n]{4,200})", re.IGNORECASE
)
PIPED_PASSWORD = re.compile(
    rb"(?:echo|printf)(?: -n)?[ \t]{1,4}\\{0,15}[\"']?(?P<secret>[^\s\"'\\|]{6,300})\\{0,15}[\"']?[ \t]{0,4}"
    rb"\|[^|\n]{0,200}--password-stdin"
)
_REPLACEMENT = re.compile(rb"\[REDACTED:[a-z-]{1,20}:[0-9a-f]{8}\]")
_MAX_COMMAND = 400
"""Bytes looked back from an option to its command."""


@dataclass(frozen=True, slots=True)
class Found:
    """One stretch of bytes to replace."""

    start: int
    end: int
    kind: str
    quote: bytes = b""
    """Put around the replacement, where a string must stand for what was none."""


def find_secrets(body: bytes) -> list[Found]:
    """Every secret of `body`, in order, not overlapping; of overlapping finds one span with the widest one's kind."""
    found = sorted(_new_finds(body), key=lambda secret: (secret.start, -secret.end))
    merged: list[Found] = []
    for secret in found:
        last = merged[-1] if merged else None
        if last is None or secret.start >= last.end:
            merged.append(secret)
        elif secret.end > last.end:
            merged[-1] = replace(last, end=secret.end)
    return merged


def _new_finds(body: bytes) -> Iterator[Found]:
    """Finds that touch no earlier replacement, whose own words look like a key beside a value."""
    replacements = [match.span() for match in _REPLACEMENT.finditer(body)]
    for found in _all_finds(body):
        index = bisect_left(replacements, (found.end, 0))
        if index == 0 or replacements[index - 1][1] <= found.start:
            yield found


def _all_finds(body: bytes) -> Iterator[Found]:
    lowered = body.lower()
    yield from _form_finds(body)
    yield from _prefix_finds(body)
    yield from _private_keys(body)
    yield from _member_finds(body, lowered)
    yield from _syntax_finds(body, lowered)


def positions(text: bytes, anchor: bytes) -> Iterator[int]:
    """Where `anchor` stands in `text`, in order."""
    position = text.find(anchor)
    while position >= 0:
        yield position
        position = text.find(anchor, position + 1)


def _form_finds(body: bytes) -> Iterator[Found]:
    for form in FORMS:
        for position in positions(body, form.anchor):
            match = form.pattern.match(body, position)
            if match is not None:
                yield _found(match, form.kind)


def _prefix_finds(body: bytes) -> Iterator[Found]:
    # a comprehension, since separators are many and nearly all of them end here
    ends = [end for match in PREFIX_SEPARATOR.finditer(body) if body[(end := match.end()) - 3 : end] in ENDS]
    for end in ends:
        for prefix in ENDS[body[end - 3 : end]]:
            form = PREFIXES[prefix]
            match = form.pattern.match(body, end - len(prefix)) if end >= len(prefix) else None
            if match is not None and not _is_filler(match.group()):
                yield _found(match, form.kind)
                break


def _is_filler(token: bytes) -> bool:
    """`ghp_xxxxxxxx…` and the like: documentation, not a token."""
    return len(set(token[-12:].lower())) == 1


def _private_keys(body: bytes) -> Iterator[Found]:
    for position in positions(body, PRIVATE_KEY_ANCHOR):
        for start, end in private_key_spans(body, position):
            yield Found(start, end, "private-key")


def _member_finds(body: bytes, lowered: bytes) -> Iterator[Found]:
    for anchor in ANCHORS:
        reached = 0
        for position in positions(lowered, anchor):
            # inside the last value there is nothing more to find, and reading on from each word of it takes long
            member = member_at(body, position, anchor) if position >= reached else None
            if member is not None:
                reached = member.end
                yield Found(member.start, member.end, member.kind, member.quote)


def _syntax_finds(body: bytes, lowered: bytes) -> Iterator[Found]:
    for position in positions(body, b"://"):
        yield from _url_finds(body, position)
    yield from _matches(lowered, b"authorization", body, AUTHORIZATION, "authorization", _is_header_secret)
    yield from _matches(lowered, b"bearer", body, BEARER, "authorization", _is_header_secret)
    yield from _matches(body, b"AKIA", body, _AWS_PAIR, "aws")
    yield from _matches(body, b" -u", body, USER_OPTION, "password", _is_request_option)
    yield from _matches(body, b"--user", body, USER_OPTION, "password", _is_request_option)
    for option in (b" -p", b" -a", b" -w"):
        yield from _matches(body, option, body, OPTION_VALUE, "password", _is_password_option)
    yield from _matches(lowered, b"identified ", body, IDENTIFIED_BY, "password")
    yield from _matches(body, b"echo ", body, PIPED_PASSWORD, "password")
    yield from _matches(body, b":5432:", body, _PASSWORD_FILE_LINE, "password")


def _url_finds(body: bytes, position: int) -> Iterator[Found]:
    service = SERVICE_URL.match(body, position)
    if service is not None and service.lastgroup is not None:
        yield Found(*service.span(service.lastgroup), service.lastgroup)
    for pattern in (URL_CREDENTIAL, URL_TOKEN):
        match = pattern.match(body, position)
        if match is not None and not is_placeholder(match.group("secret")) and _is_url_secret(match):
            yield _found(match, "url")


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


def _is_request_option(match: re.Match[bytes]) -> bool:
    return _REQUEST_COMMANDS.search(command_before(match)) is not None


def _is_password_option(match: re.Match[bytes]) -> bool:
    command = command_before(match)
    if match.group()[3:4] not in (b" ", b"\t"):
        return match.group()[2:3] == b"p" and _JOINED_COMMANDS.search(command) is not None
    return _SPACED_COMMANDS.search(command) is not None


def command_before(match: re.Match[bytes]) -> bytes:
    """The command line that the option stands in, up to the option."""
    before = match.string[max(0, match.start() - _MAX_COMMAND) : match.start()]
    ends = [end.end() for end in _LINE_END.finditer(before)]
    return before[ends[-1] :] if ends else before


def _is_header_secret(match: re.Match[bytes]) -> bool:
    secret = match.group("secret")
    is_mixed = any(48 <= byte <= 57 for byte in secret) or secret.lower() != secret
    return is_mixed or len(secret) >= 24


def _found(match: re.Match[bytes], kind: str) -> Found:
    group = "secret" if "secret" in match.re.groupindex else 0
    return Found(match.start(group), match.end(group), kind)
