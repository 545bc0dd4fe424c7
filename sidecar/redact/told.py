r"""Values told beside a key word: `the api key is …`, `password for bob: …`, `token → …`, `Authorization: Bearer \ …`.

In prose anything may follow such a word, so the value itself must look drawn.
"""

import re
from functools import lru_cache

from sidecar.redact.keys import KEY_JOINS, word_of
from sidecar.redact.made_up import is_dotted_words, is_made_up, is_of_script
from sidecar.redact.places import key_before
from sidecar.redact.values import is_clear_password, is_hex, is_opaque, is_run, is_unlike_words, is_word_and_number

_QUOTE = rb"(?:\\{0,15}[\"'`])"
_VERB = rb"ist|lautet|est|es|jest|\xc3[\xa8\xa9\xa4]r?|\\{1,15}u00e[894]r?|er"
"""Of languages that say `password` and `token`, too."""
_PREPOSITION = rb"f(?:\xc3\xbc|\\{1,15}u00fc)r|vo[nm]|voor|van|pour|du|de|del|dell[ao]?|di|do|da|para|per|til|till|dla"
_TOLD = re.compile(
    rb"""
    (?=[ \t\r\n:="'`\\?])
    (?![ \t]{13})  # more than what follows can take, which without this is tried in a hundred ways: tables of results
    QUOTE? [?]?
    (?: [ ](?:for|of|FOREIGN)(?:[ '][\w@.\-\x80-\xff]{1,40}){1,5}? (?= [ ](?:is|was|VERB)[ :] | [ ]?[:=][ ])
      | (?:[ ](?:for|of|di|de|du|von|in|on)[ ][\w@.\-]{1,60}){0,2} ) (?:[ ]\([\w ]{1,20}\))? [ \t]{0,4}
    (?: (?:[ ][a-z]{1,15}){1,4} [ ]? :
      | (?:->|=>|[:=-]|\xe2\x80[\x93\x94]|\xe2\x86\x92|\\{1,15}u2192|\\{1,15}u201[34])
    )? [ \t]{0,4}
    (?:(?:is|was|of|as|to|value|VERB)(?=[ :]))? :? [ \t]{0,4} (?:[0-9][ ])?
    (?:(?:\\{0,31}\r?\n|\\{1,31}n){1,3}[ \t+]{0,20})? (?:QUOTE|\[)?
    (?P<secret> BYTE{8,400}+ (?!LETTER) | BYTE{0,60}+ (?: LETTER BYTE{0,60}+ ){1,20} )
    """.replace(b"QUOTE", _QUOTE)
    .replace(b"VERB", _VERB)
    .replace(b"FOREIGN", _PREPOSITION)
    .replace(b"BYTE", rb"[^\s\"'`\\,;<>(){}\[\]|\x00-\x1f]")
    .replace(b"LETTER", rb"\\{1,15}u(?:00[c-fC-F]|0[1-9a-fA-F][0-9a-fA-F]|[1-9a-dA-D][0-9a-fA-F]{2})[0-9a-fA-F]"),
    re.VERBOSE,
)
_SAID = re.compile(rb"[ ](?:is|was|" + _VERB + rb")[ ]{1,2}\\{0,15}[\"'`]?\Z|[:>][ ]{1,2}\Z|[\"'`]\Z")
_ALGORITHM = re.compile(rb"(?:sha|base|utf|md|aes|rsa|pbkdf|argon|bcrypt|scrypt|windows|ubuntu|python|oauth)[-_]?[0-9]")
_PASSWORD = re.compile(rb"(?:passw(?:or)?d|passphrase|passcode|pass|pwd|pw)\Z", re.IGNORECASE)
_KEY = re.compile(
    rb"(?P<word>(?i:token|secret|credential)|(?<=[0-9._\- ])(?i:key)|(?<=[A-Za-z0-9])K(?i:ey)|(?<=[._\-])(?i:pat)"
    rb"|(?<=[a-z])P(?:at|AT)|(?i:(?:" + b"|".join(KEY_JOINS) + rb")key))\Z"
)
"""As the look over the bytes sees it, too."""
_TELLING = re.compile(rb"(?:token|secret|credential|key|pat)\Z", re.IGNORECASE)
"""Every word of `_KEY`, whatever stands before it."""
_OPENER = re.compile(
    rb"(?:api|access|auth|secret|private|bearer|refresh|session|service|account|admin|client|license|deploy|bot"
    rb"|personal"
    rb"|signing|encryption|unseal|recovery|master|shared|storage|app|root|function"
    rb"|subscription)[ _\-]?(?:access[ _\-])?\Z",
    re.IGNORECASE,
)
_NAME = re.compile(
    rb"(?:public|verify|cache|checksum|pub|sort|primary|foreign|idempotency|websocket)[ _\-/]?\Z"
    rb"|from \Z",
    re.IGNORECASE,
)
_MAX_BEFORE = 30
_COMPOUND = re.compile(rb"[A-Za-z0-9][_-]|[a-z][A-Z]")
_DRAWN = re.compile(rb"[0-9!@#$%^&*+=?~]|[A-Z]{2}|[A-Z][a-z]{1,4}[A-Z]")
"""In everything drawn, and in few words."""


