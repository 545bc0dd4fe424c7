"""What people decided since the last sync: merged, closed, branch deleted, rule deleted, and any of it undone.

Nothing is written here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sidecar.domain import ProjectId, Proposal, ProposalState, PullRequest, Rule, RuleEdit, RuleId, Tombstone
from sidecar.forges.forge import BRANCH_DELETED, Forge
from sidecar.jobs.base_branch import LIVE, Base
from sidecar.jobs.drafting import fresh_proposal
from sidecar.jobs.sync_undoing import reopened, turned
from sidecar.proposals import declined_tombstones, deletion_tombstones, merged_edits
from sidecar.store import Store

_UNKNOWN = PullRequest(number=0, url="", state="open")
"""Stands for the pull request of a branch that was published and never got one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """What people decided."""

    settled: tuple[Proposal, ...]
    """Proposals that are decided, in their new state."""
    tombstones: tuple[Tombstone, ...]
    """New ones."""
    carried: Proposal | None = None
    """Edits of settled proposals that nobody was shown, in a proposal of their own; None where there are none."""
    allowed: tuple[Tombstone, ...] = ()
    """Tombstones that people took back: the rule stands again, or its proposal was opened again."""
    reopened: Proposal | None = None
    """A proposal that was closed and is open again; None where there is none."""
    notes: tuple[str, ...] = ()
    """What a person should know, one sentence each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decided:
    """What became of one proposal."""

    proposal: Proposal
    declined: tuple[Tombstone, ...] = ()
    unseen: tuple[RuleEdit, ...] = ()
    """Its edits that nobody was shown, and that are not decided with it."""


async def noticed(store: Store, base: Base, forge: Forge, *, now_ns: int) -> Noticed:
    """What people decided since the last run; nothing is written.

    Raises:
        GitError: the remote did not answer.
        ForgeError: the forge refused.
    """
    project = base.project
    previous = store.base_rules(project)
    stood = previous[1] if previous else []
    standing = {rule.rule_id for rule in base.reading.standing}
    stones = store.tombstones(project)
    back = [tombstone for tombstone in stones if tombstone.rule_id in standing]
    known = {tombstone.rule_id for tombstone in stones if tombstone not in back}
    buried = [*deletion_tombstones(project, base.reading, at_ns=now_ns)]
    gone = known | {tombstone.rule_id for tombstone in buried}
    settled: list[Proposal] = []
    unseen: list[RuleEdit] = []
    waiting: list[Proposal] = []
    for proposal in store.proposals(project=project, states=LIVE):
        decided = await _decided(proposal, base, forge, stood=stood, buried=gone, now_ns=now_ns)
        buried += decided.declined
        if decided.proposal.state is not proposal.state:
            settled.append(decided.proposal)
            unseen += decided.unseen
        else:
            waiting.append(proposal)
    settled += turned(store, base, {tombstone.rule_id for tombstone in back}, settled)
    fresh = tuple(tombstone for tombstone in _signed(store, project, buried) if tombstone.rule_id not in known)
    carried = _carried(store, base, unseen, now_ns)
    again = await reopened(_closed_before(store, project, settled), stones, forge, other=next(iter(waiting), carried))
    return Noticed(
        settled=(*settled, *again.closed),
        tombstones=fresh,
        carried=carried,
        allowed=(*back, *again.allowed),
        reopened=again.proposal,
        notes=again.notes,
    )


def _closed_before(store: Store, project: ProjectId, settled: Sequence[Proposal]) -> list[Proposal]:
    """Closed proposals, without those of which this run has noticed something else."""
    noticed_now = {one.proposal_id for one in settled}
    closed = store.proposals(project=project, states=(ProposalState.CLOSED,))
    return [one for one in closed if one.proposal_id not in noticed_now]


async def _decided(
    proposal: Proposal, base: Base, forge: Forge, *, stood: Sequence[Rule], buried: Collection[RuleId], now_ns: int
) -> _Decided:
    """The proposal after what people did to it, the rules they declined with it, and what they never saw of it."""
    request = await forge.find(proposal.branch)
    if request is None and proposal.branch in base.gone_branches:
        # what stood beside the remote went with the branch
        request = replace(proposal.pull_request or _UNKNOWN, state="closed", review=BRANCH_DELETED)
    seen = replace(proposal, pull_request=request) if request is not None else proposal
    merged = merged_edits(proposal, base.reading, previous=stood)
    rest = [edit for edit in proposal.edits if edit not in merged and edit.rule.rule_id not in buried]
    # edits that nobody was shown are not decided with those that were
    unseen = tuple(edit for edit in rest if edit.rule.rule_id not in proposal.published)
    shown = [edit for edit in rest if edit not in unseen]
    kept = tuple(edit for edit in proposal.edits if edit not in unseen)
    if merged and not shown and (proposal.published or not unseen):
        ended = replace(seen, state=ProposalState.MERGED, pull_request=_taken(seen.pull_request), edits=kept)
        return _Decided(proposal=ended, unseen=unseen)
    if request is None or request.state == "open":
        return _Decided(proposal=proposal)
    # a part of it stands on the base: the rest was declined, and that part is what was merged
    stones = declined_tombstones(replace(seen, edits=tuple(shown)), base.reading, at_ns=now_ns)
    state = ProposalState.MERGED if merged else ProposalState.CLOSED
    return _Decided(proposal=replace(seen, state=state, edits=kept), declined=stones, unseen=unseen)


def _carried(store: Store, base: Base, unseen: Sequence[RuleEdit], now_ns: int) -> Proposal | None:
    """What goes on in a proposal of its own."""
    taken = {one.proposal_id for one in store.proposals(project=base.project)}
    return fresh_proposal(base, taken, unseen, now_ns=now_ns) if unseen else None


def _taken(request: PullRequest | None) -> PullRequest | None:
    """The pull request of what was merged: that its branch was deleted afterwards says nothing against it."""
    if request is None or request.review != BRANCH_DELETED:
        return request
    return replace(request, state="merged", review=None)


def _signed(store: Store, project: ProjectId, tombstones: Sequence[Tombstone]) -> list[Tombstone]:
    """Tombstones with the signature of the cluster their rule rests on, so that other words for it stay out too."""
    signatures = {
        edit.rule.rule_id: edit.signature for proposal in store.proposals(project=project) for edit in proposal.edits
    }
    return [replace(one, signature=one.signature or signatures.get(one.rule_id)) for one in tombstones]
