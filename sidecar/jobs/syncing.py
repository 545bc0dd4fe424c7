"""Bring one project's proposals and its base into step.

First what people did: rules that stand on the base are merged, rules that are gone from it or were declined are
tombstones. Then what we owe: the open proposal is built from the present base and stands on its one branch, under its
one pull request. Everything is found or made by keys of the saved proposal, so ten runs, or a kill anywhere, end alike.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from sidecar.agreement import JudgeStanding
from sidecar.domain import ProjectId, Proposal, ProposalState, PullRequest, Rule, RuleId, Tombstone
from sidecar.errors import RulesFileError
from sidecar.forges.forge import Forge, Publication
from sidecar.git import PushResult
from sidecar.jobs.base_branch import LIVE, Base
from sidecar.jobs.teaching import with_caveats
from sidecar.proposals import (
    build_files,
    commit_message,
    content_hash,
    declined_tombstones,
    deletion_tombstones,
    describe,
    live_edits,
    merged_edits,
)
from sidecar.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What one run did for one project."""

    project: ProjectId
    proposals: tuple[Proposal, ...]
    """Those it touched, as they stand now."""
    tombstones: tuple[Tombstone, ...]
    """New ones."""
    notes: tuple[str, ...]
    """What a person should know, one sentence each."""


async def sync(
    store: Store,
    base: Base,
    forge: Forge,
    *,
    now_ns: int,
    redact: Callable[[str], str],
    stands: JudgeStanding | None = None,
) -> Synced:
    """Notice what people decided, then publish what is open.

    Args:
        stands: How far the judge that asks a model is to be believed now; None where none is configured.
    Raises:
        GitError: the remote refused or did not answer.
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
    for tombstone in fresh:
        store.add_tombstone(tombstone)
    for proposal in settled:
        store.set_proposal(proposal)
    for sha, rules in base.rules_by_sha.items():
        store.add_rules_file(project, sha, rules)
    store.set_base_rules(project, base.commit, base.reading.standing)
    published: list[Proposal] = []
    notes: list[str] = []
    for proposal in store.proposals(project=project, states=LIVE):
        now, note = await _published(store, base, forge, with_caveats(proposal, stands), redact)
        published.append(now)
        notes += [note] if note else []
    return Synced(project=project, proposals=(*settled, *published), tombstones=fresh, notes=tuple(notes))


async def _decided(
    proposal: Proposal, base: Base, forge: Forge, *, stood: Sequence[Rule], buried: Collection[RuleId], now_ns: int
) -> tuple[Proposal, tuple[Tombstone, ...]]:
    """The proposal after what people did to it, and the rules they declined with it."""
    request = await forge.find(proposal.branch)
    seen = replace(proposal, pull_request=request) if request is not None else proposal
    merged = merged_edits(proposal, base.reading, previous=stood)
    rest = [edit for edit in proposal.edits if edit not in merged and edit.rule.rule_id not in buried]
    if merged and not rest:
        return replace(seen, state=ProposalState.MERGED), ()
    if request is None or request.state == "open":
        return proposal, ()
    # a part of it stands on the base: the rest was declined, and that part is what was merged
    declined = tuple(edit for edit in rest if edit.rule.rule_id in proposal.published)
    stones = declined_tombstones(replace(seen, edits=declined), at_ns=now_ns)
    state = ProposalState.MERGED if merged else ProposalState.CLOSED
    # edits that nobody was shown are not decided with it; the next draft finds them again
    unseen = [edit for edit in rest if edit not in declined]
    return replace(seen, state=state, edits=tuple(edit for edit in proposal.edits if edit not in unseen)), stones


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


async def _published(
    store: Store, base: Base, forge: Forge, proposal: Proposal, redact: Callable[[str], str]
) -> tuple[Proposal, str | None]:
    """The proposal with its branch and its pull request in place; with a note when a person must act."""
    tombstones = store.tombstones(proposal.project)
    buried = {tombstone.rule_id for tombstone in tombstones}
    alive = [edit for edit in live_edits(base.contents, proposal.edits) if edit.rule.rule_id not in buried]
    if not alive:
        return await _superseded(store, forge, proposal)
    try:
        changes = build_files(
            base.contents,
            alive,
            targets=base.targets,
            tombstones=_due(tombstones, base),
            first_targets=base.first_targets,
        )
    except RulesFileError as exc:
        return proposal, f"proposal {proposal.proposal_id} waits: {exc}"
    wanted = _built_on(base, replace(proposal, edits=tuple(alive)), content_hash(changes))
    store.set_proposal(wanted)
    published = await forge.publish(
        Publication(
            branch=wanted.branch,
            base_commit=wanted.base_commit,
            files=changes,
            message=commit_message(wanted),
            at_ns=wanted.created_ns,
        )
    )
    is_frozen = published.result is PushResult.FROZEN
    if not is_frozen:
        # before the pull request: what can be seen there may be declined there
        wanted = replace(wanted, published=tuple(edit.rule.rule_id for edit in wanted.edits))
        store.set_proposal(wanted)
    reached = base.first_targets & changes.keys()
    shown = _without_secrets(wanted, redact)
    text = describe(shown, refusals=store.refusals(wanted.project), first_targets=reached, notes=base.notes)
    request = await forge.open(wanted.branch, text)
    if not is_frozen:
        request = await forge.update(request.number, text)
    opened = replace(wanted, state=ProposalState.OPEN, pull_request=request)
    store.set_proposal(opened)
    return opened, _frozen_note(opened, request) if is_frozen else None


def _built_on(base: Base, proposal: Proposal, written: str) -> Proposal:
    """The proposal upon the present base, where that makes a difference to what is merged."""
    if written == proposal.content_hash and proposal.base_commit not in base.left_behind:
        return proposal
    return replace(proposal, base_commit=base.commit, content_hash=written)


def _due(tombstones: Sequence[Tombstone], base: Base) -> list[Tombstone]:
    """Those that the ledger may be told: a person who put a rule back has the last word."""
    standing = {rule.rule_id for rule in base.reading.standing}
    return [tombstone for tombstone in tombstones if tombstone.rule_id not in standing]


def _without_secrets(proposal: Proposal, redact: Callable[[str], str]) -> Proposal:
    """The proposal as it may leave the store: quotes were redacted when they came, by the rules of that day."""
    edits = tuple(replace(edit, quotes=tuple(redact(quote) for quote in edit.quotes)) for edit in proposal.edits)
    return replace(proposal, edits=edits)


async def _superseded(store: Store, forge: Forge, proposal: Proposal) -> tuple[Proposal, str | None]:
    request = await forge.find(proposal.branch)
    if request is not None:
        request = await forge.close(request.number, reason="None of its rules may stand any more; see the ledger.")
    ended = replace(proposal, state=ProposalState.SUPERSEDED, pull_request=request)
    store.set_proposal(ended)
    return ended, None


def _frozen_note(proposal: Proposal, request: PullRequest) -> str:
    return (
        f"{proposal.branch} holds a commit of somebody else: it is theirs now and will not be rewritten; "
        f"merge or close {request.url}"
    )
