"""From lessons to edits: each suggested edit goes through the audit and the gate, each lesson ends with a decision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sidecar.centrality import most_central_first
from sidecar.domain import (
    SETTLED,
    Cluster,
    ClusterId,
    Decision,
    EditOperation,
    NoRuleReason,
    QuestionKey,
    Refusal,
    Rule,
    RuleDraft,
    RuleEdit,
    RuleId,
)
from sidecar.errors import OverBudgetError
from sidecar.jobs.asking import Asked
from sidecar.jobs.base_branch import Base
from sidecar.jobs.drafting_claims import Against
from sidecar.jobs.drafting_known import Known, touched_rules
from sidecar.jobs.drafting_triage import Sorted
from sidecar.jobs.drafting_words import BUDGET, Wordings
from sidecar.proposals import build_files, support_reason
from sidecar.reply import Draft
from sidecar.rule_quotes import quotes_of
from sidecar.rules import rule_id
from sidecar.writer import describe_lesson

_UNWORDED: Against = (NoRuleReason.NO_TEMPLATE, "teaches no rule that a template can word")
_SAME: Against = (NoRuleReason.ALREADY_SAID, "asked before, and no more tasks teach it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What every lesson of a run is held against."""

    base: Base
    found: Sequence[Cluster]
    known: Known
    max_edits: int
    now_ns: int
    retired: tuple[RuleEdit, ...] = ()
    """What evidence takes out in the same run."""


@dataclass(slots=True)
class Made:
    """What one run comes to while it goes through the lessons."""

    edits: list[RuleEdit] = field(default_factory=list[RuleEdit])
    refusals: list[Refusal] = field(default_factory=list[Refusal])
    passed_over: list[str] = field(default_factory=list[str])
    decisions: list[Decision] = field(default_factory=list[Decision])


def make_edits(ground: Ground, plan: Sequence[Sorted], asked: Asked) -> Made:
    """Every lesson's edits within the run's limit, and what was decided about it."""
    made = Made()
    for one in plan:
        edits, against, notes = _suggested(one, ground.known, asked)
        explained = asked.explanations.get(one.cluster.cluster_id, ())
        taken: list[RuleEdit] = []
        for edit in edits:
            refused = _refused(ground, made, one.cluster, edit, explained)
            if refused is None:
                made.edits.append(edit)
                taken.append(edit)
                continue
            against = against or refused
            if refused[0] not in (NoRuleReason.AUDIT_REFUSED, NoRuleReason.GATE_REFUSED):
                notes.append(_left_out(edit, refused))
        prefix = one.cluster.failure_class.value
        told = [note if note.startswith(prefix) else f"{prefix}: {note}" for note in dict.fromkeys(notes)]
        made.passed_over += told
        made.decisions.append(_decision(ground, one, taken, against, asked.questions))
    return made


def _suggested(one: Sorted, known: Known, asked: Asked) -> tuple[list[RuleEdit], Against | None, list[str]]:
    """The edits a lesson suggests by template or by a model; what speaks against it; that in sentences."""
    identity = one.cluster.cluster_id
    if one.against is not None:
        return [], one.against, [one.against[1]]
    if one.drafted is not None:
        return [_edit(one.cluster, one.drafted)], None, []
    draft = asked.drafts.get(identity)
    if draft is None:
        against = asked.against.get(identity) or (_SAME if identity in asked.questions else _UNWORDED)
        return [], against, [against[1]]
    checked = [(edit, known.against_edit(edit)) for edit in draft.edits]
    notes = [*draft.dropped, *([f"none, because {draft.none_because}"] if draft.none_because else [])]
    notes += [f"the model's answer is of no use: {draft.problem.value}"] if draft.problem else []
    notes += [_left_out(edit, against) for edit, against in checked if against is not None]
    first = next((against for _, against in checked if against is not None), None)
    return [edit for edit, against in checked if against is None], first or _none_of(draft), notes


def _left_out(edit: RuleEdit, against: Against) -> str:
    """An edit that is not proposed, and why; people read it in a line that has its colons already."""
    return f"{edit.rule.text} ({against[1].removeprefix(BUDGET).strip()})"


def _none_of(draft: Draft) -> Against | None:
    """The closed reason of a draft without edits; its sentence is a template's, as a model's may hold content."""
    if draft.reason is None:
        return None
    if draft.none_because is not None:
        return draft.reason, f"the model answers none: {draft.reason.value}"
    return draft.reason, f"no edit of the model's answer can be used: {draft.reason.value}"


