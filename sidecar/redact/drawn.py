"""Whether letters and digits are drawn: as digits fall among letters, and letters beside letters, in no language.

`values.is_opaque` needs both cases and digits; keys of one case, and of letters alone, are told from words here.
"""

import itertools
import re

from sidecar.redact.stand_ins import is_placeholder
from sidecar.redact.values import is_hex, is_opaque, is_reference, is_uuid

_FOLLOWERS = {
    "a": "abcdefgiklmnprstuvy",
    "b": "abcdefilorsu",
    "c": "abcdefhiklorstu",
    "d": "abcdefilorsu",
    "e": "abcdefgilmnopqrstuvwxy",
    "f": "abcdefiloru",
    "g": "aeghilnorsu",
    "h": "aeiortu",
    "i": "abcdefglmnoprstvz",
    "j": "ae",
    "k": "aeis",
    "l": "adeilostuy",
    "m": "abeilmopsu",
    "n": "acdefgiklmnoprstuv",
    "o": "abcdfgiklmnoprstuvw",
    "p": "aehiloprstuy",
    "q": "u",
    "r": "abcdegiklmnoprstuvy",
    "s": "acehiklopstuwy",
    "t": "acehilmoprstuy",
    "u": "abcdegilmnprst",
    "v": "aeio",
    "w": "aeio",
    "x": "eptx",
    "y": "pst",
    "z": "ae",
}
"""What follows each letter in four of five pairs of letters in words of English and of code (60,916 words)."""
_USUAL = frozenset((ord(first), ord(second)) for first, seconds in _FOLLOWERS.items() for second in seconds)
_HEX_RUN = re.compile(rb"(?:[0-9a-f]+|[0-9A-F]+)\Z")
_LIKE_UUID = re.compile(rb"(?=(?:[a-z-]*[0-9]){5})[0-9a-z]{8}-(?:[0-9a-z]{4}-){3}[0-9a-z]{12}")
_DIGITS_APART = re.compile(rb"[0-9][^0-9]+[0-9]")
"""In nearly every key, and in few names of classes."""
_SMALL_PART, _CAPITAL_PART = rb"(?=[a-z]*[0-9])[a-z0-9]{4,16}", rb"(?=[A-Z]*[0-9])[A-Z0-9]{4,16}"
_JOINED = re.compile(
    rb"(?=[a-f0-9-]*[g-z])(?:%b-){2,7}%b|(?=[A-F0-9-]*[G-Z])(?:%b-){2,7}%b"
    % (_SMALL_PART, _SMALL_PART, _CAPITAL_PART, _CAPITAL_PART)
)
"""Parts of letters and digits, not of hex alone."""
_PARTS = re.compile(rb"[-_.]")
_SORTED_ID = re.compile(rb"01[0-9A-HJKMNP-TV-Z]{24}|01[0-9a-hjkmnp-tv-z]{24}")
"""A ULID of these years: it names a row."""
_MIN_RUN = 16
_MIN_PAIRS = 11


def is_drawn_run(value: bytes) -> bool:
    """Whether `value` is a long run that is drawn, of one case or of both; hex is not, since digests are hex, too."""
    if _SORTED_ID.fullmatch(value):
        return False
    if is_opaque(value) and _DIGITS_APART.search(value):
        return True
    if _JOINED.fullmatch(value) and not is_uuid(value) and _has_scattered_digits(value.replace(b"-", b"")):
        return True
    longest = max(_PARTS.split(value), key=len)
    if len(longest) < _MIN_RUN or _HEX_RUN.match(longest) or is_placeholder(value) or is_reference(value):
        return False
    return _has_scattered_digits(longest) or _is_unpronounceable(longest)


def is_drawn_key(value: bytes) -> bool:
    """As `is_drawn_run`, or a key in hex or a UUID: for what stands right beside a word that says so."""
    return is_drawn_run(value) or is_hex(value) or is_uuid(value) or _LIKE_UUID.fullmatch(value) is not None


def is_of_drawn_letters(value: bytes) -> bool:
    """Whether `value` is a long run of letters alone, and no words."""
    return len(value) >= _MIN_RUN and value.isalpha() and _is_unpronounceable(value)


def _is_unpronounceable(value: bytes) -> bool:
    # letters follow each other as in no word
    pairs = [pair for pair in itertools.pairwise(value.lower()) if pair[0] >= 97 and pair[1] >= 97]
    unusual = sum(pair not in _USUAL for pair in pairs)
    return len(pairs) >= _MIN_PAIRS and unusual * 100 >= 42 * len(pairs)


def _has_scattered_digits(value: bytes) -> bool:
    changes = sum((47 < left < 58) != (47 < right < 58) for left, right in itertools.pairwise(value))
    return len(value) >= 20 and changes * 100 >= 22 * len(value)
