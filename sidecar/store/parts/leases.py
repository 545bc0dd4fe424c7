"""Who works on what."""

from sidecar.store import leases
from sidecar.store.parts.part import Part


class Leases(Part):
    """Who works on what."""

    def take_lease(self, name: str, *, owner: str, now_ns: int, ttl_ns: int) -> int | None:
        """A token that grows with each new holding; None while somebody else holds the lease."""
        with self._database.write() as connection:
            return leases.take_lease(connection, name, owner=owner, now_ns=now_ns, ttl_ns=ttl_ns)

    def lease_owner(self, name: str) -> str | None:
        """Who took a lease last and has not given it back, in time or not."""
        with self._database.read() as connection:
            return leases.lease_owner(connection, name)

    def drop_lease(self, name: str, *, owner: str) -> None:
        """Give a lease back; nothing happens when somebody else holds it."""
        with self._database.write() as connection:
            leases.drop_lease(connection, name, owner=owner)

    def prolong_lease(self, name: str, *, owner: str, token: int, until_ns: int) -> bool:
        """Hold on to a lease; False when somebody else has it, or had it meanwhile."""
        with self._database.write() as connection:
            return leases.prolong_lease(connection, name, owner=owner, token=token, until_ns=until_ns)

    def drop_leases_of(self, process: str) -> None:
        """Take every lease from a process that is taken for dead."""
        with self._database.write() as connection:
            leases.drop_leases_of(connection, process)
