"""The repository one stands in, as far as attaching needs it."""

from dataclasses import dataclass
from pathlib import Path

from sidecar.domain import ProjectId
from sidecar.git.looking import git_answer, remote_url, work_tree_root
from sidecar.remotes import project_of


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
        return git_answer(self.root, "check-ignore", "--quiet", "--", path) is not None

    def tracks(self, path: str) -> bool:
        """Whether a path is in the repository."""
        return bool(git_answer(self.root, "--literal-pathspecs", "ls-files", "--", path))


def repository_at(folder: Path) -> Repository | None:
    """The work tree around a folder; None where there is none.

    Raises:
        GitError: git is not installed.
    """
    root = work_tree_root(folder)
    if root is None:
        return None
    exclude = git_answer(folder, "rev-parse", "--git-path", "info/exclude") or ".git/info/exclude"
    return Repository(root=root, exclude=(folder / exclude).resolve(), remote=remote_url(folder))
