"""Characters in our block that no reader sees and every agent reads, whoever wrote them.

People's words stand as they are, so nothing is refused or repaired here; it is said where somebody looks at it.
"""

import unicodedata

from sidecar.errors import RulesFileError
from sidecar.gate.characters import odd_characters
from sidecar.rules import numbered_block_lines

_MOST_LINES = 5
"""Told of one file; the rest is counted."""


def hidden_notes(path: str, content: bytes) -> list[str]:
    """One sentence for each line of our block in which the gate would refuse a character; none for a broken file."""
    try:
        lines = numbered_block_lines(content)
    except RulesFileError:
        return []
    told = [f"line {number} of {path} holds {held}" for number, line in lines if (held := hidden_words(line))]
    more = len(told) - _MOST_LINES
    return [*told[:_MOST_LINES], *([f"{more} more lines of {path} hold such characters"] if more > 0 else [])]


def hidden_words(text: str) -> str:
    """The characters of a text that the gate refuses, named: `U+200B (zero width space)`; empty where there are none.

    Indents by tabs and bytes that are no text are left out: they hide nothing.
    """
    found = [one for one in odd_characters(text) if one != "\t" and unicodedata.category(one) != "Cs"]
    return ", ".join(
        f"U+{ord(one):04X} ({unicodedata.name(one, 'a character without a name').lower()})" for one in found
    )
