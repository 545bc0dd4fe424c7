"""Who may do what: a token names a Team and a scope; without one, only loopback is let in."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from sidecar.domain.names import TeamId

TokenId = NewType("TokenId", str)
"""Eight hex digits; the part of a token that may be shown."""


class AccessScope(StrEnum):
    """What a token is for. `admin` may do everything that the others may."""

    INGEST = "ingest"
    READ = "read"
    ADMIN = "admin"

    def covers(self, wanted: "AccessScope") -> bool:
        """True when somebody with this scope may do what `wanted` is for."""
        return self in (wanted, AccessScope.ADMIN)


class Door(StrEnum):
    """A group of addresses that a port may be open for."""

    INGEST = "ingest"
    """What agents and CI send."""
    WEBHOOKS = "webhooks"
    """What a forge sends."""
    READ = "read"
    """The read interface and the pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who sends a request; the Team of all that it writes and reads."""

    team: TeamId
    scope: AccessScope


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessToken:
    """A token as it is kept: without its secret."""

    token_id: TokenId
    team: TeamId
    scope: AccessScope
    digest: str
    """SHA-256 of the whole token in hex; its secret has 256 random bits, so nothing slower is needed."""
    note: str
    """What a person wrote to recognise it by; may be empty."""
    created_ns: int
    expires_ns: int | None = None
    """None: it does not expire."""
    revoked_ns: int | None = None
    """When it was taken back; None while it holds."""

    def __post_init__(self) -> None:
        if not self.team.strip():
            raise ValueError("a token without a Team would be everybody's")

    def holds(self, now_ns: int) -> bool:
        """True while it opens anything."""
        return self.revoked_ns is None and (self.expires_ns is None or now_ns < self.expires_ns)
