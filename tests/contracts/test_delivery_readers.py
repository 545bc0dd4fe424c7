"""What every reader of a forge's webhooks keeps, run over the registry."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.deliveries.delivery import Context, Delivery, decode_delivery, encode_delivery
from collectors.deliveries.registry import DELIVERY_READERS, delivery_reader
from collectors.payload import JsonValue, Payload
from sidecar.domain import Conclusion, FollowUpKind, ProjectId, TeamId
from sidecar.errors import NotFoundError
from tests.contracts import deliveries
from tests.contracts.deliveries import COMMIT, MERGE, SECRET, Body, as_bytes

CONTEXT = Context(team=TeamId("local"), received_ns=5)
HEADERS: Mapping[str, Callable[..., dict[str, str]]] = {
    "github": deliveries.github_headers,
    "gitlab": deliveries.gitlab_headers,
}
CHECKS: Mapping[str, tuple[str, Callable[[str], Body], Mapping[str, Conclusion]]] = {
    "github": (
        "check_run",
        deliveries.check_run,
        {"success": Conclusion.SUCCESS, "failure": Conclusion.FAILURE, "timed_out": Conclusion.BROKEN},
    ),
    "gitlab": (
        "pipeline",
        deliveries.pipeline,
        {"success": Conclusion.SUCCESS, "failed": Conclusion.FAILURE, "canceled": Conclusion.BROKEN},
    ),
}
MERGES: Mapping[str, tuple[str, Body]] = {
    "github": ("pull_request", deliveries.pull_request()),
    "gitlab": ("merge_request", deliveries.merge_request()),
}
PUSHES: Mapping[str, Callable[[str], Body]] = {"github": deliveries.push, "gitlab": deliveries.gitlab_push}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=15,
)


def read(name: str, event: str, body: Body) -> Delivery:
    return delivery_reader(name).read(HEADERS[name](event, b""), Payload(body), CONTEXT)  # pyright: ignore[reportArgumentType] # JSON


def test_every_reader_has_samples() -> None:
    assert set(HEADERS) == set(CHECKS) == set(MERGES) == set(PUSHES) == set(DELIVERY_READERS)


@pytest.mark.parametrize("name", DELIVERY_READERS)
class TestEveryReader:
    def test_takes_what_the_secrets_holder_sent(self, name: str) -> None:
        body = as_bytes({"a": 1})

        assert delivery_reader(name).is_authentic(HEADERS[name]("ping", body), body, SECRET, now_ns=0)

    @pytest.mark.parametrize("secret", ["", "another", SECRET + " ", SECRET[:-1], "ключ"])
    def test_refuses_any_other_secret(self, name: str, secret: str) -> None:
        body = as_bytes({"a": 1})
        headers = HEADERS[name]("ping", body, secret=secret)

        assert not delivery_reader(name).is_authentic(headers, body, SECRET, now_ns=0)

    def test_refuses_what_is_not_signed(self, name: str) -> None:
        assert not delivery_reader(name).is_authentic({}, b"{}", SECRET, now_ns=0)

    def test_names_a_delivery_the_same_each_time(self, name: str) -> None:
        named = [delivery_reader(name).delivery_id(HEADERS[name]("a", b"", delivery=one)) for one in ("x", "x", "y")]

        assert named == ["x", "x", "y"]
        assert delivery_reader(name).delivery_id({}) is None

    def test_tells_how_a_check_ended(self, name: str) -> None:
        event, make, expected = CHECKS[name]

        for word, conclusion in expected.items():
            (check,) = read(name, event, make(word)).checks
            assert (check.conclusion, check.commit, check.branch) == (conclusion, COMMIT, "feature/till")
            assert check.project == ProjectId(f"{name}.com/acme/shop")
            assert check.at_ns == 1_795_600_800_000_000_000

    def test_tells_a_merge(self, name: str) -> None:
        (told,) = read(name, *MERGES[name]).follow_ups

        assert (told.kind, told.branch, told.number) == (FollowUpKind.MERGED, "feature/till", 12)
        assert told.commits == (COMMIT, MERGE)

    def test_tells_a_push_with_its_files(self, name: str) -> None:
        (told,) = read(name, "push", PUSHES[name]("Round the tax")).follow_ups

        assert (told.kind, told.branch, told.commits) == (FollowUpKind.PUSHED, "feature/till", (MERGE,))
        assert told.paths == ("old.py", "src/cart.py")

    def test_tells_what_a_push_takes_back(self, name: str) -> None:
        pushed = read(name, "push", PUSHES[name](f'Revert "Fix the till"\n\nThis reverts commit {COMMIT}.'))

        assert [(told.kind, told.commits) for told in pushed.follow_ups][1:] == [(FollowUpKind.REVERTED, (COMMIT,))]

    def test_the_same_told_twice_is_one(self, name: str) -> None:
        event, merge = MERGES[name]

        assert read(name, event, merge) == read(name, event, merge)

    def test_reads_back_as_it_was_kept(self, name: str) -> None:
        for told in (read(name, *MERGES[name]), read(name, CHECKS[name][0], CHECKS[name][1]("success"))):
            assert decode_delivery(encode_delivery(told)) == told

    @pytest.mark.parametrize("event", ["ping", "issues", "star", "", "../x"])
    def test_uses_no_other_kind(self, name: str, event: str) -> None:
        body = {"object_kind": event, "repository": deliveries.GITHUB_REPOSITORY, "project": deliveries.GITLAB_PROJECT}

        assert not read(name, event, body).is_used

    @given(body=st.dictionaries(st.text(max_size=8), JSON, max_size=5), event=st.sampled_from(["check_run", "push"]))
    def test_any_object_is_read_or_unused(self, name: str, body: Mapping[str, JsonValue], event: str) -> None:
        for kind in (event, "pull_request", "merge_request", "pipeline"):
            told = {**body, "object_kind": kind, "repository": deliveries.GITHUB_REPOSITORY}
            assert read(name, kind, told | {"project": deliveries.GITLAB_PROJECT}) is not None


def test_unknown_forge_names_the_known_ones() -> None:
    with pytest.raises(NotFoundError, match=r"'sourcehut'.*/webhooks/github, /webhooks/gitlab"):
        delivery_reader("sourcehut")
