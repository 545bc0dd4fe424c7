"""What became of a change after the session: merged, closed, reverted, changed again, as the forge told it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from sidecar.domain.names import ProjectId, TeamId

FollowUpId = NewType("FollowUpId", str)
"""Hash of what it says: the same delivery twice is one."""


class FollowUpKind(StrEnum):
    """What became of a change."""

    MERGED = "merged"
    """Its pull request was merged."""
    CLOSED = "closed"
    """Its pull request was closed without a merge."""
    PUSHED = "pushed"
    """Commits came to its branch, or its commit to the default branch."""
    REVERTED = "reverted"
    """A later commit takes it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """One act on a change after the session that made it, as the forge told it."""

    follow_up_id: FollowUpId
    team: TeamId
    kind: FollowUpKind
    project: ProjectId
    branch: str | None = None
    """The branch that was merged, closed or pushed to; of a revert the branch it was pushed to."""
    commits: tuple[str, ...] = ()
    """Commits it speaks of: the head and the merge commit, those pushed, those taken back."""
    number: int | None = None
    """Of the pull request."""
    paths: tuple[str, ...] = ()
    """Files that pushed commits touched, at most a few hundred."""
    at_ns: int
