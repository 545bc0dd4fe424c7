"""Passwords as people make them up, in any script: words, joined or not, and a number, perhaps with a sign behind it.

Names of hosts, versions and members in code are made so, too. What is asked of a value depends on where it stands.
"""

import re

from sidecar.redact.stand_ins import is_placeholder

_ESCAPED_LETTER = re.compile(rb"\\{1,15}u(?=[0-9a-fA-F]{4})(?!00[01])")
_MADE_UP = re.compile(r"(?:[^\W\d_]{2,24}[-_.+&]{0,2}){1,5}+[0-9]{2,8}[!?#&*$@.+]{0,3}")
_DOTTED = re.compile(r"[^\W\d_]{3,20}(?:\.[^\W\d_]{3,20}){1,3}[-_]?[0-9]{2,8}[!?#&*$@+]{0,3}")
_DOTTED_MIXED = re.compile(r"(?=(?:.*[0-9]){3})(?=.*[A-Z])(?=.*[a-z])[A-Za-z]\w{2,20}\.\w{2,20}[0-9][!?#&*$@+]{0,3}")
_JOINED = re.compile(
    r"(?=.*[A-Z])(?=.*[a-z])(?=.*[-_]|.*\.[0-9])[^\W\d_]{2,24}(?:[-_.][^\W\d_]{1,24}){0,4}"
    r"(?:[-_.]?[0-9]{1,8}(?:\.[0-9]{1,4})?[!?#&*$@+]{0,3}|[-_.]0x[0-9a-fA-F]{2,8})"
)
"""Words joined by signs, one with a capital, and a number, be it of one digit: `Toast_Butter_6`."""
_HOLDING = re.compile(rb"[A-Za-z]{2,24}(?:_[A-Za-z]{2,24}){0,3}_?[0-9]{1,8}(?:_[A-Za-z]{2,24}){1,3}[!?#&*$@+]{0,3}")
"""With the number within."""
_OWNER = re.compile(
    r"(?:self|this|cls|that|it|config\w*|conf|cfg|settings?|options?|opts|args|params?|process|env\w*|os|user|users"
    r"|account|request|req|res|response|form|forms|data|props|state|event|ctx|context|secrets?|values?|vars?|local"
    r"|module|input|inputs|body|item|row|obj|test|tests|app|auth|login|password|passwords|client|server|db|system"
    r"|errors?|messages?|i18n|labels?|fields?|keys?|tokens?|credentials?|creds|vault|package|org|com|net|java)\.",
    re.IGNORECASE,
)
"""Of members, in code, and of messages."""
_ALGORITHM = re.compile(
    rb"(?:[\w.-]{1,40}[-_.])?(?:sha|pkcs|aes|rsa|md|base|bcrypt|scrypt|scram|argon|oauth|utf"
    rb"|hs|rs|es|hmac|ecdsa|ed|rfc|iso|pbkdf|tls|ssl|http|windows"
    rb"|python|ubuntu|debian|postgres(?:ql)?|mysql|java|node|php|nist|fips|totp|otp|crypt|chacha|poly|blake|des|ascii"
    rb"|latin|win|x|v|version|issue|ticket|bug|gh|pr|cve|cwe|step|line|page|row|item|test|case|user|host|port|level"
    rb"|section|chapter|type|utf-|day|week|year|q|fy|build|release|node|server|worker|db|vm|ip|field|column|option)"
    rb"[-_ #]?[0-9.]+(?![A-Za-z0-9]{3})[!?.]?",
    re.IGNORECASE,
)
_CONSTANT = re.compile(rb"[A-Z0-9]+(?:[_-][A-Z0-9]+)*")
_MIN_LETTERS = 5


def is_made_up(value: bytes) -> bool:
    """Whether `value` is words and a number: for where only a password may stand, or what a verb leads to."""
    is_numbered = value.rstrip(b"!?#&*$@.+")[-1:].isdigit() or b"0x" in value[-10:]
    if not is_numbered or _is_name(value):
        return False
    text = _read(value)
    if text is None or _OWNER.match(text) or is_placeholder(value):
        return False
    if _MADE_UP.fullmatch(text) is None and _JOINED.fullmatch(text) is None:
        return False
    return sum(map(str.isalpha, text)) >= (_MIN_LETTERS if text.isascii() else 3)


def is_joined(value: bytes) -> bool:
    """Whether `value` is made up of words that underscores join, one with a capital: where names of code may stand."""
    if b"_" not in value or value.lower() == value or value.upper() == value:
        return False
    return is_made_up(value) or (_HOLDING.fullmatch(value) is not None and not is_placeholder(value))


def is_dotted(value: bytes) -> bool:
    """Whether `value` is words joined by dots and a number of two digits or more: `Gatito.negro309`."""
    if b"." not in value:
        return False
    text = _read(value)
    if text is None or _OWNER.match(text):
        return False
    return _DOTTED.fullmatch(text) is not None or _DOTTED_MIXED.fullmatch(text) is not None


def is_dotted_words(value: bytes) -> bool:
    """As `is_dotted`, of a capital and of words alone: where modules of code may stand, too."""
    text = _read(value) if b"." in value and value.lower() != value else None
    return text is not None and _DOTTED.fullmatch(text) is not None and _OWNER.match(text) is None


def is_of_script(value: bytes) -> bool:
    """Whether `value` is made up in another script than the Latin one: nothing else ends in a number there."""
    text = _read(value)
    return text is not None and not text.isascii() and any(one > "\u036f" for one in text) and is_made_up(value)


def _is_name(value: bytes) -> bool:
    return _ALGORITHM.fullmatch(value) is not None or _CONSTANT.fullmatch(value) is not None


def _read(value: bytes) -> str | None:
    """As text, its letters no longer escaped; None if it is none."""
    try:
        if b"\\" in value:
            value = _ESCAPED_LETTER.sub(rb"\\u", value)
            return value.decode("ascii").encode().decode("unicode_escape")
        return value.decode()
    except UnicodeError:
        return None
