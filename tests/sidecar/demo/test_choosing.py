"""Which judge a demo uses: what the environment offers, what the user says, and what is an error before it begins."""

import pytest

from sidecar.config import Credentials
from sidecar.demo.choosing import DRAFTING_MODEL, MODEL, choose
from sidecar.errors import ConfigError, NotFoundError, SidecarError

NOW_NS = 1_795_000_000_000_000_000
"""In November 2026."""
KEY = {"ANTHROPIC_API_KEY": "a-key"}


@pytest.mark.parametrize(
    ("environ", "judge"),
    [
        ({}, "evidence"),
        ({"ANTHROPIC_API_KEY": ""}, "evidence"),
        ({"SIDECAR_MODEL__JUDGE": MODEL}, "evidence"),
        (KEY, "failure"),
        ({"ANTHROPIC_AUTH_TOKEN": "t"}, "failure"),
        ({"ANTHROPIC_BASE_URL": "http://gateway.example"}, "failure"),
        ({"SIDECAR_MODEL__BASE_URL": "http://gateway.example"}, "failure"),
    ],
)
def test_environment_decides_and_the_reason_names_what_it_has(environ: dict[str, str], judge: str) -> None:
    choice = choose(None, environ, now_ns=NOW_NS)

    assert choice.judge == judge
    assert all(name in choice.reason for name in environ if judge == "failure")


def test_evidence_that_was_asked_for_has_nobody_to_ask_even_with_a_key() -> None:
    choice = choose("evidence", KEY, now_ns=NOW_NS)

    assert (choice.judge, choice.credentials, choice.models, choice.cap_usd) == ("evidence", Credentials(), (), 0.0)


@pytest.mark.parametrize(
    ("environ", "models"),
    [
        ({}, (MODEL, DRAFTING_MODEL)),
        # a gateway that was told one model may know no other
        ({"SIDECAR_MODEL__JUDGE": "claude-opus-5-5"}, ("claude-opus-5-5",)),
        ({"SIDECAR_MODEL__DRAFT": "claude-opus-5-5"}, (MODEL, "claude-opus-5-5")),
    ],
)
def test_models_are_the_environments_or_ours(environ: dict[str, str], models: tuple[str, ...]) -> None:
    assert choose(None, KEY | environ, now_ns=NOW_NS).models == models


@pytest.mark.parametrize(
    ("environ", "cap_usd"),
    [
        ({}, 1.0),
        ({"SIDECAR_MODEL__MAX_USD_PER_DAY": "0.2"}, 0.2),
        ({"SIDECAR_MODEL__MAX_USD_PER_DAY": "9", "SIDECAR_MODEL__MAX_USD_PER_MONTH": "3"}, 3.0),
    ],
)
def test_the_lower_cap_is_the_most_it_costs(environ: dict[str, str], cap_usd: float) -> None:
    assert choose(None, KEY | environ, now_ns=NOW_NS).cap_usd == cap_usd


def test_the_users_own_store_is_never_touched() -> None:
    choice = choose(None, KEY | {"SIDECAR_STORE__URL": "nonsense", "SIDECAR_LEARN__NONSENSE": "1"}, now_ns=NOW_NS)

    assert choice.judge == "failure"


@pytest.mark.parametrize(
    ("url", "where"),
    [
        (None, "Anthropic"),
        ("https://ada:secret@gateway.example:8443/v1?key=secret", "gateway.example:8443"),
        ("gateway.example", "an address without a host"),
        ("http://gateway.example:port", "gateway.example"),
    ],
)
def test_where_it_asks_is_told_without_what_an_address_may_hide(url: str | None, where: str) -> None:
    environ = KEY | ({"ANTHROPIC_BASE_URL": url} if url else {})

    assert choose(None, environ, now_ns=NOW_NS).where == where


@pytest.mark.parametrize(
    ("asked", "environ", "error", "words"),
    [
        ("nobody", {}, NotFoundError, "there are: evidence, failure"),
        ("failure", {}, ConfigError, "set ANTHROPIC_API_KEY"),
        (None, KEY | {"SIDECAR_MODEL__JUDGE": "my-model"}, ConfigError, "my-model"),
        (None, KEY | {"SIDECAR_MODEL__DRAFT": "my-model"}, ConfigError, "my-model"),
        (None, KEY | {"SIDECAR_MODEL__JUGDE": "x"}, ConfigError, "did you mean 'judge'"),
        (None, KEY | {"SIDECAR_MODEL__MAX_USD_PER_DAY": "much"}, ConfigError, "max_usd_per_day"),
    ],
)
def test_what_cannot_be_used_is_an_error_at_once(
    asked: str | None, environ: dict[str, str], error: type[SidecarError], words: str
) -> None:
    with pytest.raises(error, match=words):
        choose(asked, environ, now_ns=NOW_NS)
