"""What is said, proposed or declined already in a project: no draft may say it again, and no call is paid for it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sidecar.domain import (
    Cluster,
    EditOperation,
    NoRuleReason,
    Proposal,
    ProposalId,
    ProposalState,
    Rule,
    RuleEdit,
    RuleId,
    Tombstone,
)
from sidecar.jobs.base_branch import LIVE, Base
from sidecar.jobs.drafting_claims import (
    SAID_IN_PROPOSAL,
    SAID_ON_BASE,
    Against,
    Claim,
    claims_of_rules,
    claims_of_tombstones,
)
from sidecar.likeness import is_same_rule
from sidecar.proposals import DELETED, heirs, living_on, taken_out
from sidecar.rules import rule_id
from sidecar.store import Store
from sidecar.told_lessons import is_told_cluster

KEPT = "people kept the rule when its retirement was proposed"
_DECIDED = (ProposalState.CLOSED, ProposalState.MERGED, ProposalState.REVERTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What must not be proposed again."""

    live: Proposal | None
    """The rolling proposal."""
    standing: Mapping[RuleId, Rule]
    """Rules on the base."""
    taken_up: frozenset[RuleId] = frozenset()
    """Rules that live on in one of these, which they were merged into."""
    buried: Mapping[RuleId, str]
    """Rule id to the reason of its tombstone."""
    buried_texts: frozenset[str]
    tombstones: tuple[Tombstone, ...]
    """Oldest first."""
    ids: frozenset[ProposalId]
    """Of every proposal there was."""
    claims: tuple[Claim, ...]
    """Declined ones last: they outweigh the others."""
    kept: Mapping[RuleId, str] = field(default_factory=dict[RuleId, str])
    """Rules that stand though a decided proposal would have retired them: people keep them. Rule id to their words."""

    @property
    def proposed(self) -> tuple[Rule, ...]:
        """What the open proposal brings."""
        edits = self.live.edits if self.live else ()
        return tuple(edit.rule for edit in edits if edit.operation is not EditOperation.RETIRE)

    def active(self, edits: Sequence[RuleEdit] = ()) -> dict[RuleId, Rule]:
        """Rules by id once the open proposal and these edits are merged."""
        rules = dict(self.standing)
        for edit in (*(self.live.edits if self.live else ()), *edits):
            is_gone = edit.operation is EditOperation.RETIRE
            for identity in (edit.rule.rule_id,) if is_gone else edit.rule.supersedes:
                rules.pop(identity, None)
            if not is_gone:
                rules[edit.rule.rule_id] = edit.rule
        return rules

    def against_lesson(self, cluster: Cluster) -> Against | None:
        """Why a lesson needs no draft: a rule on it stands, waits or was declined; None when it may have one."""
        sessions = frozenset(support.session.session_id for support in cluster.supports)
        is_told = is_told_cluster(cluster)
        found = [one.against for one in self.claims if one.is_about(cluster.signature, sessions, is_told=is_told)]
        return found[-1] if found else None

    def against_rule(self, text: str, scope: str | None) -> Against | None:
        """Why a new rule may not be proposed, by its id and by the same words but for small ones."""
        against = self.against_id(rule_id(text, scope))
        if against is not None:
            return against
        if any(is_same_rule(text, buried) for buried in self.buried_texts):
            return NoRuleReason.DECLINED, "declined: people declined nearly the same words"
        if any(one.scope == scope and is_same_rule(text, one.text) for one in self.standing.values()):
            return SAID_ON_BASE
        if any(one.scope == scope and is_same_rule(text, one.text) for one in self.proposed):
            return SAID_IN_PROPOSAL
        return None

    def against_id(self, identity: RuleId) -> Against | None:
        """Why a rule of this id may not be proposed."""
        if identity in self.buried:
            return NoRuleReason.DECLINED, f"declined: {self.buried[identity]}"
        if identity in self.standing or identity in self.taken_up:
            return SAID_ON_BASE
        if any(one.rule_id == identity for one in self.proposed):
            return SAID_IN_PROPOSAL
        return None

    def against_edit(self, edit: RuleEdit) -> Against | None:
        """Why an edit that a model gave may not be proposed."""
        if edit.operation is EditOperation.ADD:
            return self.against_id(edit.rule.rule_id)
        if touched_rules([edit]) & touched_rules(self.live.edits if self.live else ()):
            return NoRuleReason.LEFT_FOR_NEXT_RUN, "an open proposal changes the same rule"
        kept = next((self.kept[one] for one in _only_taken_out(edit, self.standing) if one in self.kept), None)
        if kept is not None:
            return NoRuleReason.DECLINED, f"declined: {kept}"
        if edit.operation is EditOperation.RETIRE:
            return None
        # of a rule that stands, other words may have been declined
        buried = self.buried.get(edit.rule.rule_id) or self.buried.get(rule_id(edit.rule.text, edit.rule.scope))
        return None if buried is None else (NoRuleReason.DECLINED, f"declined: {buried}")


