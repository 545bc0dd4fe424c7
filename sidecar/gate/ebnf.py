"""A small grammar engine: which ends a rule of a written grammar reaches, over tokens that may be read in several ways.

A grammar is lines `name = alternative | alternative`. In an alternative a name of capitals is a class of words, a
quoted text a word, any other name a rule; `[x]` may be missing, `{x}` may come any number of times. All readings are
followed at once and remembered, so that no text can make it slow, and no rule may begin with itself.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

_SYMBOL = re.compile(r"'[^']*'|[A-Za-z_]+|[|\[\]{}()]")

Node: TypeAlias = "tuple[str, str | tuple[Node, ...]]"
"""A kind (`word`, `class`, `rule`, `all`, `any`, `maybe`, `many`) and what it is made of."""


@dataclass(frozen=True, slots=True)
class Word:
    """A token as a grammar sees it."""

    text: str
    classes: frozenset[str]


class Grammar:
    """Rules by name."""

    def __init__(self, text: str) -> None:
        lines = re.sub(r"\n +", " ", text.strip()).splitlines()
        pairs = (line.split(" = ", 1) for line in lines if line)
        self._rules = {name.strip(): _parsed(_SYMBOL.findall(body)) for name, body in pairs}

    def matches(self, rule: str, words: Sequence[Word]) -> bool:
        """Whether the whole of `words` is an instance of `rule`."""
        return len(words) in _Run(self._rules, words).ends(("rule", rule), 0)


class _Run:
    def __init__(self, rules: Mapping[str, Node], words: Sequence[Word]) -> None:
        self._rules = rules
        self._words = words
        self._known: dict[tuple[int | str, int], frozenset[int]] = {}

    def ends(self, node: Node, start: int) -> frozenset[int]:
        """Every place that `node` may end at when it begins at `start`."""
        key = (node[1] if node[0] == "rule" and isinstance(node[1], str) else id(node), start)
        if key not in self._known:
            self._known[key] = self._found(node, start)
        return self._known[key]

    def _found(self, node: Node, start: int) -> frozenset[int]:
        kind, of = node
        if isinstance(of, str):
            if kind == "rule":
                return self.ends(self._rules[of], start)
            word = self._words[start] if start < len(self._words) else None
            is_it = word is not None and (word.text == of if kind == "word" else of in word.classes)
            return frozenset((start + 1,)) if is_it else frozenset()
        return _COMBINED[kind](self, of, start)

    def all_of(self, nodes: tuple[Node, ...], start: int) -> frozenset[int]:
        places = frozenset((start,))
        for node in nodes:
            places = frozenset(end for place in places for end in self.ends(node, place))
        return places

    def any_of(self, nodes: tuple[Node, ...], start: int) -> frozenset[int]:
        return frozenset(end for node in nodes for end in self.ends(node, start))

    def maybe(self, nodes: tuple[Node, ...], start: int) -> frozenset[int]:
        return self.all_of(nodes, start) | {start}

    def many(self, nodes: tuple[Node, ...], start: int) -> frozenset[int]:
        reached, fresh = frozenset((start,)), frozenset((start,))
        while fresh:
            fresh = frozenset(end for place in fresh for end in self.all_of(nodes, place)) - reached
            reached |= fresh
        return reached


_COMBINED: dict[str, Callable[[_Run, tuple[Node, ...], int], frozenset[int]]] = {
    "all": _Run.all_of,
    "any": _Run.any_of,
    "maybe": _Run.maybe,
    "many": _Run.many,
}


def _parsed(symbols: list[str]) -> Node:
    alternatives: list[Node] = []
    sequence: list[Node] = []
    while symbols and symbols[0] not in "]})":
        symbol = symbols.pop(0)
        if symbol == "|":
            alternatives.append(("all", tuple(sequence)))
            sequence = []
        elif symbol in "[{(":
            inner = _parsed(symbols)
            symbols.pop(0)
            sequence.append(({"[": "maybe", "{": "many", "(": "all"}[symbol], (inner,)))
        elif symbol.startswith("'"):
            sequence.append(("word", symbol.strip("'")))
        else:
            sequence.append(("class" if symbol.isupper() else "rule", symbol))
    alternatives.append(("all", tuple(sequence)))
    return ("any", tuple(alternatives)) if len(alternatives) > 1 else alternatives[0]
