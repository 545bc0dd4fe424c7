"""Whether a value that stands beside a key word is a secret: not a placeholder, not code, not words."""

import itertools
import math
import re
from collections import Counter

from sidecar.redact.stand_ins import is_placeholder

_CODE = re.compile(
    rb"""
      [@$*&+~]{0,2}[A-Za-z_]\w*(?:(?:[?!]?\.\#?|::|[?]?->)[A-Za-z_]\w*)+ ;?  # config.token, Self::token, @user?.token
    """,
    re.VERBOSE | re.DOTALL,
)
_ENVIRONMENT_READ = re.compile(rb"process\.env|os\.environ|getenv|ENV\[|import\.meta|secrets\.[A-Z]")
_ADDRESS = re.compile(
    rb"0x[0-9a-fA-F]{1,16}|(?:~|\.{0,2})/.*|[A-Za-z]:\\.*|[a-z][a-z0-9+.\-]*://.*|arn:.*|[\w./\-]+\.(?:md|py|js|ts|json|ya?ml|txt|pem|key|crt|env|toml)",
    re.DOTALL,
)
_NAME = re.compile(rb"[a-z]++(?:[-_.:/][a-z]++|[-_.:/]?v?\d++(?:\.\d++)*+)*+|[A-Z]+(?:_[A-Z0-9]+)+|v?\d+(?:\.\d+)*")
"""A name as people make them: words and numbers; `my-app-v2`, `API_KEY`, `2.1.330`. Nothing once matched is given
back: digits can be told apart in one way only, and to try others took a second for two long numbers."""
_PASSPHRASE = re.compile(rb"[a-z]{4,20}(?:[-_ ][a-z]{4,20}){2,7}[-_ ][0-9]{2,6}")
_WORDS_AND_NUMBER = re.compile(
    rb"(?=[a-z_-]{0,40}[A-Z])[A-Za-z][a-z]{2,20}(?:[_-][A-Za-z][a-z]{1,20}){0,3}[_-]?[0-9]{2,8}(?:[_-][A-Z][a-z]{2,20})?[!?]?"
)
"""As people make them up: `Mango_harvest45`."""
_WORD_AND_NUMBER = re.compile(r"(?:[^\W\d_]{4,20}[-_]?){1,3}+[0-9]{2,8}[!?]?")
_WORD = re.compile(rb"[A-Z]?[a-z]+|[A-Z]+")
_LONG_RUN = re.compile(rb"(?=[a-z]*[0-9])[a-z0-9]{24,}|(?=[A-Z]*[0-9])[A-Z0-9]{24,}")
"""Longer than a word and its number."""
_IDENTIFIER = re.compile(rb"[A-Za-z_]\w*")
_INTERLEAVED = re.compile(rb"[A-Za-z]\d+[A-Za-z]|\d[A-Za-z]+\d")
_ESCAPED_LETTER = re.compile(
    rb"\\{1,15}u(?:00[c-fC-F][0-9a-fA-F]|0[1-9a-fA-F][0-9a-fA-F]{2}|[1-9a-dA-D][0-9a-fA-F]{3})"
)
_RUN = re.compile(rb"(?:[a-z]{2,8}[_-])?[A-Za-z0-9]{16,}={0,2}")
_HEX_PARTS = re.compile(rb"(?=[0-9a-f-]{32,100}\Z)[0-9a-f]{8,}(?:-[0-9a-f]{4,}){1,6}")
_SETTING = re.compile(rb"[a-z_]{2,30}=[0-9]{0,6}")
"""Another key with its number."""
_DIGIT_PAIR = re.compile(rb"[0-9].*[0-9]")
_DIGEST = re.compile(rb"\A(?:sha|SHA|md|MD)[0-9]{1,3}[:=-]|(?<![A-Za-z0-9])[0-9a-f]{32,}(?![A-Za-z0-9])")
_HEX = re.compile(rb"[0-9a-f]+|[0-9A-F]+")
_SYMBOLS = re.compile(rb"[!@#$%^&*+=?~]")


