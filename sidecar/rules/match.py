"""What people did to our rules: the block as it stands held against the rules as the ledger has them.

Human edits are law, so every difference is somebody's: words that changed are theirs from then on, a line that is gone
is a rule that was removed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import zip_longest

from sidecar.domain import Rule
from sidecar.rules.block import rule_words

MIN_SIMILARITY = 0.6
"""Below it two lines are two rules; between it and 1 lies rewording. Judged by eye on hand edits of short commands."""
_SAME_PLACE = 0.15
"""Added where both lines follow the same unchanged rule: people edit in place more often than they move and edit."""

_SAME_CODE = 0.1
"""Added in the choice between two likely ones where both name the same commands and paths."""
_CODE = re.compile(r"(`[^`]*`)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_CURLED = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "\u2026": "..."})


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesMatch:
    """Every rule of both sides exactly once."""

    kept: tuple[Rule, ...]
    """As the ledger has them, in file order."""
    amended: tuple[Rule, ...]
    """The ledger's id, the person's words; `is_human`."""
    reformatted: tuple[Rule, ...] = ()
    """The ledger's id, in words that a formatter escaped or quoted otherwise; nobody's but ours."""
    deleted: tuple[Rule, ...]
    """In the ledger, not in the block."""
    added: tuple[Rule, ...]
    """In the block only; `is_human`."""

    @property
    def standing(self) -> tuple[Rule, ...]:
        """Rules of ours that the block holds, as it says them."""
        return self.kept + self.amended + self.reformatted


def match_rules(block: Sequence[Rule], ledger: Sequence[Rule]) -> RulesMatch:
    """Hold a block's rules against the ledger's.

    Args:
        block: Rules as parsed, in file order; only their words count.
        ledger: Rules that should stand, in the order they stood last.
    """
    pairs = _equal([_words(rule) for rule in block], [_words(rule) for rule in ledger])
    kept = tuple(ledger[old] for old in dict.fromkeys(pairs.values()))
    formatted = _formatted(block, ledger, pairs)
    pairs |= formatted
    free_new = [number for number in range(len(block)) if number not in pairs]
    free_old = [number for number in range(len(ledger)) if number not in set(pairs.values())]
    reworded = _reworded(block, ledger, free_new, free_old, pairs)
    amended = tuple(
        replace(ledger[old], text=block[new].text, scope=block[new].scope, is_human=True)
        for new, old in sorted(reworded.items())
    )
    return RulesMatch(
        kept=kept,
        amended=amended,
        deleted=tuple(ledger[old] for old in free_old if old not in set(reworded.values())),
        reformatted=tuple(
            replace(ledger[old], text=block[new].text, scope=block[new].scope)
            for new, old in formatted.items()
            if new == min(one for one in formatted if formatted[one] == old)
        ),
        added=tuple(replace(block[new], is_human=True) for new in free_new if new not in reworded),
    )


def _words(rule: Rule) -> str:
    return rule_words(rule.text, rule.scope)


def _equal(new: Sequence[str], old: Sequence[str]) -> dict[int, int]:
    """Pairs (block, ledger) whose words are equal."""
    numbers: dict[str, int] = {}
    for number, words in enumerate(old):
        numbers.setdefault(words, number)
    return {number: numbers[words] for number, words in enumerate(new) if words in numbers}


def _formatted(block: Sequence[Rule], ledger: Sequence[Rule], pairs: Mapping[int, int]) -> dict[int, int]:
    """Pairs that are equal but for what formatters change."""
    taken = set(pairs.values())
    plain = _equal([_plain(rule) for rule in block], [_plain(rule) for rule in ledger])
    return {new: old for new, old in plain.items() if new not in pairs and old not in taken}


def _plain(rule: Rule) -> str:
    """Words without what formatters change outside code: escapes, the sign of emphasis, curled quotes."""
    parts = _CODE.split(_words(rule))
    prose = (_ESCAPE.sub(r"\1", part.translate(_CURLED)).replace("_", "*") for part in parts[::2])
    return "`".join(part for pair in zip_longest(prose, parts[1::2], fillvalue="") for part in pair)


def _reworded(
    block: Sequence[Rule], ledger: Sequence[Rule], new: Sequence[int], old: Sequence[int], pairs: dict[int, int]
) -> dict[int, int]:
    """Pairs (block, ledger) that are the same rule in other words, most alike first."""
    scored: list[tuple[float, int, int]] = []
    for number in new:
        for candidate in old:
            bonus = _SAME_PLACE if _is_same_place(number, candidate, pairs) else 0.0
            score = _likeness(_words(block[number]), _words(ledger[candidate]), MIN_SIMILARITY - bonus) + bonus
            if score >= MIN_SIMILARITY:
                same_code = _SAME_CODE if _codes(block[number]) == _codes(ledger[candidate]) else 0.0
                scored.append((-score - same_code, number, candidate))
    found: dict[int, int] = {}
    for _, number, candidate in sorted(scored):
        if number not in found and candidate not in found.values():
            found[number] = candidate
    return found


def _codes(rule: Rule) -> frozenset[str]:
    """What a rule names: the command, the path."""
    return frozenset(_CODE.findall(_words(rule)))


def _likeness(new: str, old: str, needed: float) -> float:
    """Share of characters in common, 0 to 1; 0 where a cheap bound already lies below what is needed."""
    matcher = SequenceMatcher(None, new.lower(), old.lower(), autojunk=False)
    is_near = matcher.real_quick_ratio() >= needed and matcher.quick_ratio() >= needed
    return matcher.ratio() if is_near else 0.0


def _is_same_place(new: int, old: int, pairs: dict[int, int]) -> bool:
    """Both lines stand after the same unchanged rule."""
    before_new = max((number for number in pairs if number < new), default=None)
    before_old = max((number for number in pairs.values() if number < old), default=None)
    return (None if before_new is None else pairs[before_new]) == before_old
