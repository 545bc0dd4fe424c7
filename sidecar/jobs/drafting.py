"""Draft rules for one project: what enough tasks teach, worded by template, passed by the gate, saved as a Proposal.

Nothing outside the store is written; `syncing` brings the saved proposal to the forge. A run that finds nothing to
propose says why, which is a normal result.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, zip_longest

from judges.judge import Judge
from sidecar.clusters import attested_commands, clusters
from sidecar.config import LearnConfig
from sidecar.domain import (
    Cluster,
    EditOperation,
    ProjectId,
    Proposal,
    ProposalId,
    ProposalState,
    Refusal,
    Rule,
    RuleDraft,
    RuleEdit,
    RuleId,
)
from sidecar.gate import GateContext, check
from sidecar.jobs.asking import Asked
from sidecar.jobs.base_branch import LIVE, Base
from sidecar.proposals import DELETED, build_files, content_hash, proposal_id
from sidecar.rules import rule_id
from sidecar.store import Store
from sidecar.writer import draft_rule

MAX_QUOTES = 3


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What must not be proposed again."""

    live: Proposal | None
    standing: Mapping[RuleId, str]
    """Rule id to text of what stands on the base."""
    signatures: Mapping[str, str]
    """Cluster signature to why it is out: standing, proposed, or declined."""
    buried: Mapping[RuleId, str]
    """Rule id to the reason of its tombstone."""
    buried_texts: frozenset[str]
    ids: frozenset[ProposalId]
    """Of every proposal there was."""


def taught_lessons(store: Store, base: Base, judge: Judge, settings: LearnConfig) -> list[Cluster]:
    """What enough tasks of a project teach, by one judge's verdicts."""
    supports = store.lesson_supports(base.team, base.project, judge.name, judge.version)
    return clusters(base.project, supports, min_tasks=settings.min_tasks)


def draft(
    store: Store,
    base: Base,
    found: Sequence[Cluster],
    settings: LearnConfig,
    *,
    now_ns: int,
    asked: Asked | None = None,
    is_dry_run: bool = False,
) -> Drafted:
    """Decide which rules to propose to a project and save them; safe to run twice and to stop anywhere.

    Args:
        found: What `taught_lessons` gives.
        asked: How a model words the lessons that no template can; None where none was asked.
        is_dry_run: Decide and report, save nothing.
    """
    known = _known(store, base)
    edits, refusals, passed_over = _edits(base, found, known, asked or Asked(), settings, now_ns)
    proposal = _proposal(base, known, edits, now_ns) if edits else None
    if not is_dry_run:
        for refusal in refusals:
            store.add_refusal(refusal)
        if proposal is not None:
            store.set_proposal(proposal)
    return Drafted(
        project=base.project,
        proposal=proposal,
        found=tuple(found),
        refusals=tuple(refusals),
        passed_over=tuple(passed_over),
    )


def _known(store: Store, base: Base) -> _Known:
    proposals = store.proposals(project=base.project)
    tombstones = store.tombstones(base.project)
    standing = {rule.rule_id: rule.text for rule in base.reading.standing}
    signatures: dict[str, str] = {}
    for proposal in proposals:
        for edit in proposal.edits:
            if edit.signature is not None and edit.rule.rule_id in standing:
                signatures[edit.signature] = "a rule of the base says it"
            elif edit.signature is not None and proposal.state in LIVE:
                signatures[edit.signature] = "an open proposal says it"
    signatures |= {one.signature: f"declined: {one.reason}" for one in tombstones if one.signature is not None}
    in_ledger = {rule_id: entry.tombstone for rule_id, entry in base.ledger.items() if entry.tombstone is not None}
    # taken out since the last sync, or before this store knew the repository
    deleted = {rule.rule_id: rule.text for rule in base.reading.deleted}
    texts = [one.text for one in tombstones] + [base.ledger[rule_id].rule.text for rule_id in in_ledger]
    return _Known(
        live=next((proposal for proposal in proposals if proposal.state in LIVE), None),
        standing=standing,
        signatures=signatures,
        buried=dict.fromkeys(deleted, DELETED) | in_ledger | {one.rule_id: one.reason for one in tombstones},
        buried_texts=frozenset([*texts, *deleted.values()]),
        ids=frozenset(proposal.proposal_id for proposal in proposals),
    )


@dataclass(slots=True)
class _Decisions:
    """What one run comes to while it goes through the lessons."""

    edits: list[RuleEdit] = field(default_factory=list[RuleEdit])
    refusals: list[Refusal] = field(default_factory=list[Refusal])
    passed_over: list[str] = field(default_factory=list[str])


def _edits(
    base: Base, found: Sequence[Cluster], known: _Known, asked: Asked, settings: LearnConfig, now_ns: int
) -> tuple[list[RuleEdit], list[Refusal], list[str]]:
    made = _Decisions()
    proposed = [edit.rule.text for edit in known.live.edits] if known.live else []
    for cluster in found:
        for edit in _suggested(cluster, known, asked, made):
            if len(made.edits) == settings.max_edits:
                left = f"left for the next run, which may propose {settings.max_edits} more"
                made.passed_over.append(f"{edit.rule.text}: {left}")
                continue
            active = (*known.standing.values(), *proposed, *(one.rule.text for one in made.edits))
            reasons = _refused_because(edit, _gate_context(base, found, cluster, active, known))
            if reasons:
                refusal = Refusal(project=base.project, text=edit.rule.text, reasons=reasons, at_ns=now_ns)
                made.refusals.append(refusal)
            else:
                made.edits.append(edit)
    return made.edits, made.refusals, made.passed_over


