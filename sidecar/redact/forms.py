r"""Secrets known by their own form, wherever they stand: one row per vendor or syntax.

A pattern is tried only where its anchor stands, so patterns may be exact and the whole text is searched for short
literals alone. A group `secret` is what is replaced, else the whole match.

Sources: the vendors' token documentation and the gitleaks rules (MIT, b58d3f1); measured on recorded sessions.
"""

import re
from base64 import b64encode
from dataclasses import dataclass
from functools import cache

from sidecar.redact.vendors import VENDORS

BOUNDARY = (
    # an escape such as \n or %3D ends in a letter or digit but is none
    rb"(?:(?<![A-Za-z0-9])|(?<=\\[nrtbf])|(?<=\\u[0-9a-fA-F]{4})|(?<=%[0-9A-Fa-f]{2})|(?<=[0-9;]m))"
)
GAP = rb"(?:[ \t\r\n]|\\{1,15}[nrt])"
"""One blank, raw or as JSON escapes it at any depth."""


_NOT_BEFORE = re.compile(rb"\(\?!\[[^\]]+\]\)\Z")
"""What a pattern asks of the byte behind its match."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form of secret."""

    kind: str
    """Stable short word shown in the replacement."""
    anchor: bytes
    """Literal that every match starts with."""
    before: bytes
    """Expression of what stands before the anchor."""
    rest: bytes
    """Expression of what follows the anchor."""

    @property
    def pattern(self) -> re.Pattern[bytes]:
        """Matched at the anchor."""
        return _compiled(self.before + re.escape(self.anchor) + self.rest)

    @property
    def unframed(self) -> bytes:
        """Expression of the same whatever stands before and behind."""
        return re.escape(self.anchor) + _NOT_BEFORE.sub(b"", self.rest)

    @property
    def unframed_pattern(self) -> re.Pattern[bytes]:
        """Matched at the anchor, too."""
        return _compiled(self.unframed)


@cache  # few forms are ever met: to compile them all at import would take longer than the rest of it
def _compiled(expression: bytes) -> re.Pattern[bytes]:
    return re.compile(expression)


def _form(kind: str, anchor: bytes, rest: bytes, *, before: bytes = BOUNDARY) -> Form:
    return Form(kind=kind, anchor=anchor, before=before, rest=rest)


