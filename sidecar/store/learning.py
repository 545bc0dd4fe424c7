"""What judges said and what it teaches; all within a transaction.

A record belongs to one revision of its session. Once the session has a newer one, the record counts as not there.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Join, Select, and_, or_, select, text

from sidecar.domain import Lesson, LessonSupport, ProjectId, SessionKey, SessionState, TeamId, Verdict
from sidecar.store import codec, schema
from sidecar.store.columns import word
from sidecar.store.problems import is_given_up, is_resting, tries_so_far
from sidecar.store.sessions import is_of, key_columns, row_key

sessions = schema.sessions
verdicts = schema.verdicts

_KEY = ("team", "agent", "session_id")
# Run for every session that is judged, and building a statement takes longer than running it.
_SET_VERDICT = text(
    "INSERT INTO verdicts (team, agent, session_id, judge, judge_version, revision, sequence, body) "
    "VALUES (:team, :agent, :session_id, :judge, :judge_version, :revision, (SELECT coalesce(max(sequence), 0) + 1 "
    "FROM verdicts WHERE team = :team AND agent = :agent AND session_id = :session_id), :body) "
    "ON CONFLICT (team, agent, session_id, judge, judge_version) DO UPDATE SET revision = excluded.revision, "
    "sequence = excluded.sequence, body = excluded.body WHERE excluded.revision >= verdicts.revision"
)


def _is_present() -> ColumnElement[bool]:
    """Condition: the record speaks of the session's present revision."""
    return and_(verdicts.c.revision == sessions.c.revision, *(verdicts.c[name] == sessions.c[name] for name in _KEY))


def _present() -> Join:
    return sessions.join(verdicts, _is_present())


def unjudged_sessions(
    connection: Connection, judge: str, judge_version: str, *, rested_ns: int | None = None
) -> list[SessionKey]:
    """Settled sessions whose present revision this judge version has not seen and has not given up.

    Those asked about in vain come last, so that they keep nobody waiting; else the oldest activity first.

    Args:
        rested_ns: Leave out those for which it is too early at this time, as no model answered the last calls.
    """
    asked = _settled_without_record(judge, judge_version).where(~is_given_up(judge, judge_version))
    if rested_ns is not None:
        asked = asked.where(~is_resting(judge, judge_version, now_ns=rested_ns))
    order = (tries_so_far(judge, judge_version), sessions.c.last_activity_ns, *(sessions.c[name] for name in _KEY))
    return [row_key(row) for row in connection.execute(asked.order_by(*order))]


def given_up_sessions(connection: Connection, judge: str, judge_version: str) -> list[SessionKey]:
    """Settled sessions on whose present revision this judge version has used up its tries, oldest activity first."""
    given_up = _settled_without_record(judge, judge_version).where(is_given_up(judge, judge_version))
    order = (sessions.c.last_activity_ns, *(sessions.c[name] for name in _KEY))
    return [row_key(row) for row in connection.execute(given_up.order_by(*order))]


def _settled_without_record(judge: str, judge_version: str) -> Select[Any, Any, Any]:
    return select(sessions.c.team, sessions.c.agent, sessions.c.session_id).where(
        sessions.c.state == SessionState.SETTLED,
        sessions.c.retired_ns.is_(None),
        ~_has_record(judge, judge_version),
    )


def is_judged(judge: str, judge_version: str) -> ColumnElement[bool]:
    """Condition on a row of `sessions`: this judge version has seen its present revision, or has given it up."""
    return or_(_has_record(judge, judge_version), is_given_up(judge, judge_version))


def _has_record(judge: str, judge_version: str) -> ColumnElement[bool]:
    record = (
        select(verdicts.c.judge)
        .where(_is_present(), verdicts.c.judge == judge, verdicts.c.judge_version == judge_version)
        .correlate(sessions)
    )
    return record.exists()


def set_verdict(
    connection: Connection, key: SessionKey, *, revision: int, judge: str, judge_version: str, verdict: Verdict | None
) -> None:
    """Record what a judge version said of a revision; one about an older revision than the last is dropped."""
    row = {name: word(value) for name, value in key_columns(key).items()} | {
        "judge": word(judge),
        "judge_version": word(judge_version),
        "revision": revision,
        "body": None if verdict is None else codec.encode(Verdict, verdict),
    }
    connection.execute(_SET_VERDICT, row)


def session_verdicts(connection: Connection, key: SessionKey) -> list[Verdict]:
    """What each judge said of the present revision: of several versions of a judge the one that spoke last."""
    rows = connection.execute(
        select(verdicts.c.judge, verdicts.c.body)
        .select_from(_present())
        .where(is_of(verdicts, key))
        .order_by(verdicts.c.sequence, verdicts.c.judge_version)
    )
    last = {row.judge: row.body for row in rows}
    return [last[judge] for judge in sorted(last) if last[judge] is not None]


def lesson_supports(
    connection: Connection, team: TeamId, project: ProjectId, *, judge: str, judge_version: str
) -> list[LessonSupport]:
    """Each lesson of each settled session of the project whose task is known, ordered by session."""
    rows = connection.execute(
        select(
            *(sessions.c[name] for name in (*_KEY, "task", "person")),
            sessions.c.body.label("envelope"),
            verdicts.c.body,
        )
        .select_from(_present())
        .where(sessions.c.team == team, sessions.c.project == project, sessions.c.state == SessionState.SETTLED)
        .where(sessions.c.task.is_not(None), verdicts.c.judge == judge, verdicts.c.judge_version == judge_version)
        .where(verdicts.c.body.is_not(None))
    )
    found = [
        LessonSupport(
            session=row_key(row),
            task=row.task,
            person=row.person,
            lesson=lesson,
            is_attended=row.envelope.is_attended,
            explanation=row.body.explanation,
        )
        for row in rows
        for lesson in row.body.lessons
    ]
    # A stable sort: lessons of one session stay in the judge's order.
    return sorted(found, key=lambda support: (support.session.agent, support.session.session_id))


def told_lessons(
    connection: Connection, team: TeamId, project: ProjectId
) -> dict[SessionKey, dict[str, tuple[Lesson, ...]]]:
    """What each judge told of the project's settled sessions in their present revision, by judge; empty for nothing."""
    rows = connection.execute(
        select(*(sessions.c[name] for name in _KEY), verdicts.c.judge, verdicts.c.body)
        .select_from(_present())
        .where(sessions.c.team == team, sessions.c.project == project, sessions.c.state == SessionState.SETTLED)
        .order_by(verdicts.c.sequence, verdicts.c.judge_version)
    )
    found: dict[SessionKey, dict[str, tuple[Lesson, ...]]] = {}
    for row in rows:
        # of several versions of a judge the one that spoke last
        found.setdefault(row_key(row), {})[row.judge] = () if row.body is None else row.body.lessons
    return found


def projects(connection: Connection, team: TeamId) -> list[ProjectId]:
    """Projects the team has sessions of, by name."""
    known = select(sessions.c.project).where(sessions.c.team == team, sessions.c.project.is_not(None)).distinct()
    return sorted(ProjectId(project) for project in connection.scalars(known))
