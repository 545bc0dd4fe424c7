"""Taking sessions out of the store for good, and knowing them again without having kept their ids.

Of a forgotten session a tombstone stays: a keyed hash of its id, by which whatever comes later is refused. A session
that is only retired has one too, as its content must not come back; its envelope, label and lessons stay.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Table, and_, func, or_, select, update

from sidecar.domain import PersonId, ProjectId, SessionId, SessionKey, TeamId
from sidecar.store import schema
from sidecar.store.database import Database
from sidecar.store.insert import insert
from sidecar.store.sessions import is_of, key_columns, row_key, session_keys
from sidecar.store.traces import traces_of

_OF_SESSION = (
    *(schema.observations, schema.file_chunks, schema.feedback, schema.steps, schema.verdicts),
    *(schema.judge_problems, schema.batch_items, schema.mirrored),
    *(schema.blind_calls, schema.reruns, schema.adherences, schema.sessions),
)
"""Tables whose rows belong to one session; the session itself last, as others refer to it."""
_WITHOUT_SESSION = (schema.observations, schema.file_chunks, schema.feedback, schema.joins, schema.sessions)
"""Where a session can be found that a projector or a person wrote to while it was being forgotten."""

Digest = Callable[[SessionKey], str]
"""The keyed hash that stands for a session's id."""


class Fate(StrEnum):
    """What became of a session."""

    FORGOTTEN = "forgotten"
    """Nothing of it is kept."""
    RETIRED = "retired"
    """Its content is not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """What went with a session."""

    rows: Mapping[str, int]
    """By table; tables without any are left out."""
    neighbours: tuple[SessionKey, ...]
    """Other sessions that a removed outcome spoke of as well: their labels rest on one less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgottenAt:
    """Sessions that one run forgot or retired: how many, never which."""

    at_ns: int
    fate: Fate
    sessions: int
    is_erased: bool
    """Their bytes have left the files too; PostgreSQL's own VACUUM is the operator's."""


class Forgetting:
    """What is forgotten in one store; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        """Bind the database."""
        self._database = database

    def keys(self, team: TeamId, *, person: PersonId | None, project: ProjectId | None) -> list[SessionKey]:
        """Sessions of a person, of a project, or of a person in a project; the oldest activity first."""
        of_person = [] if person is None else [schema.sessions.c.person == person]
        of_project = [] if project is None else [schema.sessions.c.project == project]
        with self._database.read() as connection:
            return session_keys(connection, schema.sessions.c.team == team, *of_person, *of_project)

    def persons(self, team: TeamId) -> list[PersonId]:
        """Persons that a Team has sessions of."""
        column = schema.sessions.c.person
        known = select(column).where(schema.sessions.c.team == team, column.is_not(None)).distinct()
        with self._database.read() as connection:
            return sorted(PersonId(person) for person in connection.scalars(known))

    def present(self) -> list[SessionKey]:
        """Every session of which there is anything at all."""
        return self._named_in(_WITHOUT_SESSION)

    def with_content(self) -> list[SessionKey]:
        """Every session of which there is something that sessions are merged from."""
        return self._named_in((schema.observations, schema.file_chunks))

    def _named_in(self, tables: Sequence[Table]) -> list[SessionKey]:
        found: set[SessionKey] = set()
        with self._database.read() as connection:
            for table in tables:
                columns = table.c.team, table.c.agent, table.c.session_id
                found.update(map(row_key, connection.execute(select(*columns).distinct())))
        return sorted(found, key=lambda key: (key.team, key.agent, key.session_id))

    def find(self, team: TeamId, session_id: SessionId) -> list[SessionKey]:
        """Sessions of that id of which there is anything at all, also where only the viewer may still show them."""
        found: set[SessionKey] = set()
        with self._database.read() as connection:
            for table in (*_WITHOUT_SESSION, schema.viewer_deletions):
                columns = table.c.team, table.c.agent, table.c.session_id
                named = select(*columns).where(table.c.team == team, table.c.session_id == session_id).distinct()
                found.update(map(row_key, connection.execute(named)))
        return sorted(found, key=lambda key: key.agent)

    def add(self, keys: Sequence[SessionKey], digest: Digest, fate: Fate, *, now_ns: int) -> None:
        """Put up tombstones; from then on what speaks of these sessions is refused."""
        with self._database.write() as connection:
            _add(connection, keys, digest, fate, now_ns)

    def fates(self, team: TeamId, digests: Collection[str]) -> dict[str, Fate]:
        """Which of these are forgotten or retired; an outcome names no agent, so that any agent's session counts."""
        table = schema.forgotten
        named = select(table.c.digest, table.c.fate).where(table.c.team == team, table.c.digest.in_(sorted(digests)))
        with self._database.read() as connection:
            found = connection.execute(named.order_by(table.c.fate.desc()))  # forgotten is said last, and counts
            return {row.digest: Fate(row.fate) for row in found}

    def fates_of(self, keys: Iterable[SessionKey], digest: Digest) -> dict[SessionKey, Fate]:
        """Those of the sessions that are forgotten or retired."""
        digests = {key: digest(key) for key in keys}
        found: dict[SessionKey, Fate] = {}
        for team in {key.team for key in digests}:
            fates = self.fates(team, {told for key, told in digests.items() if key.team == team})
            found |= {key: fates[told] for key, told in digests.items() if key.team == team and told in fates}
        return found

    def has_any(self) -> bool:
        """Whether anything was ever forgotten or retired."""
        with self._database.read() as connection:
            return connection.execute(select(schema.forgotten.c.team).limit(1)).first() is not None

    def counted(self, key: SessionKey) -> dict[str, int]:
        """What remove would take, by table; the same order, nothing changed."""
        with self._database.read() as connection:
            rows = {
                table.name: connection.execute(select(func.count()).select_from(table).where(condition)).scalar_one()
                for table, condition in _parts(connection, key)
            }
        return {name: count for name, count in rows.items() if count}

    def remove(self, key: SessionKey, *, now_ns: int) -> Removed:
        """Take a session with everything that is only about it; where a viewer shows it, that is due from now on."""
        with self._database.write() as connection:
            neighbours = _neighbours(connection, key)
            if connection.execute(select(schema.mirrored.c.place).where(is_of(schema.mirrored, key))).first():
                due = insert(connection, schema.viewer_deletions).values(**key_columns(key), at_ns=now_ns)
                connection.execute(due.on_conflict_do_nothing())
            rows: dict[str, int] = {}
            for table, condition in _parts(connection, key):
                count = connection.execute(table.delete().where(condition)).rowcount
                rows |= {table.name: count} if count else {}
        return Removed(rows=rows, neighbours=neighbours)

    def purge_replies(self) -> int:
        """Drop every answer of a model that is kept for its question: nothing says whose session it speaks of."""
        with self._database.write() as connection:
            return connection.execute(schema.kept_replies.delete()).rowcount

    def count_replies(self) -> int:
        """How many purge_replies would drop."""
        with self._database.read() as connection:
            return connection.execute(select(func.count()).select_from(schema.kept_replies)).scalar_one()

    def is_unerased(self, since_ns: int) -> bool:
        """Whether bytes may be left of what was forgotten: a run was cut short, or it is not long ago."""
        table = schema.forgotten
        is_left = or_(table.c.erased_ns.is_(None), table.c.at_ns >= since_ns)
        with self._database.read() as connection:
            return connection.execute(select(table.c.team).where(is_left).limit(1)).first() is not None

    def set_erased(self, *, until_ns: int, now_ns: int) -> None:
        """Record that the bytes of everything that was forgotten up to a time have left the files."""
        table = schema.forgotten
        is_due = and_(table.c.at_ns <= until_ns, table.c.erased_ns.is_(None))
        with self._database.write() as connection:
            connection.execute(update(table).where(is_due).values(erased_ns=now_ns))

    def runs(self) -> list[ForgottenAt]:
        """What was forgotten and retired when, the oldest first."""
        table = schema.forgotten
        counted = (func.count().label("sessions"), func.count(table.c.erased_ns).label("erased"))
        query = select(table.c.at_ns, table.c.fate, *counted).group_by(table.c.at_ns, table.c.fate)
        with self._database.read() as connection:
            return [
                ForgottenAt(
                    at_ns=row.at_ns, fate=Fate(row.fate), sessions=row.sessions, is_erased=row.erased == row.sessions
                )
                for row in connection.execute(query.order_by(table.c.at_ns, table.c.fate))
            ]

    def erase(self, *, is_whole: bool) -> None:
        """Let the bytes of deleted rows leave the file; see Database.erase."""
        self._database.erase(is_whole=is_whole)