_ENCODED_KEYS = tuple(
    b64encode(marker)[: len(marker) // 3 * 4]
    for label in (b"", b"RSA ", b"EC ", b"DSA ", b"OPENSSH ", b"ENCRYPTED ")
    for marker in (b"-----BEGIN " + label + b"PRIVATE KEY-----",)
)
"""How a private key begins in base64, as Kubernetes and cloud tools have it; certificates begin otherwise."""
_PRIVATE = b"PRIVATE KEY-----"
_ENCODED_WITHIN = tuple(
    b64encode(b" " * shift + _PRIVATE)[-(-shift * 4 // 3) : (shift + len(_PRIVATE)) // 3 * 4] for shift in range(3)
)
"""What comes right before one anywhere in what was encoded, as in the JSON of a service account."""
_QUERY = rb"(?:(?<=[?&, ;-])|(?<=\\u0026))"
"""Before the name of a query's parameter, or of one in a header."""

FORMS: tuple[Form, ...] = (
    _form("aws", b"AKIA", rb"[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _form("aws", b"ASIA", rb"[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _form("aws", b"ABIA", rb"[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _form("aws", b"ACCA", rb"[A-Z0-9]{16}(?![A-Za-z0-9])"),
    _form("jwt", b"eyJ", rb"[A-Za-z0-9_-]{10,8000}\.[A-Za-z0-9_-]{10,8000}(?:\.[A-Za-z0-9_-]{0,8000}){1,3}"),
    _form("google", b"AIza", rb"[A-Za-z0-9_-]{35}"),
    _form("telegram", b":AA", rb"[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])", before=rb"(?<=[0-9]{8})"),
    _form("azure", b"sig=", rb"(?P<secret>[A-Za-z0-9%+/_-]{40,100}={0,2})", before=_QUERY),
    _form("signature", b"Signature=", rb"(?P<secret>[A-Za-z0-9%+/_~-]{26,1000}={0,2})", before=_QUERY),
    _form("firebase", b":APA91b", rb"[\w-]{100,200}", before=rb"(?<=[\w-]{11})"),
    _form("alibaba", b"LTAI", rb"[A-Za-z0-9]{12,24}(?![A-Za-z0-9])"),
    _form("tencent", b"AKID", rb"(?=[A-Za-z]{0,20}[0-9])[A-Za-z0-9]{32}(?![A-Za-z0-9])"),
    _form("facebook", b"EAA", rb"(?=[A-Za-z]{0,40}[0-9])[A-Za-z0-9]{90,300}(?![\w-])"),
    _form("atlassian", b"ATCTT3", rb"[\w=-]{60,300}"),
    _form("crates", b"cio", rb"(?=[A-Za-z]{0,31}[0-9])[A-Za-z0-9]{32}(?![A-Za-z0-9])"),
    *(_form("private-key", encoded, rb"[A-Za-z0-9+/]{16,20000}={0,2}", before=b"") for encoded in _ENCODED_KEYS),
    *(_form("private-key", encoded, rb"[A-Za-z0-9+/_-]{16,20000}={0,2}", before=b"") for encoded in _ENCODED_WITHIN),
    _form("openai", b"T3BlbkFJ", rb"[A-Za-z0-9_-]{16,200}", before=rb""),
    _form("twilio", b"SK", rb"[0-9a-f]{32}(?![A-Za-z0-9])"),
    _form("databricks", b"dapi", rb"[a-f0-9]{32}(?![A-Za-z0-9])"),
    _form("atlassian", b"ATATT3", rb"[\w=-]{60,300}"),
    _form("bitbucket", b"ATBB", rb"[A-Za-z0-9]{28,40}"),
    _form("square", b"EAAA", rb"[\w-]{56,64}(?![\w-])"),
    _form("easypost", b"EZAK", rb"[A-Za-z0-9]{50,60}(?![\w-])"),
    _form("easypost", b"EZTK", rb"[A-Za-z0-9]{50,60}(?![\w-])"),
    _form("nuget", b"oy2", rb"(?=[a-z]{0,43}[0-9])[a-z0-9]{43}(?![\w-])"),
    _form("gitlab", b"GR1348941", rb"[\w-]{20}(?![\w-])"),
    _form("airtable", b"pat", rb"[A-Za-z0-9]{14}\.[a-f0-9]{64}(?![A-Za-z0-9])"),
    _form("artifactory", b"AKCp", rb"[A-Za-z0-9]{60,80}(?![\w-])"),
    _form("artifactory", b"cmVmdGtu", rb"[A-Za-z0-9]{50,60}(?![\w-])"),
    _form("aws", b"ABSK", rb"[A-Za-z0-9+/]{90,300}={0,2}"),
    _form("grafana", b"eyJrIjoi", rb"[A-Za-z0-9+/_-]{40,400}={0,2}"),
    _form("cloudflare", b"eyJhIjoi", rb"[A-Za-z0-9+/_-]{100,400}={0,2}"),
    _form("instagram", b"IGQV", rb"[A-Za-z0-9_-]{80,400}"),
    _form("instagram", b"IGAA", rb"[A-Za-z0-9_-]{80,400}"),
    _form("telnyx", b"KEY", rb"(?=[A-Za-z]{0,40}[0-9])[A-Z0-9]{1,4}[\w-]{48,60}(?![\w-])"),
    _form("salesforce", b"00D", rb"[A-Za-z0-9]{12,15}![\w.]{80,120}"),
    _form("openshift", b"sha256~", rb"[\w-]{43}(?![\w-])"),
    _form("kerberos", b"$krb5asrep$", rb"[\w$@.:*/-]{60,4000}"),
    _form("kerberos", b"$krb5tgs$", rb"[\w$@.:*/-]{60,4000}"),
    _form("xprv", b"xprv", rb"[A-Za-z0-9]{90,115}(?![A-Za-z0-9])"),
    _form("nostr", b"nsec1", rb"[a-z0-9]{58}(?![A-Za-z0-9])"),
    _form("azure", b"8Q~", rb"[\w~.-]{31,35}", before=rb"(?<=[\w~.-]{3})"),
    _form("azure", b"7Q~", rb"[\w~.-]{31,35}", before=rb"(?<=[\w~.-]{3})"),
    _form("twitch", b"oauth:", rb"[a-z0-9]{30}(?![A-Za-z0-9])"),
    _form("k3s", b"K10", rb"[a-f0-9]{40,70}::[\w-]{1,20}:[a-f0-9]{20,70}"),
)

PREFIX_SEPARATOR = re.compile(rb"[_\-.0:$+](?=[A-Za-z0-9_\-+/=%.|$]{16})")
"""Where a prefixed token may stand: a separator and a run long enough to be one."""

PREFIXES: dict[bytes, Form] = {
    prefix: _form(kind, prefix, rest) for kind, prefixes, rest in VENDORS for prefix in prefixes.split()
}
"""By prefix."""

PRIVATE_KEY_ANCHOR = b"-----BEGIN"
_PRIVATE_KEY_BEGIN = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_PRIVATE_KEY_END = re.compile(rb"-----END (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_PRIVATE_KEY_BODY = re.compile(rb"(?:[A-Za-z0-9+/=]|" + GAP + rb"|\\{1,15}u000[aAdD]|(?<=[A-Za-z]): |, |-(?!-))*")
_PRIVATE_KEY_LINE = re.compile(rb"(?<!\\)[A-Za-z0-9+/=]{16,200}")
"""Longer than the words of a sentence that only mentions a marker line, without the n of an escaped line end."""
_MAX_PRIVATE_KEY = 20_000
"""Bytes; an escaped 8192-bit RSA key takes under 8,000."""
_MAX_PUTTY_GAP = 80
"""Bytes from `Private-Lines` to the first line's sixteenth character."""
_MAX_LINE_GAP = 40
"""Bytes between two lines of a key: quotes, line numbers, a `+` of source code or of a diff."""


def private_key_spans(body: bytes, start: int) -> list[tuple[int, int]]:
    """What to replace of the private key that begins at `start`; empty when none begins there.

    A key in one run goes as a whole, cut off or not. One that is quoted or numbered line by line goes line by line,
    so that the quotes around the lines stay in balance.
    """
    begin = _PRIVATE_KEY_BEGIN.match(body, start)
    if begin is None:
        return []
    content = _PRIVATE_KEY_BODY.match(body, begin.end(), begin.end() + _MAX_PRIVATE_KEY)
    cut = begin.end() if content is None else content.end()
    if _PRIVATE_KEY_LINE.search(body, begin.end(), cut):
        end = _PRIVATE_KEY_END.match(body, cut)
        return [(start, cut if end is None else end.end())]
    return _private_key_lines(body, begin.end())


def _private_key_lines(body: bytes, start: int) -> list[tuple[int, int]]:
    limit = start + _MAX_PRIVATE_KEY
    marker = body.find(b"-----", start, limit)
    spans: list[tuple[int, int]] = []
    reached = start
    for line in _PRIVATE_KEY_LINE.finditer(body, start, limit if marker < 0 else marker):
        if line.start() - reached > _MAX_LINE_GAP:
            break
        spans.append(line.span())
        reached = line.end()
    return spans


def putty_key_spans(body: bytes, start: int) -> list[tuple[int, int]]:
    """What to replace behind `Private-Lines: 8`: line by line, as such a file has no marker at its end."""
    if _PRIVATE_KEY_LINE.search(body, start, start + _MAX_PUTTY_GAP) is None:
        return []
    return _private_key_lines(body, start)