def is_reference(value: bytes) -> bool:
    """Whether `value` says where something is: code, a pointer, a path or a URL."""
    if _ENVIRONMENT_READ.search(value):
        return True
    if _CODE.fullmatch(value):
        return not any(_is_drawn_part(part) for part in re.split(rb"\W+", value))
    if value[:1] == b"/" and value[-1:] == b"=":
        return False  # base64 may begin with a slash
    return _ADDRESS.fullmatch(value) is not None


def _is_drawn_part(part: bytes) -> bool:
    if len(part) >= 16:
        return _is_drawn(part)
    return len(part) >= 7 and _is_mixed(part) and _DIGIT_PAIR.search(part) is not None


def is_random(value: bytes) -> bool:
    """Whether `value` looks drawn at random: letters and digits mixed, and more than names have of both."""
    if b"\\u" in value:
        value = _ESCAPED_LETTER.sub(b"", value)
    if len(value) < 8 or b" " in value or (_NAME.fullmatch(value) and _LONG_RUN.search(value) is None):
        return False
    has_digit = any(48 <= byte <= 57 for byte in value)
    has_letter = any(byte | 32 in range(97, 123) for byte in value)
    if has_digit and has_letter:
        return _entropy(value) >= 2.5
    # words in camelCase change case once a word, letters drawn at random every other time
    changes = sum((left ^ right) & 32 for left, right in itertools.pairwise(value)) // 32
    return len(value) >= 12 and value.isalpha() and changes * 3 >= len(value)


def _is_drawn(value: bytes) -> bool:
    """Whether small letters, capitals and digits change as often as at random, not at the words of a long name."""
    kinds = [0 if byte < 58 else 1 if byte < 95 else 2 for byte in value]
    return sum(left != right for left, right in itertools.pairwise(kinds)) * 20 >= len(value) * 7


def is_password(value: bytes) -> bool:
    """Whether `value`, quoted beside a word for password, is one."""
    if len(value) < 4 or b"\n" in value:
        return False
    if b" " in value:
        value = _ESCAPED_LETTER.sub(b"", value)
        return _has_digit_or_symbol(value) and value.count(b" ") < 6 and not value.endswith((b".", b":", b"?"))
    letters = _ESCAPED_LETTER.sub(b"", value)
    if letters.decode("utf-8", "replace").isalpha() and not (letters == value and value.isascii()):
        return False  # the word for password in another language
    if _WORD.fullmatch(value):
        # one word is as often a label as a password: labels are short or capitalised
        return len(value) >= 8 and value.islower()
    return not (_NAME.fullmatch(value) and not any(48 <= byte <= 57 for byte in value))


def is_clear_password(value: bytes) -> bool:
    """Whether `value` is a password wherever it stands: letters and digits, and more than names have of both."""
    if not 6 <= len(value) <= 200 or b"|" in value or b" " in value or _NAME.fullmatch(value) or is_placeholder(value):
        return False
    if _SETTING.fullmatch(value):
        return False
    has_digit = any(48 <= byte <= 57 for byte in value)
    has_letter = any(byte | 32 in range(97, 123) for byte in value)
    is_name = _IDENTIFIER.fullmatch(value) is not None and b"_" in value and _WORDS_AND_NUMBER.fullmatch(value) is None
    is_signed = len(_SYMBOLS.findall(value)) >= 2 and value.lower() != value and value.upper() != value
    is_drawn = (has_digit and has_letter) or (is_signed and len(value) >= 8) or _is_of_drawn_letters(value)
    return is_drawn and not is_name and not is_reference(value)


def is_passphrase(value: bytes) -> bool:
    """Whether `value` is some words and a number, as people are told to make up."""
    return _PASSPHRASE.fullmatch(value) is not None and not is_placeholder(value)


