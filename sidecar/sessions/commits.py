"""Commits that a command made, by what git printed."""

import re

from sidecar.domain import Step

_COMMIT_COMMAND = re.compile(r"\bgit\b[^;&|\n]*\bcommit\b")
_COMMITTED = re.compile(r"^\[[^\]\n]+ ([0-9a-f]{7,64})\] ", re.MULTILINE)
"""What `git commit` prints: `[main 1234567] subject`."""
_ASKS_FOR_HEAD = re.compile(r"\bgit\b[^;&|\n]*\brev-parse (?:--verify )?(?:--short )?HEAD\s*\Z")
_SHA_LINE = re.compile(r"(?:\A|\n)([0-9a-f]{7,64})\s*\Z")


def committed(step: Step) -> str | None:
    """SHA, or a prefix of it, of the last commit that a command made; None when it made none.

    A quiet commit is known where the command ends with asking for HEAD.
    """
    if step.command is None or step.output is None or not may_commit(step.command):
        return None
    printed = _COMMITTED.findall(step.output)
    if _ASKS_FOR_HEAD.search(step.command):
        printed += _SHA_LINE.findall(step.output)
    return printed[-1] if printed else None


def may_commit(command: str) -> bool:
    """Whether a command asks git for a commit; it may have had nothing to commit."""
    return _COMMIT_COMMAND.search(command) is not None


def is_same_commit(one: str, other: str) -> bool:
    """Whether two commits are equal as far as both are known."""
    return one.startswith(other) or other.startswith(one)
