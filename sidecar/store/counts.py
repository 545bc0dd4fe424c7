"""How much the store holds, by state."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Column, Connection, Table, func, select, update

from sidecar.domain import Label, ProposalState, SessionState
from sidecar.store import schema
from sidecar.store.insert import insert

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Rows of all teams and projects; states without rows are 0."""

    sessions: Mapping[SessionState, int]
    labels: Mapping[Label, int]
    """Sessions by label."""
    outcomes: int
    verdicts: int
    """Records in which a judge found something, superseded ones too."""
    proposals: Mapping[ProposalState, int]
    refusals: int
    tombstones: int
    dropped: Mapping[str, Mapping[str, int]]
    """Agent to kind of record to how many told of nothing that a session has, and were left out."""


def counts(connection: Connection) -> Counts:
    """Everything, as of one snapshot."""
    verdicts = schema.verdicts
    found = select(func.count()).select_from(verdicts).where(verdicts.c.body.is_not(None))
    return Counts(
        sessions=_by(connection, schema.sessions.c.state, SessionState),
        labels=_by(connection, schema.sessions.c.label, Label),
        outcomes=_all(connection, schema.outcomes),
        verdicts=connection.execute(found).scalar_one(),
        proposals=_by(connection, schema.proposals.c.state, ProposalState),
        refusals=_all(connection, schema.refusals),
        tombstones=sum(one.allowed_ns is None for one in connection.scalars(select(schema.tombstones.c.body))),
        dropped=_dropped(connection),
    )


def add_dropped(connection: Connection, dropped: Mapping[tuple[str, str], int]) -> None:
    """Count records that were left out, by agent and kind."""
    table = schema.dropped
    for (agent, kind), count in sorted(dropped.items()):
        is_it = (table.c.agent == agent) & (table.c.kind == kind)
        connection.execute(insert(connection, table).values(agent=agent, kind=kind, records=0).on_conflict_do_nothing())
        connection.execute(update(table).where(is_it).values(records=table.c.records + count))


def _dropped(connection: Connection) -> dict[str, dict[str, int]]:
    table, found = schema.dropped, dict[str, dict[str, int]]()
    for row in connection.execute(select(table).order_by(table.c.agent, table.c.kind)):
        found.setdefault(row.agent, {})[row.kind] = row.records
    return found


def _by(connection: Connection, column: Column[str], kind: type[E]) -> dict[E, int]:
    rows = connection.execute(select(column, func.count()).group_by(column))
    found = {kind(value): count for value, count in rows}
    return {member: found.get(member, 0) for member in kind}


def _all(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()
