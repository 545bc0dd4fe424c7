"""Where a secret stands once more in the same text, with nothing beside it that says so.

Asked only of values that no words are made of; and with as many secrets as there may be, in time linear in the text.
"""

import re
from collections.abc import Iterator

from sidecar.redact.drawn import is_drawn_key
from sidecar.redact.told import is_told_password

_MIN = 8
_STEM = re.compile(rb"[A-Za-z0-9]{4,}")
"""A run that no secret is found without and no escape is part of."""
_FEW = 8
"""So many values are looked for one by one, which is faster for each of them than to look at every run."""
_WORD = re.compile(rb"[A-Za-z0-9_]")


def echoes(body: bytes, values: set[bytes]) -> Iterator[tuple[int, int]]:
    """Where these stand in `body`, as a whole, in no order."""
    wanted = {value for value in values if len(value) >= _MIN and (is_told_password(value) or is_drawn_key(value))}
    for value, start in _places(body, wanted):
        end = start + len(value)
        before, behind = body[start - 1 : start] if start else b"", body[end : end + 1]
        if not (_WORD.match(behind) or (_WORD.match(before) and body[start - 2 : start - 1] != b"\\")):
            yield start, end


def _places(body: bytes, values: set[bytes]) -> Iterator[tuple[bytes, int]]:
    if len(values) <= _FEW:
        for value in values:
            at = body.find(value)
            while at >= 0:
                yield value, at
                at = body.find(value, at + len(value))
        return
    by_stem: dict[bytes, list[tuple[bytes, int]]] = {}
    for value in values:
        stem = max(_STEM.finditer(value), key=lambda run: len(run.group()), default=None)
        if stem is not None:
            by_stem.setdefault(stem.group(), []).append((value, stem.start()))
    for run in _STEM.finditer(body):
        for value, offset in by_stem.get(run.group(), ()):
            if body.startswith(value, run.start() - offset) and run.start() >= offset:
                yield value, run.start() - offset
