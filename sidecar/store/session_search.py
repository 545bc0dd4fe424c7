"""Sessions that an outcome may speak of: by the commit they began on, by what they wrote, by branch and time."""

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, func, select

from sidecar.domain import PersonId, ProjectId, SessionId, SessionKey, SessionState, TeamId
from sidecar.store.columns import Word
from sidecar.store.commits import commit_prefix, is_same_commit
from sidecar.store.sessions import row_key, session_keys, sessions

_ROWS_AT_ONCE = 200
# Read for every session that is judged, and building a statement takes longer than running it.
_OF_ID = (
    select(sessions.c.team, sessions.c.agent, sessions.c.session_id)
    .where(sessions.c.team == bindparam("team"), sessions.c.session_id == bindparam("session_id"))
    .order_by(sessions.c.last_activity_ns, sessions.c.agent)
)


def sessions_of_id(connection: Connection, team: TeamId, session_id: SessionId) -> list[SessionKey]:
    """Sessions of this id, at most one per agent, the oldest activity first."""
    return [row_key(row) for row in connection.execute(_OF_ID, {"team": team, "session_id": session_id})]


def sessions_that_begin(connection: Connection, team: TeamId, start: str) -> list[SessionKey]:
    """Sessions whose id begins so, by id and agent; none of them does with nothing."""
    if not start:
        return []
    # LIKE takes no heed of case in SQLite, and does in PostgreSQL
    begins = func.substr(sessions.c.session_id, 1, len(start), type_=Word()) == start
    rows = connection.execute(
        select(sessions.c.team, sessions.c.agent, sessions.c.session_id)
        .where(sessions.c.team == team, begins)
        .order_by(sessions.c.session_id, sessions.c.agent)
    )
    return [row_key(row) for row in rows]


def sessions_based_on(connection: Connection, team: TeamId, commit: str) -> list[SessionKey]:
    """Sessions that began on this commit, by either name of it."""
    columns = sessions.c.team, sessions.c.agent, sessions.c.session_id, sessions.c.base_commit
    rows = connection.execute(
        select(*columns)
        .where(sessions.c.team == team, sessions.c.base_prefix == commit_prefix(commit))
        .order_by(sessions.c.last_activity_ns, sessions.c.agent, sessions.c.session_id)
    )
    return [row_key(row) for row in rows if is_same_commit(row.base_commit, commit)]


def session_lines(
    connection: Connection, team: TeamId, project: ProjectId | None, times_ns: tuple[int, int]
) -> Mapping[SessionKey, tuple[str, ...]]:
    """Sketches of the lines that sessions wrote which began between two times, both included.

    Args:
        project: Of this one, or of none that is known; None is any.
    """
    query = select(*(sessions.c[name] for name in ("team", "agent", "session_id", "added_lines"))).where(
        sessions.c.team == team, sessions.c.added_lines.is_not(None), sessions.c.started_ns.between(*times_ns)
    )
    if project is not None:
        query = query.where((sessions.c.project == project) | sessions.c.project.is_(None))
    return {row_key(row): tuple(row.added_lines.split()) for row in connection.execute(query)}


def sessions_on_branch(
    connection: Connection, team: TeamId, project: ProjectId, branch: str, times_ns: tuple[int, int]
) -> list[SessionKey]:
    """Sessions on a project's branch whose last activity lies between two times, both included."""
    return session_keys(
        connection,
        sessions.c.team == team,
        sessions.c.project == project,
        sessions.c.branch == branch,
        sessions.c.last_activity_ns.between(*times_ns),
    )


def attended_persons(connection: Connection, team: TeamId, project: ProjectId, *, most: int) -> frozenset[PersonId]:
    """Known Persons who sat before sessions of a project, of any age; at most so many."""
    found: set[PersonId] = set()
    while len(found) < most:
        # of whom is known already, nothing more is read
        others = select(sessions.c.person, sessions.c.body).where(
            sessions.c.team == team, sessions.c.project == project, sessions.c.person.not_in(found)
        )
        rows = connection.execute(others, execution_options={"yield_per": _ROWS_AT_ONCE})
        person = next((row.person for row in rows if row.body.is_attended), None)
        rows.close()
        if person is None:
            break
        found.add(person)
    return frozenset(found)


def idle_sessions(connection: Connection, before_ns: int) -> list[SessionKey]:
    """Open sessions that were stored last at or before a time, by our own clock."""
    return session_keys(connection, sessions.c.state == SessionState.OPEN, sessions.c.updated_ns <= before_ns)
