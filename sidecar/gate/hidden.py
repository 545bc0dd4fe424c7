"""Characters in our block that no reader sees, or takes for others, and every agent reads, whoever wrote them.

People's words stand as they are, so nothing is refused or repaired here; it is said where somebody looks at it.
"""

import re
import unicodedata

from sidecar.errors import RulesFileError
from sidecar.gate.characters import lookalike_letters, odd_characters
from sidecar.rules import numbered_block_lines

_MOST_LINES = 5
"""Told of one file; the rest is counted."""
_CODE = re.compile(r"`[^`]*`")


def hidden_notes(path: str, content: bytes) -> list[str]:
    """One sentence for each line of our block that holds such characters; none for a broken file."""
    try:
        lines = numbered_block_lines(content)
    except RulesFileError:
        return []
    told = [f"line {number} of {path} holds {held}" for number, line in lines if (held := hidden_words(line))]
    more = len(told) - _MOST_LINES
    return [*told[:_MOST_LINES], *([f"{more} more lines of {path} hold such characters"] if more > 0 else [])]


def hidden_words(text: str) -> str:
    """The characters of a text that hide or pass for others: `U+200B (zero width space)`; empty where there are none.

    Indents by tabs and bytes that are no text are left out: they hide nothing.
    """
    odd = [one for one in odd_characters(text) if one != "\t" and unicodedata.category(one) != "Cs"]
    told = [*map(_named, odd), *(f"{_named(one)} where a Latin letter seems to stand" for one in _lookalikes(text))]
    return ", ".join(told)


def _lookalikes(text: str) -> list[str]:
    """Letters that pass for Latin ones, each once.

    A command is in Latin letters whatever language stands around it, so each piece of code is read alone too.
    """
    words = _CODE.sub(" ", text)
    found = lookalike_letters(words)
    for code in _CODE.findall(text):
        found += [one for one in lookalike_letters(code) + lookalike_letters(f"{words} {code}") if one in code]
    return list(dict.fromkeys(found))


def _named(character: str) -> str:
    return f"U+{ord(character):04X} ({unicodedata.name(character, 'a character without a name').lower()})"
