"""Who may come in."""

from sidecar.domain import AccessToken, TokenId
from sidecar.store import tokens
from sidecar.store.parts.part import Part


class Tokens(Part):
    """Who may come in."""

    def add_token(self, token: AccessToken) -> bool:
        """Keep a token; False when its id is taken."""
        with self._database.write() as connection:
            return tokens.add_token(connection, token)

    def token(self, token_id: TokenId) -> AccessToken | None:
        """The token of that id, in force or not; None when there is none."""
        with self._database.read() as connection:
            return tokens.token(connection, token_id)

    def tokens(self) -> list[AccessToken]:
        """Every token there was, by Team and then the oldest first."""
        with self._database.read() as connection:
            return tokens.all_tokens(connection)

    def revoke_token(self, token_id: TokenId, *, now_ns: int) -> bool:
        """Take a token back for ever; False when there is none of that id in force."""
        with self._database.write() as connection:
            return tokens.revoke_token(connection, token_id, now_ns=now_ns)