def _refused(
    ground: Ground, made: Made, cluster: Cluster, edit: RuleEdit, explained: tuple[str, ...]
) -> Against | None:
    """Why an edit is not taken, kept as a Refusal where its words are at fault; None when it is taken."""
    if len(made.edits) >= ground.max_edits:
        return NoRuleReason.LEFT_FOR_NEXT_RUN, f"left for the next run, which may propose {ground.max_edits} more"
    if (clash := _clash(ground, made, edit)) is not None:
        return clash
    others = ground.known.active(made.edits)
    if edit.operation is EditOperation.ADD and edit.rule.rule_id in others:
        return NoRuleReason.ALREADY_SAID, "another lesson of this run brings it"
    for replaced in (edit.rule.rule_id, *edit.rule.supersedes):
        others.pop(replaced, None)
    wordings = Wordings(base=ground.base, found=ground.found, known=ground.known)
    fault = wordings.fault(cluster, edit, others, explained)
    if fault is None:
        return None if edit.operation is EditOperation.RETIRE else _over_budget(ground, [*made.edits, edit])
    if fault.is_of_words:
        made.refusals.append(
            Refusal(project=ground.base.project, text=edit.rule.text, reasons=fault.told, at_ns=ground.now_ns)
        )
    return fault.reason, "; ".join(fault.told)


def _clash(ground: Ground, made: Made, edit: RuleEdit) -> Against | None:
    """Why an edit must wait for another one of this run: the files would have one of both, and the ledger the other."""
    touched = frozenset[RuleId]() if edit.operation is EditOperation.ADD else touched_rules([edit])
    if touched & touched_rules(ground.retired):
        return NoRuleReason.LEFT_FOR_NEXT_RUN, "left for the next run, as this one retires the same rule"
    if touched & touched_rules(made.edits):
        return NoRuleReason.LEFT_FOR_NEXT_RUN, "left for the next run, as this one changes the same rule"
    return None


def _over_budget(ground: Ground, edits: Sequence[RuleEdit]) -> Against | None:
    """What the files say of edits: people's own lines in our block count too, and words for a scope."""
    waiting = ground.known.live.edits if ground.known.live else ()
    try:
        build_files(ground.base.contents, [*waiting, *edits], targets=ground.base.targets)
    except OverBudgetError as exc:
        return NoRuleReason.BUDGET_REACHED, f"{BUDGET} {exc}"
    return None


def _decision(
    ground: Ground,
    one: Sorted,
    taken: Sequence[RuleEdit],
    against: Against | None,
    questions: Mapping[ClusterId, QuestionKey],
) -> Decision:
    cluster, earlier = one.cluster, one.earlier
    reason, detail = (None, "") if taken else against or _UNWORDED
    is_unchanged = (reason, detail) == _SAME or reason in (NoRuleReason.NO_TEMPLATE, NoRuleReason.LEFT_FOR_NEXT_RUN)
    if earlier is not None and earlier.reason in SETTLED and earlier.question is not None and is_unchanged:
        # what a model settled is not unsettled by a run that asks nobody
        return replace(earlier, at_ns=ground.now_ns, task_count=len(cluster.tasks), person_count=len(cluster.persons))
    central = most_central_first(cluster)
    suggested = next((one.lesson.rule_candidate for one in central if one.lesson.rule_candidate), "")
    worded = taken[0].rule.text if taken else one.drafted.text if one.drafted else cluster.lesson.rule_candidate
    return Decision(
        project=ground.base.project,
        cluster_id=cluster.cluster_id,
        failure_class=cluster.failure_class,
        lesson=worded or suggested or describe_lesson(cluster.lesson),
        task_count=len(cluster.tasks),
        person_count=len(cluster.persons),
        reason=reason,
        detail=detail,
        rules=tuple(edit.rule.rule_id for edit in taken),
        question=questions.get(cluster.cluster_id),
        at_ns=ground.now_ns,
    )


def _edit(cluster: Cluster, drafted: RuleDraft) -> RuleEdit:
    sessions = sorted({support.session.session_id for support in cluster.supports})
    count = len(cluster.tasks)
    failing = sorted({support.session.session_id for support in drafted.failing})
    failing = failing if failing != sessions else []
    failing_count = len({support.task for support in drafted.failing}) if failing else 0
    return RuleEdit(
        operation=EditOperation.ADD,
        rule=Rule(
            rule_id=rule_id(drafted.text, drafted.scope),
            text=drafted.text,
            kind=drafted.kind,
            scope=drafted.scope,
            evidence=tuple(sessions),
        ),
        reason=support_reason(len(sessions), count, failing_sessions=len(failing), failing_tasks=failing_count),
        task_count=count,
        person_count=len(cluster.persons),
        placed_quotes=quotes_of(cluster, drafted.failing),
        signature=cluster.signature,
        failing_sessions=tuple(failing),
        failing_task_count=failing_count,
    )
