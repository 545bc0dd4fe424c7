"""Who sends a request, and whether they may: by token, or by being on this machine.

A token is looked up once every few seconds and not for each request, so a token that was taken back may open for
LOOKUP_S longer.
"""

import asyncio
import time
from collections.abc import Callable

from sidecar.domain import LOCAL_TEAM, AccessScope, AccessToken, Caller, TokenId
from sidecar.errors import ForbiddenError, UnknownCallerError
from sidecar.tokens import is_text_of, token_id_of

LOOKUP_S = 5.0
MAX_KNOWN = 1000
"""Tokens remembered at once; over it all are looked up anew."""
_HOW = "send Authorization: Bearer TOKEN; an operator makes one with: sidecar tokens add"


class Access:
    """Tells callers apart; made once for all ports of a process."""

    def __init__(
        self,
        token: Callable[[TokenId], AccessToken | None],
        *,
        is_loopback: bool,
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        """Bind where tokens are kept.

        Args:
            token: Gives the token of an id; blocks on the store, so it is called in a thread.
            is_loopback: The port can be reached from this machine only; who sends no token is the Team `local`.
        """
        self._token = token
        self._is_loopback = is_loopback
        self._now_ns = now_ns
        self._local = Caller(team=LOCAL_TEAM, scope=AccessScope.ADMIN)
        self._known: dict[TokenId, tuple[AccessToken | None, int]] = {}

    async def caller(self, authorization: str | None, wanted: AccessScope) -> Caller:
        """Who sends a request that needs a scope.

        Args:
            authorization: The header of that name; None where there is none.
        Raises:
            UnknownCallerError: no token, or one that does not hold.
            ForbiddenError: the token is for something else.
        """
        if authorization is None:
            if self._is_loopback:
                return self._local
            raise UnknownCallerError(f"this port is open to the network and wants a token: {_HOW}")
        token = await self._token_of(authorization)
        if not token.scope.covers(wanted):
            raise ForbiddenError(
                f"token {token.token_id} is for {token.scope.value} and this needs {wanted.value}; use another, or "
                f"have an operator make one with: sidecar tokens add --scope {wanted.value}"
            )
        return Caller(team=token.team, scope=token.scope)

    async def _token_of(self, authorization: str) -> AccessToken:
        scheme, _, text = authorization.partition(" ")
        text = text.strip()
        token_id = token_id_of(text) if scheme.lower() == "bearer" else None
        if token_id is None:
            raise UnknownCallerError(f"the Authorization header holds no token of this sidecar: {_HOW}")
        token = await self._looked_up(token_id)
        # one sentence for all three, so that nobody learns which ids there are
        if token is None or not is_text_of(text, token) or not token.holds(self._now_ns()):
            raise UnknownCallerError(f"token {token_id} is unknown, expired or taken back: {_HOW}")
        return token

    async def _looked_up(self, token_id: TokenId) -> AccessToken | None:
        now_ns = time.monotonic_ns()
        known = self._known.get(token_id)
        if known is not None and now_ns - known[1] < LOOKUP_S * 1e9:
            return known[0]
        token = await asyncio.to_thread(self._token, token_id)
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        self._known[token_id] = (token, now_ns)
        return token
