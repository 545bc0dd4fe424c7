"""Plain clauses: sentences with unknown words, read by a grammar in which only known verbs act.

What `shapes` and `open_clauses` cannot account for may still be an ordinary sentence about code. It is one here when
the grammar of `plain_grammar` derives it as a whole; when every unknown word in it stands where only a thing can stand,
and touches no topic; and when what it names as identifiers and files looks like nothing else.
"""

from collections.abc import Sequence
from itertools import pairwise

from sidecar.gate.ebnf import Word
from sidecar.gate.literals import is_safe_literal
from sidecar.gate.parts import Part
from sidecar.gate.plain_grammar import plain_grammar
from sidecar.gate.plain_risks import is_harmless_unknown
from sidecar.gate.plain_slots import is_forbiddable, slot_classes
from sidecar.gate.plain_words import CLASSES, FORBIDDABLE, LIGHT, NOUNS, PACKAGES, VERBS, WARES
from sidecar.gate.slots import Token
from sidecar.gate.topics import Topic, topics_of
from sidecar.gate.vocabulary import base_forms, part_of_word
from sidecar.gate.words import IRREGULAR

_MAX_WORDS = 60
_SHORT = 5
"""Letters; `false` and `none` are words of a sentence, `pathlib` is a name."""
_NEVER = frozenset((Topic.CLOSED, Topic.CONFIDENTIAL, Topic.WEAKENING))
_NAMING = (
    *(Part.NEUTRAL, Part.ABOUT_TESTS, Part.VERB, Part.PLACING, Part.ADDING, Part.TOUCHING, Part.MOVING, Part.TOOL),
)
_OPENED = (*_NAMING, Part.FUNCTION, Part.NOT, Part.BY_HAND, Part.CONTRAST, Part.FORBIDDEN)
"""Phrases that say no more than their words do."""
_TOLD = ("EDIT", "TOUCH", "PUT", "BRING", "DENY")
"""Classes of verbs that tell an agent what to do."""
_NAMES = frozenset(("N", "Z", "T", "E", "X"))
_ENDING = frozenset(("ADV", "AND", "NEG"))
_BETWEEN = frozenset((",", "/", "to"))


def is_plain_clause(tokens: Sequence[Token], told: Sequence[str] = (), *, is_after_protection: bool = False) -> bool:
    """Whether a clause is a plain sentence.

    Args:
        told: The commands that the whole text tells to run.
        is_after_protection: A clause before it forbids to weaken a check; what stands in for that may weaken it.
    """
    ends_in_comma = bool(tokens) and tokens[-1].part is Part.COMMA
    read = tokens[:-1] if ends_in_comma else tokens
    words = _beside_paths(_in_place([word for token in read for word in _words(token, told)]))
    if not 0 < len(words) <= _MAX_WORDS:
        return False
    if any("X" in one.classes and other.text in WARES for one, other in pairwise(words)):
        return False
    unknown = sum("X" in word.classes for word in words)
    return unknown * 2 <= len(words) and plain_grammar().matches("remedy" if is_after_protection else "clause", words)


def _beside_paths(words: Sequence[Word]) -> list[Word]:
    """The words; a single one that the source holds is told to be used where a path of code stands beside it."""
    if not any("R" in word.classes for word in words):
        return list(words)
    return [Word(word.text, word.classes | set("IVA")) if "S" in word.classes else word for word in words]


def _in_place(words: Sequence[Word]) -> list[Word]:
    """The words, of which one that is told to do something where it stands is no name there.

    `Rename cases that do not hold` speaks of no rename cases, nor does `sort imports and rename cases`.
    """
    placed: list[Word] = []
    for at, word in enumerate(words):
        is_led = at > 0 and not words[at - 1].classes & _ENDING and words[at - 1].text not in _BETWEEN
        is_verb = not word.text.endswith("s") and not word.classes.isdisjoint(_TOLD)
        placed.append(word if is_led or not is_verb else Word(word.text, word.classes - _NAMES))
    return placed


def _words(token: Token, told: Sequence[str]) -> list[Word]:
    if token.is_quoted or token.reason is not None:
        return [Word(token.text, frozenset("O") if is_forbiddable(token, told) else slot_classes(token))]
    pieces = token.text.lower().replace("\u2019", "").replace("'", "").split()
    if len(pieces) == 1:
        return [Word(pieces[0], _word_classes(token.text, is_named_here=token.is_named_here))]
    is_name = token.part in (Part.NEUTRAL, Part.ABOUT_TESTS)
    if is_name and pieces[0] not in CLASSES["PREP"] and pieces[-1] != "with":
        return [Word(token.text.lower(), frozenset("NTZ"))]
    if token.part not in _OPENED and pieces[0] not in ("check", "checked"):
        return [Word(token.text.lower(), frozenset())]
    return [Word(piece, _word_classes(piece, is_named_here=False)) for piece in pieces]


def _word_classes(text: str, *, is_named_here: bool) -> frozenset[str]:
    word = text.lower().replace("\u2019", "'").replace("'", "")
    found = {name for name, words in CLASSES.items() if word in words} | _verb_classes(word)
    if word.isdigit():
        found.add("M")
    if "K" in found or not word.strip(",/"):
        return frozenset(found)
    named = _name_classes(word, is_named_here=is_named_here)
    if not found and not named and len(text) > _SHORT and is_safe_literal(text):
        return frozenset("L")
    if not found and not named and part_of_word(word) is Part.UNKNOWN and is_harmless_unknown(text):
        return _unknown_classes(word)
    return frozenset(found | named)


def _verb_classes(word: str) -> set[str]:
    forms = base_forms(IRREGULAR.get(word, word))
    found = {name for name, verbs in VERBS.items() if word in verbs}
    if not word.endswith(("ed", "ing")):
        found |= {name for name in ("SAYS", "STRICT") if any(form in VERBS[name] for form in forms)}
    if word.endswith("s") and any(form in VERBS[name] for form in forms for name in _TOLD):
        found.add("SAYS")
    if word.endswith("ing") and any(form in VERBS[name] for form in forms for name in _TOLD[:-1]):
        found.add("G")
    if word.endswith(("ed", "en", "t")) and any(form in VERBS["DENY"] for form in forms):
        found.add("DENIED")
    return found


def _name_classes(word: str, *, is_named_here: bool) -> set[str]:
    """What a known word names: N or E, Z where it touches nothing, T where it is no kind of package."""
    forms = base_forms(IRREGULAR.get(word, word))
    part, topics = part_of_word(word), topics_of(word)
    if any(form in LIGHT for form in forms):
        return {"N", "T"} if topics else {"N", "T", "Z"}
    if any(form in NOUNS for form in forms) or (part in _NAMING and not topics & _NEVER) or is_named_here:
        found = {"E" if Topic.PROTECTING in topics else "N"}
        found |= set[str]() if topics else {"Z"}
        return found if any(form in PACKAGES for form in forms) else found | {"T"}
    if word in FORBIDDABLE:
        return {"Y"}
    return {"W"} if part is Part.GOOD else set()


def _unknown_classes(word: str) -> frozenset[str]:
    """X, and what an unknown word may be by its ending: XS a verb of a statement, XED a participle."""
    is_third_person = word.endswith("s") and not word.endswith("ss")
    endings = {"XS"} if is_third_person else {"XED"} if word.endswith(("ed", "en")) else set[str]()
    return frozenset({"X"} | endings)
