"""What became of lessons that were proposed: a decision is the last draft's, and people may have decided since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sidecar.clusters import cluster_id_of
from sidecar.domain import ClusterId, Decision, EditOperation, Proposal, ProposalState, RuleId, Tombstone
from sidecar.proposals import heirs, living_on
from sidecar.store import RuleInForce

_LIVE = (ProposalState.DRAFTED, ProposalState.OPEN)


class Fate(StrEnum):
    """How a lesson stands for which a rule was proposed."""

    PROPOSED = "proposed"
    """Nobody has decided yet."""
    MERGED = "merged"
    DECLINED = "declined"
    RETIRED = "retired"
    """It stood on the base and is gone."""
    WITHDRAWN = "withdrawn"
    """Its proposal ended, and nobody declined the rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonFates:
    """The present state of everything that was proposed in one project."""

    proposals: Sequence[Proposal]
    rules: Sequence[RuleInForce]
    tombstones: Sequence[Tombstone]

    @property
    def living_on(self) -> frozenset[RuleId]:
        """Rules that were merged into one which stands on the base."""
        return living_on(heirs(self.proposals), {one.rule.rule_id for one in self.rules if one.gone_ns is None})

    def fate(self, decision: Decision) -> tuple[Fate, str] | None:
        """What became of a lesson, and why where somebody said; None where no rule was proposed for it."""
        if not decision.is_proposed:
            return None
        wanted = self._rules_of(decision)
        waiting = (edit for one in self.proposals if one.state in _LIVE for edit in one.edits)
        live = {edit.rule.rule_id for edit in waiting if edit.operation is not EditOperation.RETIRE}
        if wanted & live or (not wanted and live):
            # what a model told gets another signature with each draft, and its rule is not found by it
            return Fate.PROPOSED, ""
        standing = {one.rule.rule_id: one.gone_ns is None for one in self.rules if one.rule.rule_id in wanted}
        if any(standing.values()) or wanted & self.living_on:
            return Fate.MERGED, ""
        reasons = [stone.reason for stone in self.tombstones if stone.rule_id in wanted]
        if reasons:
            return Fate.DECLINED, reasons[-1]
        return (Fate.RETIRED if standing else Fate.WITHDRAWN), ""

    def _rules_of(self, decision: Decision) -> frozenset[RuleId]:
        """Named by the draft that made them; a later one only says that they were there."""
        edits = (edit for one in self.proposals if one.project == decision.project for edit in one.edits)
        about = (
            edit.rule.rule_id
            for edit in edits
            if edit.signature is not None
            and cluster_id_of(decision.project, decision.failure_class, edit.signature) == decision.cluster_id
        )
        return frozenset(decision.rules or about)


def fates_of(decisions: Sequence[Decision], among: LessonFates) -> Mapping[ClusterId, tuple[Fate, str]]:
    """By lesson what became of it, of those for which a rule was proposed."""
    found = {one.cluster_id: among.fate(one) for one in decisions}
    return {cluster_id: fate for cluster_id, fate in found.items() if fate is not None}
