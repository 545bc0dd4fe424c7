"""Characters: nothing invisible, nothing that looks like something else, one line of plain text.

Natural text of any script passes: accents, right-to-left letters, Japanese punctuation, French spaces before a colon,
emoji sequences. Text is refused, never repaired, because what a reviewer sees must be what an agent reads.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

MAX_LENGTH = 300
"""Characters of one rule."""
_MAX_MARKS = 2
"""Combining marks on one letter; Vietnamese and pointed Hebrew need two."""
_MAX_SPACES = 2

_ZERO_WIDTH_JOINER = "\u200d"
_EMOJI_STYLE = "\ufe0f"
_FRENCH_SPACES = frozenset("\u00a0\u202f")
_IDEOGRAPHIC_SPACE = "\u3000"
_ROUNDING = frozenset("…™№½¼¾²³µªº")
"""Characters that NFKC rewrites and that hide nothing."""
_WIDE_PUNCTUATION = frozenset("（）：！？，．；［］％＋－〜～｡､｢｣・")
"""Natural between ideographs. Wide signs of a shell or of markup are not among them."""
_CONFUSABLE_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "GEORGIAN"})
_LATIN_LOOKALIKES = frozenset("аеорсухіјѕһԁԛԝкмтвнгпАВЕКМНОРСТУХІЈЅαορνικτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧօոսցհ")
MARKS = (
    "\u05b0-\u05bd\u05bf\u05c1\u05c2\u064b-\u0652\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
)
"""Signs that belong to the word before them in Hebrew, Arabic, Hindi and Thai, as a class of a pattern."""
_WORD = re.compile(r"[^\W\d_]+")
_NAME = re.compile(r"`[^`]*`|[\w.-]+/[\w./-]*")
"""What is quoted as code, and paths that are not."""


def character_reasons(text: str) -> list[str]:
    """Why the characters of `text` are refused; empty when they are fine."""
    reasons = list(dict.fromkeys(reason for _, reason in _single_reasons(text)))
    if unicodedata.normalize("NFC", text) != text:
        reasons.append("characters: letters and accents are stored apart; write composed characters (NFC)")
    if re.search(rf"[ \u00a0\u202f\u3000]{{{_MAX_SPACES + 1},}}", text):
        reasons.append("characters: a run of spaces can push text out of sight; write single spaces")
    if any(_is_mixed(word) for word in _WORD.findall(text)):
        reasons.append("characters: a word mixes letters of look-alike scripts")
    if any(_disguised_words(text)):
        reasons.append("characters: a word in Latin text is written with look-alike letters of another script")
    if not text.strip():
        reasons.append("characters: the text is empty")
    if len(text) > MAX_LENGTH:
        reasons.append(f"characters: {len(text)} characters; a rule has at most {MAX_LENGTH}")
    return reasons


def odd_characters(text: str) -> list[str]:
    """The single characters that `character_reasons` refuses, in order, each once."""
    return list(dict.fromkeys(char for char, _ in _single_reasons(text)))


def lookalike_letters(text: str) -> list[str]:
    """Letters of other scripts that pass for Latin ones where they stand, in order, each once."""
    words = [*filter(_is_mixed, _WORD.findall(text)), *_disguised_words(text)]
    found = {char for word in words for char in word if char in _LATIN_LOOKALIKES}
    return [char for char in dict.fromkeys(text) if char in found]


def canonical_text(text: str) -> str:
    """`text` as it is compared: NFKC, case folded, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _single_reasons(text: str) -> Iterator[tuple[str, str]]:
    """Each refused character with why."""
    has_ideographs = any(_is_ideographic(char) for char in text)
    marks = 0
    for index, char in enumerate(text):
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") and char != _EMOJI_STYLE else 0
        if marks > _MAX_MARKS:
            yield char, "characters: marks are piled on one letter"
        if char in "\n\r\u2028\u2029\u0085\v\f":
            yield char, "characters: a rule is one line"
        elif char == "\t" or category == "Cc":
            yield char, f"characters: control character U+{ord(char):04X}"
        elif char in (_ZERO_WIDTH_JOINER, _EMOJI_STYLE):
            if not _joins_emoji(text, index):
                yield char, f"characters: invisible U+{ord(char):04X} outside an emoji"
        elif category in ("Cf", "Co", "Cn", "Cs") or 0xFE00 <= ord(char) <= 0xFE0F or 0xE0000 <= ord(char) <= 0xE0FFF:
            yield char, f"characters: invisible, bidirectional or unassigned U+{ord(char):04X}"
        elif category == "Zs" and char != " " and not _is_natural_space(text, index, has_ideographs):
            yield char, f"characters: unusual space U+{ord(char):04X}"
        elif char in "\u3164\u115f\u1160\uffa0\u2800\u17b4\u17b5\u180e":
            yield char, f"characters: blank letter U+{ord(char):04X}"
        elif _is_disguised(char, has_ideographs):
            yield char, f"characters: U+{ord(char):04X} stands for other letters; write plain ones"


