"""Deliveries as forges send them, cut down to what they say; written by hand after the forges' documentation."""

import hashlib
import hmac
import json
from collections.abc import Mapping

SECRET = "a secret that only the forge and we know"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
MERGE = "89abcdef0123456789abcdef0123456789abcdef"
Body = Mapping[str, object]

GITHUB_REPOSITORY = {"full_name": "Acme/Shop", "clone_url": "https://github.com/Acme/Shop.git"}
GITLAB_PROJECT = {"git_http_url": "https://gitlab.com/acme/shop.git", "web_url": "https://gitlab.com/acme/shop"}


def check_run(conclusion: str = "success", *, name: str = "test", commit: str = COMMIT) -> Body:
    run = {
        "head_sha": commit,
        "status": "completed",
        "conclusion": conclusion,
        "name": name,
        "completed_at": "2026-11-25T10:00:00Z",
        "check_suite": {"head_branch": "feature/till"},
        "output": {"summary": "token ghp_0123456789abcdefghijklmnopqrstuvwxyz"},
    }
    return {"action": "completed", "check_run": run, "repository": GITHUB_REPOSITORY}


def check_suite(conclusion: str = "success") -> Body:
    suite = {
        "head_sha": COMMIT,
        "head_branch": "feature/till",
        "conclusion": conclusion,
        "app": {"name": "GitHub Actions"},
        "updated_at": "2026-11-25T10:00:00Z",
    }
    return {"action": "completed", "check_suite": suite, "repository": GITHUB_REPOSITORY}


def workflow_run(conclusion: str = "success") -> Body:
    run = {
        "head_sha": COMMIT,
        "head_branch": "feature/till",
        "conclusion": conclusion,
        "name": "CI",
        "path": ".github/workflows/ci.yml",
        "updated_at": "2026-11-25T10:00:00Z",
    }
    return {"action": "completed", "workflow_run": run, "repository": GITHUB_REPOSITORY}


def status(state: str = "success") -> Body:
    return {
        "sha": COMMIT,
        "state": state,
        "context": "ci/jenkins",
        "branches": [{"name": "feature/till", "commit": {"sha": COMMIT}}, {"name": "main", "commit": {"sha": MERGE}}],
        "updated_at": "2026-11-25T10:00:00+00:00",
        "repository": GITHUB_REPOSITORY,
    }


def pull_request(*, is_merged: bool = True, title: str = "Fix the till", body: str | None = None) -> Body:
    request = {
        "number": 12,
        "merged": is_merged,
        "head": {"ref": "feature/till", "sha": COMMIT},
        "base": {"ref": "main"},
        "merge_commit_sha": MERGE,
        "title": title,
        "body": body,
        "merged_at": "2026-11-25T11:00:00Z" if is_merged else None,
        "closed_at": "2026-11-25T11:00:00Z",
    }
    return {"action": "closed", "pull_request": request, "repository": GITHUB_REPOSITORY}


def push(message: str = "Round the tax", *, ref: str = "refs/heads/feature/till", after: str = MERGE) -> Body:
    commit = {"id": MERGE, "message": message, "added": [], "modified": ["src/cart.py"], "removed": ["old.py"]}
    return {"ref": ref, "after": after, "commits": [commit], "repository": GITHUB_REPOSITORY}


def pipeline(state: str = "success") -> Body:
    told = {
        "sha": COMMIT,
        "ref": "feature/till",
        "tag": False,
        "status": state,
        "source": "push",
        "finished_at": "2026-11-25 10:00:00 UTC",
    }
    return {"object_kind": "pipeline", "object_attributes": told, "project": GITLAB_PROJECT, "merge_request": None}


def merge_request(action: str = "merge") -> Body:
    told = {
        "action": action,
        "iid": 12,
        "source_branch": "feature/till",
        "target_branch": "main",
        "last_commit": {"id": COMMIT},
        "merge_commit_sha": MERGE,
        "title": "Fix the till",
        "description": "",
        "updated_at": "2026-11-25 11:00:00 UTC",
    }
    return {"object_kind": "merge_request", "object_attributes": told, "project": GITLAB_PROJECT}


def gitlab_push(message: str = "Round the tax") -> Body:
    return {**push(message), "object_kind": "push", "project": GITLAB_PROJECT}


def github_headers(event: str, body: bytes, *, delivery: str = "d-1", secret: str = SECRET) -> dict[str, str]:
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {
        "content-type": "application/json",
        "x-github-event": event,
        "x-github-delivery": delivery,
        "x-hub-signature-256": f"sha256={signature}",
    }


def gitlab_headers(_: str, body: bytes, *, delivery: str = "d-1", secret: str = SECRET) -> dict[str, str]:
    return {"content-type": "application/json", "idempotency-key": delivery, "x-gitlab-token": secret}


def as_bytes(body: Body) -> bytes:
    return json.dumps(body).encode()