def _suggested(cluster: Cluster, known: _Known, asked: Asked, made: _Decisions) -> list[RuleEdit]:
    """The edits a cluster suggests, by template or by a model; what it does not is said in `passed_over`."""
    draft = asked.drafts.get(cluster.cluster_id)
    if draft is None:
        drafted = draft_rule(cluster)
        reason = _reason_against(cluster, drafted, known)
        if drafted is not None and reason is None:
            return [_edit(cluster, drafted)]
        made.passed_over.append(f"{cluster.failure_class.value}: {asked.reasons.get(cluster.cluster_id) or reason}")
        return []
    notes = [*draft.dropped, *([f"none, because {draft.none_because}"] if draft.none_because else [])]
    notes += [f"the model's answer is of no use: {draft.problem.value}"] if draft.problem else []
    known_already = [(edit, _reason_against_id(edit.rule.rule_id, known)) for edit in draft.edits]
    notes += [f"{edit.rule.text}: {reason}" for edit, reason in known_already if reason and not _is_retired(edit)]
    made.passed_over += [f"{cluster.failure_class.value}: {note}" for note in notes]
    return [edit for edit, reason in known_already if reason is None or _is_retired(edit)]


def _is_retired(edit: RuleEdit) -> bool:
    return edit.operation is EditOperation.RETIRE


def _refused_because(edit: RuleEdit, context: GateContext) -> tuple[str, ...]:
    """The gate's reasons against an edit; taking one of our own rules out needs no gate, a person still merges it."""
    if _is_retired(edit):
        return ()
    rule = edit.rule
    # the words it replaces are no duplicate of it
    others = tuple(text for text in context.active_texts if text != rule.text)
    is_new = edit.operation is EditOperation.ADD
    decision = check(
        rule.text,
        kind=rule.kind,
        scope=rule.scope,
        context=context if is_new else replace(context, active_texts=others),
    )
    return () if decision.is_allowed else decision.reasons


def _reason_against(cluster: Cluster, drafted: RuleDraft | None, known: _Known) -> str | None:
    """Why a lesson is not proposed now; None when it may be."""
    if drafted is None:
        return "teaches no rule that a template can word"
    reason = _reason_against_id(rule_id(drafted.text, drafted.scope), known)
    return reason or known.signatures.get(cluster.signature)


def _reason_against_id(identity: RuleId, known: _Known) -> str | None:
    if identity in known.buried:
        return f"declined: {known.buried[identity]}"
    if identity in known.standing:
        return "a rule of the base says it"
    if known.live is not None and any(edit.rule.rule_id == identity for edit in known.live.edits):
        return "an open proposal says it"
    return None


def _gate_context(
    base: Base, found: Sequence[Cluster], cluster: Cluster, active: Sequence[str], known: _Known
) -> GateContext:
    failing = cluster.lesson.failing_command
    return GateContext(
        repository_files=base.files,
        attested_commands=attested_commands(found),
        failing_commands=frozenset({failing} if failing else ()),
        active_texts=tuple(active),
        tombstoned_texts=known.buried_texts,
    )


def _edit(cluster: Cluster, drafted: RuleDraft) -> RuleEdit:
    sessions = sorted({support.session.session_id for support in cluster.supports})
    count = len(cluster.tasks)
    return RuleEdit(
        operation=EditOperation.ADD,
        rule=Rule(
            rule_id=rule_id(drafted.text, drafted.scope),
            text=drafted.text,
            kind=drafted.kind,
            scope=drafted.scope,
            evidence=tuple(sessions),
        ),
        reason=f"{len(sessions)} sessions on {count} distinct tasks show it.",
        task_count=count,
        person_count=len(cluster.persons),
        quotes=_quotes(cluster),
        signature=cluster.signature,
    )


def _quotes(cluster: Cluster) -> tuple[str, ...]:
    """Verbatim words of the supporting sessions, each once, one session after another."""
    quoted = [[quote.text for quote in support.lesson.quotes] for support in cluster.supports]
    in_turn = [text for turn in zip_longest(*quoted) for text in turn if text is not None]
    return tuple(dict.fromkeys(in_turn))[:MAX_QUOTES]


def _proposal(base: Base, known: _Known, edits: Sequence[RuleEdit], now_ns: int) -> Proposal:
    """The project's one rolling proposal with the new edits; a new one when none is open."""
    if known.live is not None:
        return replace(known.live, edits=(*known.live.edits, *edits))
    changes = build_files(base.contents, edits, targets=base.targets)
    return Proposal(
        proposal_id=_fresh_id(base, known.ids, edits),
        project=base.project,
        state=ProposalState.DRAFTED,
        base_commit=base.commit,
        edits=tuple(edits),
        content_hash=content_hash(changes),
        created_ns=now_ns,
    )


def _fresh_id(base: Base, taken: Collection[ProposalId], edits: Sequence[RuleEdit]) -> ProposalId:
    """An id that no earlier proposal had: one that was reverted keeps its branch, its words and its answer."""
    names = (base.commit if turn == 0 else f"{base.commit}#{turn}" for turn in count())
    return next(found for name in names if (found := proposal_id(base.project, name, edits)) not in taken)
