"""Encodings: no blob, no letters apart, no shifted alphabet; a rule is readable as it stands."""

import re

_BLOB = re.compile(
    r"(?=[A-Za-z0-9+/_-]*\d)(?=[A-Za-z0-9+/_-]*[A-Z])(?=[A-Za-z0-9+/_-]*[a-z])[A-Za-z0-9+/_-]{24,}={0,2}"
)
_HEX = re.compile(
    r"\b(?:0x)?[0-9a-fA-F]{16,}\b|(?:\b[0-9a-fA-F]{2}\b(?:[\s:]|$)){5,}|(?:\b\d{2,3}\b[\s,]+){3}\d{2,3}\b"
)
_APART = re.compile(r"(?<!\w)(?:[^\W\d_][\s.\-_*·|/]{1,2}){3,}[^\W\d_](?!\w)")
_LEET = re.compile(r"\b(?=\w*[a-z])(?=\w*[013457@$])(?:[a-z]+[013457@$]+){2,}[a-z]*\b", re.IGNORECASE)
_MORSE = re.compile(r"(?:[.\-]{1,6}[ /]){5,}")
_CIPHER = re.compile(
    r"\brot-?\d+|\bbase-?(?:16|32|58|64|85)\b|\bdecode\b|\bdecipher|\bunhex|\bcaesar\b|\bbackwards\b|\breversed\b"
)


def encoding_reasons(text: str) -> list[str]:
    """Why `text` looks encoded; empty when it does not."""
    reasons: list[str] = []
    if _BLOB.search(text) or _HEX.search(text):
        reasons.append("encoding: a long run of letters and digits is no word; write plain text")
    if _APART.search(text) or _MORSE.search(text):
        reasons.append("encoding: letters stand apart; write plain words")
    if _CIPHER.search(text.lower()) or _LEET.search(text):
        reasons.append("encoding: the text speaks of, or looks like, an encoding")
    return reasons
