"""How alike two rules or lessons are in their words; cheap, without a model.

Words alone cannot decide: of hand-made rules the contradictions scored highest (0.78 to 0.98) and true paraphrases as
low as 0.12, whatever the measure (2026-11). So this only finds what a model should compare; the one thing it decides is
that two texts are the same but for their small words and endings.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from math import log, sqrt
from typing import TypeVar

_T = TypeVar("_T")

Weights = Mapping[str, float]

_LITERAL = re.compile(r"`([^`]+)`")
_PATH = re.compile(r"(?:[\w.*-]+/)+[\w.*-]*|\b[\w-]+\.[a-z]{1,4}\b")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_WORD = re.compile(r"[^\W\d_]+")
_NEGATIONS = frozenset({"not", "never", "no", "without", "don", "avoid", "nor", "cannot", "instead", "rather", "than"})
_SMALL_WORDS = frozenset(
    {
        *("a", "an", "the", "of", "in", "to", "for", "and", "or", "as", "is", "are", "be", "with", "it", "its", "this"),
        *("that", "on", "by", "at", "from", "into", "do", "does", "t", "use", "used", "using", "always", "must"),
        *("should", "when", "you", "they", "them", "their", "there", "here", "any", "every", "each", "one"),
    }
)
_SHORTEST_STEM = 3


def key_words(text: str) -> frozenset[str]:
    """Stems of the words that carry a text's meaning; paths and commands count word by word."""
    words = _WORD.findall(text.lower())
    return frozenset(_stem(word) for word in words if word not in _SMALL_WORDS and word not in _NEGATIONS)


def is_same_rule(one: str, other: str) -> bool:
    """Whether two rules differ in small words and endings only: the same literals, numbers, denials and key words,
    in the same order."""
    return _skeleton(one) == _skeleton(other)


def word_weights(texts: Iterable[frozenset[str]]) -> Weights:
    """How much each word tells among these texts: rare words much, words of every text nothing but a little."""
    every = list(texts)
    counts: dict[str, int] = {}
    for words in every:
        for word in words:
            counts[word] = counts.get(word, 0) + 1
    return {word: log(1 + len(every) / count) for word, count in counts.items()}


def likeness(one: frozenset[str], other: frozenset[str], weights: Weights) -> float:
    """Cosine of two sets of words, 0 to 1; words without a weight count 1."""
    if not one or not other:
        return 0.0
    shared = sum(weights.get(word, 1.0) ** 2 for word in one & other)
    return shared / sqrt(_squares(one, weights) * _squares(other, weights))


def nearest(text: str, others: Sequence[tuple[str, _T]], *, most: int) -> list[_T]:
    """What stands beside the most alike texts, most alike first; those without a word in common are left out."""
    words = key_words(text)
    known = [key_words(other) for other, _ in others]
    weights = word_weights([words, *known])
    scored = [(likeness(words, theirs, weights), -number) for number, theirs in enumerate(known)]
    best = sorted((score for score in scored if score[0] > 0), reverse=True)[:most]
    return [others[-number][1] for _, number in best]


def _skeleton(text: str) -> tuple[tuple[str, ...], ...]:
    """What two wordings of one rule share, in order: "A, not B" is no "B, not A"."""
    literals = (*_LITERAL.findall(text), *_PATH.findall(_LITERAL.sub(" ", text)))
    words = (word for word in _WORD.findall(text.lower()) if word not in _SMALL_WORDS)
    return literals, tuple(_NUMBER.findall(text)), tuple(word if word in _NEGATIONS else _stem(word) for word in words)


def _squares(words: frozenset[str], weights: Weights) -> float:
    return sum(weights.get(word, 1.0) ** 2 for word in words)


def _stem(word: str) -> str:
    """A word without the endings of English plurals and verbs; that it cuts too much at times does no harm here."""
    for ending in ("ingly", "edly", "ings", "ing", "ies", "ed", "es", "ly", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word
