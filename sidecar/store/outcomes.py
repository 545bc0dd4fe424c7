"""Outcomes, their joins to sessions, and people's own words about a session; all within a transaction."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, or_, select

from sidecar.domain import (
    JoinReason,
    OutcomeId,
    OutcomeJoin,
    OutcomeRow,
    OutcomeSource,
    ProjectId,
    SessionId,
    SessionKey,
    TeamId,
)
from sidecar.store import schema
from sidecar.store.commits import commit_prefix, is_same_commit
from sidecar.store.insert import insert
from sidecar.store.sessions import is_of, is_of_named, key_columns, revise, row_key

outcomes = schema.outcomes

_FEEDBACK = (
    select(schema.feedback.c.text)
    .where(is_of_named(schema.feedback))
    .order_by(schema.feedback.c.at_ns, schema.feedback.c.text_hash)
)


def add_outcome(connection: Connection, row: OutcomeRow) -> bool:
    """Add it; False when the team has an Outcome of this id."""
    statement = insert(connection, outcomes).values(
        team=row.team,
        outcome_id=row.outcome_id,
        source=row.source,
        session_id=row.session_id,
        commit=row.commit,
        commit_prefix=commit_prefix(row.commit) if row.commit else None,
        at_ns=row.at_ns,
        body=row.outcome,
        project=row.project,
        branch=row.branch,
        added_lines=" ".join(row.added) or None,
    )
    added = statement.on_conflict_do_nothing().returning(outcomes.c.outcome_id)
    is_new = connection.execute(added).first() is not None
    if is_new and row.added:
        lines = [{"team": row.team, "line": line, "outcome_id": row.outcome_id} for line in sorted(row.added)]
        connection.execute(insert(connection, schema.outcome_lines).on_conflict_do_nothing(), lines)
    return is_new


def outcomes_of(
    connection: Connection, team: TeamId, session_id: SessionId, commits: Sequence[str]
) -> list[OutcomeRow]:
    """Those that name the session or one of the commits, oldest first."""
    prefixes = {commit_prefix(commit) for commit in commits}
    rows = connection.execute(
        select(outcomes)
        .where(outcomes.c.team == team)
        .where(or_(outcomes.c.session_id == session_id, outcomes.c.commit_prefix.in_(prefixes)))
    )
    found = [_outcome_row(row) for row in rows]
    wanted = [row for row in found if row.session_id == session_id or _names_one(row.commit, commits)]
    return sorted(wanted, key=lambda row: (row.at_ns, row.outcome_id))


def outcomes_with_lines(connection: Connection, team: TeamId, lines: Sequence[str]) -> list[OutcomeRow]:
    """Those whose commit added one of the lines, oldest first."""
    table = schema.outcome_lines
    sharing = select(table.c.outcome_id).where(table.c.team == team, table.c.line.in_(lines)).distinct()
    rows = connection.execute(select(outcomes).where(outcomes.c.team == team, outcomes.c.outcome_id.in_(sharing)))
    return sorted(map(_outcome_row, rows), key=lambda row: (row.at_ns, row.outcome_id))


def outcomes_on_branch(
    connection: Connection, team: TeamId, project: ProjectId, branch: str, times_ns: tuple[int, int]
) -> list[OutcomeRow]:
    """Those of a project's branch between two times, both included, oldest first."""
    rows = connection.execute(
        select(outcomes)
        .where(outcomes.c.team == team, outcomes.c.project == project, outcomes.c.branch == branch)
        .where(outcomes.c.at_ns.between(*times_ns))
    )
    return sorted(map(_outcome_row, rows), key=lambda row: (row.at_ns, row.outcome_id))


def _names_one(commit: str | None, commits: Sequence[str]) -> bool:
    return commit is not None and any(is_same_commit(commit, other) for other in commits)


def _outcome_row(row: Row[*tuple[Any, ...]]) -> OutcomeRow:
    return OutcomeRow(
        outcome_id=OutcomeId(row.outcome_id),
        team=TeamId(row.team),
        source=OutcomeSource(row.source),
        session_id=row.session_id,
        commit=row.commit,
        project=row.project,
        branch=row.branch,
        added=tuple(row.added_lines.split()) if row.added_lines else (),
        at_ns=row.at_ns,
        outcome=row.body,
    )


def set_joins(connection: Connection, key: SessionKey, joins: Sequence[OutcomeJoin]) -> None:
    """Replace the session's joins."""
    connection.execute(delete(schema.joins).where(is_of(schema.joins, key)))
    rows = [
        {**key_columns(key), "outcome_id": join.outcome_id, "confidence": join.confidence, "reason": join.reason}
        for join in joins
    ]
    if rows:
        connection.execute(schema.joins.insert(), rows)


def joins(connection: Connection, key: SessionKey) -> list[OutcomeJoin]:
    """Joins of one session, the most certain first."""
    table = schema.joins
    found = [
        OutcomeJoin(
            session=key,
            outcome_id=OutcomeId(row.outcome_id),
            confidence=row.confidence,
            reason=JoinReason(row.reason),
        )
        for row in connection.execute(select(table).where(is_of(table, key)))
    ]
    return sorted(found, key=lambda join: (-join.confidence, join.outcome_id))


def sessions_joined(connection: Connection, team: TeamId, at_ns: int) -> list[SessionKey]:
    """Sessions that outcomes of this very moment speak of, by id."""
    table = schema.joins
    of_moment = select(outcomes.c.outcome_id).where(outcomes.c.team == team, outcomes.c.at_ns == at_ns)
    columns = table.c.team, table.c.agent, table.c.session_id
    query = select(*columns).where(table.c.team == team, table.c.outcome_id.in_(of_moment)).distinct()
    return sorted(map(row_key, connection.execute(query)), key=lambda key: (key.session_id, key.agent))


def add_feedback(
    connection: Connection, key: SessionKey, text: str, *, at_ns: int, identifier: str | None = None
) -> None:
    """Add a person's words; the same words of the same moment are one, and of one identifier the last.

    News about a settled session is a new revision of it, for judges have seen the last one without these words.
    """
    table = schema.feedback
    said = feedback(connection, key)
    if identifier is not None:
        connection.execute(delete(table).where(is_of(table, key), table.c.identifier == identifier))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    statement = insert(connection, table).values(
        **key_columns(key), at_ns=at_ns, text_hash=digest, text=text, identifier=identifier
    )
    connection.execute(statement.on_conflict_do_nothing())
    if feedback(connection, key) != said:
        revise(connection, key)


def feedback(connection: Connection, key: SessionKey) -> list[str]:
    """What people said of the session, oldest first."""
    return list(connection.scalars(_FEEDBACK, key_columns(key)))
