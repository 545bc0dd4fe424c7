"""Which processes run flows on this store, and by which key its hashes were made.

A node is a data folder at work. It beats by counting, so nobody has to compare the clocks of two machines: whoever
watches a node goes by how long, on the watcher's own steady clock, its count has not grown.
"""

from dataclasses import dataclass

from sqlalchemy import select, update

from sidecar.store import schema
from sidecar.store.database import Database
from sidecar.store.insert import insert

nodes = schema.nodes
key_prints = schema.key_prints

_HASHES = "hashes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One node as it was last heard of."""

    name: str
    """Stays over restarts of a data folder."""
    owner: str
    """The process that beat last, as its leases name it."""
    beats: int
    """Grows while the process is at work."""
    is_stopped: bool
    """It ended of itself."""
    seen_ns: int
    """Of the last beat, by the node's own clock; for people."""


class Nodes:
    """The nodes of one store; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        """Bind the store's database."""
        self._database = database

    def beat(self, name: str, *, owner: str, now_ns: int) -> None:
        """Say that a node is at work; a new owner counts on from the old one."""
        grown = {"owner": owner, "beats": nodes.c.beats + 1, "is_stopped": False, "seen_ns": now_ns}
        with self._database.write() as connection:
            first = insert(connection, nodes).values({**grown, "name": name, "beats": 1})
            connection.execute(first.on_conflict_do_update(index_elements=["name"], set_=grown))

    def stop(self, name: str, *, owner: str) -> None:
        """Say that a node ends; its row stays, as it may leave work behind that somebody must take up."""
        is_mine = (nodes.c.name == name) & (nodes.c.owner == owner)
        with self._database.write() as connection:
            connection.execute(update(nodes).where(is_mine).values(is_stopped=True, beats=nodes.c.beats + 1))

    def all(self) -> list[Node]:
        """Every node that is at work, or whose work nobody has taken up yet, by name."""
        with self._database.read() as connection:
            rows = connection.execute(select(nodes).order_by(nodes.c.name))
            return [
                Node(name=row.name, owner=row.owner, beats=row.beats, is_stopped=row.is_stopped, seen_ns=row.seen_ns)
                for row in rows
            ]

    def bury(self, node: Node) -> bool:
        """Forget a node, unless it has beaten since it was read; False when it has, or is forgotten already."""
        is_as_read = (nodes.c.name == node.name) & (nodes.c.owner == node.owner) & (nodes.c.beats == node.beats)
        with self._database.write() as connection:
            return connection.execute(nodes.delete().where(is_as_read)).rowcount == 1

    def agreed_key_print(self, key_print: str) -> str:
        """The print of the key by which this store's hashes are made: the first that was ever given."""
        known = select(key_prints.c.print).where(key_prints.c.purpose == _HASHES)
        with self._database.read() as connection:
            found = connection.scalars(known).one_or_none()
        if found is not None:
            return found
        with self._database.write() as connection:
            first = insert(connection, key_prints).values(purpose=_HASHES, print=key_print)
            connection.execute(first.on_conflict_do_nothing())
            return connection.scalars(known).one()
