"""Proposals, what was refused, what must never come again, and our rules on the base; all within a transaction."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import Connection, select, update

from sidecar.domain import ProjectId, Proposal, ProposalState, Refusal, Rule, RuleId, Tombstone
from sidecar.store import schema
from sidecar.store.insert import insert


def add_proposal(connection: Connection, proposal: Proposal) -> None:
    """Add it; one of this id that is there stays as it is."""
    statement = insert(connection, schema.proposals).values(_proposal_row(proposal))
    connection.execute(statement.on_conflict_do_nothing())


def set_proposal(connection: Connection, proposal: Proposal) -> None:
    """Add it, or replace the one of this id."""
    row = _proposal_row(proposal)
    statement = insert(connection, schema.proposals).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["proposal_id"], set_=row))


def _proposal_row(proposal: Proposal) -> dict[str, object]:
    return {
        "proposal_id": proposal.proposal_id,
        "project": proposal.project,
        "state": proposal.state,
        "created_ns": proposal.created_ns,
        "body": proposal,
    }


def proposals(connection: Connection, project: ProjectId | None, states: Sequence[ProposalState]) -> list[Proposal]:
    """Those of the project in one of the states, oldest first; no project or no states means all."""
    table = schema.proposals
    query = select(table.c.body)
    if project is not None:
        query = query.where(table.c.project == project)
    if states:
        query = query.where(table.c.state.in_(states))
    return list(connection.scalars(query.order_by(table.c.created_ns, table.c.proposal_id)))


def add_refusal(connection: Connection, refusal: Refusal) -> None:
    """Keep the newest refusal of a text in its project."""
    digest = hashlib.sha256(refusal.text.encode("utf-8", "surrogatepass")).digest()
    table = schema.refusals
    statement = insert(connection, table).values(
        project=refusal.project, text_hash=digest, at_ns=refusal.at_ns, body=refusal
    )
    new = statement.excluded
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["project", "text_hash"],
            set_={"at_ns": new.at_ns, "body": new.body},
            where=new.at_ns >= table.c.at_ns,
        )
    )


def refusals(connection: Connection, project: ProjectId) -> list[Refusal]:
    """Refused texts of the project, oldest first."""
    table = schema.refusals
    query = select(table.c.body).where(table.c.project == project).order_by(table.c.at_ns, table.c.text_hash)
    return list(connection.scalars(query))


def add_tombstone(connection: Connection, tombstone: Tombstone) -> None:
    """Add it; the first one of a rule stays, with its reason, until people take it back."""
    table = schema.tombstones
    row = {
        "project": tombstone.project,
        "rule_id": tombstone.rule_id,
        "at_ns": tombstone.at_ns,
        "body": tombstone,
    }
    is_it = (table.c.project == tombstone.project) & (table.c.rule_id == tombstone.rule_id)
    known: Tombstone | None = connection.scalar(select(table.c.body).where(is_it))
    statement = insert(connection, table).values(row)
    if known is None or known.allowed_ns is None:
        connection.execute(statement.on_conflict_do_nothing())
    else:
        connection.execute(statement.on_conflict_do_update(index_elements=["project", "rule_id"], set_=row))


def allow_rules(connection: Connection, taken_back: Sequence[Tombstone]) -> None:
    """Keep tombstones as people took them back, with when and why."""
    table = schema.tombstones
    for one in taken_back:
        is_it = (table.c.project == one.project) & (table.c.rule_id == one.rule_id)
        connection.execute(update(table).where(is_it).values(body=one))


def tombstones(connection: Connection, project: ProjectId, *, is_allowed: bool = False) -> list[Tombstone]:
    """Tombstones of the project that hold, or those that people took back; oldest first."""
    table = schema.tombstones
    query = select(table.c.body).where(table.c.project == project).order_by(table.c.at_ns, table.c.rule_id)
    return [one for one in connection.scalars(query) if (one.allowed_ns is not None) is is_allowed]


def set_base_rules(connection: Connection, project: ProjectId, commit: str, rules: Sequence[Rule]) -> None:
    """Replace what is known of the project's base."""
    statement = insert(connection, schema.base_rules).values(project=project, commit=commit, body=tuple(rules))
    new = statement.excluded
    connection.execute(
        statement.on_conflict_do_update(index_elements=["project"], set_={"commit": new.commit, "body": new.body})
    )


def add_rules_file(connection: Connection, project: ProjectId, sha: str, rules: Sequence[Rule]) -> None:
    """Remember which rules of ours a rules file held; a hash never changes its meaning, so the first stays."""
    statement = insert(connection, schema.rules_files).values(project=project, sha=sha, body=tuple(rules))
    connection.execute(statement.on_conflict_do_nothing())


def rules_files(connection: Connection) -> dict[str, tuple[Rule, ...]]:
    """Our rules in every rules file ever seen, by git blob hash.

    A file that stands in several repositories has whatever one of them knows for a rule: its readers read the same.
    """
    table = schema.rules_files
    found: dict[str, dict[RuleId, Rule]] = {}
    for row in connection.execute(select(table.c.sha, table.c.body).order_by(table.c.project, table.c.sha)):
        rules = found.setdefault(row.sha, {})
        for rule in row.body:
            rules.setdefault(rule.rule_id, rule)
    return {sha: tuple(rules.values()) for sha, rules in found.items()}


def base_rules(connection: Connection, project: ProjectId) -> tuple[str, list[Rule]] | None:
    """The base commit last seen and our rules in it, in file order; None before the first sync."""
    table = schema.base_rules
    row = connection.execute(select(table).where(table.c.project == project)).one_or_none()
    return None if row is None else (row.commit, list(row.body))
