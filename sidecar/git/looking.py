"""Looks at the repository around a folder that somebody works in: what git knows of it, read and never changed.

Unlike our own clone it keeps its owner's configuration, which says what is ignored. Nothing in it is run, nobody is
asked for a password, and no network is reached.
"""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sidecar.errors import GitError
from sidecar.git.command import NO_GIT

_LIMIT_S = 10.0
"""For each question; of a history that is too long for it nothing is known."""
_KEPT = frozenset({"GIT_CEILING_DIRECTORIES", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_SYSTEM"})
"""Of git's variables; all others could lead it to another repository: the caller may itself run inside a git hook."""
_HARDENED: Mapping[str, str] = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "/bin/false",
    "GIT_OPTIONAL_LOCKS": "0",
    # of a clone that fetches what it lacks when asked; the second is for versions that do not know the first
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
}
_SETTINGS = ("core.hooksPath=/dev/null", "core.fsmonitor=false", "safe.bareRepository=explicit")


def work_tree_root(folder: Path) -> Path | None:
    """The top of the work tree that a folder lies in; None where it lies in none.

    Raises:
        GitError: there is no git to run.
    """
    root = git_answer(folder, "rev-parse", "--show-toplevel")
    return Path(root) if root else None


def remote_url(folder: Path) -> str | None:
    """URL of `origin`, else of the first remote, as it is configured; None where there is none.

    Raises:
        GitError: there is no git to run.
    """
    url = git_answer(folder, "config", "--get", "remote.origin.url")
    if url is None and (names := (git_answer(folder, "remote") or "").split("\n"))[0]:
        url = git_answer(folder, "config", "--get", f"remote.{names[0]}.url")
    return url


def git_answer(folder: Path, *arguments: str) -> str | None:
    """What git says, without its last line end; None where it says no, or not in time, or cannot be asked that.

    Args:
        arguments: With `--literal-pathspecs` first where a path that follows came from outside; it is no default
            because `check-ignore` refuses it.
    Raises:
        GitError: there is no git to run.
    """
    kept = {name: value for name, value in os.environ.items() if name in _KEPT or not name.startswith("GIT_")}
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    try:
        run = subprocess.run(
            ["git", *settings, "-C", str(folder), *arguments],
            env={**kept, **_HARDENED},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_LIMIT_S,
        )
    except FileNotFoundError as exc:
        raise GitError(NO_GIT) from exc
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return run.stdout.decode("utf-8", "surrogateescape").removesuffix("\n") if run.returncode == 0 else None
