"""Tells sessions that ran something they had fetched before: whatever worked in them may be that thing's doing."""

import posixpath
import re
from collections.abc import Iterable, Iterator

from sidecar.domain import Step
from sidecar.shell import runs_what_it_fetched
from sidecar.shell_programs import only_looks, program_at

_CLAUSE_END = re.compile(r"&&|\|\||[;|\n]")
_ADDRESS = re.compile(r"\w+://[^\s'\"]*?/(?P<name>[^\s'\"/?#]+)/?(?:[?#]\S*)?$")
_TARGET = re.compile(r"(?:(?<!\S)(?:-o|-O|--output(?:-document)?)[ =]?|>\s*)['\"]?(?P<path>[^\s'\"<>]+)")
_LONGEST_WORD = 500
"""Characters; longer words are contents."""
_COPIES = frozenset({"clone"})
"""A word of a command that brings a whole folder, named last."""
_MARKS = re.compile(r"[\"'`(){}]")
_HARMLESS = frozenset({"chmod", "cp", "gunzip", "mv", "rm", "tar", "unzip"})
"""Programs that handle a file without running it."""


def ran_what_was_fetched(steps: Iterable[Step]) -> bool:
    """Whether a session ran something that came from an address, at once or later."""
    commands = [step.command for step in steps if step.command]
    if any(runs_what_it_fetched(command) for command in commands):
        return True
    fetched: set[str] = set()
    for words, clause in _clauses(commands):
        if fetched and _runs(words, fetched):
            return True
        if "://" in clause:
            fetched |= set(_names(words, clause))
    return False


def _clauses(commands: Iterable[str]) -> Iterator[tuple[list[str], str]]:
    for command in commands:
        for clause in _CLAUSE_END.split(command):
            words = [word for word in _MARKS.sub(" ", clause).split() if len(word) <= _LONGEST_WORD]
            if words:
                yield words, clause


def _names(words: list[str], clause: str) -> Iterator[str]:
    """What a fetched thing is called in the work tree."""
    for word in words:
        address = _ADDRESS.search(word)
        if address is not None and "." in address["name"]:
            yield address["name"].removesuffix(".git")
    for target in _TARGET.finditer(clause):
        yield posixpath.basename(target["path"])
    if any(word in _COPIES for word in words) and "://" not in words[-1]:
        yield posixpath.basename(words[-1].rstrip("/"))


def _runs(words: list[str], fetched: set[str]) -> bool:
    own = words[program_at(words) :]
    if not own or only_looks(own) or posixpath.basename(own[0]) in _HARMLESS:
        return False
    first = next((word for word in own[1:] if not word.startswith("-")), "")
    parts = {part for word in (own[0], first) for part in word.split("/")}
    return not fetched.isdisjoint(parts)
