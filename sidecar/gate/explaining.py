"""Explanations: what a text says of code after an instruction that was accounted for, and that asks for nothing.

`Run C after changing P, or the client misses the new fields.` Unknown words, verbs too, may stand in an explanation,
for nothing in it acts: it begins with a thing, tells nobody to do anything, permits nothing, and touches no topic but
how a check ends. It never stands alone: a clause before it was accounted for, and what it explains is that.
"""

from collections.abc import Sequence
from itertools import pairwise

from sidecar.gate.explaining_words import ASKING, ENDINGS, FAILING, GUARDED, OF_OTHERS, UNDOING
from sidecar.gate.literals import is_safe_literal
from sidecar.gate.names import Weight, weight_of
from sidecar.gate.open_words import INSTRUCTIONS
from sidecar.gate.parts import Part
from sidecar.gate.plain_risks import is_harmless_unknown
from sidecar.gate.plain_slots import is_plain_name, is_shown_path
from sidecar.gate.plain_words import CLASSES, LIGHT, VERBS
from sidecar.gate.slots import Token
from sidecar.gate.topics import Topic, topics_of
from sidecar.gate.vocabulary import base_forms

_FEWEST = 3
_LEADING = frozenset(("else", "or", "otherwise"))
_TOLD = frozenset(verb for name in ("EDIT", "TOUCH", "PUT", "BRING", "DENY") for verb in VERBS[name]) | INSTRUCTIONS
_SUBJECTS = CLASSES["DET"] | {"it", "they", "which", "both", "there", "without", "one", "nothing"}
_BEFORE_VERBS = frozenset(("and", "or", "then", "so", "to", "but"))
_WEIGHTLESS = (
    *(Part.FUNCTION, Part.AND, Part.OR, Part.NEUTRAL, Part.ABOUT_TESTS, Part.NUMBER, Part.CONDITION, Part.VERB),
    *(Part.ADDING, Part.PLACING, Part.TOUCHING, Part.TOOL, Part.LITERAL, Part.UNKNOWN, Part.SENSITIVE, Part.MOVING),
)


def consequence_at(tokens: Sequence[Token]) -> int | None:
    """Where the `or` of `…, or the build fails` stands in a clause; None where nothing of the kind is said."""
    for at, token in enumerate(tokens[:-_FEWEST]):
        if at > 1 and _leads(tokens[at - 1], token, tokens[at + 1 :]):
            return at
    return None


def _leads(before: Token, word: Token, rest: Sequence[Token]) -> bool:
    text = word.text.lower()
    if text in ("so", "which"):
        said = rest if text == "so" else [word, *rest]
        return before.part is Part.COMMA and is_explanation(said)
    is_end = any(one.text.lower() in ENDINGS or one.text.lower() in ("will", "cannot") for one in rest)
    return text in _LEADING and is_end and is_explanation(rest, is_consequence=True)


def is_explanation(tokens: Sequence[Token], *, is_consequence: bool = False) -> bool:
    """Whether a clause describes code, asks for nothing and touches nothing.

    Args:
        is_consequence: It says what happens otherwise, so it may speak of every test, and of what will be.
    """
    said = [token for token in tokens if token.part is not Part.COMMA]
    if said and said[0].text.lower() == "so":
        said = said[1:]
    if said and said[0].text.lower() in _LEADING:
        said, is_consequence = said[1:], True
    if is_consequence:
        said = [token for token in said if token.text.lower() not in _OF_CONSEQUENCES]
    if (
        len(said) < _FEWEST
        or not _begins_with_a_thing(said, is_consequence=is_consequence)
        or not any(_is_finite(token) for token in said[1:])
    ):
        return False
    unknown = sum(token.part is Part.UNKNOWN and token.text.lower() not in ENDINGS for token in said)
    is_silent = all(map(_is_silent, said[1:])) and (_is_silent(said[0]) or _is_described(said[0]))
    return unknown * 2 <= len(said) and is_silent and not _tells(said)


def _is_described(token: Token) -> bool:
    """A weighty name may be what is spoken of."""
    return token.part is Part.NAME and weight_of(token.text) is Weight.WEIGHTY


