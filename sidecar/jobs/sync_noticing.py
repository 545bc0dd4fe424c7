"""What people decided since the last sync: merged, closed, branch deleted, rule deleted. Nothing is written here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sidecar.domain import ProjectId, Proposal, ProposalState, PullRequest, Rule, RuleId, Tombstone
from sidecar.forges.forge import BRANCH_DELETED, Forge
from sidecar.jobs.base_branch import LIVE, Base
from sidecar.proposals import declined_tombstones, deletion_tombstones, merged_edits
from sidecar.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """What people decided."""

    settled: tuple[Proposal, ...]
    """Proposals that are decided, in their new state."""
    tombstones: tuple[Tombstone, ...]
    """New ones."""


async def noticed(store: Store, base: Base, forge: Forge, *, now_ns: int) -> Noticed:
    """What people decided since the last run; nothing is written.

    Raises:
        GitError: the remote did not answer.
        ForgeError: the forge refused.
    """
    project = base.project
    previous = store.base_rules(project)
    stood = previous[1] if previous else []
    known = {tombstone.rule_id for tombstone in store.tombstones(project)}
    buried = [*deletion_tombstones(project, base.reading, at_ns=now_ns)]
    gone = known | {tombstone.rule_id for tombstone in buried}
    settled: list[Proposal] = []
    for proposal in store.proposals(project=project, states=LIVE):
        decided, stones = await _decided(proposal, base, forge, stood=stood, buried=gone, now_ns=now_ns)
        buried += stones
        if decided.state is not proposal.state:
            settled.append(decided)
    settled += _reverted(store, base)
    fresh = tuple(tombstone for tombstone in _signed(store, project, buried) if tombstone.rule_id not in known)
    return Noticed(settled=tuple(settled), tombstones=fresh)


async def _decided(
    proposal: Proposal, base: Base, forge: Forge, *, stood: Sequence[Rule], buried: Collection[RuleId], now_ns: int
) -> tuple[Proposal, tuple[Tombstone, ...]]:
    """The proposal after what people did to it, and the rules they declined with it."""
    request = await forge.find(proposal.branch)
    seen = replace(proposal, pull_request=request) if request is not None else proposal
    merged = merged_edits(proposal, base.reading, previous=stood)
    rest = [edit for edit in proposal.edits if edit not in merged and edit.rule.rule_id not in buried]
    if merged and not rest:
        return replace(seen, state=ProposalState.MERGED, pull_request=_taken(seen.pull_request)), ()
    if request is None or request.state == "open":
        return proposal, ()
    # a part of it stands on the base: the rest was declined, and that part is what was merged
    declined = tuple(edit for edit in rest if edit.rule.rule_id in proposal.published)
    stones = declined_tombstones(replace(seen, edits=declined), at_ns=now_ns)
    state = ProposalState.MERGED if merged else ProposalState.CLOSED
    # edits that nobody was shown are not decided with it; the next draft finds them again
    unseen = [edit for edit in rest if edit not in declined]
    return replace(seen, state=state, edits=tuple(edit for edit in proposal.edits if edit not in unseen)), stones


def _taken(request: PullRequest | None) -> PullRequest | None:
    """The pull request of what was merged: that its branch was deleted afterwards says nothing against it."""
    if request is None or request.review != BRANCH_DELETED:
        return request
    return replace(request, state="merged", review=None)


def _reverted(store: Store, base: Base) -> list[Proposal]:
    """Merged proposals of whose rules none stands any more."""
    standing = {rule.rule_id for rule in base.reading.standing}
    return [
        replace(proposal, state=ProposalState.REVERTED)
        for proposal in store.proposals(project=base.project, states=(ProposalState.MERGED,))
        if not standing & {edit.rule.rule_id for edit in proposal.edits}
    ]


def _signed(store: Store, project: ProjectId, tombstones: Sequence[Tombstone]) -> list[Tombstone]:
    """Tombstones with the signature of the cluster their rule rests on, so that other words for it stay out too."""
    signatures = {
        edit.rule.rule_id: edit.signature for proposal in store.proposals(project=project) for edit in proposal.edits
    }
    return [replace(one, signature=one.signature or signatures.get(one.rule_id)) for one in tombstones]
