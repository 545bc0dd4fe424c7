"""Taking the content of old sessions: what was said and done goes; envelope, label and lessons stay.

What learning and Effects count by is kept: which steps there were and how they ended, the task, the rules, the label
and what judges drew from it. What anybody wrote is not.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, delete, select, update

from sidecar.domain import (
    LabelDecision,
    OutcomeSource,
    Session,
    SessionKey,
    SessionState,
    Step,
    TestResult,
    Verdict,
)
from sidecar.store import schema
from sidecar.store.checks import take_words
from sidecar.store.database import Database
from sidecar.store.forgetting import Digest, add_retired
from sidecar.store.learning import is_judged
from sidecar.store.sessions import is_of, session_keys
from sidecar.store.traces import traces_of

sessions = schema.sessions


class Retiring:
    """What is retired in one store; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        """Bind the database."""
        self._database = database

    def old_sessions(self, before_ns: int, *, judge: str, judge_version: str) -> list[SessionKey]:
        """Settled, judged sessions with content whose last activity is older, the oldest first."""
        is_old = (sessions.c.last_activity_ns < before_ns) & sessions.c.retired_ns.is_(None)
        is_over = (sessions.c.state == SessionState.SETTLED) & is_judged(judge, judge_version)
        with self._database.read() as connection:
            return session_keys(connection, is_old, is_over)

    def retire(self, key: SessionKey, digest: Digest, *, now_ns: int, judged_by: tuple[str, str]) -> bool:
        """Take a session's content; False for one that is not settled, or not judged as it is now: it stays.

        Args:
            judged_by: Name and version of the judge that must have seen it.
        """
        is_over = is_of(sessions, key) & (sessions.c.state == SessionState.SETTLED)
        with self._database.write() as connection:
            # in two steps: PostgreSQL locks the row as it is now, and only then what was judged counts
            locked = select(sessions.c.state).where(is_over).with_for_update()
            if connection.execute(locked).first() is None:
                return False
            if connection.execute(select(sessions.c.state).where(is_over, is_judged(*judged_by))).first() is None:
                return False
            add_retired(connection, key, digest, now_ns)
            _retire(connection, key, now_ns)
            return True

    def retire_again(self, key: SessionKey, *, now_ns: int) -> None:
        """Take what came for a retired session while it was being retired."""
        with self._database.write() as connection:
            _retire(connection, key, now_ns)


def _retire(connection: Connection, key: SessionKey, now_ns: int) -> None:
    for body, decision in connection.execute(
        select(sessions.c.body, sessions.c.decision).where(is_of(sessions, key))
    ).all():
        bare = {"body": _bare_session(body), "decision": _bare_decision(decision), "retired_ns": now_ns}
        connection.execute(update(sessions).where(is_of(sessions, key)).values(bare))
    _bare_rows(connection, key)
    take_words(connection, key)
    _remove_content(connection, key)


def _remove_content(connection: Connection, key: SessionKey) -> None:
    """Take what a session was merged from."""
    spans, traces = schema.spans, traces_of(connection, key)
    connection.execute(delete(spans).where(spans.c.team == key.team, spans.c.trace_id.in_(traces)))
    for table in (schema.observations, schema.file_chunks):
        connection.execute(delete(table).where(is_of(table, key)))


def _bare_rows(connection: Connection, key: SessionKey) -> None:
    """Take the words out of steps, verdicts, and what the session's own commands printed of tests."""
    steps, verdicts, outcomes = schema.steps, schema.verdicts, schema.outcomes
    for (body,) in connection.execute(select(steps.c.body).where(is_of(steps, key))).all():
        connection.execute(update(steps).where(is_of(steps, key)).values(body=tuple(map(_bare_step, body))))
    said = is_of(verdicts, key) & verdicts.c.body.is_not(None)
    for judge, version, body in connection.execute(
        select(verdicts.c.judge, verdicts.c.judge_version, verdicts.c.body).where(said)
    ).all():
        is_it = is_of(verdicts, key) & (verdicts.c.judge == judge) & (verdicts.c.judge_version == version)
        connection.execute(update(verdicts).where(is_it).values(body=_bare_verdict(body)))
    own = (outcomes.c.team == key.team) & (outcomes.c.session_id == key.session_id)
    inside = own & (outcomes.c.source == OutcomeSource.IN_SESSION)
    for outcome_id, body in connection.execute(select(outcomes.c.outcome_id, outcomes.c.body).where(inside)).all():
        is_it = (outcomes.c.team == key.team) & (outcomes.c.outcome_id == outcome_id)
        connection.execute(update(outcomes).where(is_it).values(body=replace(body, tests=_bare_tests(body.tests))))


def _bare_session(session: Session) -> Session:
    rules = tuple(replace(one, text=None) for one in session.rules)
    return replace(session, first_prompt=None, cwd=None, rules=rules)


def _bare_decision(decision: LabelDecision) -> LabelDecision:
    return replace(decision, tests=_bare_tests(decision.tests))


def _bare_tests(tests: Sequence[TestResult]) -> tuple[TestResult, ...]:
    return tuple(replace(test, message=None) for test in tests)


def _bare_step(step: Step) -> Step:
    return replace(step, command=None, old_text=None, new_text=None, output=None, text=None)


def _bare_verdict(verdict: Verdict) -> Verdict:
    return replace(verdict, evidence=(), lessons=tuple(replace(one, quotes=()) for one in verdict.lessons))
