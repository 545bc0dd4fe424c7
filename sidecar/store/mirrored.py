"""Which sessions the viewer has confirmed, and which it will not take; all within a transaction.

A session is due again when it has a newer revision, or when a judge has spoken since.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, func, or_, select

from sidecar.domain import SessionKey, SessionState
from sidecar.store import schema
from sidecar.store.insert import insert
from sidecar.store.sessions import is_of, is_there, key_columns, row_key

mirrored = schema.mirrored
sessions = schema.sessions
verdicts = schema.verdicts

_KEY = ("team", "agent", "session_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirroring:
    """How far the viewer has a session."""

    place: str
    """Name of the viewer's project it went to; it stays there, for spans cannot move."""
    revision: int
    """Newest revision of which everything was confirmed; 0 before the first."""
    tries: int
    """Times in a row that the viewer would not take it."""
    reason: str | None
    """Why not, in its own words; None where the last try went well."""


def unmirrored_sessions(connection: Connection, *, max_tries: int) -> list[SessionKey]:
    """Settled sessions that the viewer does not show as they are, the oldest activity first.

    Those that it would not take `max_tries` times in their present revision are left out.
    """
    spoken = _spoken().where(_is_same(verdicts)).scalar_subquery()
    is_parked = and_(mirrored.c.tried_revision == sessions.c.revision, mirrored.c.tries >= max_tries)
    is_behind = or_(mirrored.c.revision != sessions.c.revision, mirrored.c.sequence < spoken)
    rows = connection.execute(
        select(*(sessions.c[name] for name in _KEY))
        .select_from(sessions.outerjoin(mirrored, _is_same(mirrored)))
        .where(sessions.c.state == SessionState.SETTLED)
        .where(or_(mirrored.c.place.is_(None), and_(is_behind, ~is_parked)))
        .order_by(sessions.c.last_activity_ns, *(sessions.c[name] for name in _KEY))
    )
    return [row_key(row) for row in rows]


def mirroring(connection: Connection, key: SessionKey) -> Mirroring | None:
    """What is known of one session; None before its first try."""
    row = connection.execute(select(mirrored).where(is_of(mirrored, key))).one_or_none()
    if row is None:
        return None
    return Mirroring(place=row.place, revision=row.revision, tries=row.tries, reason=row.reason)


def mirrored_since(connection: Connection, last_activity_ns: int) -> list[SessionKey]:
    """Confirmed sessions with activity at or after a time, the oldest first."""
    rows = connection.execute(
        select(*(sessions.c[name] for name in _KEY))
        .select_from(sessions.join(mirrored, _is_same(mirrored)))
        .where(mirrored.c.revision > 0, sessions.c.last_activity_ns >= last_activity_ns)
        .order_by(sessions.c.last_activity_ns, *(sessions.c[name] for name in _KEY))
    )
    return [row_key(row) for row in rows]


def verdict_sequence(connection: Connection, key: SessionKey) -> int:
    """A number that grows each time a judge speaks of the session; read it before the verdicts."""
    return connection.execute(_spoken().where(is_of(verdicts, key))).scalar_one()


def _spoken() -> Select[int]:
    # not the highest of them: two judges in two processes may speak at once and get one number, and the later to commit
    # would never be shown
    return select(func.coalesce(func.sum(verdicts.c.sequence), 0))


def add_mirror_places(connection: Connection, keys: Sequence[SessionKey], place: str) -> None:
    """Decide where sessions go that have no place yet; nothing of them counts as shown by that."""
    first = {"revision": 0, "sequence": 0, "confirmed_ns": None, "tried_revision": 0, "tries": 0, "reason": None}
    rows = [{**key_columns(key), "place": place, **first} for key in keys]
    connection.execute(insert(connection, mirrored).on_conflict_do_nothing(), rows)


def set_mirrored(
    connection: Connection, key: SessionKey, *, place: str, revision: int, sequence: int, now_ns: int
) -> None:
    """Record that the viewer shows this revision with the verdicts up to this sequence."""
    _set(
        connection,
        key,
        {
            "place": place,
            "revision": revision,
            "sequence": sequence,
            "confirmed_ns": now_ns,
            "tried_revision": revision,
            "tries": 0,
            "reason": None,
        },
    )


def add_mirror_refusal(connection: Connection, key: SessionKey, *, place: str, revision: int, reason: str) -> int:
    """Count one more try that the viewer refused; gives the number of them for this revision."""
    row = connection.execute(select(mirrored).where(is_of(mirrored, key))).one_or_none()
    tries = row.tries + 1 if row is not None and row.tried_revision == revision else 1
    before = {"place": place, "revision": 0, "sequence": 0, "confirmed_ns": None}
    if row is not None:
        before = {name: getattr(row, name) for name in before}
    _set(connection, key, {**before, "tried_revision": revision, "tries": tries, "reason": reason})
    return tries


def parked_sessions(connection: Connection, *, max_tries: int) -> dict[SessionKey, str]:
    """Sessions that the viewer will not take in their present revision, each with its reason."""
    rows = connection.execute(
        select(*(sessions.c[name] for name in _KEY), mirrored.c.reason)
        .select_from(sessions.join(mirrored, _is_same(mirrored)))
        .where(mirrored.c.tried_revision == sessions.c.revision, mirrored.c.tries >= max_tries)
    )
    return {row_key(row): row.reason or "" for row in rows}


def forget_mirrored(connection: Connection, known_places: Collection[str]) -> int:
    """Drop what is said of places that the viewer does not know any more; gives how many sessions are due again."""
    statement = mirrored.delete().where(mirrored.c.place.not_in(known_places), mirrored.c.revision > 0)
    return connection.execute(statement).rowcount


def _set(connection: Connection, key: SessionKey, values: dict[str, object]) -> None:
    if not is_there(connection, key):
        return  # it was forgotten meanwhile, and its deletion in the viewer is due
    statement = insert(connection, mirrored).values(**key_columns(key), **values)
    connection.execute(statement.on_conflict_do_update(index_elements=list(_KEY), set_=values))


def _is_same(table: Table) -> ColumnElement[bool]:
    """Condition: the row speaks of the session of the outer query."""
    return and_(*(table.c[name] == sessions.c[name] for name in _KEY))
