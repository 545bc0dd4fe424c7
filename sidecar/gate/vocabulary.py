"""The English words a convention may be written in, each with the part it plays in a clause.

A closed list on purpose: an attacker chooses the words, so only words whose every combination in the grammar is
harmless are here. Left out are words of permission, review, network, secrets, agents, time and exception (`unless`,
`except`, `without`): a text that needs them needs a human author.
"""

from functools import cache

from sidecar.gate.parts import Part
from sidecar.gate.phrases import PHRASES
from sidecar.gate.words import IRREGULAR, STANDARD, TOOLS, WORDS


def _lexicon() -> dict[str, Part]:
    lexicon: dict[str, Part] = {}
    for part, words in WORDS:
        for word in words.split():
            # later rows are the stricter ones: a word that may weaken a test is never merely neutral
            lexicon[word] = part
    for tool in TOOLS.split():
        lexicon.setdefault(tool, Part.TOOL)
    return lexicon


@cache
def lexicon() -> dict[str, Part]:
    """Every known word and phrase, in lower case, with its part."""
    return {**_lexicon(), **PHRASES}


_NEUTRAL = (Part.NEUTRAL, Part.ABOUT_TESTS, Part.FUNCTION)

LONGEST_PHRASE = max(len(phrase.split()) for phrase in PHRASES)


def part_of_word(word: str) -> Part:
    """The part of one English word in any inflection; UNKNOWN when it is not in the list."""
    known = lexicon()
    lowered = word.lower().replace("\u2019", "'")
    if STANDARD.fullmatch(lowered):
        return Part.NEUTRAL
    for form in base_forms(IRREGULAR.get(lowered, lowered)):
        part = known.get(form)
        if part is not None:
            return part
    return _compound_part(lowered)


def _compound_part(word: str) -> Part:
    """`user-visible` is neutral when each piece is."""
    pieces = word.split("-")
    is_neutral = len(pieces) > 1 and all(part_of_word(piece) in _NEUTRAL for piece in pieces)
    return Part.NEUTRAL if is_neutral else Part.UNKNOWN


def base_forms(word: str) -> tuple[str, ...]:
    """What `word` may be an inflection of, itself first."""
    forms = [word]
    if word.endswith("ies"):
        forms.append(word[:-3] + "y")
    if word.endswith("es"):
        forms.append(word[:-2])
    if word.endswith("s") and not word.endswith("ss"):
        forms.append(word[:-1])
    if word.endswith("ly"):
        forms += [word[:-2], word[:-3] + "y", word[:-2] + "le"]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            forms += [stem, stem + "e"]
            if stem[-1] == stem[-2]:
                forms.append(stem[:-1])
    return tuple(forms)
