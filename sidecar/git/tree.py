"""Trees and commits by plumbing: no work tree, no filters, no hooks, and no path that rules have no business in."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass

from sidecar.errors import GitError
from sidecar.git.command import GitCommand
from sidecar.rules import LEDGER_FOLDER, may_write

EMAIL = "agent-sidecar@localhost"
"""Committer of every commit of ours; by it a branch of ours is told from one that people work on."""
_FILE_MODES = ("100644", "100755")
_NS = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who a commit says it is by; the committer is always the sidecar."""

    name: str
    email: str


SIDECAR = Author(name="agent-sidecar", email=EMAIL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a commit says of itself."""

    text: str
    author: Author = SIDECAR
    at_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeEntry:
    """One path of a commit."""

    mode: str
    """As git writes it: `100644`, `100755`, `120000` (link), `160000` (submodule)."""
    sha: str

    @property
    def is_file(self) -> bool:
        """A plain file, executable or not."""
        return self.mode in _FILE_MODES

    @property
    def is_link(self) -> bool:
        """A symbolic link."""
        return self.mode == "120000"


def decode_tree(listing: bytes) -> dict[str, TreeEntry]:
    """Entries by path, of what `git ls-tree -r -z` prints."""
    entries: dict[str, TreeEntry] = {}
    for record in listing.split(b"\0"):
        if not record:
            continue
        meta, path = record.split(b"\t", 1)
        mode, _, sha = meta.decode("ascii").split(" ")
        entries[path.decode("utf-8", "surrogateescape")] = TreeEntry(mode=mode, sha=sha)
    return entries


def write_commit(
    git: GitCommand,
    base: str,
    entries: Mapping[str, TreeEntry],
    changes: Mapping[str, bytes | None],
    message: Message,
) -> str:
    """The commit on `base` with these changes; `base` itself when they change nothing.

    Raises:
        GitError: a path that is refused; the text says why.
    """
    records = [_record(git, entries, path, changes[path]) for path in sorted(changes)]
    with tempfile.TemporaryDirectory(prefix="sidecar-index-") as scratch:
        index = {"GIT_INDEX_FILE": f"{scratch}/index"}
        git.run("read-tree", base, environment=index)
        git.run("update-index", "-z", "--index-info", stdin=b"".join(records), environment=index)
        tree = git.run("write-tree", environment=index).decode("ascii").strip()
    if tree == git.run("rev-parse", f"{base}^{{tree}}").decode("ascii").strip():
        return base
    words = message.text.encode("utf-8", "backslashreplace")
    made = git.run("commit-tree", tree, "-p", base, "-F", "-", stdin=words, environment=_identity(message))
    return made.decode("ascii").strip()


def _identity(message: Message) -> dict[str, str]:
    """Who made a commit and when, as git's variables."""
    date = f"@{message.at_ns // _NS} +0000"
    return {
        "GIT_AUTHOR_NAME": message.author.name,
        "GIT_AUTHOR_EMAIL": message.author.email,
        "GIT_AUTHOR_DATE": date,
        "GIT_COMMITTER_NAME": SIDECAR.name,
        "GIT_COMMITTER_EMAIL": SIDECAR.email,
        "GIT_COMMITTER_DATE": date,
    }


def _record(git: GitCommand, entries: Mapping[str, TreeEntry], path: str, content: bytes | None) -> bytes:
    """One line for `git update-index --index-info`."""
    if not may_write(path):
        raise GitError(f"{path!r} is not written: rules files and {LEDGER_FOLDER} are all this program ever changes")
    standing = entries.get(path)
    parts = path.split("/")
    in_the_way = next((one for n in range(1, len(parts)) if (one := "/".join(parts[:n])) in entries), None)
    if in_the_way is not None:
        raise GitError(f"{path} cannot be written: {in_the_way} is a file or a link at the base; remove it first")
    if any(one.startswith(f"{path}/") for one in entries):
        raise GitError(f"{path} cannot be written: it is a folder at the base; move it away first")
    if standing is not None and not standing.is_file:
        raise GitError(f"{path} cannot be written: it is a symbolic link or a submodule at the base; make it a file")
    name = path.encode("utf-8", "surrogateescape")
    if content is None:
        return b"0 " + b"0" * 40 + b"\t" + name + b"\0"
    sha = git.run("hash-object", "-w", "--no-filters", "--stdin", stdin=content).strip()
    mode = standing.mode if standing is not None else _FILE_MODES[0]
    return mode.encode() + b" " + sha + b"\t" + name + b"\0"


def is_hash(text: str) -> bool:
    """Whether `text` is a full object hash."""
    return len(text) in (40, 64) and all(character in "0123456789abcdef" for character in text)
