"""What audit and gate say against the words of an edit: asked when a model gave them, and again when they are taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sidecar.audit import audit, audit_evidence
from sidecar.clusters import attested_commands
from sidecar.domain import Cluster, EditOperation, NoRuleReason, Rule, RuleEdit, RuleId
from sidecar.gate import GateContext, check, protection_lost
from sidecar.jobs.base_branch import Base
from sidecar.jobs.drafting_known import Known

BUDGET = "budget:"
_NOT_OF_WORDS = {
    BUDGET: NoRuleReason.BUDGET_REACHED,
    "duplicate:": NoRuleReason.ALREADY_SAID,
    "tombstone:": NoRuleReason.DECLINED,
}
"""Prefixes of what the gate says that are no refusal of the words themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why an edit may not be proposed."""

    reason: NoRuleReason
    told: tuple[str, ...]
    """What audit or gate say, one sentence each."""

    @property
    def is_of_words(self) -> bool:
        """Whether other words for the same may be taken."""
        return self.reason in (NoRuleReason.AUDIT_REFUSED, NoRuleReason.GATE_REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wordings:
    """What the edits of one run are read against."""

    base: Base
    found: Sequence[Cluster]
    known: Known

    def fault(
        self, cluster: Cluster, edit: RuleEdit, others: Mapping[RuleId, Rule], explained: Sequence[str]
    ) -> Fault | None:
        """Why an edit may not be proposed; None when it may.

        Args:
            others: Rules that would stand beside it.
            explained: What a judge said of the failed sessions that were shown.
        """
        touched = () if edit.operation is EditOperation.ADD else (edit.rule.rule_id, *edit.rule.supersedes)
        replaced = [self.known.standing[one] for one in touched if one in self.known.standing]
        lost = protection_lost(replaced, None if edit.operation is EditOperation.RETIRE else edit.rule)
        if lost is not None:
            return Fault(reason=NoRuleReason.GATE_REFUSED, told=(lost,))
        if edit.operation is EditOperation.RETIRE:
            return None  # taking out a rule of our own needs no gate, a person still merges it
        text, kind, scope = edit.rule.text, edit.rule.kind, edit.rule.scope
        told = audit(text, kind, scope, audit_evidence(cluster, tuple(explained)))
        if told:
            return Fault(reason=NoRuleReason.AUDIT_REFUSED, told=told)
        decision = check(text, kind=kind, scope=scope, context=self._context(text, cluster, others))
        return None if decision.is_allowed else Fault(reason=_reason(decision.reasons), told=decision.reasons)

    def _context(self, text: str, cluster: Cluster, others: Mapping[RuleId, Rule]) -> GateContext:
        failing = cluster.lesson.failing_command
        return GateContext(
            repository_files=self.base.files,
            attested_commands=attested_commands(self.found),
            failing_commands=frozenset({failing} if failing else ()),
            identifiers=self.base.names.held_of(text),
            active_texts=tuple(rule.text for rule in others.values()),
            tombstoned_texts=self.known.buried_texts,
        )


def _reason(told: Sequence[str]) -> NoRuleReason:
    if not all(one.startswith(tuple(_NOT_OF_WORDS)) for one in told):
        return NoRuleReason.GATE_REFUSED
    found = [next(reason for prefix, reason in _NOT_OF_WORDS.items() if one.startswith(prefix)) for one in told]
    return next((one for one in found if one is not NoRuleReason.BUDGET_REACHED), NoRuleReason.BUDGET_REACHED)