def is_worded(value: bytes) -> bool:
    """Whether `value` is a capitalised word or some, and a number: passwords are made up so, names in code are not."""
    return _WORDS_AND_NUMBER.fullmatch(value) is not None and not is_placeholder(value)


def is_word_and_number(value: bytes) -> bool:
    """Whether `value` is words of any script and a number, as algorithms and versions are, too."""
    letters = _ESCAPED_LETTER.sub(lambda escape: chr(int(escape.group()[-4:], 16)).encode("utf-8", "replace"), value)
    return _WORD_AND_NUMBER.fullmatch(letters.decode("utf-8", "replace")) is not None and not is_placeholder(value)


def _is_of_drawn_letters(value: bytes) -> bool:
    """Letters alone, with more capitals than the words of a name begin with."""
    capitals = sum(65 <= byte <= 90 for byte in value)
    changes = sum((left ^ right) & 32 for left, right in itertools.pairwise(value)) // 32
    total = len(value)
    return total >= 12 and value.isalpha() and total <= 4 * capitals <= 3 * total and changes * 10 >= total * 3


def is_bare_password(value: bytes) -> bool:
    """Whether `value`, unquoted in a place where code may stand, is a password."""
    if len(value) < 6 or not (_has_digit_or_symbol(value) or (is_random(value) and _is_drawn(value))):
        return False
    if value.isdigit():
        return True
    return (
        _IDENTIFIER.fullmatch(value) is None
        or _INTERLEAVED.search(value) is not None
        or b"_" not in value
        or _is_mixed(value)
    )


def is_unlike_words(value: bytes) -> bool:
    """Whether `value` is random, and not in the way that versions, file names and test ids are."""
    if not is_random(value):
        return False
    has_upper = any(65 <= byte <= 90 for byte in value)
    has_lower = any(97 <= byte <= 122 for byte in value)
    return (has_upper and has_lower) or _SYMBOLS.search(value) is not None or len(value) >= 24


def is_opaque(value: bytes) -> bool:
    """Whether `value` can hardly be anything but drawn: small letters, capitals and digits in no order, or much hex."""
    if len(value) < 16 or not is_random(value) or is_placeholder(value) or is_reference(value):
        return False
    if _DIGEST.search(value):
        return False  # of what the rest of it names
    return _is_mixed(value)


def _is_mixed(value: bytes) -> bool:
    """Small letters, capitals and digits in no order."""
    kinds = ((48, 57), (65, 90), (97, 122))
    return all(any(low <= byte <= high for byte in value) for low, high in kinds) and _is_drawn(value)


def is_run(value: bytes) -> bool:
    """Whether `value` is one long run of letters and digits, as keys are and names are not, even if typed by hand."""
    return _RUN.fullmatch(value) is not None and is_random(value) and _DIGIT_PAIR.search(value) is not None


def is_uuid(value: bytes) -> bool:
    """Whether `value` is a UUID, or of such parts in hex; most are names."""
    return _HEX_PARTS.fullmatch(value) is not None


def is_hex(value: bytes) -> bool:
    """Whether `value` is a key or a digest in hex."""
    return len(value) in (32, 40, 48, 64, 96, 128) and _HEX.fullmatch(value) is not None and is_random(value)


def is_vendor_key(value: bytes) -> bool:
    """Whether `value` beside a key of somebody unknown is what opens something, not what names a row or a file."""
    return is_opaque(value) or is_hex(value) or is_run(value) or is_uuid(value)


def is_bare_token(value: bytes) -> bool:
    """Whether `value`, unquoted in a place where code may stand, is a token or key."""
    if not is_random(value):
        return False
    return _IDENTIFIER.fullmatch(value) is None or b"_" not in value or len(value) >= 20


def _has_digit_or_symbol(value: bytes) -> bool:
    return any(48 <= byte <= 57 for byte in value) or _SYMBOLS.search(value) is not None


def _entropy(value: bytes) -> float:
    """Shannon entropy, bits per byte."""
    total = len(value)
    return -sum(count / total * math.log2(count / total) for count in Counter(value).values())
