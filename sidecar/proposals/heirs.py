"""Which rules live on in another one: what was merged into a rule, however many merges ago."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sidecar.domain import EditOperation, Proposal, ProposalState, Rule, RuleId

GIVEN_UP = (ProposalState.CLOSED, ProposalState.SUPERSEDED)
"""States of proposals that brought nothing."""


def heirs(proposals: Sequence[Proposal], ledger: Iterable[Rule] = ()) -> dict[RuleId, frozenset[RuleId]]:
    """The rules that took each rule up which was merged into another; whether they stand is not looked at.

    Args:
        proposals: Of one project, any order; those given up are passed over.
        ledger: Rules as the ledger has them, for what no proposal here tells.
    """
    edits = (edit for one in proposals if one.state not in GIVEN_UP for edit in one.edits)
    rules = [*ledger, *(edit.rule for edit in edits if edit.operation is not EditOperation.RETIRE)]
    direct: dict[RuleId, set[RuleId]] = {}
    for rule in rules:
        for gone in rule.supersedes:
            direct.setdefault(gone, set()).add(rule.rule_id)
    return {gone: _all_heirs(gone, direct) for gone in direct}


def living_on(found: Mapping[RuleId, frozenset[RuleId]], standing: Collection[RuleId]) -> frozenset[RuleId]:
    """The rules of which an heir stands.

    Args:
        found: As `heirs` gives them.
    """
    there = frozenset(standing)
    return frozenset(gone for gone, by in found.items() if by & there)


def _all_heirs(gone: RuleId, direct: Mapping[RuleId, Collection[RuleId]]) -> frozenset[RuleId]:
    reached: set[RuleId] = set()
    newest = {gone}
    while newest:
        newest = {heir for one in newest for heir in direct.get(one, ())} - reached
        reached |= newest
    return frozenset(reached - {gone})
