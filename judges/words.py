"""Words of a model: on one line, and whether they are English."""

import re

_LEAST_ENGLISH = 0.12
"""Share of the words below among all words; in plain English it is a quarter, in other languages near 0."""
_ENGLISH = frozenset(
    {
        *("the", "of", "to", "and", "is", "are", "was", "were", "it", "its", "that", "this", "not", "with", "for"),
        *("by", "but", "on", "because", "when", "which", "does", "has", "have", "be", "as", "from", "never", "do"),
    }
)
_ENGLISH_STARTS = ("never ", "do not ", "don't ")
"""How a lesson begins; what follows may name so many things that few small words are left."""
_FEW_WORDS = 6
"""A shorter text may do without any of them."""


def plain(text: str) -> str:
    """Text of others on one line, without characters that do not print."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def is_english(text: str) -> bool:
    """Whether a text is English, as far as its small words and letters tell."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    foreign = sum(not word.isascii() for word in words)
    if foreign * 4 > len(words):
        return False
    if len(words) < _FEW_WORDS or text.lower().startswith(_ENGLISH_STARTS):
        return True
    return sum(word in _ENGLISH for word in words) >= _LEAST_ENGLISH * len(words)
