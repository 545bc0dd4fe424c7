"""What the inbox takes and gives back: InboxEntry, InboxReceipt, InboxRow, and the states of a row."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sidecar.domain import AgentName, TeamId


class InboxState(StrEnum):
    """Where a row stands: new → claimed → done or failed; a claim whose lease has passed can be claimed again."""

    NEW = "new"
    CLAIMED = "claimed"
    DONE = "done"
    FAILED = "failed"
    """Cannot be read, kept with the reason."""


# Not frozen: to freeze a record of ten fields takes a microsecond of each request.
@dataclass(slots=True, kw_only=True)
class InboxEntry:
    """One request as received, redacted."""

    team: TeamId
    body_hash: str
    """Keyed hash of the raw body; the same for the same request of the same Team."""
    channel: str
    """`traces`, `logs`, `metrics`, `hook`, `transcript` or `outcome`."""
    agent: AgentName | None
    """Collector the request names; None where the body tells."""
    parameters: Mapping[str, str]
    """Query parameters and the like, by name."""
    body: bytes
    """Redacted, not compressed; not looked at where `packed` is given."""
    received_ns: int
    observed_ns: int
    """When the sender saw it; the receipt where the sender says nothing."""
    is_timed: bool
    """observed_ns was said by the sender."""
    packed: bytes | None = None
    """The same body as its sender compressed it by gzip, where that may be stored; None: compress it here."""

    @property
    def size(self) -> int:
        """Bytes held while it waits."""
        return len(self.body) if self.packed is None else len(self.packed)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxReceipt:
    """That an entry is on the disk."""

    is_new: bool
    """False when the same entry was there already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """A stored entry, claimed by one owner."""

    row_id: int
    team: TeamId
    body_hash: str
    channel: str
    agent: AgentName | None
    parameters: Mapping[str, str]
    body: bytes
    received_ns: int
    observed_ns: int
    """Of the first receipt."""
    last_observed_ns: int
    """The latest observed_ns of the same bytes."""
    is_timed: bool
    attempts: int
    """How often it was claimed, this time included."""
