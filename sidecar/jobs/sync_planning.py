"""What a sync would do: the same readings and decisions, and nothing written, neither here nor outside."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sidecar.domain import ProjectId, Proposal, ProposalState, Tombstone
from sidecar.errors import RulesFileError
from sidecar.forges.forge import Forge
from sidecar.jobs.base_branch import LIVE, Base
from sidecar.jobs.sync_noticing import noticed
from sidecar.jobs.syncing import built_upon, waiting_note
from sidecar.store import Store


class Step(StrEnum):
    """What would be done about one proposal."""

    PUBLISH = "publish"
    """Its branch and its pull request would be made."""
    UPDATE = "update"
    """They are there, and would say something else."""
    NOTHING = "nothing"
    """It is published as it is."""
    WITHDRAW = "withdraw"
    """None of its rules may stand any more."""
    WAIT = "wait"
    """A person must act first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """One proposal that people have not decided, and what would be done about it."""

    proposal: Proposal
    """With the rules that would stand on its branch."""
    step: Step
    note: str | None = None
    """What a person should know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncPlan:
    """What one run would do for one project."""

    project: ProjectId
    settled: tuple[Proposal, ...]
    """Proposals that people decided, in the state they would get."""
    tombstones: tuple[Tombstone, ...]
    """That would be put up."""
    allowed: tuple[Tombstone, ...]
    """That would be taken back."""
    steps: tuple[PlannedStep, ...]
    notes: tuple[str, ...]
    """What a person should know, one sentence each."""


async def plan_sync(
    store: Store, base: Base, forge: Forge, *, now_ns: int, is_theirs: Callable[[str], bool]
) -> SyncPlan:
    """What `sync` would notice and do; see there for the errors.

    Args:
        is_theirs: Whether somebody else has committed to a branch of ours.
    """
    seen = await noticed(store, base, forge, now_ns=now_ns)
    decided = {one.proposal_id for one in seen.settled}
    allowed = {one.rule_id for one in seen.allowed}
    held = [one for one in store.tombstones(base.project) if one.rule_id not in allowed]
    tombstones = [*held, *seen.tombstones]
    steps: list[PlannedStep] = []
    fresh = [one for one in (seen.carried, seen.reopened) if one is not None]
    for proposal in (*store.proposals(project=base.project, states=LIVE), *fresh):
        if proposal.proposal_id in decided:
            continue
        try:
            built = built_upon(base, proposal, tombstones)
        except RulesFileError as exc:
            steps.append(PlannedStep(proposal=proposal, step=Step.WAIT, note=waiting_note(proposal, exc)))
            continue
        if built is None:
            steps.append(PlannedStep(proposal=proposal, step=Step.WITHDRAW))
        elif is_theirs(proposal.branch):
            note = f"{proposal.branch} holds a commit of somebody else: it would not be rewritten"
            steps.append(PlannedStep(proposal=proposal, step=Step.WAIT, note=note))
        else:
            is_there = await forge.find(proposal.branch) is not None
            steps.append(PlannedStep(proposal=built[0], step=_step(proposal, built[0], is_there=is_there)))
    return SyncPlan(
        project=base.project,
        settled=seen.settled,
        tombstones=seen.tombstones,
        allowed=seen.allowed,
        steps=tuple(steps),
        notes=(*base.notes, *seen.notes),
    )


def _step(saved: Proposal, wanted: Proposal, *, is_there: bool) -> Step:
    if not is_there:
        return Step.PUBLISH
    is_same = (
        saved.state is ProposalState.OPEN
        and (saved.content_hash, saved.base_commit) == (wanted.content_hash, wanted.base_commit)
        and set(saved.published) == {edit.rule.rule_id for edit in wanted.edits}
    )
    return Step.NOTHING if is_same else Step.UPDATE