def _is_disguised(char: str, has_ideographs: bool) -> bool:
    if char in _ROUNDING or (has_ideographs and char in _WIDE_PUNCTUATION):
        return False
    if unicodedata.category(char) == "Zs":
        return False
    return unicodedata.normalize("NFKC", char) != unicodedata.normalize("NFC", char)


def _joins_emoji(text: str, index: int) -> bool:
    before = text[index - 1] if index > 0 else ""
    if text[index] == _EMOJI_STYLE:
        return before != "" and (_is_emoji(before) or before in "0123456789#*")
    after = text[index + 1] if index + 1 < len(text) else ""
    return before != "" and after != "" and (_is_emoji(before) or before == _EMOJI_STYLE) and _is_emoji(after)


def _is_emoji(char: str) -> bool:
    code = ord(char)
    return 0x1F300 <= code <= 0x1FAFF or (0x2190 <= code <= 0x2BFF and unicodedata.category(char) in ("So", "Sm"))


def _is_natural_space(text: str, index: int, has_ideographs: bool) -> bool:
    if text[index] == _IDEOGRAPHIC_SPACE:
        return has_ideographs
    before, after = text[index - 1 : index], text[index + 1 : index + 2]
    is_french = (after != "" and after in ":;!?»%€") or before == "«" or (before.isdigit() and after.isalnum())
    return text[index] in _FRENCH_SPACES and is_french


def _is_ideographic(char: str) -> bool:
    return 0x3040 <= ord(char) <= 0x30FF or 0x3400 <= ord(char) <= 0x9FFF or 0xAC00 <= ord(char) <= 0xD7AF


def _script(char: str) -> str:
    return unicodedata.name(char, "UNKNOWN").split(" ", 1)[0]


def _is_mixed(word: str) -> bool:
    if word.isascii():
        return False
    scripts = {_script(char) for char in word} & _CONFUSABLE_SCRIPTS
    return len(scripts) > 1


def _disguised_words(text: str) -> Iterator[str]:
    """Words of Latin text that are written with look-alikes alone, in prose and in each name for itself."""
    for name in _NAME.findall(text):
        if any(char.isascii() and char.isalpha() for char in name):
            yield from (word for word in _WORD.findall(name) if set(word) <= _LATIN_LOOKALIKES)
    words = [word for word in _WORD.findall(_NAME.sub(" ", text)) if len(word) > 1]
    if not any(map(_is_of_its_own, words)):
        words = [word for word in _WORD.findall(text) if len(word) > 1]
    latin = sum(_script(word[0]) == "LATIN" for word in words)
    if latin * 2 < len(words):
        return
    disguised = [word for word in words if set(word) <= _LATIN_LOOKALIKES]
    own = [word for word in words if _is_of_its_own(word)]
    if len(own) > len(disguised):
        return  # `src/a.ts генерируется командой make gen; не изменяйте его вручную`: Latin in its names alone
    yield from disguised
    # a lone letter between Latin words, such as a Cyrillic a, is no word of its own language here
    for (left, char), (_, right) in pairwise(pairwise(f" {text} ")):
        if char in _LATIN_LOOKALIKES and not left.isalpha() and not right.isalpha():
            yield char


def _is_of_its_own(word: str) -> bool:
    """Whether a word can be read in no script but one that is not Latin."""
    return _script(word[0]) in _CONFUSABLE_SCRIPTS - {"LATIN"} and not set(word) <= _LATIN_LOOKALIKES
