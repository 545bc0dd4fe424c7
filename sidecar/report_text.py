"""A report as lines for a person and as JSON for a program."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from sidecar.domain import Decision, Proposal, Refusal, Rule
from sidecar.gate import refusal_id
from sidecar.lesson_fates import Fate
from sidecar.printing import one_line
from sidecar.report import SECOND_NS, Money, ProjectReport, Report
from sidecar.rules import rule_words
from sidecar.store import KeptDecision, RuleInForce, Spent

_SAID_TWICE = ("declined: ", "budget: ")
"""What the detail of a decision begins with whose reason says so already."""
_MOST_SHOWN = 10
"""Lines of one kind; the rest is counted."""


def report_lines(report: Report) -> Iterator[str]:
    """The report as lines for a person."""
    yield f"since {_shown(report.since_ns)}"
    for one in report.projects:
        yield ""
        yield f"{one.project}" + (f" (last draft {_shown(one.drafted_ns)})" if one.drafted_ns else " (never drafted)")
        yield from _project_lines(one)
    if len(report.projects) != 1 or report.elsewhere:
        yield ""
    if len(report.projects) != 1:
        yield f"spent in all: {_money_words(report.money)}"
    if report.elsewhere:
        yield f"not of one project above: {_spent_words(report.elsewhere)}"


def report_document(report: Report) -> dict[str, object]:
    """The report as JSON."""
    return {
        "since": _shown(report.since_ns),
        "projects": [_project_document(one) for one in report.projects],
        "spend": _money_document(report.money),
        "elsewhere": _spent_document(report.elsewhere),
    }


def _project_lines(one: ProjectReport) -> Iterator[str]:
    yield from _listed("learned", [_learned_line(kept, one) for kept in one.learned])
    yield from _listed("proposed", [_proposed_lines(proposal) for proposal in one.proposed])
    yield from _listed("merged", [f"{rule.rule.rule_id} {_rule_text(rule.rule)}" for rule in one.merged])
    yield from _listed("retired", [_retired_line(rule.rule, one) for rule in one.retired])
    if one.retired_for_harm:
        yield f"    of these for harm: {one.retired_for_harm}"
    if one.taken_up:
        yield from _listed("merged into other rules", [_retired_line(rule.rule, one) for rule in one.taken_up])
    if one.taken_over:
        yield from _listed("taken over by people", [_rule_text(rule.rule) for rule in one.taken_over])
    if one.differing:
        lines = [[f"{rule.rule_id} {_rule_text(rule)}", other.sentence] for rule, other in one.differing]
        yield from _listed("edited in one of several files", lines)
    yield from _listed("declined by people", [f"{stone.text} ({one_line(stone.reason)})" for stone in one.declined])
    yield from _listed("refused", [_refused_line(refusal, one) for refusal in one.refused])
    yield f"  spent: {_money_words(one.money)}"
    if one.nothing_because:
        yield f"  nothing to change, because {'; '.join(one.nothing_because)}"


def _listed(title: str, entries: Sequence[str | Sequence[str]]) -> Iterator[str]:
    """The entries below their title; of one of several lines, the others below the first."""
    yield f"  {title}: {len(entries)}"
    for entry in entries[:_MOST_SHOWN]:
        first, *rest = [entry] if isinstance(entry, str) else entry
        yield f"    {first}"
        yield from (f"      {line}" for line in rest)
    if len(entries) > _MOST_SHOWN:
        yield f"    and {len(entries) - _MOST_SHOWN} more; --json lists all"


def _learned_line(kept: KeptDecision, project: ProjectReport) -> str:
    one = kept.decision
    support = f"{one.task_count} tasks by {one.person_count} {'person' if one.person_count == 1 else 'persons'}"
    what = one.lesson or (one.failure_class.value if one.failure_class else "a lesson")
    fate, why = project.fates.get(one.cluster_id, (None, ""))
    became = _none_words(one) if fate is None else f"{fate.value}: {one_line(why)}" if why else fate.value
    return f"{what} [{support}] {became}"


def _refused_line(refusal: Refusal, one: ProjectReport) -> str:
    taken = _adopted(refusal, one)
    became = "" if taken is None else f"; a person said it in their own words as rule {taken.rule_id}"
    return f"{refusal.text} ({'; '.join(refusal.reasons)}){became}"


def _adopted(refusal: Refusal, one: ProjectReport) -> Rule | None:
    return one.adopted.get(refusal_id(refusal.project, refusal.text))


def _refused_document(refusal: Refusal, one: ProjectReport) -> dict[str, object]:
    taken = _adopted(refusal, one)
    return {
        "text": refusal.text,
        "reasons": list(refusal.reasons),
        "adopted_as": None if taken is None else taken.rule_id,
    }


def _retired_line(rule: Rule, one: ProjectReport) -> str:
    reason = one.retired_because.get(rule.rule_id)
    return f"{rule.rule_id} {_rule_text(rule)}" + (f" ({one_line(reason)})" if reason else "")


def _none_words(decision: Decision) -> str:
    if decision.reason is None:
        return "none"
    reason, detail = decision.reason.value, decision.detail
    for prefix in _SAID_TWICE:
        detail = detail.removeprefix(prefix)
    detail = one_line(detail)
    return f"none, because {reason}" + (f": {detail}" if detail and detail != reason else "")


def _proposed_lines(proposal: Proposal) -> Sequence[str]:
    """A proposal, and below it each edit with the id that `rules explain` takes."""
    request = proposal.pull_request
    rules = len(proposal.edits)
    named = f"{proposal.state.value} {proposal.branch}, {rules} {'edit' if rules == 1 else 'edits'}"
    edits = [f"{one.operation.value} {one.rule.rule_id} {_rule_text(one.rule)}" for one in proposal.edits]
    return [f"{named}, {request.url}" if request is not None else named, *edits]


def _rule_text(rule: Rule) -> str:
    return rule_words(rule.text, rule.scope)


def _money_words(money: Money) -> str:
    each = money.usd_per_accepted_rule
    rules = "1 rule" if money.accepted == 1 else f"{money.accepted} rules"
    price = (
        "no rule was merged, so there is no price of one" if each is None else f"{rules} merged, {each:.4f} USD each"
    )
    return f"{_spent_words(money.spent)}; {price}"


def _spent_words(spent: Sequence[Spent]) -> str:
    calls = sum(one.calls for one in spent)
    by_purpose = ", ".join(f"{name} {usd:.4f}" for name, usd in _usd_by_purpose(spent).items())
    words = f"{sum(one.cost_usd for one in spent):.4f} USD for {calls} {'call' if calls == 1 else 'calls'}"
    return f"{words} ({by_purpose})" if calls else words


def _usd_by_purpose(spent: Sequence[Spent]) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for one in spent:
        found[one.purpose.value] = found.get(one.purpose.value, 0.0) + one.cost_usd
    return found


def _money_document(money: Money) -> dict[str, object]:
    return {
        **_spent_document(money.spent),
        "accepted_rules": money.accepted,
        "usd_per_accepted_rule": money.usd_per_accepted_rule,
    }


def _spent_document(spent: Sequence[Spent]) -> dict[str, object]:
    return {
        "usd": sum(one.cost_usd for one in spent),
        "calls": sum(one.calls for one in spent),
        "by_purpose": _usd_by_purpose(spent),
    }


def _learned_document(kept: KeptDecision, project: ProjectReport) -> dict[str, object]:
    fate, why = project.fates.get(kept.decision.cluster_id, (None, ""))
    return {
        "lesson": kept.decision.lesson,
        "failure_class": kept.decision.failure_class,
        "tasks": kept.decision.task_count,
        "persons": kept.decision.person_count,
        "rules": list(kept.decision.rules),
        "proposed": fate is Fate.PROPOSED,
        "became": None if fate is None else fate.value,
        "became_because": why or None,
        "none_because": None if kept.decision.is_proposed else kept.decision.reason,
        "detail": kept.decision.detail,
        "since": _shown(kept.since_ns),
    }


def _retired_document(rule: RuleInForce, one: ProjectReport) -> dict[str, object]:
    return {
        "id": rule.rule.rule_id,
        "text": rule.rule.text,
        "since": _shown(rule.gone_ns or 0),
        "because": one.retired_because.get(rule.rule.rule_id),
    }


def _project_document(one: ProjectReport) -> dict[str, object]:
    return {
        "project": one.project,
        "last_draft": None if one.drafted_ns is None else _shown(one.drafted_ns),
        "learned": [_learned_document(kept, one) for kept in one.learned],
        "proposed": [
            {
                "id": proposal.proposal_id,
                "state": proposal.state.value,
                "url": proposal.pull_request.url if proposal.pull_request else None,
                "edits": [
                    {"operation": edit.operation.value, "id": edit.rule.rule_id, "text": _rule_text(edit.rule)}
                    for edit in proposal.edits
                ],
            }
            for proposal in one.proposed
        ],
        "merged": [
            {"id": rule.rule.rule_id, "text": rule.rule.text, "since": _shown(rule.since_ns)} for rule in one.merged
        ],
        "retired": [_retired_document(rule, one) for rule in one.retired],
        "differing": [{"id": rule.rule_id, "path": other.path, "words": other.words} for rule, other in one.differing],
        "retired_for_harm": one.retired_for_harm,
        "taken_up": [{"id": rule.rule.rule_id, "text": rule.rule.text} for rule in one.taken_up],
        "taken_over": [{"id": rule.rule.rule_id, "text": rule.rule.text} for rule in one.taken_over],
        "declined": [{"id": stone.rule_id, "text": stone.text, "reason": stone.reason} for stone in one.declined],
        "refused": [_refused_document(refusal, one) for refusal in one.refused],
        "nothing_because": list(one.nothing_because),
        "spend": _money_document(one.money),
    }


def _shown(at_ns: int) -> str:
    return datetime.fromtimestamp(at_ns // SECOND_NS, tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
