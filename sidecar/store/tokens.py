"""Tokens that let senders and readers in; all within a transaction."""

from sqlalchemy import Connection, Row, select, update

from sidecar.domain import AccessScope, AccessToken, TeamId, TokenId
from sidecar.store import schema
from sidecar.store.insert import insert

tokens = schema.tokens


def add_token(connection: Connection, token: AccessToken) -> bool:
    """Keep it; False when its id is taken."""
    statement = insert(connection, tokens).values(
        token_id=token.token_id,
        team=token.team,
        scope=token.scope.value,
        digest=token.digest,
        note=token.note,
        created_ns=token.created_ns,
        expires_ns=token.expires_ns,
        revoked_ns=token.revoked_ns,
    )
    added = statement.on_conflict_do_nothing().returning(tokens.c.token_id)
    return connection.scalars(added).one_or_none() is not None


def token(connection: Connection, token_id: TokenId) -> AccessToken | None:
    """The token of that id, in force or not; None when there is none."""
    row = connection.execute(select(tokens).where(tokens.c.token_id == token_id)).one_or_none()
    return None if row is None else _token(row)


def all_tokens(connection: Connection) -> list[AccessToken]:
    """Every token there was, by Team and then the oldest first."""
    rows = connection.execute(select(tokens).order_by(tokens.c.team, tokens.c.created_ns, tokens.c.token_id))
    return [_token(row) for row in rows]


def revoke_token(connection: Connection, token_id: TokenId, *, now_ns: int) -> bool:
    """Take it back for ever; False when there is none of that id that has not been taken back."""
    named = update(tokens).where(tokens.c.token_id == token_id, tokens.c.revoked_ns.is_(None))
    return connection.execute(named.values(revoked_ns=now_ns)).rowcount == 1


def _token(row: Row[tuple[object, ...]]) -> AccessToken:
    return AccessToken(
        token_id=TokenId(row.token_id),
        team=TeamId(row.team),
        scope=AccessScope(row.scope),
        digest=row.digest,
        note=row.note,
        created_ns=row.created_ns,
        expires_ns=row.expires_ns,
        revoked_ns=row.revoked_ns,
    )
