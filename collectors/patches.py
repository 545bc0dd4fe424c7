"""Reads the patch format that models are taught (`*** Begin Patch`): which files, with what taken away and added."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FILE = re.compile(r"^\*\*\* (Add|Update|Delete) File: (.+)$", re.MULTILINE)
_MOVED = re.compile(r"^\*\*\* Move to: (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatchedFile:
    """One file of a patch."""

    path: str
    """Where it lies afterwards, as the patch names it."""
    old_text: str | None
    """The lines taken away; None for a file that is new."""
    new_text: str
    """The lines added."""


def patched_files(patch: str) -> Iterator[PatchedFile]:
    """The files of a patch in its order; none where the text is no patch."""
    heads = list(_FILE.finditer(patch))
    for number, head in enumerate(heads):
        end = heads[number + 1].start() if number + 1 < len(heads) else len(patch)
        body = patch[head.end() : end]
        lines = body.splitlines()
        old = "\n".join(line[1:] for line in lines if line.startswith("-"))
        moved = _MOVED.search(body)
        yield PatchedFile(
            path=(moved[1] if moved else head[2]).strip(),
            old_text=None if head[1] == "Add" else old,
            new_text="\n".join(line[1:] for line in lines if line.startswith("+")),
        )
