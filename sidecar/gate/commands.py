"""Commands as argument vectors: the same as an attested one, or that one plus paths that exist."""

import re
import shlex
from collections.abc import Iterable

from sidecar.gate.paths import is_existing_path

_OPERATORS = re.compile(r"[|&;<>`$(){}\n]|\\$")
_PROGRAM = re.compile(r"(?:\./)?[A-Za-z][\w.+-]*")


def argument_vector(command: str) -> tuple[str, ...] | None:
    """The arguments of `command` as a shell would split them; None when its quotes do not close."""
    try:
        return tuple(shlex.split(command))
    except ValueError:
        return None


def is_attested_command(command: str, attested: Iterable[str], files: frozenset[str]) -> bool:
    """Whether `command` was attested: exactly, or as an attested one followed by paths of the repository."""
    vector = argument_vector(command)
    if not vector:
        return False
    return any(_extends(vector, known, command, files) for known in map(argument_vector, attested) if known)


def is_part_of_attested(command: str, attested: Iterable[str]) -> bool:
    """Whether `command` is the bare end of an attested one, as `pytest` is of `uv run pytest`."""
    vector = argument_vector(command)
    if not vector or _OPERATORS.search(command):
        return False
    vectors = (known for known in map(argument_vector, attested) if known)
    return any(len(known) > len(vector) and known[-len(vector) :] == vector for known in vectors)


def looks_like_command(text: str) -> bool:
    """Whether a literal reads as a command line: a program and something after it."""
    head, _, rest = text.strip().partition(" ")
    return rest != "" and _PROGRAM.fullmatch(head) is not None


def _extends(vector: tuple[str, ...], known: tuple[str, ...], command: str, files: frozenset[str]) -> bool:
    if vector == known:
        return True
    # operators make the last word something else than one more argument of the attested command
    if vector[: len(known)] != known or _OPERATORS.search(command):
        return False
    return all(not word.startswith("-") and is_existing_path(word, files) for word in vector[len(known) :])
