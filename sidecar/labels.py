"""What the tests say of a session: a Label with the reason a person can check.

Pure. Decides per test, never by words in a log: CI for the commit, then a report posted for the session, then the last
test run after the last edit inside it. A forge's checks name no test, so they decide only where none of those does,
and a run that is joined by branch and time alone decides last. What fails on the session's base too is not its doing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sidecar.ci_reports import combined
from sidecar.conclusions import label_of_checks, label_of_conclusion
from sidecar.demanded_tests import STOPPED
from sidecar.domain import (
    JoinReason,
    Label,
    LabelDecision,
    Outcome,
    OutcomeJoin,
    OutcomeRow,
    OutcomeSource,
    Session,
    Step,
    StepKind,
    TestResult,
    TestStatus,
)
from sidecar.known_failures import KnownFailures

_BAD = (TestStatus.FAILED, TestStatus.ERRORED)
_DECISIVE = (Label.PASS, Label.CODE_FAIL)
_NAMED_IN_REASON = 3
_WEAK = frozenset({JoinReason.BRANCH})
"""Joins by circumstance: the run may be of somebody else's change."""
_NO_CHANGE = "no change: the session edited no file"
_CRASH_ENDS = frozenset({"failed", "error", "crashed", "killed"})
"""End reasons that say the agent did not end by itself."""


def label_of_outcome(outcome: Outcome) -> LabelDecision:
    """What one report says by itself."""
    if outcome.conclusion is not None:
        return label_of_conclusion(outcome, outcome.conclusion)
    ran = outcome.passed + outcome.failed
    bad = tuple(test for test in outcome.tests if test.status in _BAD)
    if outcome.failed or (outcome.errored and ran):
        return LabelDecision(label=Label.CODE_FAIL, reason=_failure_reason(outcome, bad), tests=bad)
    if outcome.problem and not ran:
        return LabelDecision(label=Label.INFRA, reason=f"nothing ran: {outcome.problem}", tests=bad)
    if outcome.errored:
        return LabelDecision(label=Label.INFRA, reason=f"nothing ran: {_errors(outcome, bad)}", tests=bad)
    if outcome.passed and outcome.problem and STOPPED.search(outcome.problem):
        return LabelDecision(label=Label.INFRA, reason=f"stopped before all tests ran: {outcome.problem}")
    if outcome.passed and outcome.problem:
        return LabelDecision(label=Label.UNKNOWN, reason=f"{_tests(outcome.passed)} passed, but {outcome.problem}")
    if outcome.passed:
        passed = tuple(test for test in outcome.tests if test.status is TestStatus.PASSED)
        return LabelDecision(label=Label.PASS, reason=_pass_reason(outcome), tests=passed)
    if outcome.skipped:
        return LabelDecision(label=Label.UNKNOWN, reason=f"all {_tests(outcome.skipped)} were skipped")
    return LabelDecision(label=Label.UNKNOWN, reason="the report says of no test that it ran")


def has_change(decision: LabelDecision) -> bool:
    """Whether the session that was labelled so edited a file or made a commit, told without its steps."""
    return decision.reason != _NO_CHANGE


def label(
    session: Session, joined: Sequence[tuple[OutcomeRow, OutcomeJoin]], base: Sequence[OutcomeRow] = ()
) -> LabelDecision:
    """What everything known says of a session.

    Args:
        session: With its steps.
        joined: Outcomes that speak of it, any order. Rows of source IN_SESSION carry the time their command began.
        base: Outcomes of the commit it began on: what fails there does not count against the session.
    """
    edits = [step for step in session.steps if step.has_written]
    if not edits and not _has_commit(session):
        return LabelDecision(label=Label.UNKNOWN, reason=_NO_CHANGE)
    known = KnownFailures(base)
    joined = [(row, join) for row, join in joined if not _is_outdated(row, edits)]
    strong = _by_certainty((row, join) for row, join in joined if join.reason not in _WEAK)
    weak = _by_certainty((row, join) for row, join in joined if join.reason in _WEAK)
    decisions = [
        *(_posted(row, "CI report" + _of_commit(row), known) for row in _of_ci(strong)),
        *(_posted(row, "report posted for the session", known) for row in _first(strong, OutcomeSource.SESSION_REPORT)),
        _in_session(session, edits, _newest_first(strong, OutcomeSource.IN_SESSION), known),
        *label_of_checks([row for row in strong if row.source is OutcomeSource.CHECK], known),
        *(_posted(row, f"CI report on branch {row.branch}", known) for row in _first(weak, OutcomeSource.CI)),
    ]
    decisive = next((decision for decision in decisions if decision.label in _DECISIVE), None)
    return decisive or next((decision for decision in decisions if decision.label is Label.INFRA), decisions[0])


