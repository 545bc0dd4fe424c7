"""What was asked of judges beside their verdicts: guesses without the result, reruns, and which rules were followed.

A record belongs to one revision of its session. Once the session has a newer one, the record counts as not there, and
the session may be asked about again. What the tests said is read from the session as it is now, never kept twice.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, Table, and_, func, select, update

from sidecar.domain import (
    Adherence,
    Agreement,
    BlindCall,
    CheckedVersion,
    FailureClass,
    Guess,
    Label,
    ProjectId,
    ReplyProblem,
    Rerun,
    SessionKey,
    SessionState,
)
from sidecar.store import schema
from sidecar.store.database import Database
from sidecar.store.insert import insert
from sidecar.store.problems import is_given_up
from sidecar.store.sessions import is_of, key_columns, row_key

RERUN = "failure again"
"""Under this name tries in vain to ask the judge once more are counted."""

sessions, verdicts, problems = schema.sessions, schema.verdicts, schema.judge_problems
blind_calls, reruns, adherences = schema.blind_calls, schema.reruns, schema.adherences
_KEY = ("team", "agent", "session_id")
_UNPROVEN = (ReplyProblem.NO_QUOTE.value, ReplyProblem.WRONG_IDS.value)
"""Answers of which no quote proved anything; each stands for one quote at least."""


class Checks:
    """What is known of judges in one store; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        """Bind the database."""
        self._database = database

    def unguessed(self, version: CheckedVersion, blind: str) -> list[SessionKey]:
        """Sessions with a result of their code that the blind judge (by name) was not asked about; by key."""
        is_this = and_(
            blind_calls.c.judge_version == version.judge_version, blind_calls.c.blind_version == version.blind_version
        )
        has_result = sessions.c.label.in_([Label.PASS.value, Label.CODE_FAIL.value])
        return self._waiting(has_result, ~_is_done(blind_calls, is_this), ~is_given_up(blind, version.blind_version))

    def unrepeated(self, judge: str, judge_version: str) -> list[SessionKey]:
        """Sessions with a verdict of this judge version that it was not asked about once more; by key."""
        spoke = select(verdicts.c.judge).where(
            _is_present(verdicts), verdicts.c.judge == judge, verdicts.c.judge_version == judge_version
        )
        has_spoken = spoke.where(verdicts.c.body.is_not(None)).correlate(sessions).exists()
        is_this = reruns.c.judge_version == judge_version
        return self._waiting(has_spoken, ~_is_done(reruns, is_this), ~is_given_up(RERUN, judge_version))

    def unadhered(self, judge: str, judge_version: str, *, no_rules: str) -> list[SessionKey]:
        """Sessions with rules of ours that this version of the judge `adherence` was not asked about; by key.

        Args:
            no_rules: The rules version of sessions without any.
        """
        is_this = adherences.c.judge_version == judge_version
        had_rules = and_(sessions.c.rules_version.is_not(None), sessions.c.rules_version != no_rules)
        return self._waiting(had_rules, ~_is_done(adherences, is_this), ~is_given_up(judge, judge_version))

    def set_blind_call(
        self, version: CheckedVersion, key: SessionKey, *, revision: int, call: BlindCall | None, at_ns: int
    ) -> None:
        """Record a guess about a stored session's revision; None: no change could be shown."""
        said = {
            "model": version.model,
            "guess": None if call is None else call.guess.value,
            "confidence": None if call is None else call.confidence,
            "reason": None if call is None else call.reason,
        }
        named = {"judge_version": version.judge_version, "blind_version": version.blind_version}
        with self._database.write() as connection:
            _set(connection, blind_calls, key, named, said | {"revision": revision, "at_ns": at_ns})

    def set_rerun(self, judge_version: str, key: SessionKey, *, revision: int, rerun: Rerun, at_ns: int) -> None:
        """Record what the judge said of a stored session's revision when it was asked once more."""
        said = {"first": rerun.first.value, "again": rerun.again.value, "revision": revision, "at_ns": at_ns}
        with self._database.write() as connection:
            _set(connection, reruns, key, {"judge_version": judge_version}, said)

    def set_adherence(
        self, judge_version: str, key: SessionKey, *, revision: int, found: Sequence[Adherence], at_ns: int
    ) -> None:
        """Record which rules a stored session's revision followed; none: no rule was in scope, or none was proven."""
        said = {"revision": revision, "at_ns": at_ns, "body": tuple(found)}
        with self._database.write() as connection:
            _set(connection, adherences, key, {"judge_version": judge_version}, said)

    def adherence(self, key: SessionKey) -> tuple[Adherence, ...]:
        """Which rules the session's present revision followed, as the judge version said that spoke last."""
        query = select(adherences.c.body).join(sessions, _is_present(adherences)).where(is_of(adherences, key))
        with self._database.read() as connection:
            last = query.order_by(adherences.c.at_ns.desc(), adherences.c.judge_version).limit(1)
            return connection.scalars(last).one_or_none() or ()

    def blind_calls(self, key: SessionKey) -> list[BlindCall]:
        """Guesses about the session's present revision, by version."""
        query = select(blind_calls).join(sessions, _is_present(blind_calls)).where(is_of(blind_calls, key))
        by_version = query.order_by(blind_calls.c.judge_version, blind_calls.c.blind_version)
        with self._database.read() as connection:
            return [
                BlindCall(
                    session=row_key(row),
                    session_revision=row.revision,
                    guess=Guess(row.guess),
                    confidence=row.confidence,
                    reason=row.reason,
                )
                for row in connection.execute(by_version.where(blind_calls.c.guess.is_not(None)))
            ]

    def versions(self) -> list[CheckedVersion]:
        """Every version that was ever checked, the one checked last first."""
        named = (blind_calls.c.judge_version, blind_calls.c.blind_version, blind_calls.c.model)
        last = func.max(blind_calls.c.at_ns)
        query = select(*named).group_by(*named).order_by(last.desc(), *named)
        with self._database.read() as connection:
            return [
                CheckedVersion(judge_version=row.judge_version, blind_version=row.blind_version, model=row.model)
                for row in connection.execute(query)
            ]

    def agreement(self, version: CheckedVersion, judge: str, *, project: ProjectId | None = None) -> Agreement:
        """What is known of one version of a judge, of all sessions or of a project's."""
        within = [] if project is None else [sessions.c.project == project]
        with self._database.read() as connection:
            offered, proven = _quotes(connection, judge, version.judge_version, within)
            return Agreement(
                version=version,
                guesses=_guesses(connection, version, within),
                reruns=_reruns(connection, version.judge_version, within),
                quotes_offered=offered,
                quotes_proven=proven,
            )

    def _waiting(self, *conditions: ColumnElement[bool]) -> list[SessionKey]:
        is_over = and_(sessions.c.state == SessionState.SETTLED, sessions.c.retired_ns.is_(None))
        columns = [sessions.c[name] for name in _KEY]
        with self._database.read() as connection:
            return [
                row_key(row)
                for row in connection.execute(select(*columns).where(is_over, *conditions).order_by(*columns))
            ]


