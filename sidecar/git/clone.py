"""Our own bare clone of a project's repository, in the data folder and nowhere near a work tree.

Reads the base, writes commits by plumbing and pushes branches under `sidecar/`. Everything in it can be fetched again,
so a clone that is half written or corrupt is thrown away and made anew. One process at a time: the caller holds the
lease. Methods wait for git; call them off the event loop.
"""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from sidecar.errors import DataDirError, GitError, GitUnavailableError
from sidecar.git.address import BRANCH_PREFIX, check_branch, check_own_branch, check_remote
from sidecar.git.command import GitCommand
from sidecar.git.default_branch import default_branch
from sidecar.git.push import PushResult, delete_branch, is_theirs, push_commit, remote_branches
from sidecar.git.searching import paths_holding
from sidecar.git.tree import SIDECAR, Author, Message, TreeEntry, decode_tree, is_hash, write_commit

TIMEOUT_S = 300.0
"""Seconds that one git command may take; a first fetch of a large repository needs minutes."""
_MAX_LINK_BYTES = 4096


class Clone:
    """A bare clone with one remote."""

    def __init__(self, folder: Path, url: str, git: GitCommand, base: str | None) -> None:
        self._folder = folder
        self._url = url
        self._git = git
        self._base = base
        self._listed: tuple[str, Mapping[str, TreeEntry]] = ("", {})

    @classmethod
    def open(
        cls,
        folder: Path,
        url: str,
        *,
        base: str | None = None,
        authorization: str | None = None,
        timeout_s: float = TIMEOUT_S,
        is_only_read: bool = False,
    ) -> "Clone":
        """The clone in `folder`, made or mended without contacting the remote.

        Args:
            is_only_read: Leave it as it is, without the lease; where there is none, reading raises GitError.
            base: Branch that proposals go to; the remote's default branch when None.
            authorization: Value of the Authorization header for http(s), such as `Bearer …`.
        Raises:
            GitError: the address or the branch is not one, or git is missing.
            DataDirError: the folder cannot be made.
        """
        folder = folder.absolute()
        git = GitCommand(folder, check_remote(url), authorization=authorization, timeout_s=timeout_s)
        clone = cls(folder, url, git, check_branch(base) if base is not None else None)
        if not is_only_read:
            clone._mend()
        return clone

    @property
    def url(self) -> str:
        """The remote's address, without secrets."""
        return self._url

    def fetch(self) -> str:
        """Bring the base and our branches here, and say the base's head commit.

        Raises:
            GitUnavailableError: the remote did not answer.
            GitError: there is no such remote or base, or the clone stays corrupt after a rebuild.
        """
        try:
            return self._fetched()
        except GitUnavailableError:
            raise
        except GitError:
            if self._is_sound():
                raise
            self._rebuild()
            return self._fetched()

    def base_branch(self) -> str:
        """The branch that proposals go to, as of the last fetch.

        Raises:
            GitError: nothing was fetched yet.
        """
        name = self._git.run("symbolic-ref", "refs/remotes/origin/HEAD").decode("utf-8", "surrogateescape").strip()
        return name.removeprefix("refs/remotes/origin/")

    def base_head(self) -> str:
        """Full hash of the base's newest commit, as of the last fetch.

        Raises:
            GitError: nothing was fetched yet.
        """
        return self._commit("refs/remotes/origin/HEAD")

    def entries(self, commit: str) -> Mapping[str, TreeEntry]:
        """Every file, link and submodule of a commit by path."""
        sha = self._commit(commit)
        if self._listed[0] != sha:
            self._listed = (sha, decode_tree(self._git.run("ls-tree", "-r", "-z", "--full-tree", sha)))
        return self._listed[1]

    def list_files(self, commit: str) -> frozenset[str]:
        """Every path of a commit: files, links and submodules."""
        return frozenset(self.entries(commit))

    def links(self, commit: str) -> dict[str, str]:
        """The commit's symbolic links: path to what is written in the link."""
        links = {path: entry for path, entry in self.entries(commit).items() if entry.is_link}
        contents = {path: self._blob(entry.sha)[: _MAX_LINK_BYTES + 1] for path, entry in links.items()}
        return {path: content.decode("utf-8", "surrogateescape") for path, content in contents.items()}

    def read_file(self, commit: str, path: str) -> bytes | None:
        """A file's bytes as committed; None where there is none.

        Raises:
            GitError: the path is a link or a submodule, or the clone stays corrupt after a rebuild.
        """
        entry = self.entries(commit).get(path)
        if entry is None:
            return None
        if not entry.is_file:
            raise GitError(f"{path} is a symbolic link or a submodule in {commit[:12]}; make it a file there")
        return self._blob(entry.sha)

    def read_blob(self, sha: str) -> bytes | None:
        """The bytes behind a blob hash; None when no commit that we fetched has it."""
        if not is_hash(sha):
            return None
        code, output, _ = self._git.answer("cat-file", "blob", sha)
        return output if code == 0 else None

    def was_there(self, commit: str, path: str, *, words: str = "") -> bool:
        """Whether a file or folder of this name is, or once was, in the history of a commit, and held these words."""
        flags = ["-1", "--format=%H", *([f"-S{words}"] if words else [])]
        return bool(self._git.run("log", *flags, self._commit(commit), "--", path).strip())

    def holding(self, commit: str, words: Sequence[str], endings: Sequence[str], *, timeout_s: float) -> frozenset[str]:
        """Paths that end in one of `endings` and hold each of `words` as a whole word; none when it takes too long."""
        return paths_holding(self._git, self._commit(commit), words, endings, timeout_s=timeout_s)

    def diff(self, base: str, commit: str) -> str:
        """What a commit changes against a base, as a unified diff."""
        flags = ["-r", "-p", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames"]
        output = self._git.run("diff-tree", *flags, self._commit(base), self._commit(commit))
        return output.decode("utf-8", "replace")

    def commit_files(
        self, base: str, changes: Mapping[str, bytes | None], message: str, *, at_ns: int, author: Author = SIDECAR
    ) -> str:
        """A commit on `base` with these files written (None: removed); the same inputs give the same hash.

        Returns:
            The commit's hash; that of `base` when nothing would change.
        Raises:
            GitError: a path that we never write, or one that is a link, a folder or under a file at the base.
        """
        said = Message(text=message, author=author, at_ns=at_ns)
        return write_commit(self._git, self._commit(base), self.entries(base), changes, said)

    def push(self, commit: str, branch: str) -> PushResult:
        """Make the remote's branch this commit, unless somebody else has committed to it.

        Raises:
            GitUnavailableError: the remote did not answer, or others keep writing the branch.
            GitError: not a branch of ours, or the remote refused.
        """
        return push_commit(self._git, self._url, self._commit(commit), check_own_branch(branch))

    def delete_branch(self, branch: str) -> bool:
        """Remove our branch from the remote; False when it was not there or holds somebody else's commits.

        Raises:
            GitError: not a branch of ours, or the remote refused.
        """
        return delete_branch(self._git, self._url, check_own_branch(branch))

    def remote_branches(self, prefix: str = BRANCH_PREFIX) -> dict[str, str]:
        """The remote's branches as they are now, by name: those under `prefix/…`, or the one of that name."""
        return remote_branches(self._git, self._url, prefix)

    def has_branch(self, branch: str) -> bool:
        """Whether the remote had our branch, as of the last fetch."""
        name = f"refs/remotes/origin/{check_own_branch(branch)}"
        return self._git.answer("rev-parse", "--verify", "--quiet", name)[0] == 0

    def is_theirs(self, branch: str) -> bool:
        """Whether a push to our branch would find it frozen, as of the last fetch."""
        return is_theirs(self._git, check_own_branch(branch))

    def is_ancestor(self, commit: str, of: str) -> bool:
        """Whether `of` contains `commit`; False as well for a commit that was never fetched."""
        return self._git.answer("merge-base", "--is-ancestor", "--end-of-options", commit, of)[0] == 0

    def _fetched(self) -> str:
        base = self._base or default_branch(self._git, self._url)
        refs = [f"+refs/heads/{name}:refs/remotes/origin/{name}" for name in (base, f"{BRANCH_PREFIX}*")]
        flags = ["--prune", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--quiet"]
        self._git.run("fetch", *flags, "--end-of-options", self._url, *refs)
        self._git.run("symbolic-ref", "refs/remotes/origin/HEAD", f"refs/remotes/origin/{base}")
        head = self.base_head()
        # reads every folder of the base: a corrupt one shows here and not in the middle of a proposal
        self.entries(head)
        return head

    def _commit(self, name: str) -> str:
        output = self._git.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return output.decode("ascii").strip()

    def _blob(self, sha: str) -> bytes:
        content = self.read_blob(sha)
        if content is not None:
            return content
        self._rebuild()
        self._fetched()
        return self._git.run("cat-file", "blob", sha)

    def _mend(self) -> None:
        """Make the folder a bare repository that nobody is writing to."""
        code, output, _ = (
            self._git.answer("rev-parse", "--is-bare-repository") if self._folder.is_dir() else (1, b"", "")
        )
        if code != 0 or output.strip() != b"true":
            self._rebuild()
        for lock in [*self._folder.glob("*.lock"), *(self._folder / "refs").rglob("*.lock")]:
            lock.unlink(missing_ok=True)  # left by a killed run: we are the only writer

    def _is_sound(self) -> bool:
        """Whether everything that our refs need is here; an error then is the remote's."""
        return self._git.answer("fsck", "--connectivity-only", "--no-dangling", "--no-progress")[0] == 0

    def _rebuild(self) -> None:
        try:
            if self._folder.is_dir() and not self._folder.is_symlink():
                shutil.rmtree(self._folder)
            else:
                self._folder.unlink(missing_ok=True)
            self._folder.parent.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            where = exc.filename or self._folder
            raise DataDirError(
                f"cannot make the clone {self._folder}: {where}: {exc.strerror}; mend its permissions or space"
            ) from exc
        self._git.run("init", "--bare", "--quiet", "--template=", str(self._folder))