def _add(connection: Connection, keys: Sequence[SessionKey], digest: Digest, fate: Fate, now_ns: int) -> None:
    table = schema.forgotten
    rows = [
        {"team": key.team, "agent": key.agent, "digest": digest(key), "fate": fate.value, "at_ns": now_ns}
        for key in sorted(keys, key=digest)
    ]
    statement = insert(connection, table)
    # what is forgotten after it was retired is forgotten; nothing else changes a tombstone
    changed = statement.on_conflict_do_update(
        index_elements=["team", "digest", "agent"],
        set_={"fate": statement.excluded.fate, "at_ns": statement.excluded.at_ns, "erased_ns": None},
        where=and_(table.c.fate == Fate.RETIRED.value, statement.excluded.fate == Fate.FORGOTTEN.value),
    )
    if rows:
        connection.execute(changed, rows)


def add_retired(connection: Connection, key: SessionKey, digest: Digest, now_ns: int) -> None:
    """The tombstone of one session whose content goes within this transaction."""
    _add(connection, [key], digest, Fate.RETIRED, now_ns)


def _parts(connection: Connection, key: SessionKey) -> list[tuple[Table, ColumnElement[bool]]]:
    """Tables and which of their rows go, in an order that no reference stands against."""
    outcomes, joins, lines, spans = schema.outcomes, schema.joins, schema.outcome_lines, schema.spans
    naming = _outcomes_naming(connection, key)
    return [
        (spans, and_(spans.c.team == key.team, spans.c.trace_id.in_(traces_of(connection, key)))),
        (joins, or_(is_of(joins, key), and_(joins.c.team == key.team, joins.c.outcome_id.in_(naming)))),
        (lines, and_(lines.c.team == key.team, lines.c.outcome_id.in_(naming))),
        (outcomes, and_(outcomes.c.team == key.team, outcomes.c.outcome_id.in_(naming))),
        *((table, is_of(table, key)) for table in _OF_SESSION),
    ]


def _outcomes_naming(connection: Connection, key: SessionKey) -> list[str]:
    table = schema.outcomes
    named = select(table.c.outcome_id).where(table.c.team == key.team, table.c.session_id == key.session_id)
    return sorted(connection.scalars(named))


def _neighbours(connection: Connection, key: SessionKey) -> tuple[SessionKey, ...]:
    joins = schema.joins
    shared = and_(joins.c.team == key.team, joins.c.outcome_id.in_(_outcomes_naming(connection, key)))
    rows = connection.execute(select(joins.c.team, joins.c.agent, joins.c.session_id).where(shared).distinct())
    found = {row_key(row) for row in rows} - {key}
    return tuple(sorted(found, key=lambda one: (one.agent, one.session_id)))
