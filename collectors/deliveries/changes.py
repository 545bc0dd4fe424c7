"""What a push or a closed request says of changes, told alike by all forges once their names are taken away."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from collectors.deliveries.delivery import MAX_COMMITS, MAX_PATHS, Context, commit_of, with_id
from collectors.payload import Payload
from sidecar.domain import FollowUp, FollowUpId, FollowUpKind, ProjectId

_REVERTED_COMMIT = re.compile(r"This reverts commit ([0-9a-f]{7,64})")
_REVERTED_REQUEST = re.compile(r"(?:This reverts merge request|Reverts) (?:[\w.-]+/[\w./-]+)?[#!](\d{1,9})\b")
"""What git, GitHub's and GitLab's revert buttons write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedRequest:
    """A pull or merge request that was closed."""

    project: ProjectId
    is_merged: bool
    branch: str | None
    """The branch that it wanted merged."""
    target: str | None
    number: int | None
    commits: Sequence[str | None]
    """Its head and what the merge made of it."""
    text: str
    """Title and description."""
    at_ns: int | None


def closed_request(request: ClosedRequest, context: Context) -> list[FollowUp]:
    """That it was merged or closed, and what a merged one takes back."""
    kind = FollowUpKind.MERGED if request.is_merged else FollowUpKind.CLOSED
    told = FollowUp(
        follow_up_id=FollowUpId(""),
        team=context.team,
        kind=kind,
        project=request.project,
        branch=request.branch,
        commits=tuple(dict.fromkeys(found for one in request.commits if (found := commit_of(one)))),
        number=request.number,
        at_ns=context.received_ns if request.at_ns is None else request.at_ns,
    )
    return [with_id(told), *(_reverted(told, request.text, request.target) if request.is_merged else [])]


def pushed(body: Payload, project: ProjectId, at_ns: int | None, context: Context) -> list[FollowUp]:
    """That commits came to a branch, and which of them take others back; nothing for tags and deleted branches."""
    ref, after = body.text("ref") or "", commit_of(body.text("after"))
    if not ref.startswith("refs/heads/") or after is None:
        return []
    commits = list(body.items("commits"))[-MAX_COMMITS:]
    told = FollowUp(
        follow_up_id=FollowUpId(""),
        team=context.team,
        kind=FollowUpKind.PUSHED,
        project=project,
        branch=ref.removeprefix("refs/heads/"),
        commits=tuple(dict.fromkeys((after, *_ids(commits)))),
        paths=tuple(sorted(_paths(commits)))[:MAX_PATHS],
        at_ns=context.received_ns if at_ns is None else at_ns,
    )
    messages = "\n".join(message for commit in commits if (message := commit.text("message")))
    return [with_id(told), *_reverted(told, messages, told.branch)]


def _reverted(by: FollowUp, text: str, branch: str | None) -> list[FollowUp]:
    commits = tuple(dict.fromkeys(_REVERTED_COMMIT.findall(text)))[:MAX_COMMITS]
    numbers = dict.fromkeys(int(number) for number in _REVERTED_REQUEST.findall(text))
    told = [(commits, None)] if commits else []
    return [
        with_id(
            FollowUp(
                follow_up_id=FollowUpId(""),
                team=by.team,
                kind=FollowUpKind.REVERTED,
                project=by.project,
                branch=branch,
                commits=taken_back,
                number=number,
                at_ns=by.at_ns,
            )
        )
        for taken_back, number in (*told, *(((), number) for number in numbers))
    ]


def _ids(commits: Iterable[Payload]) -> list[str]:
    return [found for commit in commits if (found := commit_of(commit.text("id")))]


def _paths(commits: Iterable[Payload]) -> set[str]:
    keys = ("added", "modified", "removed")
    return {path for commit in commits for key in keys for one in commit.items(key) if (path := one.text())}
