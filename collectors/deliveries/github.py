"""GitHub's webhooks: check_run, check_suite, workflow_run, status; pull_request and push for what became of a change.

Source: docs.github.com, "Webhook events and payloads" and "Validating webhook deliveries"; GitHub Enterprise and the
forges that copy GitHub's payloads and X-Hub-Signature-256 are read alike.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from collectors.deliveries.changes import ClosedRequest, closed_request, pushed
from collectors.deliveries.delivery import UNUSED, CheckEnded, Context, Delivery, Headers, commit_of, time_of
from collectors.payload import Payload
from sidecar.domain import Conclusion, ProjectId
from sidecar.sessions import project_of

_CONCLUSIONS: Mapping[str, Conclusion] = {
    "success": Conclusion.SUCCESS,
    "failure": Conclusion.FAILURE,
    "error": Conclusion.BROKEN,
    "cancelled": Conclusion.BROKEN,
    "timed_out": Conclusion.BROKEN,
    "startup_failure": Conclusion.BROKEN,
    "neutral": Conclusion.NEUTRAL,
    "skipped": Conclusion.NEUTRAL,
    "stale": Conclusion.NEUTRAL,
    "action_required": Conclusion.NEUTRAL,
}


class GitHubReader:
    """Deliveries of GitHub."""

    name = "github"
    proof = "header X-Hub-Signature-256, HMAC-SHA256 of the body"

    def is_authentic(self, headers: Headers, body: bytes, secret: str, *, now_ns: int) -> bool:  # noqa: ARG002 - GitHub signs no time
        """By X-Hub-Signature-256; the older SHA-1 signature is not taken."""
        expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected.encode(), headers.get("x-hub-signature-256", "").strip().encode())

    def delivery_id(self, headers: Headers) -> str | None:
        """X-GitHub-Delivery."""
        return headers.get("x-github-delivery") or None

    def read(self, headers: Headers, body: Payload, context: Context) -> Delivery:
        """As the Protocol says; the event's name stands in a header."""
        project = project_of(body.text("repository", "clone_url") or "")
        read = _EVENTS.get(headers.get("x-github-event", ""))
        return UNUSED if read is None or project is None else read(body, project, context)


def _check_run(body: Payload, project: ProjectId, context: Context) -> Delivery:
    run = body.at("check_run")
    return _ended(body, run, _Check(project, run.text("name"), run.text("check_suite", "head_branch")), context)


def _check_suite(body: Payload, project: ProjectId, context: Context) -> Delivery:
    suite = body.at("check_suite")
    name = f"suite of {suite.text('app', 'name') or 'an app'}"
    return _ended(body, suite, _Check(project, name, suite.text("head_branch")), context)


def _workflow_run(body: Payload, project: ProjectId, context: Context) -> Delivery:
    run = body.at("workflow_run")
    name = f"workflow {run.text('name') or run.text('path') or '(unnamed)'}"
    return _ended(body, run, _Check(project, name, run.text("head_branch")), context)


@dataclass(frozen=True, slots=True)
class _Check:
    project: ProjectId
    name: str | None
    branch: str | None


def _ended(body: Payload, told: Payload, check: _Check, context: Context) -> Delivery:
    if body.text("action") != "completed":
        return UNUSED
    at_ns = time_of(told.text("completed_at") or told.text("updated_at"))
    return _concluded(told.text("head_sha"), told.text("conclusion"), check, context, at_ns)


def _status(body: Payload, project: ProjectId, context: Context) -> Delivery:
    commit = body.text("sha")
    # a commit may be the head of several branches, and then its status speaks of none of them
    heads = [one.text("name") for one in body.items("branches") if one.text("commit", "sha") == commit]
    check = _Check(project, body.text("context"), heads[0] if len(heads) == 1 else None)
    return _concluded(commit, body.text("state"), check, context, time_of(body.text("updated_at")))


def _concluded(sha: str | None, word: str | None, check: _Check, context: Context, at_ns: int | None) -> Delivery:
    commit, conclusion = commit_of(sha), _CONCLUSIONS.get(word or "")
    if commit is None or conclusion is None:
        return UNUSED
    ended = CheckEnded(
        forge="github",
        project=check.project,
        commit=commit,
        branch=check.branch,
        name=check.name or "(unnamed)",
        conclusion=conclusion,
        at_ns=context.received_ns if at_ns is None else at_ns,
    )
    return Delivery(checks=(ended,))


def _pull_request(body: Payload, project: ProjectId, context: Context) -> Delivery:
    told = body.at("pull_request")
    if body.text("action") != "closed":
        return UNUSED
    request = ClosedRequest(
        project=project,
        is_merged=told.flag("merged") is True,
        branch=told.text("head", "ref"),
        target=told.text("base", "ref"),
        number=told.whole("number"),
        commits=(told.text("head", "sha"), told.text("merge_commit_sha")),
        text=f"{told.text('title') or ''}\n{told.text('body') or ''}",
        at_ns=time_of(told.text("merged_at") or told.text("closed_at")),
    )
    return Delivery(follow_ups=tuple(closed_request(request, context)))


def _push(body: Payload, project: ProjectId, context: Context) -> Delivery:
    return Delivery(follow_ups=tuple(pushed(body, project, None, context)))


_EVENTS: Mapping[str, Callable[[Payload, ProjectId, Context], Delivery]] = {
    "check_run": _check_run,
    "check_suite": _check_suite,
    "workflow_run": _workflow_run,
    "status": _status,
    "pull_request": _pull_request,
    "push": _push,
}