def take_words(connection: Connection, key: SessionKey) -> None:
    """Take what judges wrote and quoted of a session; what they decided stays."""
    connection.execute(update(blind_calls).where(is_of(blind_calls, key)).values(reason=""))
    for version, body in connection.execute(
        select(adherences.c.judge_version, adherences.c.body).where(is_of(adherences, key))
    ).all():
        bare = tuple(Adherence(rule_id=one.rule_id, following=one.following) for one in body)
        is_it = is_of(adherences, key) & (adherences.c.judge_version == version)
        connection.execute(update(adherences).where(is_it).values(body=bare))


def _is_present(table: Table) -> ColumnElement[bool]:
    """Condition: the record speaks of the session's present revision."""
    return and_(table.c.revision == sessions.c.revision, *(table.c[name] == sessions.c[name] for name in _KEY))


def _is_done(table: Table, is_this: ColumnElement[bool]) -> ColumnElement[bool]:
    """Condition on a row of `sessions`: there is such a record of its present revision."""
    return select(table.c.team).where(_is_present(table), is_this).correlate(sessions).exists()


def _set(
    connection: Connection, table: Table, key: SessionKey, named: Mapping[str, str], said: Mapping[str, object]
) -> None:
    """Add a record or replace the one of that name; one about an older revision than the last is dropped."""
    statement = insert(connection, table).values({**key_columns(key), **named, **said})
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[*_KEY, *named],
            set_={name: statement.excluded[name] for name in said},
            where=statement.excluded.revision >= table.c.revision,
        )
    )


def _guesses(
    connection: Connection, version: CheckedVersion, within: Sequence[ColumnElement[bool]]
) -> tuple[tuple[Label, Guess], ...]:
    is_this = and_(
        blind_calls.c.judge_version == version.judge_version, blind_calls.c.blind_version == version.blind_version
    )
    rows = connection.execute(
        select(sessions.c.label, blind_calls.c.guess)
        .join_from(blind_calls, sessions, _is_present(blind_calls))
        .where(is_this, blind_calls.c.guess.is_not(None), *within)
        .where(sessions.c.label.in_([Label.PASS.value, Label.CODE_FAIL.value]))
    )
    return tuple((Label(row.label), Guess(row.guess)) for row in rows)


def _reruns(connection: Connection, version: str, within: Sequence[ColumnElement[bool]]) -> tuple[Rerun, ...]:
    rows = connection.execute(
        select(reruns.c.first, reruns.c.again)
        .join_from(reruns, sessions, _is_present(reruns))
        .where(reruns.c.judge_version == version, *within)
    )
    return tuple(Rerun(first=FailureClass(row.first), again=FailureClass(row.again)) for row in rows)


def _quotes(connection: Connection, judge: str, version: str, within: Sequence[ColumnElement[bool]]) -> tuple[int, int]:
    """Quotes that verdicts offered and proved; an answer that proved nothing counts as one quote that was offered."""
    said = (
        select(verdicts.c.body)
        .join_from(verdicts, sessions, _is_present(verdicts))
        .where(verdicts.c.judge == judge, verdicts.c.judge_version == version, verdicts.c.body.is_not(None), *within)
    )
    bodies = list(connection.scalars(said))
    in_vain = (
        select(func.coalesce(func.sum(problems.c.tries), 0))
        .join(sessions, _is_present(problems))
        .where(problems.c.judge == judge, problems.c.judge_version == version, problems.c.reason.in_(_UNPROVEN))
    )
    unproven = int(connection.scalars(in_vain.where(*within)).one())
    return sum(body.quotes_offered for body in bodies) + unproven, sum(body.quotes_proven for body in bodies)
