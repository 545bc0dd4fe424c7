"""Decisions that people undid: rules that left the base or came back to it, a closed proposal that is open again.

Nothing is written here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sidecar.domain import EditOperation, Proposal, ProposalState, RuleId, Tombstone
from sidecar.forges.forge import BRANCH_DELETED, Forge
from sidecar.jobs.base_branch import Base
from sidecar.proposals import heirs, living_on
from sidecar.rules import rule_id
from sidecar.store import Store

_ENDED = (ProposalState.CLOSED, ProposalState.REVERTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """What the forge says of proposals that were closed."""

    proposal: Proposal | None = None
    """Open again, and to be published; None where there is none, or another one must be decided first."""
    allowed: tuple[Tombstone, ...] = ()
    """Those of its rules, which may come again with it."""
    closed: tuple[Proposal, ...] = ()
    """Still to be closed on the forge: called open there, without a branch."""
    notes: tuple[str, ...] = ()
    """What a person should know, one sentence each."""


def turned(store: Store, base: Base, back: Collection[RuleId], settled: Sequence[Proposal]) -> list[Proposal]:
    """Proposals whose rules people all took out of the base since, or put back into it.

    Args:
        back: Rules that stand although they have a tombstone: people put them back.
        settled: Proposals that were decided since the last sync, in their new state.
    """
    every = store.proposals(project=base.project)
    merged = [one for one in (*every, *settled) if one.state is ProposalState.MERGED]
    # who merges a retirement, or a rule that takes others up, reverts nothing
    retired = {edit.rule.rule_id for one in merged for edit in one.edits if edit.operation is EditOperation.RETIRE}
    there = {rule.rule_id for rule in base.reading.standing} | base.reading.taken_over | retired
    there |= living_on(heirs(every, base.reading.written), there)
    found = [
        replace(proposal, state=ProposalState.REVERTED)
        for proposal in every
        if proposal.state is ProposalState.MERGED and (brought := _brought(proposal)) and not brought & there
    ]
    return found + [
        replace(proposal, state=ProposalState.MERGED)
        for proposal in every
        if proposal.state in _ENDED and _brought(proposal) & set(back)
    ]


def _brought(proposal: Proposal) -> set[RuleId]:
    return {edit.rule.rule_id for edit in proposal.edits if edit.operation is not EditOperation.RETIRE}


async def reopened(
    proposals: Sequence[Proposal], tombstones: Sequence[Tombstone], forge: Forge, *, other: Proposal | None
) -> Reopened:
    """Which of the proposals that were closed is open again.

    Args:
        proposals: Closed ones.
        tombstones: That hold in the project.
        other: The proposal that is open now; there is one at a time.
    Raises:
        GitError: the remote did not answer.
        ForgeError: the forge refused.
    """
    found, closed, notes = Reopened(), list[Proposal](), list[str]()
    for proposal in proposals:
        request = await forge.find(proposal.branch)
        if request is None:
            continue
        if request.state == "open" and other is None and found.proposal is None:
            named = _brought(proposal) | {rule_id(edit.rule.text, edit.rule.scope) for edit in proposal.edits}
            found = Reopened(
                proposal=replace(proposal, state=ProposalState.OPEN, pull_request=request),
                allowed=tuple(one for one in tombstones if one.rule_id in named),
            )
            notes.append(f"{proposal.branch} was opened again: its rules may stand again")
        elif request.state == "open":
            first = other or found.proposal
            notes.append(
                f"{proposal.branch} was opened again and stays declined while {first.branch if first else 'another'} "
                f"is open: decide about that one first, or let single rules come again by {_way(proposal)}"
            )
        elif request.review == BRANCH_DELETED and proposal.pull_request is not None:
            closed.append(proposal)
            notes.append(
                f"{proposal.branch} is called open and has no branch, so it stays declined: push the branch again "
                f"before you open it, or let its rules come again by {_way(proposal)}"
            )
    return replace(found, closed=tuple(closed), notes=tuple(notes))


def _way(proposal: Proposal) -> str:
    """The command that takes a decline back."""
    return f"`sidecar rules allow {next(iter(sorted(_brought(proposal))), 'ID')}`"