def _begins_with_a_thing(said: Sequence[Token], *, is_consequence: bool) -> bool:
    first, second = said[0], said[1]
    if first.is_quoted or first.reason is not None or first.text.lower() in _SUBJECTS:
        return True
    if first.text.lower() in _TOLD or second.is_quoted:
        return False
    is_noun = first.part in (Part.NEUTRAL, Part.ABOUT_TESTS, Part.UNKNOWN)
    if first.text.lower() in _CHECKING or (is_noun and is_consequence):
        return any(token.text.lower() in ENDINGS for token in said[1:])
    if not is_noun:
        return False
    # what may be a verb in its plain form tells something: `serve files …`; `names are …` does not
    return any(token.text.lower() in _STATED for token in said[1:4] if not token.is_quoted)


_STATED = CLASSES["BE"] | {"did", "does", "has", "have"}


def _is_finite(token: Token) -> bool:
    word = token.text.lower()
    return not token.is_quoted and (word in CLASSES["BE"] or word in _FINITE or _is_third_person(word))


_FINITE = frozenset(("did", "do", "does", "has", "have"))
_CHECKING = frozenset(("ci", "lint", "linter", "test", "tests"))
_OF_CONSEQUENCES = frozenset(("all", "cannot", "each", "every", "will"))


def _is_third_person(word: str) -> bool:
    return (word.endswith("s") and not word.endswith("ss")) or word in (
        "fail",
        "break",
        "hang",
        "differ",
        "miss",
        "see",
    )


def _is_silent(token: Token) -> bool:
    if token.is_quoted or token.reason is not None:
        return _is_silent_slot(token)
    word = token.text.lower().replace("\u2019", "'").removesuffix("'s")
    if OF_OTHERS.match(word):
        return False
    if word in _PLAIN_HERE or word in LIGHT:
        return True
    if word in ASKING or token.part not in (*_WEIGHTLESS, Part.NOT, Part.CONTRAST, Part.GOOD, Part.SICK):
        return word in ENDINGS
    if word in ENDINGS or token.part in (Part.FUNCTION, Part.AND, Part.OR, Part.NOT, Part.CONTRAST, Part.NUMBER):
        return True
    if token.part in (Part.GOOD, Part.SICK) or topics_of(word) - {Topic.OUTCOME}:
        return False
    return token.part is not Part.UNKNOWN or is_harmless_unknown(word)


_PLAIN_HERE = frozenset(("than", "out", "instead", "does", "did", "do", "no", "only", "inside", "as"))


def _is_silent_slot(token: Token) -> bool:
    if token.reason is not None:
        return is_plain_name(token)
    if token.part in (Part.PATH, Part.TEST_PATH):
        return not is_shown_path(token.text)
    if token.part is Part.NAME:
        return weight_of(token.text) in (Weight.LIGHT, Weight.GUARDING)
    return token.part in (Part.COMMAND, Part.TOOL) or (token.part is Part.LITERAL and is_safe_literal(token.text))


def _tells(said: Sequence[Token]) -> bool:
    """Whether somebody is told something in it: a verb in its plain form stands where an instruction begins."""
    words = [token.text.lower() for token in said]
    if _is_taken_away(said, frozenset(words)):
        return True
    is_denied = any(token.part in (Part.NOT, Part.CONTRAST) for token in said)
    guards = any(token.part is Part.NAME and weight_of(token.text) is Weight.GUARDING for token in said)
    # `only`, `not` and `never` of what guards would take it away
    if guards and (is_denied or "only" in words or "without" in words):
        return True
    if any(one in ("has", "have") and other == "to" for one, other in pairwise(words)):
        return True
    return any(
        before.text.lower() in _BEFORE_VERBS
        and not after.is_quoted
        and after.text.lower() in _TOLD
        and not _names(after)
        for before, after in pairwise(said)
    )


def _names(token: Token) -> bool:
    return any(form in CLASSES["K"] for form in base_forms(token.text.lower()))


def _is_taken_away(said: Sequence[Token], words: frozenset[str]) -> bool:
    """Whether something that protects is said to be gone, narrower, or not looked at."""
    guards = any(token.part is Part.NAME and weight_of(token.text) is Weight.GUARDING for token in said)
    # nobody knows here what a pronoun stands for
    if not guards and GUARDED.isdisjoint(words) and said[0].text.lower() not in CLASSES["PRON"]:
        return False
    if not words.isdisjoint(UNDOING) or "only" in words:
        return True
    is_check = not words.isdisjoint(CLASSES["K"])
    is_conditional = any(token.part is Part.CONDITION for token in said)
    return is_check and (is_conditional or words.isdisjoint(FAILING | {"checks", "uses"}))
