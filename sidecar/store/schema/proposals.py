"""Rules: what is proposed, what was refused or taken back, what stands on each base."""

from sqlalchemy import Column, Index, LargeBinary, PrimaryKeyConstraint, Table, Text

from sidecar.domain import Decision, Proposal, Refusal, Rule, Tombstone
from sidecar.store.columns import Body, Time, Word
from sidecar.store.schema.metadata import STORE

proposals = Table(
    "proposals",
    STORE,
    Column("proposal_id", Word, nullable=False),
    Column("project", Word, nullable=False),
    Column("state", Word, nullable=False),
    Column("created_ns", Time, nullable=False),
    Column("body", Body(Proposal), nullable=False),
    PrimaryKeyConstraint("proposal_id"),
    Index(None, "project", "state"),
)

refusals = Table(
    "refusals",
    STORE,
    Column("project", Word, nullable=False),
    Column("text_hash", LargeBinary, nullable=False),
    Column("at_ns", Time, nullable=False),
    Column("body", Body(Refusal), nullable=False),
    PrimaryKeyConstraint("project", "text_hash"),
)

tombstones = Table(
    "tombstones",
    STORE,
    Column("project", Word, nullable=False),
    Column("rule_id", Word, nullable=False),
    Column("at_ns", Time, nullable=False),
    Column("body", Body(Tombstone), nullable=False),
    PrimaryKeyConstraint("project", "rule_id"),
)

base_rules = Table(
    "base_rules",
    STORE,
    Column("project", Word, nullable=False),
    Column("commit", Word, nullable=False),
    Column("body", Body(tuple[Rule, ...]), nullable=False),
    PrimaryKeyConstraint("project"),
)

rules_files = Table(
    "rules_files",
    STORE,
    Column("project", Word, nullable=False),
    Column("sha", Text, nullable=False),
    Column("body", Body(tuple[Rule, ...]), nullable=False),
    PrimaryKeyConstraint("project", "sha"),
)

decisions = Table(
    "decisions",
    STORE,
    Column("project", Word, nullable=False),
    Column("cluster_id", Word, nullable=False),
    Column("since_ns", Time, nullable=False),
    Column("at_ns", Time, nullable=False),
    Column("body", Body(Decision), nullable=False),
    PrimaryKeyConstraint("project", "cluster_id"),
)

rules_in_force = Table(
    "rules_in_force",
    STORE,
    Column("project", Word, nullable=False),
    Column("rule_id", Word, nullable=False),
    Column("since_ns", Time, nullable=False),
    Column("gone_ns", Time),
    Column("body", Body(Rule), nullable=False),
    PrimaryKeyConstraint("project", "rule_id"),
)
