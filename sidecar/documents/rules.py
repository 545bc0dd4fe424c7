"""What is stored of our rules, as JSON: those of each project, what waits, what was declined and what was refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from sidecar.domain import ProjectId, Proposal, ProposalState, Refusal, Rule, RuleId, Tombstone
from sidecar.gate import refusal_id
from sidecar.proposals import RuleDifference, adoptions, waiting_edits
from sidecar.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRules:
    """Our rules of one project."""

    project: ProjectId
    commit: str | None
    """Base commit of the last sync; None before the first."""
    rules: tuple[Rule, ...]
    """As they stood there."""
    waiting: tuple[Proposal, ...]
    """That people have not decided yet, with what does not stand yet."""
    tombstones: tuple[Tombstone, ...]
    refusals: tuple[Refusal, ...]
    adopted: Mapping[str, Rule]
    """Of those, the ones that a person said in their own words, by the refused text's id."""


def project_rules(store: Store, projects: Sequence[ProjectId]) -> list[ProjectRules]:
    """Our rules of each project, with what waits, what was declined and what the gate refused."""
    states = (ProposalState.DRAFTED, ProposalState.OPEN)
    found: list[ProjectRules] = []
    for project in projects:
        commit, rules = store.base_rules(project) or (None, [])
        tombstones = tuple(store.tombstones(project))
        found.append(
            ProjectRules(
                project=project,
                commit=commit,
                rules=tuple(rules),
                waiting=tuple(
                    replace(one, edits=waiting_edits(one, rules))
                    for one in store.proposals(project=project, states=states)
                ),
                tombstones=tombstones,
                refusals=tuple(store.refusals(project)),
                adopted=adoptions(store.proposals(project=project), tombstones),
            )
        )
    return found


def rules_document(
    store: Store,
    projects: Sequence[ProjectId],
    differing: Mapping[ProjectId, Sequence[RuleDifference]] | None = None,
) -> dict[str, object]:
    """project_rules as JSON.

    Args:
        differing: What people did to rules in one of several files; None where nobody looked.
    """
    return {
        "projects": [
            {
                "project": one.project,
                "commit": one.commit,
                "rules": [
                    rule_document(rule)
                    if differing is None
                    else {**rule_document(rule), "differs": differences_document(rule.rule_id, differing[one.project])}
                    for rule in one.rules
                ],
                "waiting": [proposal_document(proposal) for proposal in one.waiting],
                "tombstones": [
                    {"id": stone.rule_id, "text": stone.text, "reason": stone.reason} for stone in one.tombstones
                ],
                "refused": [refusal_document(refusal, one.adopted) for refusal in one.refusals],
            }
            for one in project_rules(store, projects)
        ]
    }


def differences_document(rule_id: RuleId, among: Sequence[RuleDifference]) -> list[dict[str, object]]:
    """Files that say another thing of one rule; words are None where people took it out."""
    return [{"path": one.path, "words": one.words} for one in among if one.rule_id == rule_id]


def refusal_document(refusal: Refusal, adopted: Mapping[str, Rule] = MappingProxyType({})) -> dict[str, object]:
    """One refused text as JSON; its id is what `rules adopt` takes.

    Args:
        adopted: Rules that took over refused texts, by the text's id.
    """
    identity = refusal_id(refusal.project, refusal.text)
    return {
        "id": identity,
        "adopted_as": adopted[identity].rule_id if identity in adopted else None,
        "text": refusal.text,
        "reasons": list(refusal.reasons),
    }


def rule_document(rule: Rule) -> dict[str, object]:
    """One rule as JSON."""
    return {
        "id": rule.rule_id,
        "text": rule.text,
        "kind": rule.kind.value,
        "scope": rule.scope,
        "human": rule.is_human,
        "evidence": list(rule.evidence),
    }


def proposal_document(proposal: Proposal) -> dict[str, object]:
    """One proposal as JSON."""
    request = proposal.pull_request
    return {
        "id": proposal.proposal_id,
        "project": proposal.project,
        "state": proposal.state.value,
        "branch": proposal.branch,
        "base_commit": proposal.base_commit,
        "url": request.url if request else None,
        "edits": [
            {
                "op": edit.operation.value,
                "rule": rule_document(edit.rule),
                "reason": edit.reason,
                "tasks": edit.task_count,
                "persons": edit.person_count,
                "caveat": edit.caveat,
            }
            for edit in proposal.edits
        ],
    }
