"""Texts in other languages: there is no grammar for them, so each token is a neutral word or an existing path."""

from sidecar.gate.languages import foreign_insinuations, unknown_words
from sidecar.gate.parts import Part
from sidecar.gate.slots import Token


def is_foreign(tokens: list[Token]) -> bool:
    """Whether most words of a text are of no English sentence."""
    words = [
        token.text for token in tokens if token.part is not Part.COMMA and not token.is_break and not token.is_quoted
    ]
    unknown = sum(token.part is Part.UNKNOWN and token.reason is None for token in tokens if not token.is_break)
    has_letters_beyond_ascii = any(not word.isascii() for word in words)
    return unknown > 0 and (has_letters_beyond_ascii or unknown * 2 > len(words))


def foreign_reasons(tokens: list[Token]) -> list[str]:
    """What a text in another language cannot be accounted for; empty when it is all neutral."""
    reasons = [token.reason for token in tokens if token.reason is not None]
    words: list[str] = []
    for token in tokens:
        if token.is_break or token.part in (Part.COMMA, Part.NUMBER) or token.reason is not None:
            continue
        if token.part in (Part.COMMAND, Part.FAILING_COMMAND, Part.TEST_PATH):
            reasons.append(f"needs a human author: {token.text!r} in a language whose negations cannot be read")
        elif not (token.is_quoted and token.part in (Part.PATH, Part.LITERAL, Part.TOOL)):
            words.append(token.text)
    reasons += [f"needs a human author: {meaning}" for meaning in foreign_insinuations([t.text for t in tokens])]
    unknown = unknown_words(words)
    if unknown:
        listed = ", ".join(repr(word) for word in unknown)
        reasons.append(f"needs a human author: no convention is known with the words {listed}")
    return reasons
