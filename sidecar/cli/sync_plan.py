"""How `sync --dry-run` tells what a sync would do."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sidecar.printing import one_line, print_json, print_line

if TYPE_CHECKING:
    from sidecar.jobs.sync_planning import PlannedStep, SyncPlan


def show_plans(plans: Sequence["SyncPlan"], *, as_json: bool) -> None:
    """Each project's plan as lines, or all of them as one document."""
    if as_json:
        print_json({"projects": [_document(plan) for plan in plans]})
        return
    for plan in plans:
        _print(plan)


def _print(plan: "SyncPlan") -> None:
    for proposal in plan.settled:
        print_line(f"{plan.project}: would note that {proposal.branch} is {proposal.state.value}")
    for tombstone in plan.tombstones:
        print_line(f"  never again ({one_line(tombstone.reason)}): {tombstone.text}")
    for step in plan.steps:
        print_line(f"{plan.project}: {_step_words(step)}")
    if not plan.settled and not plan.tombstones and not plan.steps:
        print_line(f"{plan.project}: nothing to do")


def _step_words(planned: "PlannedStep") -> str:
    from sidecar.jobs.sync_planning import Step

    proposal = planned.proposal
    count = len(proposal.edits)
    rules = f"{count} {'rule' if count == 1 else 'rules'}"
    url = f" ({proposal.pull_request.url})" if proposal.pull_request else ""
    words = {
        Step.PUBLISH: f"would publish {proposal.branch} with {rules}",
        Step.UPDATE: f"would update {proposal.branch}, which is published{url}, to {rules}",
        Step.NOTHING: f"nothing to do: {proposal.branch} is published with {rules}{url}",
        Step.WITHDRAW: f"would withdraw {proposal.branch}: none of its rules may stand any more",
        Step.WAIT: planned.note or f"{proposal.branch} waits for a person",
    }
    return words[planned.step]


def _document(plan: "SyncPlan") -> dict[str, object]:
    from sidecar.documents import proposal_document

    return {
        "project": plan.project,
        "decided": [proposal_document(proposal) for proposal in plan.settled],
        "tombstones": [{"id": one.rule_id, "text": one.text, "reason": one.reason} for one in plan.tombstones],
        "proposals": [
            {**proposal_document(one.proposal), "would": one.step.value, "note": one.note} for one in plan.steps
        ],
        "dry_run": True,
    }
