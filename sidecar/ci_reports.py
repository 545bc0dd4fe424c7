"""Several reports of one commit as one: CI posts a file per suite, and again what it runs again. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from sidecar.domain import Outcome, OutcomeRow, TestResult, TestStatus

_GRAVITY = (TestStatus.SKIPPED, TestStatus.PASSED, TestStatus.ERRORED, TestStatus.FAILED)


def combined(rows: Sequence[OutcomeRow]) -> OutcomeRow | None:
    """The newest row, with every test of the others that it does not list itself; None for no rows.

    Of a test that several reports list, the newest tells; of one that a report lists twice, the worse. A report that
    counts tests it does not list cannot be taken apart, so then the newest stands alone.

    Args:
        rows: Of one commit, any order.
    """
    ordered = sorted(rows, key=lambda row: (row.at_ns, row.outcome_id))
    if not ordered:
        return None
    newest = ordered[-1]
    listed = [row.outcome for row in ordered if row.outcome.problem is None or row is newest]
    if len(listed) == 1 or not all(map(_lists_all, listed)):
        return newest
    tests: dict[str, TestResult] = {}
    for outcome in listed:
        tests |= _by_id(outcome.tests)
    return replace(newest, outcome=_with_tests(newest.outcome, tuple(tests.values())))


def _lists_all(outcome: Outcome) -> bool:
    return len(outcome.tests) == outcome.passed + outcome.failed + outcome.errored + outcome.skipped


def _by_id(tests: Sequence[TestResult]) -> dict[str, TestResult]:
    """The tests of one report, in its order; the worse of two that have one name."""
    found: dict[str, TestResult] = {}
    for test in tests:
        other = found.get(test.id)
        if other is None or _GRAVITY.index(test.status) > _GRAVITY.index(other.status):
            found[test.id] = test
    return found


def _with_tests(outcome: Outcome, tests: tuple[TestResult, ...]) -> Outcome:
    statuses = [test.status for test in tests]
    return replace(
        outcome,
        tests=tests,
        passed=statuses.count(TestStatus.PASSED),
        failed=statuses.count(TestStatus.FAILED),
        errored=statuses.count(TestStatus.ERRORED),
        skipped=statuses.count(TestStatus.SKIPPED),
    )
