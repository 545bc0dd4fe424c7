"""Which repository a session worked in, asked of the folder it worked in: the file itself seldom says.

Where there is no git nothing can be told of any folder; the sessions are taken all the same.
"""

from pathlib import Path

from sidecar.errors import GitError
from sidecar.git.looking import git_answer, remote_url, work_tree_root
from sidecar.remotes import project_of


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
    try:
        remote = _remote_of_holder(standing, path) if standing else None
    except GitError:
        return None
    project = project_of(remote) if remote and remote.isprintable() else None
    return f"https://{project}" if project else None


def _remote_of_holder(standing: Path, path: Path) -> str | None:
    """The remote of the work tree around a folder that stands, if the path below it is or was a part of that."""
    if standing != path and not _has_held(standing, path):
        return None
    return remote_url(standing) if work_tree_root(standing) else None


def _stands(folder: Path) -> bool:
    """Whether it is there; what an agent wrote may be no name that a folder can have."""
    try:
        return folder.is_dir()
    except (OSError, ValueError):
        return False


def _has_held(standing: Path, gone: Path) -> bool:
    """Whether any commit of the repository around a folder has something at a path below it."""
    path = str(gone.relative_to(standing))
    return bool(git_answer(standing, "--literal-pathspecs", "rev-list", "--max-count=1", "--all", "--", path))
