"""What the store promises of tokens."""

from dataclasses import replace

from sidecar.domain import AccessScope, AccessToken, TeamId, TokenId
from sidecar.store import Store

TOKEN = AccessToken(
    token_id=TokenId("00c0ffee"),
    team=TeamId("acme"),
    scope=AccessScope.READ,
    digest="d" * 64,
    note="for Ada",
    created_ns=5,
    expires_ns=7,
)


def test_a_token_is_read_back_as_it_was_kept(store: Store) -> None:
    assert store.add_token(TOKEN)

    assert store.token(TOKEN.token_id) == TOKEN
    assert store.token(TokenId("00000000")) is None


def test_an_id_is_one_token_s(store: Store) -> None:
    store.add_token(TOKEN)

    assert not store.add_token(replace(TOKEN, team=TeamId("other")))
    assert store.tokens() == [TOKEN]


def test_a_token_is_taken_back_once_and_stays_in_the_list(store: Store) -> None:
    store.add_token(TOKEN)

    assert store.revoke_token(TOKEN.token_id, now_ns=6)
    assert not store.revoke_token(TOKEN.token_id, now_ns=8)
    assert not store.revoke_token(TokenId("00000000"), now_ns=8)

    assert store.tokens() == [replace(TOKEN, revoked_ns=6)]
