"""Bring one project's proposals and its base into step.

First what people did: rules that stand on the base are merged, rules that are gone from it or were declined are
tombstones. Then what we owe: the open proposal is built from the present base and stands on its one branch, under its
one pull request. Everything is found or made by keys of the saved proposal, so ten runs, or a kill anywhere, end alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sidecar.domain import ProjectId, Proposal, ProposalState, PullRequest, Rule, Tombstone
from sidecar.errors import RulesFileError
from sidecar.forges.forge import Forge, Publication
from sidecar.git import PushResult
from sidecar.jobs.base_branch import Base
from sidecar.jobs.drafting import LIVE
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


async def sync(store: Store, base: Base, forge: Forge, *, now_ns: int) -> Synced:
    """Notice what people decided, then publish what is open.

    Raises:
        GitError: the remote refused or did not answer.
        ForgeError: the forge refused.
    """
    project = base.project
    previous = store.base_rules(project)
    stood = previous[1] if previous else []
    buried = [*deletion_tombstones(project, base.reading, at_ns=now_ns)]
    settled: list[Proposal] = []
    for proposal in store.proposals(project=project, states=LIVE):
        decided, stones = await _decided(proposal, base, forge, stood=stood, now_ns=now_ns)
        buried += stones
        if decided.state is not proposal.state:
            settled.append(decided)
    settled += _reverted(store, base)
    known = {tombstone.rule_id for tombstone in store.tombstones(project)}
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
        now, note = await _published(store, base, forge, proposal)
        published.append(now)
        notes += [note] if note else []
    return Synced(project=project, proposals=(*settled, *published), tombstones=fresh, notes=tuple(notes))


async def _decided(
    proposal: Proposal, base: Base, forge: Forge, *, stood: Sequence[Rule], now_ns: int
) -> tuple[Proposal, tuple[Tombstone, ...]]:
    """The proposal after what people did to it, and the rules they declined with it."""
    request = await forge.find(proposal.branch)
    seen = replace(proposal, pull_request=request) if request is not None else proposal
    merged = merged_edits(proposal, base.reading, previous=stood)
    if len(merged) == len(proposal.edits):
        return replace(seen, state=ProposalState.MERGED), ()
    if request is None or request.state == "open":
        return proposal, ()
    # a part of it stands on the base: the rest was declined, and that part is what was merged
    rest = replace(seen, edits=tuple(edit for edit in proposal.edits if edit not in merged))
    stones = declined_tombstones(rest, at_ns=now_ns)
    state = ProposalState.MERGED if merged else ProposalState.CLOSED
    return replace(seen, state=state), stones


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


async def _published(store: Store, base: Base, forge: Forge, proposal: Proposal) -> tuple[Proposal, str | None]:
    """The proposal with its branch and its pull request in place; with a note when a person must act."""
    buried = {tombstone.rule_id for tombstone in store.tombstones(proposal.project)}
    alive = [edit for edit in live_edits(base.contents, proposal.edits) if edit.rule.rule_id not in buried]
    if not alive:
        return await _superseded(store, forge, proposal)
    wanted = replace(proposal, edits=tuple(alive))
    try:
        changes = build_files(base.contents, alive, targets=base.targets, tombstones=store.tombstones(proposal.project))
    except RulesFileError as exc:
        return proposal, f"proposal {proposal.proposal_id} waits: {exc}"
    written = content_hash(changes)
    if written != proposal.content_hash:
        wanted = replace(wanted, base_commit=base.commit, content_hash=written)
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
    text = describe(wanted, refusals=store.refusals(wanted.project))
    request = await forge.open(wanted.branch, text)
    if published.result is not PushResult.FROZEN:
        request = await forge.update(request.number, text)
    opened = replace(wanted, state=ProposalState.OPEN, pull_request=request)
    store.set_proposal(opened)
    return opened, _frozen_note(opened, request) if published.result is PushResult.FROZEN else None


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
