"""What drafts decided about each lesson, and since when each rule stands; what a report is made of.

Of a lesson the newest decision is kept with the time since when it is the same; one that no run has renewed for long
goes, as its lesson has gone. Nothing of a session is kept here but the redacted words of a rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, select, update

from sidecar.domain import ClusterId, Decision, ProjectId, Rule
from sidecar.store import schema
from sidecar.store.database import Database
from sidecar.store.insert import insert

decisions = schema.decisions
rules_in_force = schema.rules_in_force

KEPT_NS = 90 * 24 * 3600 * 1_000_000_000
"""How long a decision is kept that no run renews."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDecision:
    """The newest decision about a lesson."""

    decision: Decision
    since_ns: int
    """Since when every run has decided so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleInForce:
    """A rule of ours that a flow saw on the base."""

    project: ProjectId
    rule: Rule
    """In the words that stood there last."""
    since_ns: int
    """Of the first run that saw it there."""
    gone_ns: int | None
    """Of the first run that did not see it there any more; None while it stands."""


class Decisions:
    """The decisions of one store; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        """Bind the store's database."""
        self._database = database

    def set(self, project: ProjectId, decided: Sequence[Decision], *, now_ns: int) -> None:
        """Keep what a run decided; an older decision than the one that is kept changes nothing."""
        known = {one.decision.cluster_id: one for one in self.all(project)}
        with self._database.write() as connection:
            for decision in decided:
                _set(connection, decision, known.get(decision.cluster_id))
            is_old = and_(decisions.c.project == project, decisions.c.at_ns < now_ns - KEPT_NS)
            connection.execute(decisions.delete().where(is_old))

    def all(self, project: ProjectId) -> list[KeptDecision]:
        """The newest decision about each lesson, the one that changed last first."""
        query = select(decisions.c.since_ns, decisions.c.body).where(decisions.c.project == project)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(decisions.c.since_ns.desc(), decisions.c.cluster_id))
            return [KeptDecision(decision=row.body, since_ns=row.since_ns) for row in rows]

    def of(self, project: ProjectId) -> dict[ClusterId, Decision]:
        """The newest decision by lesson."""
        return {one.decision.cluster_id: one.decision for one in self.all(project)}

    def set_in_force(self, project: ProjectId, rules: Sequence[Rule], *, now_ns: int) -> None:
        """Note which rules stand on the base now; those noted before that do not stand are gone since now."""
        with self._database.write() as connection:
            for rule in rules:
                _set_in_force(connection, project, rule, now_ns)
            standing = [rule.rule_id for rule in rules]
            is_gone = and_(
                rules_in_force.c.project == project,
                rules_in_force.c.gone_ns.is_(None),
                rules_in_force.c.rule_id.not_in(standing),
            )
            connection.execute(update(rules_in_force).where(is_gone).values(gone_ns=now_ns))

    def in_force(self, project: ProjectId) -> list[RuleInForce]:
        """Every rule that was ever seen on the base, the longest known first."""
        table = rules_in_force
        with self._database.read() as connection:
            rows = connection.execute(
                select(table).where(table.c.project == project).order_by(table.c.since_ns, table.c.rule_id)
            )
            return [
                RuleInForce(project=project, rule=row.body, since_ns=row.since_ns, gone_ns=row.gone_ns) for row in rows
            ]


def _set(connection: Connection, decision: Decision, known: KeptDecision | None) -> None:
    is_same = known is not None and _said(known.decision) == _said(decision)
    statement = insert(connection, decisions).values(
        project=decision.project,
        cluster_id=decision.cluster_id,
        since_ns=known.since_ns if known is not None and is_same else decision.at_ns,
        at_ns=decision.at_ns,
        body=decision,
    )
    new = statement.excluded
    changed = {"since_ns": new.since_ns, "at_ns": new.at_ns, "body": new.body}
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["project", "cluster_id"], set_=changed, where=new.at_ns >= decisions.c.at_ns
        )
    )


def _said(decision: Decision) -> tuple[object, ...]:
    return decision.reason, decision.lesson, decision.rules


def _set_in_force(connection: Connection, project: ProjectId, rule: Rule, now_ns: int) -> None:
    """A rule that came back stands since now."""
    table = rules_in_force
    came_back = and_(table.c.project == project, table.c.rule_id == rule.rule_id, table.c.gone_ns.is_not(None))
    connection.execute(update(table).where(came_back).values(since_ns=now_ns, gone_ns=None))
    statement = insert(connection, table).values(
        project=project, rule_id=rule.rule_id, since_ns=now_ns, gone_ns=None, body=rule
    )
    connection.execute(
        statement.on_conflict_do_update(index_elements=["project", "rule_id"], set_={"body": statement.excluded.body})
    )