def _is_outdated(row: OutcomeRow, edits: Sequence[Step]) -> bool:
    """A report that was tagged where it was run, inside the session, before its last edit: of code that is gone."""
    is_tagged = row.outcome.subject is not None and row.outcome.subject.session_id is not None
    is_inside = is_tagged and row.source is OutcomeSource.SESSION_REPORT
    return is_inside and any(step.at_ns > row.at_ns for step in edits)


def _by_certainty(joined: Iterable[tuple[OutcomeRow, OutcomeJoin]]) -> list[OutcomeRow]:
    """The most certain join first; among equals the newest."""
    ordered = sorted(joined, key=lambda one: (one[1].confidence, one[0].at_ns, one[0].outcome_id), reverse=True)
    return [row for row, _ in ordered]


def _first(rows: Iterable[OutcomeRow], source: OutcomeSource) -> list[OutcomeRow]:
    return [row for row in rows if row.source is source][:1]


def _of_ci(rows: Sequence[OutcomeRow]) -> list[OutcomeRow]:
    """What CI says of the most certain commit, its reports taken together."""
    of_ci = [row for row in rows if row.source is OutcomeSource.CI]
    together = combined([row for row in of_ci if row.commit is not None and row.commit == of_ci[0].commit])
    return [together] if together else of_ci[:1]


def _newest_first(rows: Iterable[OutcomeRow], source: OutcomeSource) -> list[OutcomeRow]:
    found = (row for row in rows if row.source is source)
    return sorted(found, key=lambda row: (row.at_ns, row.outcome_id), reverse=True)


def _posted(row: OutcomeRow, source: str, known: KnownFailures) -> LabelDecision:
    return _from(source, _without_known(row.outcome, known))


def _without_known(outcome: Outcome, known: KnownFailures) -> LabelDecision:
    left, count = known.without(outcome)
    decision = label_of_outcome(left)
    if not count:
        return decision
    return replace(decision, reason=f"{decision.reason}; not counted: {_tests(count)} failing on the base too")


def _in_session(
    session: Session, edits: Sequence[Step], rows: Sequence[OutcomeRow], known: KnownFailures
) -> LabelDecision:
    """The newest run after the last edit that could run; rows are newest first."""
    last_edit_ns = max((step.at_ns for step in edits), default=session.started_ns)
    runs = [(row, _without_known(row.outcome, known)) for row in rows if row.at_ns >= last_edit_ns]
    if not runs:
        return _not_run(session, has_older=bool(rows))
    row, decision = next((run for run in runs if run[1].label in _DECISIVE), runs[0])
    return _from(f"last test run after the last edit{_at_step(session, row.at_ns)}", decision)


def _not_run(session: Session, *, has_older: bool) -> LabelDecision:
    if session.end_reason in _CRASH_ENDS:
        return LabelDecision(label=Label.INFRA, reason=f"the agent ended by {session.end_reason} before tests were run")
    tail = "; earlier runs do not count" if has_older else ""
    return LabelDecision(label=Label.UNKNOWN, reason=f"tests were not run after the last edit{tail}")


def _has_commit(session: Session) -> bool:
    return any(step.kind is StepKind.COMMIT for step in session.steps)


def _at_step(session: Session, at_ns: int) -> str:
    step = next((step for step in session.steps if step.at_ns == at_ns and step.output is not None), None)
    return f" (step {step.step_id})" if step else ""


def _of_commit(row: OutcomeRow) -> str:
    return f" for commit {row.commit[:12]}" if row.commit else ""


def _from(source: str, decision: LabelDecision) -> LabelDecision:
    return LabelDecision(label=decision.label, reason=f"{source}: {decision.reason}", tests=decision.tests)


def _pass_reason(outcome: Outcome) -> str:
    skipped = f", {outcome.skipped} skipped" if outcome.skipped else ""
    return f"{_tests(outcome.passed)} passed, none failed{skipped}"


def _failure_reason(outcome: Outcome, bad: Sequence[TestResult]) -> str:
    ran = outcome.passed + outcome.failed + outcome.errored
    errors = f", {outcome.errored} could not run" if outcome.errored else ""
    return f"{outcome.failed} of {_tests(ran)} failed{errors}{_named(bad)}"


def _errors(outcome: Outcome, bad: Sequence[TestResult]) -> str:
    return f"{_tests(outcome.errored)} ended in errors{_named(bad)}"


def _named(bad: Sequence[TestResult]) -> str:
    if not bad:
        return ""
    more = f" and {len(bad) - _NAMED_IN_REASON} more" if len(bad) > _NAMED_IN_REASON else ""
    return ": " + ", ".join(test.id for test in bad[:_NAMED_IN_REASON]) + more


def _tests(number: int) -> str:
    return "1 test" if number == 1 else f"{number} tests"
