"""Lessons that are dealt with: what rules of the base or of a proposal say already, and what people declined."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sidecar.domain import (
    IN_OPEN_PROPOSAL,
    EditOperation,
    NoRuleReason,
    Proposal,
    RuleId,
    SessionId,
    Tombstone,
)
from sidecar.jobs.base_branch import LIVE, Base
from sidecar.rules import signature_hash

Against = tuple[NoRuleReason, str]
"""A reason of the closed list, and it in words."""

SAID_ON_BASE: Against = (NoRuleReason.ALREADY_SAID, "a rule of the base says it")
SAID_IN_PROPOSAL: Against = (NoRuleReason.ALREADY_SAID, IN_OPEN_PROPOSAL)
_MOSTLY = 0.5
"""Share of a rule's sessions, or of a cluster's, above which both are about one lesson."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """That a lesson is dealt with."""

    signature: str | None
    sessions: frozenset[SessionId]
    against: Against
    signature_hash: str | None = None
    """As the ledger has it, where the signature itself is not known here."""

    def is_about(self, signature: str, sessions: frozenset[SessionId], *, is_told: bool) -> bool:
        """Whether a lesson is this one.

        A lesson of slots has one signature for ever. What a model told is gathered anew with each run, so that its
        signature may come to stand for another lesson: there the sessions decide, where they are known.
        """
        if not is_told or not self.sessions:
            return signature_hash(signature) == self.signature_hash or self.signature == signature
        shared = len(self.sessions & sessions)
        return shared > _MOSTLY * min(len(self.sessions), len(sessions))


def claims_of_rules(
    base: Base, proposals: Sequence[Proposal], taken_up: Collection[RuleId], with_it: Mapping[RuleId, str]
) -> list[Claim]:
    """What stands or waits says, then what was taken out with the rule that it was merged into."""
    standing = {rule.rule_id for rule in base.reading.standing}
    said, declined = list[Claim](), list[Claim]()
    for proposal in proposals:
        for edit in proposal.edits:
            identity, sessions = edit.rule.rule_id, frozenset(map(SessionId, edit.rule.evidence))
            if edit.operation is EditOperation.RETIRE:
                continue
            if identity in standing or identity in taken_up:
                said.append(Claim(signature=edit.signature, sessions=sessions, against=SAID_ON_BASE))
            elif proposal.state in LIVE:
                said.append(Claim(signature=edit.signature, sessions=sessions, against=SAID_IN_PROPOSAL))
            elif identity in with_it:
                against = (NoRuleReason.DECLINED, f"declined: {with_it[identity]}")
                declined.append(Claim(signature=edit.signature, sessions=sessions, against=against))
    evidence = _evidence(base, proposals)
    said += [Claim(signature=None, sessions=evidence[one], against=SAID_ON_BASE) for one in sorted(standing)]
    return said + declined


def claims_of_tombstones(base: Base, proposals: Sequence[Proposal], tombstones: Sequence[Tombstone]) -> list[Claim]:
    """What people declined, as the ledger and as the store know it."""
    evidence = _evidence(base, proposals)
    declined = {one.rule_id: (one.signature, one.reason) for one in tombstones}
    claims = [
        Claim(
            signature=None,
            sessions=evidence[identity],
            against=(NoRuleReason.DECLINED, f"declined: {entry.tombstone}"),
            signature_hash=entry.signature,
        )
        for identity, entry in base.ledger.items()
        if entry.tombstone is not None and entry.signature is not None
    ]
    return claims + [
        Claim(
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
