"""The repository one stands in, as far as attaching needs it."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from sidecar.domain import ProjectId
from sidecar.errors import InputError
from sidecar.remotes import project_of

_GIT_LIMIT_S = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A work tree."""

    root: Path
    exclude: Path
    """Where this clone alone lists files that git shall not see."""
    remote: str | None
    """URL of `origin`, else of the first remote."""

    @property
    def project(self) -> ProjectId | None:
        """The remote as projects are named; None where there is none."""
        return project_of(self.remote) if self.remote else None

    def ignores(self, path: str) -> bool:
        """Whether git leaves a path of the work tree out of what people see and commit."""
        return _git(self.root, "check-ignore", "--quiet", "--", path) is not None

    def tracks(self, path: str) -> bool:
        """Whether a path is in the repository."""
        return bool(_git(self.root, "ls-files", "--", path))


def repository_at(folder: Path) -> Repository | None:
    """The work tree around a folder; None where there is none.

    Raises:
        InputError: git is not installed.
    """
    root = _git(folder, "rev-parse", "--show-toplevel")
    if not root:
        return None
    exclude = _git(folder, "rev-parse", "--git-path", "info/exclude") or ".git/info/exclude"
    name = "origin"
    remotes = (_git(folder, "remote") or "").split()
    if remotes and name not in remotes:
        name = remotes[0]
    return Repository(
        root=Path(root),
        exclude=(folder / exclude).resolve(),
        remote=_git(folder, "config", "--get", f"remote.{name}.url"),
    )


def _git(folder: Path, *arguments: str) -> str | None:
    """What git says, without its last line end; None where it says no."""
    try:
        run = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, check=False, timeout=_GIT_LIMIT_S
        )
    except FileNotFoundError as exc:
        raise InputError("git is not on PATH; install it, the hooks need it too") from exc
    except subprocess.TimeoutExpired:
        return None
    return run.stdout.decode("utf-8", "surrogateescape").removesuffix("\n") if run.returncode == 0 else None
