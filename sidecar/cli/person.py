"""Who sits before the command line, as git or the system names them; nobody checks it."""

import getpass
from pathlib import Path

from sidecar.errors import GitError
from sidecar.git.looking import git_answer
from sidecar.printing import one_line

_MOST_CHARACTERS = 80


def person_at(folder: Path) -> str | None:
    """The name that git puts into what is committed in a folder, else the system's user; None where neither is told."""
    return _shown(_named_by_git(folder)) or _shown(_named_by_system())


def _named_by_git(folder: Path) -> str:
    try:
        return git_answer(folder, "config", "--get", "user.name") or ""
    except GitError:
        return ""


def _named_by_system() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # a container may run as a number that no user has
        return ""


def _shown(name: str) -> str | None:
    """The name without what no reader sees; None where nothing is left."""
    line = one_line(name, at_most=_MOST_CHARACTERS)
    return "".join(character for character in line if character.isprintable()).strip() or None
