"""How much the store holds, by state."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Column, Connection, Table, func, select

from sidecar.domain import Label, ProposalState, SessionState
from sidecar.store import schema

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
        tombstones=_all(connection, schema.tombstones),
    )


def _by(connection: Connection, column: Column[str], kind: type[E]) -> dict[E, int]:
    rows = connection.execute(select(column, func.count()).group_by(column))
    found = {kind(value): count for value, count in rows}
    return {member: found.get(member, 0) for member in kind}


def _all(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()
