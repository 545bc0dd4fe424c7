"""The store: what every flow reads from and writes to; each method is one transaction.

Methods block on the database; inside an event loop call them in a thread. Any thread may call any of them.
"""

from collections.abc import Mapping
from typing import Self

from sidecar.store import counts, leases
from sidecar.store.batches import Batches
from sidecar.store.checks import Checks
from sidecar.store.counts import Counts
from sidecar.store.database import Database
from sidecar.store.decisions import Decisions
from sidecar.store.forgetting import Forgetting
from sidecar.store.migrating import Branch
from sidecar.store.nodes import Nodes
from sidecar.store.parts.judging import Judging
from sidecar.store.parts.leases import Leases
from sidecar.store.parts.mirror import Mirror
from sidecar.store.parts.money import Money
from sidecar.store.parts.outcomes import Outcomes
from sidecar.store.parts.rules import Rules
from sidecar.store.parts.sessions import Sessions
from sidecar.store.parts.tokens import Tokens
from sidecar.store.retiring import Retiring
from sidecar.store.spending import Spending
from sidecar.store.viewer_deletions import ViewerDeletions


class Store(Sessions, Outcomes, Judging, Money, Mirror, Rules, Leases, Tokens):
    """Sessions, outcomes, verdicts and proposals in one database."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.nodes = Nodes(database)
        self.batches = Batches(database)
        self.checks = Checks(database)
        self.forgetting = Forgetting(database)
        self.retiring = Retiring(database)
        self.viewer_deletions = ViewerDeletions(database)
        self.decisions = Decisions(database)
        self.spending = Spending(database)

    @classmethod
    def open(cls, url: str) -> Self:
        """The store at `sqlite:///PATH` or `postgresql+psycopg://…`, created or migrated when needed.

        Raises:
            StoreBusyError: locked, full, or not answering.
            StoreError: no access, not a database, or written by a newer version.
        """
        return cls(Database.open(url, Branch.STORE))

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def fenced(self, name: str, *, owner: str, token: int) -> "Store":
        """The same store, where every write fails once somebody else has taken the lease over.

        Args:
            token: As take_lease gave it.
        """
        return Store(self._database.guarded(lambda connection: leases.require(connection, name, owner, token)))

    def check_lease(self) -> None:
        """Nothing, but of a fenced store.

        Raises:
            StoreBusyError: this store was fenced, and somebody else has taken the lease over.
        """
        with self._database.write():
            pass

    def add_dropped(self, dropped: Mapping[tuple[str, str], int]) -> None:
        """Count records of telemetry that told of nothing a session has, by agent and kind of record."""
        if dropped:
            with self._database.write() as connection:
                counts.add_dropped(connection, dropped)

    def counts(self) -> Counts:
        """How much there is, by state."""
        with self._database.read() as connection:
            return counts.counts(connection)
