"""Money: what was put aside for calls to models, and what they came to; all within a transaction.

An amount is put aside before each call and replaced by the real one after it. Where nobody learned the real one (the
process was killed, the line broke), the amount put aside goes on counting until its day and month are over: it may
have been paid. Amounts are whole nano-dollars, so that sums are exact on both databases; each day's sum is kept, so
that looking at a cap costs the same after a million calls as after one.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, delete, func, select, text

from sidecar.domain import ModelUsage, ProjectId, Purpose
from sidecar.store import codec, schema
from sidecar.store.columns import word

spend = schema.spend
replies = schema.kept_replies

TOKENS = ("input_tokens", "cache_write_tokens", "cache_read_tokens", "output_tokens")
_KEYS_AT_ONCE = 500
"""Of one query; SQLite takes no more than 32,766 values."""
# Run for every call of a model, and building a statement takes longer than running it.
_LOCK = text("LOCK TABLE spend IN SHARE ROW EXCLUSIVE MODE")
_DAYS_SINCE = text("SELECT day_ns, amount FROM spend_days WHERE day_ns >= :since_ns")
_ADD_TO_DAY = text(
    "INSERT INTO spend_days (day_ns, amount) VALUES (:day_ns, :amount) "
    "ON CONFLICT (day_ns) DO UPDATE SET amount = spend_days.amount + excluded.amount"
)
_RESERVED = text(
    "SELECT at_ns, amount FROM spend WHERE request_key = :request_key AND attempt = :attempt AND NOT is_settled"
)
_SETTLE = text(
    "UPDATE spend SET amount = :amount, is_settled = true, input_tokens = :input_tokens, "
    "cache_write_tokens = :cache_write_tokens, cache_read_tokens = :cache_read_tokens, output_tokens = :output_tokens "
    "WHERE request_key = :request_key AND attempt = :attempt AND NOT is_settled"
)
_RELEASE = text("DELETE FROM spend WHERE request_key = :request_key AND attempt = :attempt AND NOT is_settled")
_KEEP_REPLY = text(
    "INSERT INTO kept_replies (request_key, model, body) VALUES (:request_key, :model, :body) "
    "ON CONFLICT (request_key, model) DO UPDATE SET body = excluded.body"
)
_KEPT_REPLY = text("SELECT body FROM kept_replies WHERE request_key = :request_key AND model = :model")
_RESERVE = spend.insert()
_NEWEST_ATTEMPTS = (
    select(spend.c.request_key, func.max(spend.c.attempt))
    .where(spend.c.request_key.in_(bindparam("request_keys", expanding=True)))
    .group_by(spend.c.request_key)
)

NANO = 1_000_000_000
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
class Wanted:
    """Money that one attempt of a request may cost."""

    request_key: str
    purpose: Purpose
    model: str
    amount_usd: float
    """At most."""
    project: ProjectId | None = None
    """What it is for; None where that is not known."""


def reserve_spend(connection: Connection, wanted: Sequence[Wanted], *, now_ns: int, cap: Cap) -> list[int]:
    """Put money aside for one attempt of each request, in their order, as far as the cap allows.

    Args:
        wanted: Each of another request.
    Returns:
        The attempts' numbers, from 1, to settle them by; fewer than wanted where the next would go over the cap.
    """
    _come_alone(connection)
    amounts = _fitting([_nano(one.amount_usd) for one in wanted], _room(connection, now_ns, cap))
    before = _attempts_of(connection, [one.request_key for one in wanted[: len(amounts)]])
    rows = [
        {
            "request_key": one.request_key,
            "attempt": before.get(one.request_key, 0) + 1,
            "purpose": one.purpose.value,
            "model": one.model,
            "at_ns": now_ns,
            "amount": amount,
            "is_settled": False,
            "project": one.project,
            **dict.fromkeys(TOKENS, 0),
        }
        for one, amount in zip(wanted, amounts, strict=False)
    ]
    if rows:
        connection.execute(_RESERVE, rows)
        _add_to_day(connection, now_ns, sum(amounts))
    return [int(str(row["attempt"])) for row in rows]


def _come_alone(connection: Connection) -> None:
    """Let no other transaction write to the spending before this one ends; SQLite writers come one by one anyway.

    Two that read the same sum must not both find room. Whoever settles takes the same lock: in a shared commit others
    reserve after it, and two processes that both held a weaker one would wait for each other for ever.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK)


