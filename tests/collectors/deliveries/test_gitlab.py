"""GitLab's webhooks: its two proofs, and what of a pipeline counts."""

import base64
import hashlib
import hmac

import pytest

from collectors.deliveries.delivery import Context, Delivery
from collectors.deliveries.gitlab import GitLabReader
from collectors.payload import Payload
from sidecar.domain import TeamId
from tests.contracts import deliveries
from tests.contracts.deliveries import Body

KEY = bytes(range(32))
SIGNING_TOKEN = "whsec_" + base64.b64encode(KEY).decode()
NOW_NS = 1_795_600_800_000_000_000
BODY = b'{"object_kind": "pipeline"}'


def signed(body: bytes = BODY, *, at_s: int = NOW_NS // 10**9, key: bytes = KEY) -> dict[str, str]:
    digest = hmac.new(key, f"w-1.{at_s}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": "w-1",
        "webhook-timestamp": str(at_s),
        "webhook-signature": "v1,AAAA v1," + base64.b64encode(digest).decode(),
    }


def is_authentic(headers: dict[str, str], *, secret: str = SIGNING_TOKEN, body: bytes = BODY) -> bool:
    return GitLabReader().is_authentic(headers, body, secret, now_ns=NOW_NS)


def read(body: Body) -> Delivery:
    return GitLabReader().read({}, Payload(body), Context(team=TeamId("local"), received_ns=5))  # pyright: ignore[reportArgumentType] # JSON


def test_signature_of_the_body_is_proof() -> None:
    assert is_authentic(signed())


@pytest.mark.parametrize(
    "headers",
    [
        signed(b"{}"),
        signed(key=b"another"),
        signed(at_s=NOW_NS // 10**9 - 301),
        signed(at_s=NOW_NS // 10**9 + 301),
        signed() | {"webhook-timestamp": "now"},
        signed() | {"webhook-signature": ""},
        {"x-gitlab-token": SIGNING_TOKEN},
    ],
)
def test_no_other_is(headers: dict[str, str]) -> None:
    assert not is_authentic(headers)


def test_a_signing_token_that_is_no_base64_proves_nothing() -> None:
    assert not is_authentic(signed(), secret="whsec_%%%")


@pytest.mark.parametrize("state", ["created", "pending", "running", "manual", "preparing"])
def test_a_pipeline_that_goes_on_is_unused(state: str) -> None:
    assert not read(deliveries.pipeline(state)).is_used


def test_a_pipeline_of_a_merge_request_is_of_its_branch() -> None:
    (check,) = read({**deliveries.pipeline(), "merge_request": {"source_branch": "topic"}}).checks

    assert check.branch == "topic"


def test_an_update_of_a_merge_request_is_unused() -> None:
    assert not read(deliveries.merge_request("update")).is_used
