"""Who is let in: with a token as its Team and for its scope, without one only from this machine."""

import secrets

import pytest

from sidecar.access import Access
from sidecar.domain import LOCAL_TEAM, AccessScope, AccessToken, Caller, TeamId, TokenId
from sidecar.errors import ForbiddenError, UnknownCallerError
from sidecar.tokens import digest_of, new_token, token_id_of

NOW_NS = 10**18


def made(
    scope: AccessScope = AccessScope.INGEST, *, expires_ns: int | None = None, revoked_ns: int | None = None
) -> tuple[AccessToken, str]:
    token_id, text = new_token(secrets.token_bytes)
    token = AccessToken(
        token_id=token_id,
        team=TeamId("acme"),
        scope=scope,
        digest=digest_of(text),
        note="",
        created_ns=0,
        expires_ns=expires_ns,
        revoked_ns=revoked_ns,
    )
    return token, text


def access(*tokens: AccessToken, is_loopback: bool = False) -> Access:
    known = {token.token_id: token for token in tokens}
    return Access(known.get, is_loopback=is_loopback, now_ns=lambda: NOW_NS)


def test_a_token_s_text_tells_its_id_and_nothing_else_does() -> None:
    token, text = made()

    assert token_id_of(text) == token.token_id
    assert token_id_of(text[:-1]) is None
    assert text not in repr(token)


@pytest.mark.parametrize("is_loopback", [True, False])
async def test_a_token_s_team_is_the_caller_s(is_loopback: bool) -> None:
    token, text = made()

    caller = await access(token, is_loopback=is_loopback).caller(f"Bearer {text}", AccessScope.INGEST)

    assert caller == Caller(team=TeamId("acme"), scope=AccessScope.INGEST)


async def test_this_machine_needs_no_token() -> None:
    caller = await access(is_loopback=True).caller(None, AccessScope.READ)

    assert caller.team == LOCAL_TEAM


OTHER = new_token(bytes)[1]
"""Of an id that nobody has."""
WRONG = (
    None,
    "",
    "{text}",
    "Basic {text}",
    "Bearer {cut}",
    "Bearer {cut}{other_end}",
    "Bearer {text} {text}",
    f"Bearer {OTHER}",
)


@pytest.mark.parametrize("header", WRONG)
async def test_without_a_token_that_holds_nobody_on_the_network_is_let_in(header: str | None) -> None:
    token, text = made()
    other_end = "A" if text[-1] != "A" else "B"
    sent = None if header is None else header.format(text=text, cut=text[:-1], other_end=other_end)

    with pytest.raises(UnknownCallerError):
        await access(token).caller(sent, AccessScope.INGEST)


async def test_a_wrong_token_is_refused_on_this_machine_too() -> None:
    with pytest.raises(UnknownCallerError):
        await access(is_loopback=True).caller(f"Bearer {made()[1]}", AccessScope.INGEST)


@pytest.mark.parametrize(("expires_ns", "revoked_ns"), [(NOW_NS, None), (None, NOW_NS - 1)])
async def test_a_token_that_ended_opens_nothing(expires_ns: int | None, revoked_ns: int | None) -> None:
    token, text = made(expires_ns=expires_ns, revoked_ns=revoked_ns)

    with pytest.raises(UnknownCallerError, match="expired or taken back"):
        await access(token).caller(f"Bearer {text}", AccessScope.INGEST)


@pytest.mark.parametrize(
    ("scope", "wanted", "is_let_in"),
    [
        (AccessScope.INGEST, AccessScope.READ, False),
        (AccessScope.READ, AccessScope.INGEST, False),
        (AccessScope.INGEST, AccessScope.ADMIN, False),
        (AccessScope.READ, AccessScope.READ, True),
        (AccessScope.ADMIN, AccessScope.INGEST, True),
        (AccessScope.ADMIN, AccessScope.READ, True),
    ],
)
async def test_a_token_opens_its_own_scope_only(scope: AccessScope, wanted: AccessScope, is_let_in: bool) -> None:
    token, text = made(scope)
    asked = access(token).caller(f"Bearer {text}", wanted)

    if is_let_in:
        assert (await asked).scope is scope
        return
    with pytest.raises(ForbiddenError, match=f"--scope {wanted.value}"):
        await asked


async def test_a_token_is_not_looked_up_for_each_request() -> None:
    token, text = made()
    asked: list[TokenId] = []

    def looked_up(token_id: TokenId) -> AccessToken:
        asked.append(token_id)
        return token

    doors = Access(looked_up, is_loopback=False, now_ns=lambda: NOW_NS)
    for _ in range(10):
        await doors.caller(f"Bearer {text}", AccessScope.INGEST)

    assert asked == [token.token_id]
