"""Walks a JSON value along its table and keeps what the level allows."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, cast

from sidecar.capture.fields import Choice, Each, Inside, JsonObject, JsonValue, Node, Text
from sidecar.capture.words import marked
from sidecar.domain import CaptureLevel, Matter

OPENING_LINES = 10
OPENING_CHARACTERS = 1000


class _Dropped:
    """Stands for a value of which nothing is kept."""


DROPPED: Final = _Dropped()
Kept: TypeAlias = "JsonValue | _Dropped"

_KEPT: Mapping[CaptureLevel, frozenset[Matter]] = {
    CaptureLevel.METADATA: frozenset({Matter.FRAME, Matter.WORDS}),
    CaptureLevel.EVIDENCE: frozenset({Matter.FRAME, Matter.PLACE, Matter.WORK, Matter.OPENING, Matter.WORDS}),
    CaptureLevel.FULL: frozenset(Matter),
}
"""What of which matter anything is kept at each level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduction:
    """A level with what it needs to derive."""

    level: CaptureLevel
    keyed_hash: Callable[[str], str]
    """Sixteen hex digits that stand for a text here and nowhere else."""

    @property
    def is_needed(self) -> bool:
        """False at `full`, which keeps messages as they came."""
        return self.level is not CaptureLevel.FULL

    def keeps_whole(self, matter: Matter) -> bool:
        """Whether every text of it is kept as it is."""
        return matter in _KEPT[self.level] and (matter not in (Matter.WORDS, Matter.OPENING) or not self.is_needed)

    def text(self, value: str, matter: Matter) -> str | _Dropped:
        """What is kept of a text."""
        if matter not in _KEPT[self.level]:
            return DROPPED
        match matter:
            case Matter.WORDS:
                return marked(value, self.keyed_hash, has_corrections=self.level is CaptureLevel.EVIDENCE)
            case Matter.OPENING:
                return "\n".join(value[:OPENING_CHARACTERS].split("\n")[:OPENING_LINES])
            case _:
                return value


def reduce_json(value: JsonValue, node: Node, reduction: Reduction) -> Kept:
    """What is kept of a JSON value; DROPPED where that is nothing. The value itself stays as it is.

    Objects keep their place, empty where nothing of them is kept, since agents tell things apart by their order.
    """
    if not reduction.is_needed:
        return value
    return _reduced(value, node, reduction)


def _reduced(value: JsonValue, node: Node, reduction: Reduction) -> Kept:
    if isinstance(value, Mapping):
        return _object(cast("JsonObject", value), node, reduction)
    if isinstance(value, str):
        return _string(value, node, reduction)
    if isinstance(value, Sequence):
        kept = (_reduced(item, node, reduction) for item in cast("Sequence[JsonValue]", value))
        return [item for item in kept if not isinstance(item, _Dropped)]
    # numbers and flags say nothing that their table does not name
    is_kept = isinstance(node, Matter) and node in _KEPT[reduction.level] and node is not Matter.WORDS
    return value if is_kept else DROPPED


def _object(value: JsonObject, node: Node, reduction: Reduction) -> Kept:
    match node:
        case Choice():
            return _object(value, node.choose(value), reduction)
        case Each():
            return _object(value, node.fields, reduction)
        case Mapping():
            members = {name: _reduced(value[name], inner, reduction) for name, inner in node.items() if name in value}
            return {name: kept for name, kept in members.items() if not isinstance(kept, _Dropped)}
        case _:
            return DROPPED  # a table that expects no object here does not know what is in it


def _string(value: str, node: Node, reduction: Reduction) -> Kept:
    match node:
        case Matter():
            return reduction.text(value, node)
        case Each():
            return DROPPED if node.text is None else reduction.text(value, node.text)
        case Text():
            found = node.frame.fullmatch(value)
            before, words, after = (found[1], found[2], found[3]) if found else ("", value, "")
            kept = reduction.text(words, Matter.WORDS)
            return f"{before}{kept}{after}" if node.is_kept else kept
        case Inside():
            return _inside(value, node, reduction)
        case _:
            return DROPPED


def _inside(value: str, node: Inside, reduction: Reduction) -> Kept:
    try:
        parsed = cast("JsonValue", json.loads(value))
    except (ValueError, RecursionError):
        return DROPPED
    kept = _reduced(parsed, node.node, reduction)
    return DROPPED if isinstance(kept, _Dropped) else json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
