"""Draft rules for one project: what enough tasks teach, passed by audit and gate, saved as a Proposal.

A draft is decided first and saved in the end. Nothing outside the store is written; `syncing` brings the saved proposal
to the forge. A run that finds nothing to propose says why, lesson by lesson, which is a normal result and is kept.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from judges.judge import Judge
from sidecar.agreement import JudgeStanding
from sidecar.clusters import clusters, marked_by_person
from sidecar.config import LearnConfig
from sidecar.domain import (
    WHOLE_PROJECT,
    Cluster,
    Decision,
    Label,
    NoRuleReason,
    ProjectId,
    Proposal,
    ProposalId,
    ProposalState,
    Refusal,
    RuleEdit,
)
from sidecar.jobs.asking import Asked
from sidecar.jobs.base_branch import LIVE, Base
from sidecar.jobs.contradicting import held_against
from sidecar.jobs.drafting_edits import Ground, make_edits
from sidecar.jobs.drafting_known import Known, known_rules
from sidecar.jobs.drafting_triage import triage
from sidecar.jobs.quoting import with_places
from sidecar.proposals import build_files, content_hash, counted, proposal_id
from sidecar.store import Store

__all__ = ["LIVE", "Drafted", "Terms", "draft", "rolling_proposal", "save_draft", "taught_lessons", "with_floor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """What one run decided for one project."""

    project: ProjectId
    proposal: Proposal | None
    """With its new edits; None when nothing was added."""
    found: tuple[Cluster, ...]
    """Every lesson that enough tasks teach."""
    refusals: tuple[Refusal, ...]
    passed_over: tuple[str, ...]
    """Why a lesson led to no edit, one sentence each."""
    decisions: tuple[Decision, ...] = ()
    """One per lesson, and one about the project where there is nothing to decide about."""
    standing: JudgeStanding | None = None
    """How far the judge that asks a model is to be believed; None where no model was asked."""
    notes: tuple[str, ...] = ()
    """What keeps an agent from our rules in this repository, one sentence each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What one run may propose."""

    min_tasks: int
    """Distinct tasks that a lesson needs."""
    max_edits: int
    """Retirements included."""
    retired: tuple[RuleEdit, ...] = ()
    """Of rules that evidence takes out in the same run: no lesson changes those."""

    @property
    def room(self) -> int:
        """Edits that lessons may lead to; one at least, so that retirements hold up no lesson for ever."""
        return max(1, self.max_edits - len(self.retired))


def taught_lessons(store: Store, base: Base, judge: Judge, settings: LearnConfig) -> list[Cluster]:
    """What enough tasks of a project teach, by one judge's verdicts; marked where one of several people teaches it."""
    supports = store.lesson_supports(base.team, base.project, judge.name, judge.version)
    found = clusters(base.project, supports, min_tasks=settings.min_tasks)
    envelopes = store.sessions(base.team, project=base.project)
    found = held_against(found, store, [one.session.key for one in envelopes if one.decision.label is Label.PASS])
    if settings.min_tasks == 1:
        return found  # who lets one task teach lets one person teach
    # of any age: many new sessions of one person must not make them the only one
    return marked_by_person(found, store.attended_persons(base.team, base.project, most=2))


def draft(
    store: Store,
    base: Base,
    found: Sequence[Cluster],
    terms: Terms,
    *,
    now_ns: int,
    asked: Asked | None = None,
) -> Drafted:
    """Decide which rules to propose to a project; nothing is saved.

    Args:
        found: What `taught_lessons` gives.
        asked: How a model words the lessons that no template can; None where none was asked.
    """
    known = known_rules(store, base)
    plan = triage(found, known, store.decisions.of(base.project))
    ground = Ground(base=base, found=found, known=known, max_edits=terms.room, retired=terms.retired, now_ns=now_ns)
    asked = asked or Asked()
    made = make_edits(ground, plan, asked)
    made.edits = [_marked(edit, asked.caveats) for edit in with_places(store, base.team, made.edits)]
    proposal = rolling_proposal(base, known, made.edits, now_ns) if made.edits else None
    decisions = tuple(made.decisions) or (_too_little(base.project, terms.min_tasks, now_ns),)
    return Drafted(
        project=base.project,
        proposal=proposal,
        found=tuple(found),
        refusals=tuple(made.refusals),
        passed_over=tuple(made.passed_over),
        decisions=decisions,
        notes=base.notes,
    )


def _marked(edit: RuleEdit, caveats: Mapping[str, str | None]) -> RuleEdit:
    """The edit with whether it rests on a judge that asks a model, and how far that one is to be believed."""
    lesson = edit.signature or ""
    return replace(edit, caveat=caveats.get(lesson), is_of_model=lesson in caveats)


def save_draft(store: Store, base: Base, drafted: Drafted, *, now_ns: int) -> None:
    """Save what was decided; safe to run twice and to stop anywhere."""
    for refusal in drafted.refusals:
        store.add_refusal(refusal)
    if drafted.proposal is not None:
        store.set_proposal(drafted.proposal)
    # after the proposal: a decision must not name rules that were never saved
    store.decisions.set(base.project, drafted.decisions, now_ns=now_ns)
    store.decisions.set_in_force(base.project, base.reading.standing, now_ns=now_ns)


def with_floor(drafted: Drafted, sentence: str, *, now_ns: int) -> Drafted:
    """What was drafted, with the decision that nothing is drafted from a judge because of its floor.

    Args:
        sentence: Of the judge's standing.
    """
    decision = Decision(
        project=drafted.project,
        cluster_id=WHOLE_PROJECT,
        reason=NoRuleReason.JUDGE_BELOW_FLOOR,
        detail=f"none, because {sentence}",
        at_ns=now_ns,
    )
    others = tuple(one for one in drafted.decisions if one.cluster_id != WHOLE_PROJECT)
    return replace(drafted, decisions=(*others, decision))


def _too_little(project: ProjectId, min_tasks: int, now_ns: int) -> Decision:
    return Decision(
        project=project,
        cluster_id=WHOLE_PROJECT,
        reason=NoRuleReason.TOO_LITTLE_EVIDENCE,
        detail=f"no lesson is taught by {counted(min_tasks, 'distinct task')} yet",
        at_ns=now_ns,
    )


def rolling_proposal(base: Base, known: Known, edits: Sequence[RuleEdit], now_ns: int) -> Proposal:
    """The project's one rolling proposal with the new edits; a new one when none is open."""
    if known.live is not None:
        return replace(known.live, edits=(*known.live.edits, *edits))
    changes = build_files(base.contents, edits, targets=base.targets)
    return replace(fresh_proposal(base, known.ids, edits, now_ns=now_ns), content_hash=content_hash(changes))


def fresh_proposal(base: Base, taken: Collection[ProposalId], edits: Sequence[RuleEdit], *, now_ns: int) -> Proposal:
    """A new proposal of edits that is not built yet, so that its content hash is empty.

    Args:
        taken: Ids of every proposal there was.
    """
    return Proposal(
        proposal_id=_fresh_id(base, taken, edits),
        project=base.project,
        state=ProposalState.DRAFTED,
        base_commit=base.commit,
        edits=tuple(edits),
        content_hash="",
        created_ns=now_ns,
    )


def _fresh_id(base: Base, taken: Collection[ProposalId], edits: Sequence[RuleEdit]) -> ProposalId:
    """An id that no earlier proposal had: one that was reverted keeps its branch, its words and its answer."""
    names = (base.commit if turn == 0 else f"{base.commit}#{turn}" for turn in count())
    return next(found for name in names if (found := proposal_id(base.project, name, edits)) not in taken)
