"""The forge for a plain bare remote: each proposal is two files beside it.

`<remote>.proposals/<branch>.json` holds number, state and review, for people to edit: set `state` to `closed` and write
why in `review`. To delete the branch of an open proposal closes it as well, as on every forge: git alone offers a
reviewer nothing else. `<branch>.md` holds the text. Files are replaced whole, so a reader sees the old or the new one.
"""

import asyncio
import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast
from urllib.parse import unquote, urlsplit

from sidecar.domain import PullRequest
from sidecar.errors import ConfigError, ForgeError, GitUnavailableError
from sidecar.forges.forge import BRANCH_DELETED, Forge, Publication, Published
from sidecar.git import Clone, check_own_branch, check_remote
from sidecar.proposals import CLOSING, ProposalText

_STATES = ("open", "closed", "merged")
_KEYS = {"number", "branch", "title", "state", "review", "comments"}


def connect(clone: Clone) -> Forge:
    """The local forge of a clone's remote.

    Raises:
        ConfigError: the remote is not a folder on this machine.
    """
    return LocalForge(clone)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """One proposal's JSON file."""

    number: int
    branch: str
    title: str
    state: str
    review: str | None
    comments: tuple[str, ...]


class LocalForge:
    """A folder of proposals beside a bare repository."""

    def __init__(self, clone: Clone) -> None:
        remote = check_remote(clone.url)
        if not remote.is_local:
            raise ConfigError(f"the forge local needs a remote on this machine, not {clone.url}; name its path")
        path = unquote(urlsplit(clone.url).path) if "://" in clone.url else clone.url
        self._folder = Path(f"{path.rstrip('/')}.proposals")
        self._clone = clone

    @property
    def name(self) -> str:
        """Its name in the registry."""
        return "local"

    async def publish(self, publication: Publication) -> Published:
        """Put the files on the branch, unless people have committed to it."""
        return await asyncio.to_thread(self._publish, publication)

    async def open(self, branch: str, text: ProposalText) -> PullRequest:
        """The proposal of the branch, made if there is none in any state."""
        return await asyncio.to_thread(self._open, branch, text)

    async def update(self, number: int, text: ProposalText) -> PullRequest:
        """Give a proposal other words; its state stays."""
        return await asyncio.to_thread(self._update, number, text)

    async def close(self, number: int, *, reason: str) -> PullRequest:
        """Close a proposal with a comment that says why; one that is not open stays as it is."""
        return await asyncio.to_thread(self._close, number, reason)

    async def find(self, branch: str) -> PullRequest | None:
        """The proposal of a branch, whatever its state; an open one without its branch was declined."""
        record = await asyncio.to_thread(self._record_of, check_own_branch(branch))
        return None if record is None else await asyncio.to_thread(self._looked_at, record)

    async def read(self, number: int) -> PullRequest:
        """A proposal as it is now, with the reviewer's words."""
        record = await asyncio.to_thread(self._record, number)
        return await asyncio.to_thread(self._looked_at, record)

    async def comment(self, number: int, text: str) -> None:
        """Add a comment; the same words are not added twice."""
        await asyncio.to_thread(self._comment, number, text)

    def _looked_at(self, record: _Record) -> PullRequest:
        """The proposal with what the remote says of it: a branch is published before its proposal is opened."""
        request = self._pull_request(record)
        if record.state != "open" or record.branch in self._clone.remote_branches(record.branch):
            return request
        base = self._clone.base_branch()
        if self._clone.remote_branches(base).get(base) != self._clone.base_head():
            # who merges a branch and deletes it has not declined it, and the base that we read is the one before
            raise GitUnavailableError(f"{base} was written to while it was read; run again")
        return replace(request, state="closed", review=record.review or BRANCH_DELETED)

    def _publish(self, publication: Publication) -> Published:
        commit = self._clone.commit_files(
            publication.base_commit, publication.files, publication.message, at_ns=publication.at_ns
        )
        return Published(commit=commit, result=self._clone.push(commit, publication.branch))

    def _open(self, branch: str, text: ProposalText) -> PullRequest:
        record = self._record_of(check_own_branch(branch))
        if record is None:
            taken = [one.number for one in self._records()]
            record = _Record(
                number=max(taken, default=0) + 1,
                branch=branch,
                title=text.title,
                state="open",
                review=None,
                comments=(),
            )
            self._write(record, text)
        return self._pull_request(record)

    def _update(self, number: int, text: ProposalText) -> PullRequest:
        record = replace(self._record(number), title=text.title)
        self._write(record, text)
        return self._pull_request(record)

    def _close(self, number: int, reason: str) -> PullRequest:
        record = self._record(number)
        if record.state == "open":
            record = replace(record, state="closed", comments=_with(record.comments, reason))
            self._write(record)
        return self._pull_request(record)

    def _comment(self, number: int, text: str) -> None:
        record = self._record(number)
        self._write(replace(record, comments=_with(record.comments, text)))

    def _records(self) -> list[_Record]:
        return [_decoded(path) for path in sorted(self._folder.rglob("*.json"))]

    def _record(self, number: int) -> _Record:
        found = next((record for record in self._records() if record.number == number), None)
        if found is None:
            raise ForgeError(f"no proposal {number} in {self._folder}; a file there names its number")
        return found

    def _record_of(self, branch: str) -> _Record | None:
        path = self._path(branch, "json")
        return _decoded(path) if path.exists() else None

    def _write(self, record: _Record, text: ProposalText | None = None) -> None:
        """The text first: a proposal that can be found has its words."""
        path = self._path(record.branch, "json")
        words = None if text is None else _shown(record, text).encode("utf-8", "backslashreplace")
        fields = {
            "number": record.number,
            "branch": record.branch,
            "title": record.title,
            "state": record.state,
            "review": record.review,
            "comments": list(record.comments),
        }
        encoded = (json.dumps(fields, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if words is not None:
                _replace(path.with_suffix(".md"), words)
            _replace(path, encoded)
        except OSError as exc:
            raise ForgeError(f"cannot write {path}: {exc}; proposals of the forge local lie beside the remote") from exc

    def _path(self, branch: str, ending: str) -> Path:
        return self._folder / f"{branch}.{ending}"

    def _pull_request(self, record: _Record) -> PullRequest:
        url = self._path(record.branch, "md").as_uri()
        return PullRequest(number=record.number, url=url, state=record.state, review=record.review)


def _shown(record: _Record, text: ProposalText) -> str:
    """The words of a proposal, with the way to decline that there is here."""
    name = record.branch.rpartition("/")[2]
    closing = (
        f'In `{name}.json` beside this file set `"state"` to `"closed"` and write why in `"review"`, or delete the '
        f"branch `{record.branch}`: none of its rules is proposed again, and your words are kept as the reason."
    )
    return f"# {text.title}\n\n{text.body.replace(CLOSING, closing)}"


def _with(comments: tuple[str, ...], text: str) -> tuple[str, ...]:
    return comments if text in comments else (*comments, text)


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, also over a power cut; what a killed run left is written over."""
    half = path.with_name(f".{path.name}.tmp")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def _decoded(path: Path) -> _Record:
    """The record of one file that people edit by hand."""
    hint = 'set "state" to open, closed or merged and "review" to your words or null, and change nothing else'
    try:
        decoded: object = json.loads(path.read_bytes())
    except ValueError as exc:
        raise ForgeError(f"{path} is not JSON ({exc}); {hint}") from exc
    except OSError as exc:
        raise ForgeError(f"{path} cannot be read ({exc.strerror}); it must be a file this user may read") from exc
    fields = cast("dict[str, object]", decoded) if isinstance(decoded, dict) else {}
    number, review, comments = fields.get("number"), fields.get("review"), fields.get("comments")
    if set(fields) != _KEYS or not isinstance(number, int) or not isinstance(comments, list):
        raise ForgeError(f"{path} has lost its shape; {hint}")
    if fields["state"] not in _STATES:
        raise ForgeError(f'{path}: "state" is {fields["state"]!r}; {hint}')
    if review is not None and not isinstance(review, str):
        raise ForgeError(f'{path}: "review" is {review!r}; {hint}')
    return _Record(
        number=number,
        branch=str(fields["branch"]),
        title=str(fields["title"]),
        state=str(fields["state"]),
        review=review,
        comments=tuple(str(comment) for comment in cast("list[object]", comments)),
    )
