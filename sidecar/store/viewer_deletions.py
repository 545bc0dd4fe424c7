"""Forgotten sessions that are still to be deleted where people look at sessions."""

from dataclasses import dataclass

from sqlalchemy import select

from sidecar.domain import SessionKey
from sidecar.store import schema
from sidecar.store.database import Database
from sidecar.store.sessions import is_of, row_key

table = schema.viewer_deletions


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewerDeletion:
    """A session that is still to be deleted where people look at sessions; its id goes with this record."""

    key: SessionKey
    at_ns: int
    """When it was forgotten."""


class ViewerDeletions:
    """What is due in one store; each method is one transaction. It becomes due as the session is forgotten."""

    def __init__(self, database: Database) -> None:
        """Bind the database."""
        self._database = database

    def due(self) -> list[ViewerDeletion]:
        """Sessions that the viewer may still show, the first forgotten first."""
        with self._database.read() as connection:
            rows = connection.execute(select(table))
            found = [ViewerDeletion(key=row_key(row), at_ns=row.at_ns) for row in rows]
        return sorted(found, key=lambda one: (one.at_ns, one.key.team, one.key.agent, one.key.session_id))

    def drop(self, key: SessionKey) -> None:
        """Record that the viewer shows nothing of it any more; sessions of other agents by that id are shown anew."""
        mirrored = schema.mirrored
        with self._database.write() as connection:
            connection.execute(table.delete().where(is_of(table, key)))
            connection.execute(
                mirrored.delete().where(mirrored.c.team == key.team, mirrored.c.session_id == key.session_id)
            )
