"""Money: what was put aside for calls to models, and what they came to; all within a transaction.

An amount is put aside before each call and replaced by the real one after it. Where nobody learned the real one (the
process was killed, the line broke), the amount put aside goes on counting: it may have been paid. Amounts are whole
nano-dollars, so that sums are exact on both databases.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, case, delete, func, select, text, update

from sidecar.domain import ModelUsage, Purpose
from sidecar.store import codec, schema
from sidecar.store.insert import insert

spend = schema.spend
replies = schema.kept_replies

_NANO = 1_000_000_000
"""Nano-dollars of a dollar; the cheapest token costs ten."""
_DAY_NS = 24 * 3600 * 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """Most that may be spent in a calendar day and month, UTC."""

    day_usd: float | None = None
    """None: no limit."""
    month_usd: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReply:
    """An answer that was paid and is given again to the same question."""

    model: str
    text: str
    """JSON of the shape asked for."""


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


def reserve_spend(
    connection: Connection, request_key: str, *, purpose: Purpose, model: str, amount_usd: float, now_ns: int, cap: Cap
) -> int | None:
    """Put an amount aside for one attempt of a request.

    Returns:
        The attempt's number, from 1, to settle it by; None when the amount would go over the cap.
    """
    # Two that read the same sum must not both find room. SQLite writers come one by one anyway.
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE spend IN SHARE ROW EXCLUSIVE MODE"))
    amount = _nano(amount_usd)
    for limit_usd, since_ns in ((cap.day_usd, day_start_ns(now_ns)), (cap.month_usd, month_start_ns(now_ns))):
        if limit_usd is not None and _sum_since(connection, since_ns) + amount > math.floor(limit_usd * _NANO):
            return None
    newest = select(func.coalesce(func.max(spend.c.attempt), 0)).where(spend.c.request_key == request_key)
    attempt = connection.scalars(newest).one() + 1
    connection.execute(
        insert(connection, spend).values(
            request_key=request_key,
            attempt=attempt,
            purpose=purpose.value,
            model=model,
            at_ns=now_ns,
            amount=amount,
            is_settled=False,
            input_tokens=0,
            cache_write_tokens=0,
            cache_read_tokens=0,
            output_tokens=0,
        )
    )
    return attempt


def settle_spend(
    connection: Connection, request_key: str, attempt: int, *, amount_usd: float, usage: ModelUsage
) -> None:
    """Replace the amount put aside for an attempt by the real one."""
    connection.execute(
        update(spend)
        .where(spend.c.request_key == request_key, spend.c.attempt == attempt)
        .values(
            amount=_nano(amount_usd),
            is_settled=True,
            input_tokens=usage.input_tokens,
            cache_write_tokens=usage.cache_write_tokens,
            cache_read_tokens=usage.cache_read_tokens,
            output_tokens=usage.output_tokens,
        )
    )


def keep_reply(connection: Connection, request_key: str, kept: KeptReply) -> None:
    """Keep the answer to a question; the last one stays."""
    statement = insert(connection, replies).values(
        request_key=request_key, model=kept.model, body=codec.compress(kept.text.encode())
    )
    connection.execute(
        statement.on_conflict_do_update(index_elements=["request_key", "model"], set_={"body": statement.excluded.body})
    )


def kept_reply(connection: Connection, request_key: str, model: str) -> str | None:
    """The answer kept for a question; None when there is none."""
    named = select(replies.c.body).where(replies.c.request_key == request_key, replies.c.model == model)
    body = connection.scalars(named).one_or_none()
    return None if body is None else codec.decompress(body).decode()


def forget_reply(connection: Connection, request_key: str, model: str) -> None:
    """Keep the answer to a question no longer; nothing happens when there is none."""
    connection.execute(delete(replies).where(replies.c.request_key == request_key, replies.c.model == model))


def spent_usd(connection: Connection, since_ns: int) -> float:
    """Everything counted against a cap since a time."""
    return _sum_since(connection, since_ns) / _NANO


def spent(connection: Connection, since_ns: int) -> list[Spent]:
    """What each purpose cost with each model since a time, by purpose and model."""
    tokens = ("input_tokens", "cache_write_tokens", "cache_read_tokens", "output_tokens")
    rows = connection.execute(
        select(
            spend.c.purpose,
            spend.c.model,
            func.count().label("calls"),
            func.sum(case((spend.c.is_settled, 0), else_=1)).label("unsettled"),
            func.sum(spend.c.amount).label("amount"),
            *(func.sum(spend.c[name]).label(name) for name in tokens),
        )
        .where(spend.c.at_ns >= since_ns)
        .group_by(spend.c.purpose, spend.c.model)
        .order_by(spend.c.purpose, spend.c.model)
    )
    return [
        Spent(
            purpose=Purpose(row.purpose),
            model=row.model,
            calls=row.calls,
            unsettled=int(row.unsettled),
            cost_usd=int(row.amount) / _NANO,
            usage=ModelUsage(
                input_tokens=int(row.input_tokens),
                cache_write_tokens=int(row.cache_write_tokens),
                cache_read_tokens=int(row.cache_read_tokens),
                output_tokens=int(row.output_tokens),
            ),
        )
        for row in rows
    ]


def day_start_ns(now_ns: int) -> int:
    """Begin of the UTC day."""
    return now_ns - now_ns % _DAY_NS


def month_start_ns(now_ns: int) -> int:
    """Begin of the UTC month."""
    moment = datetime.fromtimestamp(now_ns // 1_000_000_000, UTC)
    return int(datetime(moment.year, moment.month, 1, tzinfo=UTC).timestamp()) * 1_000_000_000


def _sum_since(connection: Connection, since_ns: int) -> int:
    counted = select(func.coalesce(func.sum(spend.c.amount), 0)).where(spend.c.at_ns >= since_ns)
    return int(connection.scalars(counted).one())


def _nano(amount_usd: float) -> int:
    """Whole nano-dollars, rounded up but for what is only the error of a binary fraction."""
    return math.ceil(round(amount_usd * _NANO, 3))
