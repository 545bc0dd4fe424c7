"""What checks of a forge say of a commit. They name no test, and may be of a linter or a deployment. Pure."""

from collections.abc import Sequence

from sidecar.domain import Conclusion, Label, LabelDecision, Outcome, OutcomeRow
from sidecar.known_failures import KnownFailures

_SAID = {
    Conclusion.SUCCESS: (Label.PASS, "succeeded; it names no test"),
    Conclusion.FAILURE: (Label.CODE_FAIL, "failed; it names no test"),
    Conclusion.BROKEN: (Label.INFRA, "was cancelled, timed out or did not start"),
    Conclusion.NEUTRAL: (Label.UNKNOWN, "ended without saying yes or no"),
}
_GRAVITY = (Conclusion.NEUTRAL, Conclusion.SUCCESS, Conclusion.BROKEN, Conclusion.FAILURE)


def label_of_conclusion(outcome: Outcome, conclusion: Conclusion) -> LabelDecision:
    """What one check says by itself."""
    label, verb = _SAID[conclusion]
    return LabelDecision(label=label, reason=f"check {outcome.check or '(unnamed)'} {verb}")


def label_of_checks(rows: Sequence[OutcomeRow], known: KnownFailures) -> list[LabelDecision]:
    """What the checks of one commit say together: the gravest of their last runs; none where there is nothing to say.

    A check that fails on the base too does not count.

    Args:
        rows: Of checks, the most certain join first; only those of its commit are looked at.
    """
    of_commit = [row for row in rows if row.commit == rows[0].commit]
    last = {row.outcome.check: row for row in sorted(of_commit, key=lambda row: (row.at_ns, row.outcome_id))}
    counted = [row.outcome for name, row in last.items() if not _is_known(name, row.outcome, known)]
    told = [(outcome, outcome.conclusion) for outcome in counted if outcome.conclusion is not None]
    if not told:
        return []
    gravest, conclusion = max(told, key=lambda one: _GRAVITY.index(one[1]))
    decision = label_of_conclusion(gravest, conclusion)
    of = f"{len(last)} checks" if len(last) > 1 else "the only check"
    commit = (rows[0].commit or "")[:12]
    return [LabelDecision(label=decision.label, reason=f"{of} for commit {commit}: {decision.reason}")]


def _is_known(name: str | None, outcome: Outcome, known: KnownFailures) -> bool:
    return outcome.conclusion is Conclusion.FAILURE and name in known.checks
