"""Leases: one owner at a time for a name, until a time; all within a transaction."""

from sqlalchemy import Connection, bindparam, case, or_, select, update

from sidecar.errors import StoreBusyError
from sidecar.store import schema
from sidecar.store.insert import insert

leases = schema.leases

# Run with every write of a flow, and building a statement takes longer than running it. It locks the row on PostgreSQL:
# who takes the lease over waits until the transaction has ended.
_HOLDING = select(leases.c.owner, leases.c.token).where(leases.c.name == bindparam("name")).with_for_update(read=True)


def take_lease(connection: Connection, name: str, *, owner: str, now_ns: int, ttl_ns: int) -> int | None:
    """Take or prolong; the token grows with every new holding, so that an owner that lost it can be told apart.

    Returns:
        The token, the same while one owner prolongs in time; None while somebody else holds the lease.
    """
    statement = insert(connection, leases).values(name=name, owner=owner, token=1, expires_ns=now_ns + ttl_ns)
    is_held = leases.c.owner.is_not(None) & (leases.c.expires_ns > now_ns)
    is_mine = leases.c.owner == owner
    taken = statement.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "owner": owner,
            "expires_ns": now_ns + ttl_ns,
            "token": case((is_held & is_mine, leases.c.token), else_=leases.c.token + 1),
        },
        where=or_(~is_held, is_mine),
    )
    return connection.scalars(taken.returning(leases.c.token)).one_or_none()


def require(connection: Connection, name: str, owner: str, token: int) -> None:
    """Keep the holding as it is until the transaction ends.

    Raises:
        StoreBusyError: somebody else has it now, or had it meanwhile.
    """
    if connection.execute(_HOLDING, {"name": name}).one_or_none() != (owner, token):
        raise StoreBusyError(f"{name} was taken over by another process, as this one took too long; run this again")


def prolong_lease(connection: Connection, name: str, *, owner: str, token: int, until_ns: int) -> bool:
    """Hold on to a lease, also one that has run out and that nobody took; False when somebody else has it, or had it.

    The token stays, so that a clock that jumps ahead takes nothing from whoever works by it.
    """
    is_mine = (leases.c.name == name) & (leases.c.owner == owner) & (leases.c.token == token)
    return connection.execute(update(leases).where(is_mine).values(expires_ns=until_ns)).rowcount == 1


def drop_leases_of(connection: Connection, process: str) -> None:
    """Take every lease from a process that is taken for dead; each of its owners begins with the process's name."""
    held = leases.c.owner.startswith(f"{process}/", autoescape=True)
    connection.execute(update(leases).where(held).values(owner=None))


def lease_owner(connection: Connection, name: str) -> str | None:
    """Who took it last and has not given it back, in time or not."""
    return connection.scalars(select(leases.c.owner).where(leases.c.name == name)).one_or_none()


def drop_lease(connection: Connection, name: str, *, owner: str) -> None:
    """Give it back; the row stays, as the next token must be greater."""
    connection.execute(update(leases).where(leases.c.name == name, leases.c.owner == owner).values(owner=None))
