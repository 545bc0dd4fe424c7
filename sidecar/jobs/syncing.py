"""Bring one project's proposals and its base into step.

First what people did: rules that stand on the base are merged, rules that are gone from it or were declined are
tombstones. Then what we owe: the open proposal is built from the present base and stands on its one branch, under its
one pull request. Everything is found or made by keys of the saved proposal, so ten runs, or a kill anywhere, end alike.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sidecar.agreement import JudgeStanding
from sidecar.domain import ProjectId, Proposal, ProposalState, PullRequest, Tombstone
from sidecar.errors import RulesFileError
from sidecar.forges.forge import Forge, Publication
from sidecar.git import PushResult
from sidecar.jobs.base_branch import LIVE, Base
from sidecar.jobs.sync_noticing import Noticed, noticed
from sidecar.jobs.teaching import with_caveats
from sidecar.proposals import (
    build_files,
    commit_message,
    content_hash,
    describe,
    live_edits,
    waiting_edits,
    with_redacted_quotes,
)
from sidecar.store import Store

_PUT_BACK = "people put it back"
_DECLINED = "Declined: none of its rules is proposed again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What one run did for one project."""

    project: ProjectId
    proposals: tuple[Proposal, ...]
    """Those it touched, as they stand now."""
    tombstones: tuple[Tombstone, ...]
    """New ones."""
    allowed: tuple[Tombstone, ...]
    """That people took back: the rule stands again, or its proposal was opened again."""
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
    seen = await noticed(store, base, forge, now_ns=now_ns)
    _save(store, seen, now_ns)
    for proposal in seen.settled:
        if proposal.state is ProposalState.CLOSED:
            await _close(forge, proposal)
    for sha, rules in base.rules_by_sha.items():
        store.add_rules_file(project, sha, rules)
    store.set_base_rules(project, base.commit, base.reading.standing)
    published: list[Proposal] = []
    notes = [*base.notes, *seen.notes]
    for proposal in store.proposals(project=project, states=LIVE):
        now, note = await _published(store, base, forge, with_caveats(proposal, stands), redact)
        published.append(now)
        notes += [note] if note else []
    return Synced(
        project=project,
        proposals=(*seen.settled, *published),
        tombstones=seen.tombstones,
        allowed=seen.allowed,
        notes=tuple(notes),
    )


def _save(store: Store, seen: Noticed, now_ns: int) -> None:
    """Keep what people decided, before anything outside is touched."""
    for tombstone in seen.tombstones:
        store.add_tombstone(tombstone)
    changed = [*seen.settled, *([] if seen.carried is None else [seen.carried])]
    if changed:
        # at once: what goes on in another proposal is in one of them at any time
        store.set_proposal(*changed)
    if seen.allowed:
        store.allow_rules(seen.allowed, because=_PUT_BACK, now_ns=now_ns)
    if seen.reopened is not None:
        # after its rules are allowed: else a killed run would leave an open proposal of none
        store.set_proposal(seen.reopened)


async def _close(forge: Forge, proposal: Proposal) -> None:
    """Closed already on the forge, unless it was declined by deleting its branch; or not there at all any more."""
    request = await forge.find(proposal.branch)
    if request is not None:
        await forge.close(request.number, reason=_DECLINED)


async def _published(
    store: Store, base: Base, forge: Forge, proposal: Proposal, redact: Callable[[str], str]
) -> tuple[Proposal, str | None]:
    """The proposal with its branch and its pull request in place; with a note when a person must act."""
    try:
        built = built_upon(base, proposal, store.tombstones(proposal.project))
    except RulesFileError as exc:
        return proposal, waiting_note(proposal, exc)
    if built is None:
        return await _superseded(store, forge, proposal)
    wanted, changes = built
    store.set_proposal(wanted)
    published = await forge.publish(
        Publication(
            branch=wanted.branch,
            base_commit=wanted.base_commit,
            files=changes,
            message=commit_message(_without_standing(base, wanted)),
            at_ns=wanted.created_ns,
        )
    )
    is_frozen = published.result is PushResult.FROZEN
    if not is_frozen:
        # before the pull request: what can be seen there may be declined there
        wanted = replace(wanted, published=tuple(edit.rule.rule_id for edit in wanted.edits))
        store.set_proposal(wanted)
    reached = base.first_targets & changes.keys()
    shown = _without_secrets(_without_standing(base, wanted), redact)
    text = describe(
        shown,
        refusals=store.refusals(wanted.project),
        first_targets=reached,
        notes=base.notes,
        standing=base.reading.standing,
    )
    request = await forge.open(wanted.branch, text)
    if not is_frozen:
        request = await forge.update(request.number, text)
    opened = replace(wanted, state=ProposalState.OPEN, pull_request=request)
    store.set_proposal(opened)
    return opened, _frozen_note(opened, request) if is_frozen else None


def built_upon(
    base: Base, proposal: Proposal, tombstones: Sequence[Tombstone]
) -> tuple[Proposal, Mapping[str, bytes | None]] | None:
    """The proposal as it should stand upon the base, and the files it writes; None where no rule of it may stand.

    Raises:
        RulesFileError: its rules have no room in a file, or the file is broken.
    """
    buried = {tombstone.rule_id for tombstone in tombstones}
    alive = [edit for edit in live_edits(base.contents, proposal.edits) if edit.rule.rule_id not in buried]
    if not alive:
        return None
    changes = build_files(
        base.contents,
        alive,
        targets=base.targets,
        tombstones=_due(tombstones, base),
        first_targets=base.first_targets,
    )
    return _built_on(base, replace(proposal, edits=tuple(alive)), content_hash(changes)), changes


def _built_on(base: Base, proposal: Proposal, written: str) -> Proposal:
    """The proposal upon the present base, where that makes a difference to what is merged."""
    if written == proposal.content_hash and proposal.base_commit not in base.left_behind:
        return proposal
    return replace(proposal, base_commit=base.commit, content_hash=written)


def _due(tombstones: Sequence[Tombstone], base: Base) -> list[Tombstone]:
    """Those that the ledger may be told: a person who put a rule back has the last word."""
    standing = {rule.rule_id for rule in base.reading.standing}
    return [tombstone for tombstone in tombstones if tombstone.rule_id not in standing]


def _without_standing(base: Base, proposal: Proposal) -> Proposal:
    """The proposal without the rules that stand already, for whoever reads what it would bring."""
    return replace(proposal, edits=waiting_edits(proposal, base.reading.standing) or proposal.edits)


def _without_secrets(proposal: Proposal, redact: Callable[[str], str]) -> Proposal:
    """The proposal as it may leave the store."""
    return replace(proposal, edits=tuple(with_redacted_quotes(edit, redact) for edit in proposal.edits))


async def _superseded(store: Store, forge: Forge, proposal: Proposal) -> tuple[Proposal, str | None]:
    request = await forge.find(proposal.branch)
    if request is not None:
        request = await forge.close(request.number, reason="None of its rules may stand any more; see the ledger.")
    ended = replace(proposal, state=ProposalState.SUPERSEDED, pull_request=request)
    store.set_proposal(ended)
    return ended, None


def waiting_note(proposal: Proposal, fault: RulesFileError) -> str:
    """That a proposal cannot be built now, and why."""
    return f"proposal {proposal.proposal_id} waits: {fault}"


def _frozen_note(proposal: Proposal, request: PullRequest) -> str:
    return (
        f"{proposal.branch} holds a commit of somebody else: it is theirs now and will not be rewritten; "
        f"merge or close {request.url}"
    )
