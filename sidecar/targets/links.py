"""Where the bytes of a name lie: symbolic links are followed inside the repository and refused outside it."""

import posixpath
import unicodedata
from collections.abc import Collection, Mapping

from sidecar.errors import RulesFileError
from sidecar.rules import is_ledger_path, may_write

_MAX_LINKS = 8
"""Links followed for one path; more is a loop."""


def resolved(name: str, files: Collection[str], links: Mapping[str, str]) -> str:
    """Where a target's bytes lie.

    Raises:
        RulesFileError: a link leaves the repository, never ends, or ends where no rules belong; or the name stands
            there in other letters.
    """
    path = followed(name, links)
    other = next((file for file in files if file != path and fold(file) == fold(path)), None)
    if other is not None:
        raise RulesFileError(
            f"the repository holds {other}, which is the same file as {path} on macOS and Windows; rename it to {path}"
        )
    if path != name and not (may_write(path) and not is_ledger_path(path)):
        raise RulesFileError(
            f"{name} is a symbolic link to {path}, where no rules belong; make {name} a file of its own"
        )
    return path


def followed(name: str, links: Mapping[str, str]) -> str:
    """A path with every link in it replaced by what it points at.

    Raises:
        RulesFileError: a link leaves the repository or never ends.
    """
    path = name
    for _ in range(_MAX_LINKS):
        link = next((part for part in _prefixes(path) if part in links), None)
        if link is None:
            return path
        rest = path[len(link) :]
        landed = posixpath.normpath(posixpath.join(posixpath.dirname(link), links[link]))
        if links[link].startswith("/") or landed.startswith("..") or landed == "." or "\0" in landed:
            raise RulesFileError(
                f"{name} is a symbolic link to {links[link]!r}, outside the repository; "
                "make it a file inside, or remove the link"
            )
        path = landed + rest
    raise RulesFileError(f"{name} is a symbolic link that never ends at a file; make it a file")


def _prefixes(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[: length + 1]) for length in range(len(parts))]


def fold(path: str) -> str:
    """A name as file systems of macOS and Windows compare it."""
    return unicodedata.normalize("NFC", path).casefold()


def is_linked(path: str, links: Mapping[str, str]) -> bool:
    """Whether a path, or a folder that it lies in, is a symbolic link."""
    parts = path.split("/")
    return any("/".join(parts[: length + 1]) in links for length in range(len(parts)))