def _room(connection: Connection, now_ns: int, cap: Cap) -> int | None:
    """Nano-dollars that may still be put aside; None where nothing limits them."""
    limits = [(cap.day_usd, day_start_ns(now_ns)), (cap.month_usd, month_start_ns(now_ns))]
    since_ns = min(start_ns for _, start_ns in limits)
    rows = connection.execute(_DAYS_SINCE, {"since_ns": since_ns}).all()
    rooms = [
        math.floor(limit_usd * NANO) - sum(row.amount for row in rows if row.day_ns >= start_ns)
        for limit_usd, start_ns in limits
        if limit_usd is not None
    ]
    return min(rooms, default=None)


def _fitting(amounts: list[int], room: int | None) -> list[int]:
    """The first ones, as many as there is room for."""
    if room is None:
        return amounts
    sums = itertools.accumulate(amounts)
    return list(itertools.takewhile(lambda _: next(sums) <= room, amounts))


def _attempts_of(connection: Connection, request_keys: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(request_keys), _KEYS_AT_ONCE):
        named = {"request_keys": request_keys[start : start + _KEYS_AT_ONCE]}
        found.update((key, attempt) for key, attempt in connection.execute(_NEWEST_ATTEMPTS, named))
    return found


def _add_to_day(connection: Connection, at_ns: int, amount: int) -> None:
    connection.execute(_ADD_TO_DAY, {"day_ns": day_start_ns(at_ns), "amount": amount})


def settle_spend(
    connection: Connection, request_key: str, attempt: int, *, amount_usd: float, usage: ModelUsage
) -> None:
    """Replace the amount put aside for an attempt by the real one; one that is settled stays as it is."""
    _come_alone(connection)
    named = {"request_key": word(request_key), "attempt": attempt}
    reserved = connection.execute(_RESERVED, named).one_or_none()
    if reserved is None:
        return
    amount = _nano(amount_usd)
    tokens = {name: getattr(usage, name) for name in TOKENS}
    # another one may have settled it meanwhile
    if connection.execute(_SETTLE, {**named, **tokens, "amount": amount}).rowcount:
        _add_to_day(connection, reserved.at_ns, amount - reserved.amount)


def release_spend(connection: Connection, request_key: str, attempt: int) -> None:
    """Forget what was put aside for an attempt that was never made; one that is settled stays."""
    _come_alone(connection)
    named = {"request_key": word(request_key), "attempt": attempt}
    reserved = connection.execute(_RESERVED, named).one_or_none()
    # another one may have settled it meanwhile
    if reserved is not None and connection.execute(_RELEASE, named).rowcount:
        _add_to_day(connection, reserved.at_ns, -reserved.amount)


def keep_reply(connection: Connection, request_key: str, kept: KeptReply) -> None:
    """Keep the answer to a question; the last one stays."""
    body = codec.compress(kept.text.encode())
    connection.execute(_KEEP_REPLY, {"request_key": word(request_key), "model": word(kept.model), "body": body})


def kept_reply(connection: Connection, request_key: str, model: str) -> str | None:
    """The answer kept for a question; None when there is none."""
    body = connection.scalars(_KEPT_REPLY, {"request_key": word(request_key), "model": word(model)}).one_or_none()
    return None if body is None else codec.decompress(body).decode()


def forget_reply(connection: Connection, request_key: str, model: str) -> None:
    """Keep the answer to a question no longer; nothing happens when there is none."""
    connection.execute(delete(replies).where(replies.c.request_key == request_key, replies.c.model == model))


def spent_usd(connection: Connection, since_ns: int) -> float:
    """Everything counted against a cap since a time."""
    return _sum_since(connection, since_ns) / NANO


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
    return math.ceil(round(amount_usd * NANO, 3))