def touched_rules(edits: Sequence[RuleEdit]) -> frozenset[RuleId]:
    """Rules that edits bring, change or take out."""
    return frozenset(identity for edit in edits for identity in (edit.rule.rule_id, *edit.rule.supersedes))


def known_rules(store: Store, base: Base) -> Known:
    """What is said, proposed or declined in a project."""
    proposals = store.proposals(project=base.project)
    tombstones = store.tombstones(base.project)
    in_ledger = {identity: entry.tombstone for identity, entry in base.ledger.items() if entry.tombstone is not None}
    # taken out since the last sync, or before this store knew the repository
    deleted = {rule.rule_id: rule.text for rule in base.reading.deleted}
    texts = [one.text for one in tombstones] + [base.ledger[identity].rule.text for identity in in_ledger]
    standing = {rule.rule_id: rule for rule in base.reading.standing}
    buried = dict.fromkeys(deleted, DELETED) | in_ledger | {one.rule_id: one.reason for one in tombstones}
    taking = heirs(proposals, [entry.rule for entry in base.ledger.values()])
    taken_up = living_on(taking, standing) - standing.keys()
    # who takes a merged rule out takes out what it says, not its words alone
    with_it = {gone: buried[heir] for gone, by in taking.items() for heir in sorted(by & buried.keys())}
    with_it = {gone: reason for gone, reason in with_it.items() if gone not in taken_up | standing.keys()}
    return Known(
        live=next((proposal for proposal in proposals if proposal.state in LIVE), None),
        standing=standing,
        taken_up=taken_up,
        buried=with_it | buried,
        buried_texts=frozenset([*texts, *deleted.values()]),
        tombstones=tuple(tombstones),
        ids=frozenset(proposal.proposal_id for proposal in proposals),
        claims=(
            *claims_of_rules(base, proposals, taken_up, with_it),
            *claims_of_tombstones(base, proposals, tombstones),
        ),
        kept=kept_by_people(proposals, [rule.rule_id for rule in base.reading.standing]),
    )


def kept_by_people(proposals: Sequence[Proposal], standing: Collection[RuleId]) -> dict[RuleId, str]:
    """Rules whose retirement people declined, took out of what they merged, or undid; with what they said, if anything.

    Args:
        standing: Ids of the rules on the base.
    """
    return {
        gone: (proposal.pull_request.review if proposal.pull_request else None) or KEPT
        for proposal in proposals
        if proposal.state in _DECIDED
        for edit in proposal.edits
        for gone in _only_taken_out(edit, standing)
        if gone in standing
    }


def _only_taken_out(edit: RuleEdit, standing: Collection[RuleId]) -> tuple[RuleId, ...]:
    """Rules that an edit takes out and says no new words for: a merge may leave one rule as it stands."""
    is_new = edit.operation is not EditOperation.RETIRE and edit.rule.rule_id not in standing
    return () if is_new else taken_out(edit)
