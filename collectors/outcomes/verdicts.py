"""From many results to one Outcome: one result per test, and the counts that follow from them."""

from collections.abc import Iterable, Sequence

from sidecar.domain import Outcome, Subject, TestResult, TestStatus

GRAVITY = {TestStatus.SKIPPED: 0, TestStatus.PASSED: 1, TestStatus.FAILED: 2, TestStatus.ERRORED: 3}
"""Which of two results of namesakes tells: the graver one."""


def one_per_test(results: Iterable[tuple[str, TestResult]]) -> tuple[TestResult, ...]:
    """One result per test id, in the order ids first appear.

    The same id again in the same group is a rerun: the last one tells. The same id in another group is another test
    of that name (another package, another browser): the gravest one tells, so that no failure is hidden by a namesake.

    Args:
        results: Group (suite, package, file) and result, in report order.
    """
    groups: dict[str, dict[str, TestResult]] = {}
    for group, result in results:
        groups.setdefault(result.id, {})[group] = result
    return tuple(max(same.values(), key=lambda result: GRAVITY[result.status]) for same in groups.values())


def counted(
    format: str, tests: Sequence[TestResult], *, problem: str | None = None, subject: Subject | None = None
) -> Outcome:
    """An Outcome whose counts are those of its listed tests."""
    statuses = [test.status for test in tests]
    return Outcome(
        format=format,
        tests=tuple(tests),
        passed=statuses.count(TestStatus.PASSED),
        failed=statuses.count(TestStatus.FAILED),
        errored=statuses.count(TestStatus.ERRORED),
        skipped=statuses.count(TestStatus.SKIPPED),
        problem=problem,
        subject=subject,
    )
