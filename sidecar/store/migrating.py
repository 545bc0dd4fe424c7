"""Bring a database to the newest schema of one branch: `store` or `inbox`.

The two branches have their own version tables, so that both can live in one PostgreSQL database. Migrations are package
data beside this module and run from an installed wheel. Alembic keeps its context per process: one process opens its
new databases one after the other. It is loaded only where something is missing, as it takes a quarter of a start.
"""

from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, Text, column, inspect, select, table, text

from sidecar.errors import StoreError

MIGRATIONS = Path(__file__).parent / "migrations"

_POSTGRES_LOCK = 0x51DECA12
"""Advisory lock of all processes that migrate; any number nobody else uses in the database."""


class Branch(StrEnum):
    """A line of migrations with its own version table."""

    STORE = "store"
    INBOX = "inbox"

    def is_current(self, connection: Connection, where: str) -> bool:
        """The database stands at the newest revision we know.

        Raises:
            StoreError: it stands at one we do not know.
        """
        known = self.revisions()
        found = _found_revisions(connection, version_table(self))
        unknown = found - set(known)
        if unknown:
            raise StoreError(
                f"{where} was written by a newer sidecar (schema {', '.join(sorted(unknown))}); install that version "
                f"or a later one, or name another data folder"
            )
        return found == {known[-1]}

    def revisions(self) -> list[str]:
        """What the branch's migrations are called, the first one first: each by the number of its file."""
        numbers = sorted(file.name.partition("_")[0] for file in (MIGRATIONS / self).glob("[0-9]*.py"))
        return [f"{self}_{number}" for number in numbers]


def _found_revisions(connection: Connection, name: str) -> set[str]:
    if not inspect(connection).has_table(name):
        return set()
    return set(connection.scalars(select(column("version_num", Text())).select_from(table(name))))


def version_table(branch: Branch) -> str:
    """Name of the table that holds the branch's revision."""
    return f"{branch}_version"


def migrate(connection: Connection, branch: Branch, where: str) -> None:
    """Run what is missing, inside the connection's transaction; only one process at a time does.

    On SQLite the transaction itself is the lock, so it must have begun IMMEDIATE.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _POSTGRES_LOCK})
    if branch.is_current(connection, where):
        return
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    # ConfigParser reads % as the start of a reference, and a path may hold one.
    folder = str(MIGRATIONS).replace("%", "%%")
    config.set_main_option("path_separator", "newline")
    config.set_main_option("script_location", folder)
    config.set_main_option("version_locations", f"{folder}/{branch}")
    config.attributes["connection"] = connection
    config.attributes["version_table"] = version_table(branch)
    command.upgrade(config, "head")
