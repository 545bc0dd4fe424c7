"""What money went to: the sums of calls by purpose and model, and by project."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, case, func, select

from sidecar.domain import ModelUsage, ProjectId, Purpose
from sidecar.store import schema
from sidecar.store.database import Database
from sidecar.store.spend import NANO, TOKENS, release_spend

spend = schema.spend


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one purpose cost with one model."""

    purpose: Purpose
    model: str
    calls: int
    unsettled: int
    """Of those, the ones whose real cost nobody learned."""
    cost_usd: float
    """Counted against the cap; unsettled ones at the amount put aside."""
    usage: ModelUsage
    reserved_usd: float = 0.0
    """Of the cost, what belongs to unsettled ones."""


class Spending:
    """What calls cost, told by project; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        """Bind the store's database."""
        self._database = database

    def by_project(self, since_ns: int) -> Mapping[ProjectId | None, Sequence[Spent]]:
        """What each purpose cost with each model since a time, for each project; under None what was for none known."""
        found: dict[ProjectId | None, list[Spent]] = {}
        with self._database.read() as connection:
            for row in connection.execute(_sums(since_ns, spend.c.project, spend.c.purpose, spend.c.model)):
                found.setdefault(row.project, []).append(_spent(row))
        return found

    def release(self, request_key: str, attempt: int) -> None:
        """Forget what was put aside for an attempt that was never made, as nobody may be asked now."""
        with self._database.write() as connection:
            release_spend(connection, request_key, attempt)


def spent(connection: Connection, since_ns: int) -> list[Spent]:
    """What each purpose cost with each model since a time, by purpose and model."""
    return [_spent(row) for row in connection.execute(_sums(since_ns, spend.c.purpose, spend.c.model))]


def _sums(since_ns: int, *by: Column[Any]) -> Select[Any]:
    return (
        select(
            *by,
            func.count().label("calls"),
            func.sum(case((spend.c.is_settled, 0), else_=1)).label("unsettled"),
            func.sum(spend.c.amount).label("amount"),
            func.sum(case((spend.c.is_settled, 0), else_=spend.c.amount)).label("reserved"),
            *(func.sum(spend.c[name]).label(name) for name in TOKENS),
        )
        .where(spend.c.at_ns >= since_ns)
        .group_by(*by)
        .order_by(*by)
    )


def _spent(row: Row[Any]) -> Spent:
    return Spent(
        purpose=Purpose(row.purpose),
        model=row.model,
        calls=row.calls,
        unsettled=int(row.unsettled),
        cost_usd=int(row.amount) / NANO,
        reserved_usd=int(row.reserved) / NANO,
        usage=ModelUsage(
            input_tokens=int(row.input_tokens),
            cache_write_tokens=int(row.cache_write_tokens),
            cache_read_tokens=int(row.cache_read_tokens),
            output_tokens=int(row.output_tokens),
        ),
    )
