"""A forge: where proposals are shown to people and answered.

Seven verbs, each safe to repeat: a second `open` of a branch finds the first, a second `publish` of the same files
pushes nothing. What a forge says of a pull request is its state and words; whether a proposal is merged is decided by
its rules on the base, not here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from sidecar.domain import PullRequest
from sidecar.git import PushResult
from sidecar.proposals import ProposalText

BRANCH_DELETED = "its branch was deleted on the remote"
"""What stands for the reviewer's words where somebody declined by deleting the branch, and left none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """Files that should stand on a branch of ours."""

    branch: str
    """Under `sidecar/`."""
    base_commit: str
    files: Mapping[str, bytes | None]
    """What differs from the base; None removes."""
    message: str
    at_ns: int
    """Date of the commit; the same publication gives the same commit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a publication led to."""

    commit: str
    result: PushResult


class Forge(Protocol):
    """One place that keeps pull requests."""

    @property
    def name(self) -> str:
        """Its name in the registry."""
        ...

    async def publish(self, publication: Publication) -> Published:
        """Put the files on the branch, unless people have committed to it.

        Raises:
            GitUnavailableError: the remote did not answer.
            GitError: the remote or a path was refused.
        """
        ...

    async def open(self, branch: str, text: ProposalText) -> PullRequest:
        """The pull request of the branch, made if there is none in any state."""
        ...

    async def update(self, number: int, text: ProposalText) -> PullRequest:
        """Give a pull request other words; its state stays.

        Raises:
            ForgeError: there is no such pull request.
        """
        ...

    async def close(self, number: int, *, reason: str) -> PullRequest:
        """Close a pull request with a comment that says why; one that is not open stays as it is."""
        ...

    async def find(self, branch: str) -> PullRequest | None:
        """The pull request of a branch, whatever its state; one whose branch was deleted is closed."""
        ...

    async def read(self, number: int) -> PullRequest:
        """A pull request as it is now, with the reviewer's words.

        Raises:
            ForgeError: there is no such pull request.
        """
        ...

    async def comment(self, number: int, text: str) -> None:
        """Add a comment; the same words are not added twice."""
        ...
