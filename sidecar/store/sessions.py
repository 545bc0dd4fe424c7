"""Sessions and what they are merged from: observations and spans; all within a transaction."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, bindparam, func, insert, select, text, update

from sidecar.domain import (
    AgentName,
    LabelDecision,
    Observation,
    ProjectId,
    Session,
    SessionId,
    SessionKey,
    SessionState,
    SpanRow,
    Step,
    TeamId,
)
from sidecar.sessions.added_lines import added_lines
from sidecar.store import codec, schema
from sidecar.store.columns import word
from sidecar.store.commits import commit_prefix, is_same_commit
from sidecar.store.insert import insert as insert_or

sessions = schema.sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSession:
    """A session with the label its joins gave it."""

    session: Session
    decision: LabelDecision
    updated_ns: int = field(default=0, compare=False)
    """When it was stored last, by our own clock; 0 for one that was not read from the store."""


def key_columns(key: SessionKey) -> dict[str, str]:
    """The key as values of the columns every table of sessions has."""
    return {"team": key.team, "agent": key.agent, "session_id": key.session_id}


def is_of(table: Table, key: SessionKey) -> ColumnElement[bool]:
    """Condition: the row speaks of this session."""
    return and_(*(table.c[name] == value for name, value in key_columns(key).items()))


def is_of_named(table: Table) -> ColumnElement[bool]:
    """As `is_of`, for a statement that is built once and given `key_columns` with each call."""
    return and_(*(table.c[name] == bindparam(name) for name in ("team", "agent", "session_id")))


# Read for every session that is judged, and building a statement takes longer than running it. As one text it takes a
# quarter less than two statements of columns; so its bodies are decoded below.
_SESSION = text(
    "SELECT sessions.state, sessions.revision, sessions.updated_ns, sessions.decision, sessions.body, "
    "steps.body AS steps FROM sessions JOIN steps USING (team, agent, session_id) "
    "WHERE team = :team AND agent = :agent AND session_id = :session_id"
)


def is_there(connection: Connection, key: SessionKey) -> bool:
    """Whether the session is stored."""
    return connection.execute(select(sessions.c.state).where(is_of(sessions, key))).first() is not None


def row_key(row: Row[*tuple[Any, ...]]) -> SessionKey:
    """The key of a row that has the three columns."""
    return SessionKey(team=TeamId(row.team), agent=AgentName(row.agent), session_id=SessionId(row.session_id))


def add_observations(
    connection: Connection, team: TeamId, agent: AgentName, observations: Sequence[Observation]
) -> None:
    """Add those whose (session, key) is new."""
    # In one order everywhere, so that two writers of the same rows cannot deadlock on PostgreSQL.
    rows = [
        {"team": team, "agent": agent, "session_id": item.session_id, "key": item.key, "body": item}
        for item in sorted(observations, key=lambda item: (item.session_id, item.key))
    ]
    if rows:
        connection.execute(insert_or(connection, schema.observations).on_conflict_do_nothing(), rows)


def observations(connection: Connection, key: SessionKey) -> list[Observation]:
    """All of one session, ordered by key."""
    table = schema.observations
    found = connection.scalars(select(table.c.body).where(is_of(table, key)))
    return sorted(found, key=lambda item: item.key)


def count_observations(connection: Connection, key: SessionKey) -> int:
    """How many one session has."""
    table = schema.observations
    return connection.execute(select(func.count()).where(is_of(table, key))).scalar_one()


def set_session(connection: Connection, session: Session, decision: LabelDecision, *, now_ns: int) -> None:
    """Replace the session with its steps and label; the store alone decides revision and whether it stays settled."""
    row = _session_row(session, decision, now_ns)
    fresh = insert_or(connection, sessions).values({**row, "revision": 1}).on_conflict_do_nothing()
    if connection.execute(fresh.returning(sessions.c.revision)).first() is None:
        stored = connection.execute(
            select(sessions.c.state, sessions.c.revision, sessions.c.content_hash)
            .where(is_of(sessions, session.key))
            .with_for_update()
        ).one()
        connection.execute(update(sessions).where(is_of(sessions, session.key)).values(_succeeding(row, stored)))
    connection.execute(schema.steps.delete().where(is_of(schema.steps, session.key)))
    connection.execute(insert(schema.steps).values(**key_columns(session.key), body=session.steps))


def _session_row(session: Session, decision: LabelDecision, now_ns: int) -> dict[str, object]:
    envelope = replace(session, steps=(), revision=1)
    return {
        **key_columns(session.key),
        "project": session.project,
        "task": session.task,
        "person": session.person,
        "state": session.state,
        "label": decision.label,
        "rules_version": session.rules_version.value if session.rules_version else None,
        "head_commit": session.head_commit,
        "head_prefix": commit_prefix(session.head_commit) if session.head_commit else None,
        "base_commit": session.base_commit,
        "base_prefix": commit_prefix(session.base_commit) if session.base_commit else None,
        "branch": session.branch,
        "added_lines": " ".join(added_lines(session.steps)) or None,
        "started_ns": session.started_ns,
        "last_activity_ns": session.last_activity_ns,
        "updated_ns": now_ns,
        "content_hash": _content_hash(session, decision),
        "decision": decision,
        "body": envelope,
    }


def _content_hash(session: Session, decision: LabelDecision) -> bytes:
    """Hash of all a judge could see: what the session is, without where it stands in its life."""
    content = replace(session, state=SessionState.OPEN, revision=1)
    seen = hashlib.sha256(codec.encode_plain(Session, content))
    seen.update(codec.encode_plain(LabelDecision, decision))
    return seen.digest()


def _succeeding(row: dict[str, object], stored: Row[*tuple[Any, ...]]) -> dict[str, object]:
    """The row after a stored one: a settled session that changes is a new revision of it.

    Merging knows only open and closed, so closed does not undo settled; open does, as a resume.
    """
    if stored.state != SessionState.SETTLED:
        return {**row, "revision": stored.revision}
    state = SessionState.SETTLED if row["state"] == SessionState.CLOSED else row["state"]
    is_changed = stored.content_hash != row["content_hash"]
    return {**row, "state": state, "revision": stored.revision + is_changed}


def revise(connection: Connection, key: SessionKey) -> None:
    """Make a settled session a new revision, because something beside it has changed."""
    is_settled = is_of(sessions, key) & (sessions.c.state == SessionState.SETTLED)
    connection.execute(update(sessions).where(is_settled).values(revision=sessions.c.revision + 1))


def session(connection: Connection, key: SessionKey) -> StoredSession | None:
    """One session with its steps."""
    named = {name: word(value) for name, value in key_columns(key).items()}
    row = connection.execute(_SESSION, named).one_or_none()
    if row is None:
        return None
    envelope, decision = codec.decode(Session, row.body), codec.decode(LabelDecision, row.decision)
    steps: tuple[Step, ...] = codec.decode(tuple[Step, ...], row.steps)
    return StoredSession(
        session=replace(envelope, state=SessionState(row.state), revision=row.revision, steps=steps),
        decision=decision,
        updated_ns=row.updated_ns,
    )


def _stored_session(row: Row[*tuple[Any, ...]]) -> StoredSession:
    return StoredSession(
        session=replace(row.body, state=SessionState(row.state), revision=row.revision, steps=()),
        decision=row.decision,
        updated_ns=row.updated_ns,
    )


def session_list(
    connection: Connection, team: TeamId, project: ProjectId | None, *, limit: int | None, since_ns: int | None
) -> list[StoredSession]:
    """Envelopes without steps, the newest start first."""
    query = select(sessions).where(sessions.c.team == team)
    if project is not None:
        query = query.where(sessions.c.project == project)
    if since_ns is not None:
        query = query.where(sessions.c.started_ns >= since_ns)
    order = (sessions.c.started_ns.desc(), sessions.c.session_id, sessions.c.agent)
    rows = connection.execute(query.order_by(*order).limit(limit))
    return [_stored_session(row) for row in rows]


def closed_sessions(connection: Connection) -> list[StoredSession]:
    """Envelopes without steps of the sessions that wait to settle, the oldest activity first."""
    query = select(sessions).where(sessions.c.state == SessionState.CLOSED)
    rows = connection.execute(query.order_by(sessions.c.last_activity_ns, sessions.c.session_id))
    return [_stored_session(row) for row in rows]


def session_keys(connection: Connection, *conditions: ColumnElement[bool]) -> list[SessionKey]:
    """Keys of the sessions that meet the conditions, the oldest activity first."""
    order = (sessions.c.last_activity_ns, sessions.c.team, sessions.c.agent, sessions.c.session_id)
    rows = connection.execute(
        select(sessions.c.team, sessions.c.agent, sessions.c.session_id).where(*conditions).order_by(*order)
    )
    return [row_key(row) for row in rows]


def sessions_at_commit(connection: Connection, team: TeamId, commit: str) -> list[SessionKey]:
    """Sessions whose head is this commit, by either name of it."""
    columns = sessions.c.team, sessions.c.agent, sessions.c.session_id, sessions.c.head_commit
    rows = connection.execute(
        select(*columns)
        .where(sessions.c.team == team, sessions.c.head_prefix == commit_prefix(commit))
        .order_by(sessions.c.last_activity_ns, sessions.c.agent, sessions.c.session_id)
    )
    return [row_key(row) for row in rows if is_same_commit(row.head_commit, commit)]


def add_spans(connection: Connection, team: TeamId, rows: Sequence[SpanRow]) -> None:
    """Add those whose (trace, span) is new."""
    values = [
        {"team": team, "trace_id": row.trace_id, "span_id": row.span_id, "name": row.name}
        for row in sorted(rows, key=lambda row: (row.trace_id, row.span_id))
    ]
    if values:
        connection.execute(insert_or(connection, schema.spans).on_conflict_do_nothing(), values)


def spans(connection: Connection, team: TeamId, trace_id: str) -> list[SpanRow]:
    """Spans of one trace, ordered by span id."""
    table = schema.spans
    rows = connection.execute(select(table).where(table.c.team == team, table.c.trace_id == trace_id))
    found = [SpanRow(trace_id=row.trace_id, span_id=row.span_id, name=row.name) for row in rows]
    return sorted(found, key=lambda span: span.span_id)