@lru_cache(maxsize=4096)  # the same few hundred keys come again and again, most of all the `PASSED` of test runners
def tells(key: bytes) -> bool:
    """Whether a key ends with a word behind which secrets are told."""
    return key != b"PASS" and (_PASSWORD.search(key) is not None or _TELLING.search(key) is not None)


def told_at(body: bytes, anchor_start: int, key_end: int) -> tuple[int, int] | None:
    """Where the secret stands that is told behind the key word whose anchor starts there and that ends there.

    None when nothing looks like one.
    """
    key_start = anchor_start - len(key_before(body, anchor_start))
    key = body[key_start:key_end]
    if not tells(key):
        return None
    found = _TOLD.match(body, key_end)
    if found is None or _DRAWN.search(found.group("secret")) is None:
        return None
    value = found.group("secret").rstrip(b".,;:")
    start = found.start("secret")
    if key == b"pass" and body[key_end:start].isspace() and is_dotted_words(value):
        return None  # of a module, to whatever takes it
    if _PASSWORD.search(key):
        is_secret = is_told_password(value) or is_hex(value) or _is_said(body, key_end, start, value)
        return (start, start + len(value)) if is_secret else None
    word = _KEY.search(body, max(0, key_start - 1), key_end)
    if word is None:
        return None
    if _COMPOUND.search(key) and word_of(key) is None:
        return None  # `next_page_token`
    before = body[max(0, key_start - _MAX_BEFORE) : key_start] + body[key_start : word.start()]
    if _NAME.search(before):
        return None
    is_secret = is_opaque(value) or (
        (word.group()[-3:].lower() != b"key" or _OPENER.search(before) is not None) and (is_hex(value) or is_run(value))
    )
    return (start, start + len(value)) if is_secret else None


def _is_said(body: bytes, key_end: int, start: int, value: bytes) -> bool:
    """Whether a verb leads to a word with a number, or to what is of no word in letters of another script."""
    if _SAID.search(body, key_end, start) is None or _ALGORITHM.match(value):
        return False
    return is_word_and_number(value) or is_made_up(value) or (not value.isascii() and is_clear_password(value))


def may_be_told(body: bytes, key_start: int, key_end: int) -> bool:
    """Whether the key word between these may be followed by a told secret, whatever bytes run on behind it."""
    if not tells(body[key_start:key_end]):
        return False
    found = _TOLD.match(body, key_end)
    return found is not None and _DRAWN.search(found.group("secret")) is not None


def is_told_password(value: bytes) -> bool:
    """Whether `value` is a password where any word may stand: with a sign in it, or in no order."""
    if is_of_script(value) or is_dotted_words(value):
        return True
    has_sign = any(byte in b"!@#$%^&*+=?~" for byte in value)
    return is_opaque(value) or (is_clear_password(value) and (has_sign or is_unlike_words(value)))
