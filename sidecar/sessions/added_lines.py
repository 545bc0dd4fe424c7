"""Sketches of added lines, by which a commit is known to hold what a session wrote although nobody named it.

Agents rarely commit; people do it for them later, squashed or with changes of their own. A sketch is the smallest
hashes of the lines: two sketches tell how much two sets of lines share without either set. Nothing of the text can be
read from them by whoever does not have it.
Source: Broder (1997), On the resemblance and containment of documents (bottom-k sketches).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sidecar.domain import Step

SKETCH_SIZE = 64
"""Hashes kept of a set; the error of an estimated share is about 1/8."""
HASH_DIGITS = 12
"""48 bits: among ten million lines two share a hash by accident once in three."""
MIN_SHARE = 0.8
"""Of the smaller side: people reword a line or two before they commit."""
SURE_LINES = 3
"""From so many common lines on, accident is out of the question."""
_MIN_CHARS = 4


def added_lines(steps: Iterable[Step]) -> tuple[str, ...]:
    """Sketch of the lines that a session's edits left behind.

    Args:
        steps: In time order; a line that a later edit takes away again does not count.
    """
    left: set[str] = set()
    for step in steps:
        if step.has_written and step.new_text is not None:
            old, new = _lines(step.old_text or ""), _lines(step.new_text)
            left = (left - (old - new)) | (new - old)
    return _sketch(left)


def added_lines_of_diff(diff: str) -> tuple[str, ...]:
    """Sketch of the lines that a unified diff adds, as `git show` or `git diff` prints it."""
    added = (line[1:] for line in diff.splitlines() if line.startswith("+") and not line.startswith("+++ "))
    return _sketch(_lines("\n".join(added)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """What two sets of lines have in common, as far as their sketches tell."""

    common: int
    """Lines seen in both."""
    share: float
    """Common lines as a part of the smaller side, 0 to 1."""

    @property
    def is_match(self) -> bool:
        """One side holds the other."""
        return self.common > 0 and self.share >= MIN_SHARE


def overlap(one: Sequence[str], other: Sequence[str]) -> Overlap:
    """How far one set of lines holds the other.

    Above the largest hash of a full sketch its set is unknown, so only hashes up to there are compared.
    """
    bounds = [max(side) for side in (one, other) if len(side) >= SKETCH_SIZE]
    bound = min(bounds, default="g")
    left, right = ({line for line in side if line <= bound} for side in (one, other))
    smaller = min(len(left), len(right))
    common = len(left & right)
    return Overlap(common=common, share=common / smaller if smaller else 0.0)


def _lines(text: str) -> set[str]:
    """Lines without indentation; brackets and blanks alone tell nothing."""
    stripped = (line.strip() for line in text.splitlines())
    return {line for line in stripped if len(line) >= _MIN_CHARS and any(map(str.isalnum, line))}


def _sketch(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({_hash(line) for line in lines})[:SKETCH_SIZE])


def _hash(line: str) -> str:
    return hashlib.blake2b(line.encode("utf-8", "surrogatepass"), digest_size=HASH_DIGITS // 2).hexdigest()
