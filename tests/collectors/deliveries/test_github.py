"""GitHub's webhooks: each event, and what is left out."""

import hashlib
import hmac

import pytest

from collectors.deliveries.delivery import Context, Delivery
from collectors.deliveries.github import GitHubReader
from collectors.payload import Payload
from sidecar.domain import FollowUpKind, TeamId
from tests.contracts import deliveries
from tests.contracts.deliveries import COMMIT, SECRET, Body


def read(event: str, body: Body) -> Delivery:
    context = Context(team=TeamId("local"), received_ns=5)
    return GitHubReader().read({"x-github-event": event}, Payload(body), context)  # pyright: ignore[reportArgumentType] # JSON


@pytest.mark.parametrize(
    ("event", "body", "name"),
    [
        ("check_run", deliveries.check_run(), "test"),
        ("check_suite", deliveries.check_suite(), "suite of GitHub Actions"),
        ("workflow_run", deliveries.workflow_run(), "workflow CI"),
        ("status", deliveries.status(), "ci/jenkins"),
    ],
)
def test_each_kind_of_check_is_told_under_its_own_name(event: str, body: Body, name: str) -> None:
    (check,) = read(event, body).checks

    assert (check.name, check.commit, check.branch) == (name, COMMIT, "feature/till")


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("check_run", {**deliveries.check_run(), "action": "created"}),
        ("check_run", {**deliveries.check_run(), "repository": None}),
        ("check_run", deliveries.check_run("unheard-of")),
        ("check_run", deliveries.check_run(commit="0" * 40)),
        ("status", deliveries.status("pending")),
        ("pull_request", {**deliveries.pull_request(), "action": "opened"}),
        ("push", deliveries.push(ref="refs/tags/v1")),
        ("push", deliveries.push(after="0" * 40)),
    ],
)
def test_what_says_nothing_we_use_is_unused(event: str, body: Body) -> None:
    assert not read(event, body).is_used


def test_a_closed_request_is_told() -> None:
    (told,) = read("pull_request", deliveries.pull_request(is_merged=False)).follow_ups

    assert told.kind is FollowUpKind.CLOSED


def test_a_merged_request_that_takes_another_back_says_which() -> None:
    told = read("pull_request", deliveries.pull_request(title='Revert "Fix"', body="Reverts acme/shop#7"))

    assert [(one.kind, one.number) for one in told.follow_ups] == [
        (FollowUpKind.MERGED, 12),
        (FollowUpKind.REVERTED, 7),
    ]


def test_only_what_is_used_is_kept() -> None:
    assert "ghp_" not in repr(read("check_run", deliveries.check_run()))


def test_sha1_alone_is_no_proof() -> None:
    signature = hmac.new(SECRET.encode(), b"{}", hashlib.sha1).hexdigest()
    headers = {"x-hub-signature": f"sha1={signature}", "x-hub-signature-256": f"sha1={signature}"}

    assert not GitHubReader().is_authentic(headers, b"{}", SECRET, now_ns=0)
