"""Secrets known by what they are kept in: printed files of keys, Terraform's state, salts of WordPress and others."""

import re

from sidecar.redact.phrase import Phrase, each, phrase
from sidecar.redact.values import is_hex, is_opaque

_LINE_END = rb"(?:(?:\\{1,15}r|\r)?(?:\n|\\{1,15}n))"
_NAMES = (b"key", b"token", b"secret", b"password", b"passwd")
_FILE = (
    rb"(?:\.(?:key|pem|token|secret|jwt)|(?:[/.]|cat[ ])[\w.\-]{0,40}(?<![A-Za-z0-9])"
    rb"(?:key|token|secret|passw(?:or)?d|secret_key_base))"
)
_PRINTED = rb"(?:\.txt)?QUOTE?:?(?:[*]{2})?(?:;[ ]?echo|[ ](?:<==|&&[ ]echo|\|[ ]head(?:[ ]-\w{1,4})?))?"
"""Behind the name of a file: a colon, the marks of `head` and `tail`."""
_SALTS = (
    rb"hash_salt passwordsalt(?:main)? cookie_?salt session_?salt secret_?salt security_?salt jwt_?salt"
    rb" app_?salt auth_?salt encryption_?salt"
).split()
"""Of which there is one in an installation, not one for each password."""
_STAND_IN = re.compile(rb"\$\{|[<(][a-z ]+[>)]|\[REDACTED|\*{3}|.{0,40}phrase")
_NOT_LETTER = re.compile(rb"[^A-Za-z]")


def _is_key(value: bytes) -> bool:
    # forty digits are more often a commit
    return (is_hex(value) and len(value) != 40) or is_opaque(value)


def _is_generated(value: bytes) -> bool:
    return _NOT_LETTER.search(value) is not None and _STAND_IN.match(value) is None


def _is_salt(value: bytes) -> bool:
    # drawn from all signs, one may hold what elsewhere marks a stand-in
    kinds = sum(any(low <= byte <= high for byte in value) for low, high in ((48, 57), (65, 90), (97, 122)))
    return kinds == 3 and len(set(value)) >= 12 and _STAND_IN.match(value) is None


KEPT: tuple[Phrase, ...] = (
    phrase(
        "key:file",
        _FILE
        + _PRINTED
        + rb"LINE_END{1,2}(?:QUOTE{3}\w{0,8}LINE_END)?"
        rb"[ \t]{0,8}(?:[0-9]{1,3}(?:\t|\\{1,15}t|\xe2\x86\x92|[ ]*[:|][ ]))?(?P<secret>[\w+/=.\-]{16,400})".replace(
            b"LINE_END", _LINE_END
        ),
        _is_key,
        behind=rb"(?=[ \t]{0,4}(?:[\r\n\"'`<]|\\{1,15}[rn\"]|\Z))",
        signs=each(
            rb"%b(?:\.txt)?[\"'`:* \\<=|;&]{0,12}(?:head[ \w-]{0,6}|echo|\\r|\r)?(?:\n|\\n)",
            (
                *(mark + word for mark in (rb"\.", b"/", b"_", b"-", b" ") for word in _NAMES),
                *(rb"\.pem", rb"\.jwt", b"secret_key_base"),
            ),
        ),
    ),
    phrase(
        "password:resource",
        rb"random_(?:password|string|bytes)(?:(?!random_|resource)[^\x00]){1,1200}?"
        rb"[ \t\"n](?:result|base64|hex)QUOTE?[ \t]{0,12}[:=][ \t]{0,4}(?P<mark>\\{0,15}[\"'])"
        rb"(?P<secret>(?:(?!(?P=mark))[^\n]){8,200})(?P=mark)",
        _is_generated,
        is_caseless=False,
        signs=each(b"random_%b", (b"password", b"string", b"bytes")),
        reach=1600,
    ),
    phrase(
        "key:salt",
        rb"(?:AUTH|LOGGED_IN|NONCE)_(?:KEY|SALT)QUOTE?[ \t]{0,20}(?:,|=>?|:)[ \t]{0,20}(?P<mark>\\{0,15}[\"'])"
        rb"(?P<secret>(?:(?!(?P=mark))[^\n]){16,200})(?P=mark)",
        _is_salt,
        is_caseless=False,
        signs=each(rb"%b_%b[\\\"']*[ \t]*[,=:]", (b"AUTH", b"LOGGED_IN", b"NONCE"), (b"KEY", b"SALT")),
    ),
    phrase(
        "key:salt of site",
        rb"(?:" + b"|".join(_SALTS) + rb"|secret_key_base|blowfish_secret|_COOKIE_KEY_"
        rb"|crypt[\"'][ ]?=>[ ]?\[(?:\s|\\{1,15}n){0,40}[\"']key)"
        rb"QUOTE?\]?[ \t]{0,20}(?:,|=>?|:)[ \t]{0,20}QUOTE?(?P<secret>[^\"'`\s\\]{16,200})",
        lambda value: _is_salt(value) or is_hex(value),
        signs=(
            rb"crypt[\"'][ ]?=>",
            *each(rb"%b[\"'\\\] \t]*[,=:]", (*_SALTS, b"secret_key_base", b"blowfish_secret", b"_COOKIE_KEY_")),
        ),
    ),
)
