"""What a judge was asked and could not answer; all within a transaction.

A problem belongs to one revision of its session. A session is asked about again until it has had enough answers that
were of no use, or far more calls that no model answered: an outage, or a gateway's page for logging in, is not the
session's fault, yet one that no call survives must not be paid for for ever. By the clock each such call is waited for
longer than the one before, so that an outage must last for two days before anything is given up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, Connection, and_, case, delete, func, literal, or_, select

from sidecar.domain import ReplyProblem, SessionKey
from sidecar.store import schema
from sidecar.store.insert import insert
from sidecar.store.sessions import is_of, key_columns

problems = schema.judge_problems
sessions = schema.sessions

MAX_TRIES = 3
"""Answers without use, of one revision, after which a judge version is not asked about it again."""
MAX_UNANSWERED = 20
"""The same for calls that no model answered."""
_UNANSWERED = (ReplyProblem.UNAVAILABLE.value, ReplyProblem.NOT_A_MESSAGE.value)
_REST_NS = 60_000_000_000
"""Times the square of the calls that no model answered: until the next one by the clock."""

_KEY = ("team", "agent", "session_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeProblem:
    """Why a judge has no verdict on the present revision of a session."""

    judge: str
    judge_version: str
    problem: ReplyProblem
    tries: int
    at_ns: int
    """Of the last try."""


def add_judge_problem(
    connection: Connection,
    key: SessionKey,
    *,
    revision: int,
    judge: str,
    judge_version: str,
    problem: ReplyProblem,
    at_ns: int,
) -> None:
    """Count one try without a verdict; one of an older revision than is counted already is dropped."""
    statement = insert(connection, problems).values(
        **key_columns(key),
        judge=judge,
        judge_version=judge_version,
        reason=problem.value,
        revision=revision,
        tries=1,
        at_ns=at_ns,
    )
    new = statement.excluded
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[*_KEY, "judge", "judge_version", "reason"],
            set_={
                "revision": new.revision,
                "tries": case((new.revision > problems.c.revision, 1), else_=problems.c.tries + 1),
                "at_ns": new.at_ns,
            },
            where=new.revision >= problems.c.revision,
        )
    )


def is_given_up(judge: str, judge_version: str) -> ColumnElement[bool]:
    """Condition on a row of `sessions`: its present revision has been asked about often enough."""
    useless = func.sum(case((_is_unanswered(), 0), else_=problems.c.tries))
    return _has_tries(judge, judge_version, or_(useless >= MAX_TRIES, _unanswered() >= MAX_UNANSWERED))


def is_resting(judge: str, judge_version: str, *, now_ns: int) -> ColumnElement[bool]:
    """Condition on a row of `sessions`: no model answered the last calls about it, and it is too early for another."""
    last_ns = func.max(case((_is_unanswered(), problems.c.at_ns), else_=0))
    rest_ns = _unanswered() * _unanswered() * literal(_REST_NS, BigInteger)
    return _has_tries(judge, judge_version, last_ns + rest_ns > literal(now_ns, BigInteger))


def _has_tries(judge: str, judge_version: str, such: ColumnElement[bool]) -> ColumnElement[bool]:
    """Condition on a row of `sessions`: of the tries on its present revision together something holds."""
    tries = (
        select(problems.c.judge)
        .where(_is_present(), problems.c.judge == judge, problems.c.judge_version == judge_version)
        .group_by(problems.c.judge)
        .having(such)
        .correlate(sessions)
    )
    return tries.exists()


def _is_unanswered() -> ColumnElement[bool]:
    return problems.c.reason.in_(_UNANSWERED)


def _unanswered() -> ColumnElement[int]:
    return func.sum(case((_is_unanswered(), problems.c.tries), else_=0))


def ask_again(connection: Connection, keys: Sequence[SessionKey], judge: str, judge_version: str) -> None:
    """Forget the tries of a judge version on some sessions, so that they have all of them anew."""
    for key in keys:
        of_judge = and_(problems.c.judge == judge, problems.c.judge_version == judge_version)
        connection.execute(delete(problems).where(is_of(problems, key), of_judge))


def tries_so_far(judge: str, judge_version: str) -> ColumnElement[int]:
    """Expression on a row of `sessions`: how often its present revision was asked about in vain."""
    tries = (
        select(func.coalesce(func.sum(problems.c.tries), 0))
        .where(_is_present(), problems.c.judge == judge, problems.c.judge_version == judge_version)
        .correlate(sessions)
    )
    return tries.scalar_subquery()


def judge_problems(connection: Connection, key: SessionKey) -> list[JudgeProblem]:
    """Problems with the present revision of a session, by judge and reason."""
    rows = connection.execute(
        select(*(problems.c[name] for name in ("judge", "judge_version", "reason", "tries", "at_ns")))
        .join(sessions, _is_present())
        .where(is_of(problems, key))
        .order_by(problems.c.judge, problems.c.judge_version, problems.c.reason)
    )
    return [
        JudgeProblem(
            judge=row.judge,
            judge_version=row.judge_version,
            problem=ReplyProblem(row.reason),
            tries=row.tries,
            at_ns=row.at_ns,
        )
        for row in rows
    ]


def problem_counts(connection: Connection, judge: str, judge_version: str) -> Mapping[ReplyProblem, int]:
    """Tries in vain by reason, of the present revisions of all sessions; reasons without any are 0."""
    rows = connection.execute(
        select(problems.c.reason, func.sum(problems.c.tries))
        .join(sessions, _is_present())
        .where(problems.c.judge == judge, problems.c.judge_version == judge_version)
        .group_by(problems.c.reason)
    )
    found = {ReplyProblem(reason): int(tries) for reason, tries in rows}
    return {problem: found.get(problem, 0) for problem in ReplyProblem}


def _is_present() -> ColumnElement[bool]:
    return and_(problems.c.revision == sessions.c.revision, *(problems.c[name] == sessions.c[name] for name in _KEY))
