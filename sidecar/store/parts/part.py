"""What every part of the store works with."""

from sidecar.store.database import Database
from sidecar.store.shared_commits import SharedCommits


class Part:
    """One subject of the store; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shared = SharedCommits(database)
