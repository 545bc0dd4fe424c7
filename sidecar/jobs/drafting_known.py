"""What is said, proposed or declined already in a project: no draft may say it again, and no call is paid for it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sidecar.domain import (
    IN_OPEN_PROPOSAL,
    Cluster,
    EditOperation,
    NoRuleReason,
    Proposal,
    ProposalId,
    ProposalState,
    Rule,
    RuleEdit,
    RuleId,
    SessionId,
    Tombstone,
)
from sidecar.jobs.base_branch import LIVE, Base
from sidecar.likeness import is_same_rule
from sidecar.proposals import DELETED, heirs, living_on, taken_out
from sidecar.rules import rule_id, signature_hash
from sidecar.store import Store
from sidecar.told_lessons import is_told_cluster

Against = tuple[NoRuleReason, str]
"""A reason of the closed list, and it in words."""

SAID_ON_BASE: Against = (NoRuleReason.ALREADY_SAID, "a rule of the base says it")
SAID_IN_PROPOSAL: Against = (NoRuleReason.ALREADY_SAID, IN_OPEN_PROPOSAL)
KEPT = "people kept the rule when its retirement was proposed"
_DECIDED = (ProposalState.CLOSED, ProposalState.MERGED, ProposalState.REVERTED)
_MOSTLY = 0.5
"""Share of a rule's sessions, or of a cluster's, above which both are about one lesson."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """That a lesson is dealt with."""

    signature: str | None
    sessions: frozenset[SessionId]
    against: Against
    signature_hash: str | None = None
    """As the ledger has it, where the signature itself is not known here."""


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
    claims: tuple[_Claim, ...]
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
        found = [one.against for one in self.claims if _is_about(one, cluster.signature, sessions, is_told=is_told)]
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
            *_claims_of_rules(base, proposals, taken_up, with_it),
            *_claims_of_tombstones(base, proposals, tombstones),
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


def _claims_of_rules(
    base: Base, proposals: Sequence[Proposal], taken_up: Collection[RuleId], with_it: Mapping[RuleId, str]
) -> list[_Claim]:
    """What stands or waits says, then what was taken out with the rule that it was merged into."""
    standing = {rule.rule_id for rule in base.reading.standing}
    said, declined = list[_Claim](), list[_Claim]()
    for proposal in proposals:
        for edit in proposal.edits:
            identity, sessions = edit.rule.rule_id, frozenset(map(SessionId, edit.rule.evidence))
            if edit.operation is EditOperation.RETIRE:
                continue
            if identity in standing or identity in taken_up:
                said.append(_Claim(signature=edit.signature, sessions=sessions, against=SAID_ON_BASE))
            elif proposal.state in LIVE:
                said.append(_Claim(signature=edit.signature, sessions=sessions, against=SAID_IN_PROPOSAL))
            elif identity in with_it:
                against = (NoRuleReason.DECLINED, f"declined: {with_it[identity]}")
                declined.append(_Claim(signature=edit.signature, sessions=sessions, against=against))
    evidence = _evidence(base, proposals)
    said += [_Claim(signature=None, sessions=evidence[one], against=SAID_ON_BASE) for one in sorted(standing)]
    return said + declined


def _claims_of_tombstones(base: Base, proposals: Sequence[Proposal], tombstones: Sequence[Tombstone]) -> list[_Claim]:
    """What people declined, as the ledger and as the store know it."""
    evidence = _evidence(base, proposals)
    declined = {one.rule_id: (one.signature, one.reason) for one in tombstones}
    claims = [
        _Claim(
            signature=None,
            sessions=evidence[identity],
            against=(NoRuleReason.DECLINED, f"declined: {entry.tombstone}"),
            signature_hash=entry.signature,
        )
        for identity, entry in base.ledger.items()
        if entry.tombstone is not None and entry.signature is not None
    ]
    return claims + [
        _Claim(
            signature=signature,
            sessions=evidence.get(identity, frozenset()),
            against=(NoRuleReason.DECLINED, f"declined: {reason}"),
        )
        for identity, (signature, reason) in declined.items()
    ]


def _evidence(base: Base, proposals: Sequence[Proposal]) -> dict[RuleId, frozenset[SessionId]]:
    """The sessions that each rule rests on, as the base has them before any proposal."""
    brought = (edit for one in proposals for edit in one.edits if edit.operation is not EditOperation.RETIRE)
    rules = [*(entry.rule for entry in base.ledger.values()), *base.reading.standing]
    proposed = {edit.rule.rule_id: edit.rule for edit in reversed([*brought])}
    known = proposed | {rule.rule_id: rule for rule in rules}
    return {identity: frozenset(map(SessionId, rule.evidence)) for identity, rule in known.items()}


def _is_about(claim: _Claim, signature: str, sessions: frozenset[SessionId], *, is_told: bool) -> bool:
    """Whether a claim is about a lesson.

    A lesson of slots has one signature for ever. What a model told is gathered anew with each run, so that its
    signature may come to stand for another lesson: there the sessions decide, where they are known.
    """
    if not is_told or not claim.sessions:
        return signature_hash(signature) == claim.signature_hash or claim.signature == signature
    shared = len(claim.sessions & sessions)
    return shared > _MOSTLY * min(len(claim.sessions), len(sessions))
