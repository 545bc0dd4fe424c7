"""What repository a session worked on: Project, branch, commit it began on, commit it ended on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sidecar.domain import Channel, Observation, ProjectId, Step
from sidecar.remotes import project_of
from sidecar.sessions.commits import committed, is_same_commit, may_commit
from sidecar.sessions.trust import by_time, first

DEFAULT_BRANCHES = frozenset({"main", "master", "trunk", "develop"})
"""Branches that many tasks share, so that their name tells nothing."""

_FULL_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """The repository's part of a session; None where no message told."""

    project: ProjectId | None
    branch: str | None
    is_own_branch: bool
    """The branch is not one that many tasks share."""
    base_commit: str | None
    head_commit: str | None


def began_on(observations: Sequence[Observation]) -> str | None:
    """The commit that a session began on, as it was first told: a full SHA, or a prefix of one."""
    return first(by_time(observations), lambda seen: seen.base_commit)


def repository(
    observations: Sequence[Observation],
    steps: Sequence[Step],
    aliases: Mapping[ProjectId, ProjectId],
    default_branches: Mapping[ProjectId, str],
) -> Repository:
    """What the messages measured.

    Args:
        observations: Most trusted first.
        steps: The session's Steps in time order.
        aliases: Other remotes of a Project, such as forks and moved hosts.
        default_branches: Main branches of Projects, as far as people named them.
    """
    # what was measured when a file was brought in, perhaps years later, has no time
    told = sorted((seen for seen in observations if seen.remote), key=lambda seen: not seen.is_timed)
    projects = (project_of(seen.remote) for seen in told if seen.remote)
    remote = next((found for found in projects if found is not None), None)
    project = None if remote is None else aliases.get(remote, remote)
    shared = DEFAULT_BRANCHES | {seen.default_branch for seen in observations if seen.default_branch}
    if project is not None and project in default_branches:
        shared |= {default_branches[project]}
    branch = _branch(observations, shared)
    full = _full_commits(observations, steps)
    base = began_on(observations)
    return Repository(
        project=project,
        branch=branch,
        is_own_branch=branch is not None and branch not in shared,
        base_commit=_lengthened(base, full),
        head_commit=_head(observations, steps, base, full),
    )


def _branch(observations: Sequence[Observation], shared: frozenset[str]) -> str | None:
    """The last branch that is the task's own, else the last one, of the most trusted channel that names any."""
    channel = first(observations, lambda seen: seen.channel if seen.branch else None)
    named = [seen.branch for seen in by_time(observations) if seen.branch and seen.channel is channel]
    own = [branch for branch in named if branch not in shared]
    return own[-1] if own else named[-1] if named else None


def _head(
    observations: Sequence[Observation], steps: Sequence[Step], base: str | None, full: frozenset[str]
) -> str | None:
    """The last commit that the agent made. Asked for after a commit of nothing, git tells the commit it began on.

    What a hook measured at the end may be anybody's, pulled or checked out, where no command asked for a commit.
    """
    made = [(step.ended_ns or step.at_ns, commit) for step in steps if (commit := committed(step))]
    has_asked = any(step.command is not None and may_commit(step.command) for step in steps)
    believed = [seen for seen in observations if has_asked or seen.channel is not Channel.HOOK]
    told = [(seen.at_ns, seen.head_commit) for seen in believed if seen.head_commit]
    commits = [commit for _, commit in sorted(made + told) if base is None or not is_same_commit(commit, base)]
    return _lengthened(commits[-1], full) if commits else None


def _full_commits(observations: Sequence[Observation], steps: Sequence[Step]) -> frozenset[str]:
    told = [commit for seen in observations for commit in (seen.base_commit, seen.head_commit)]
    return frozenset(
        commit for commit in [*told, *map(committed, steps)] if commit is not None and _FULL_SHA.fullmatch(commit)
    )


def _lengthened(commit: str | None, full: frozenset[str]) -> str | None:
    """The one full SHA that a prefix stands for, where a message gave it."""
    if commit is None:
        return None
    longer = [sha for sha in full if sha.startswith(commit)]
    return longer[0] if len(longer) == 1 else commit
