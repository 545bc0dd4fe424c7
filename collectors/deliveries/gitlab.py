"""GitLab's webhooks: pipeline; merge_request and push for what became of a change.

Source: docs.gitlab.com, "Webhook events" and "Webhooks: validate payloads"; its newer signature is that of the Standard
Webhooks specification (webhook-id, webhook-timestamp, webhook-signature).
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Mapping

from collectors.deliveries.changes import ClosedRequest, closed_request, pushed
from collectors.deliveries.delivery import UNUSED, CheckEnded, Context, Delivery, Headers, commit_of, time_of
from collectors.payload import Payload
from sidecar.domain import Conclusion, ProjectId
from sidecar.sessions import project_of

SIGNING_PREFIX = "whsec_"
"""Of a signing token; the rest is its key in base64."""
MAX_AGE_NS = 5 * 60 * 1_000_000_000
"""How far a signed time may be from ours, as the Standard Webhooks specification advises."""
_CONCLUSIONS: Mapping[str, Conclusion] = {
    "success": Conclusion.SUCCESS,
    "failed": Conclusion.FAILURE,
    "canceled": Conclusion.BROKEN,
    "skipped": Conclusion.NEUTRAL,
}


class GitLabReader:
    """Deliveries of GitLab."""

    name = "gitlab"
    proof = "header X-Gitlab-Token, or webhook-signature where the secret is a signing token (whsec_…)"

    def is_authentic(self, headers: Headers, body: bytes, secret: str, *, now_ns: int) -> bool:
        """By signature where the secret is a signing token, else by the token itself."""
        if secret.startswith(SIGNING_PREFIX):
            return _is_signed(headers, body, secret, now_ns)
        return hmac.compare_digest(secret.encode(), headers.get("x-gitlab-token", "").encode())

    def delivery_id(self, headers: Headers) -> str | None:
        """Idempotency-Key, the same in every try; X-Gitlab-Event-UUID of older versions is not."""
        return headers.get("idempotency-key") or headers.get("webhook-id") or headers.get("x-gitlab-event-uuid") or None

    def read(self, headers: Headers, body: Payload, context: Context) -> Delivery:  # noqa: ARG002 - the body says its kind
        """As the Protocol says; the kind stands in the body."""
        project = project_of(body.text("project", "git_http_url") or body.text("project", "web_url") or "")
        read = _KINDS.get(body.text("object_kind") or "")
        return UNUSED if read is None or project is None else read(body, project, context)


def _is_signed(headers: Headers, body: bytes, secret: str, now_ns: int) -> bool:
    try:
        key = base64.b64decode(secret.removeprefix(SIGNING_PREFIX), validate=True)
    except binascii.Error:
        return False
    told_s = headers.get("webhook-timestamp", "")
    if not (told_s.isascii() and told_s.isdigit() and len(told_s) <= 12):
        return False
    signed = f"{headers.get('webhook-id', '')}.{told_s}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    given = [
        one.removeprefix("v1,").encode() for one in headers.get("webhook-signature", "").split() if one[:3] == "v1,"
    ]
    is_right = any([hmac.compare_digest(expected, one) for one in given])
    return is_right and abs(now_ns - int(told_s) * 1_000_000_000) <= MAX_AGE_NS


def _pipeline(body: Payload, project: ProjectId, context: Context) -> Delivery:
    told = body.at("object_attributes")
    commit, conclusion = commit_of(told.text("sha")), _CONCLUSIONS.get(told.text("status") or "")
    if commit is None or conclusion is None:
        return UNUSED
    branch = body.text("merge_request", "source_branch") or told.text("ref")
    at_ns = time_of(told.text("finished_at"))
    check = CheckEnded(
        forge="gitlab",
        project=project,
        commit=commit,
        branch=None if told.flag("tag") else branch,
        name=f"pipeline {told.text('name') or told.text('source') or ''}".strip(),
        conclusion=conclusion,
        at_ns=context.received_ns if at_ns is None else at_ns,
    )
    return Delivery(checks=(check,))


def _merge_request(body: Payload, project: ProjectId, context: Context) -> Delivery:
    told = body.at("object_attributes")
    if told.text("action") not in ("merge", "close"):
        return UNUSED
    request = ClosedRequest(
        project=project,
        is_merged=told.text("action") == "merge",
        branch=told.text("source_branch"),
        target=told.text("target_branch"),
        number=told.whole("iid"),
        commits=(
            told.text("last_commit", "id"),
            told.text("merge_commit_sha"),
            told.text("squash_commit_sha"),
        ),
        text=f"{told.text('title') or ''}\n{told.text('description') or ''}",
        at_ns=time_of(told.text("updated_at")),
    )
    return Delivery(follow_ups=tuple(closed_request(request, context)))


def _push(body: Payload, project: ProjectId, context: Context) -> Delivery:
    return Delivery(follow_ups=tuple(pushed(body, project, None, context)))


_KINDS: Mapping[str, Callable[[Payload, ProjectId, Context], Delivery]] = {
    "pipeline": _pipeline,
    "merge_request": _merge_request,
    "push": _push,
}
