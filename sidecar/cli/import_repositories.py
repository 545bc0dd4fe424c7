"""Which repository a session worked in, asked of the folder it worked in: the file itself seldom says.

Git is only read, never run so that a repository could run something or a network be reached.
"""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sidecar.remotes import project_of

GIT_LIMIT_S = 5.0
"""For each question; of a history that is too long for it nothing is known."""
_KEPT = frozenset({"GIT_CEILING_DIRECTORIES", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_SYSTEM"})
"""Of git's variables; all others could lead it to another repository: the caller may itself run inside a git hook."""
_HARDENED: Mapping[str, str] = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "/bin/false",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    # of a clone that fetches what it lacks when asked; the second is for versions that do not know the first
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
}
_SETTINGS = ("core.hooksPath=/dev/null", "core.fsmonitor=false", "safe.bareRepository=explicit")


class Repositories:
    """The repositories of this machine's folders; each folder is asked once."""

    def __init__(self) -> None:
        """Nothing has been asked yet."""
        self._asked: dict[str, str | None] = {}

    def remote_at(self, folder: str) -> str | None:
        """The remote of the work tree that a folder lies in, or lay in; None where that cannot be told.

        It is the one that the start hook would measure, without user, password and all else that differs between
        clones: `https://host/path`.

        Args:
            folder: As the agent named it. Where it is gone, the nearest parent that stands is asked, and answers for
                it only where the repository there has ever held the folder: it may have been another repository's.
        """
        if folder not in self._asked:
            self._asked[folder] = _measured(folder)
        return self._asked[folder]


def _measured(folder: str) -> str | None:
    path = Path(folder)
    if not path.is_absolute():
        return None
    standing = next((one for one in (path, *path.parents) if _stands(one)), None)
    if standing is None or (standing != path and not _has_held(standing, path)):
        return None
    if not _git(standing, "rev-parse", "--show-toplevel"):
        return None
    remote = _git(standing, "config", "--get", "remote.origin.url")
    if remote is None and (names := (_git(standing, "remote") or "").split("\n"))[0]:
        remote = _git(standing, "config", "--get", f"remote.{names[0]}.url")
    project = project_of(remote) if remote and remote.isprintable() else None
    return f"https://{project}" if project else None


def _stands(folder: Path) -> bool:
    """Whether it is there; what an agent wrote may be no name that a folder can have."""
    try:
        return folder.is_dir()
    except (OSError, ValueError):
        return False


def _has_held(standing: Path, gone: Path) -> bool:
    """Whether any commit of the repository around a folder has something at a path below it."""
    return bool(_git(standing, "rev-list", "--max-count=1", "--all", "--", str(gone.relative_to(standing))))


def _git(folder: Path, *arguments: str) -> str | None:
    """What git says, without its last line end; None where it says no, or not in time, or is not there."""
    kept = {name: value for name, value in os.environ.items() if name in _KEPT or not name.startswith("GIT_")}
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    try:
        run = subprocess.run(
            ["git", *settings, "-C", str(folder), *arguments],
            env={**kept, **_HARDENED},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=GIT_LIMIT_S,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return run.stdout.decode("utf-8", "surrogateescape").removesuffix("\n") if run.returncode == 0 else None
