"""Bring a database to the newest schema of one branch: `store` or `inbox`.

The two branches have their own version tables, so that both can live in one PostgreSQL database. Migrations are package
data beside this module and run from an installed wheel. Alembic keeps its context per process: one process opens its
new databases one after the other.
"""

from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

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
        script = ScriptDirectory.from_config(_config(self))
        context = MigrationContext.configure(connection, opts={"version_table": version_table(self)})
        found = set(context.get_current_heads())
        unknown = found - {revision.revision for revision in script.walk_revisions()}
        if unknown:
            raise StoreError(
                f"{where} was written by a newer sidecar (schema {', '.join(sorted(unknown))}); install that version "
                f"or a later one, or name another data folder"
            )
        return found == set(script.get_heads())


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
    config = _config(branch)
    config.attributes["connection"] = connection
    config.attributes["version_table"] = version_table(branch)
    command.upgrade(config, "head")


def _config(branch: Branch) -> Config:
    config = Config()
    # ConfigParser reads % as the start of a reference, and a path may hold one.
    folder = str(MIGRATIONS).replace("%", "%%")
    config.set_main_option("path_separator", "newline")
    config.set_main_option("script_location", folder)
    config.set_main_option("version_locations", f"{folder}/{branch}")
    return config
