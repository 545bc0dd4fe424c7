"""From many results to one Outcome: one result per test, and the counts that follow from them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sidecar.domain import Outcome, Subject, TestResult, TestStatus

GRAVITY = {TestStatus.SKIPPED: 0, TestStatus.PASSED: 1, TestStatus.FAILED: 2, TestStatus.ERRORED: 3}
"""Which of two results of namesakes bears the plain name: the graver one."""
_GROUP_CHARS = 200


def one_per_test(results: Iterable[tuple[str, TestResult]]) -> tuple[TestResult, ...]:
    """One result per test, in the order tests first appear.

    The same id again in the same group is a rerun: the last one that ran tells. The same id in another group is
    another test of that name (another package, another browser): each is listed, the gravest one under the plain id,
    so that who asks for the name is told of the failure, and the others with their group behind it.

    Args:
        results: Group (suite, package, file) and result, in report order.
    """
    kept = _last_runs(results)
    if len({name for name, _ in kept}) == len(kept):
        return tuple(kept.values())
    return tuple(result for same in _by_name(kept) for result in _told_apart(same))


def numbered(results: Iterable[tuple[str, TestResult]]) -> Iterator[tuple[str, TestResult]]:
    """Each in a group of its own, for forms that list a test once however often it was tried.

    There the same id again is another test with the same words: an assertion of TAP, a row of a table.
    """
    seen: dict[tuple[str, str], int] = {}
    for group, result in results:
        number = seen[group, result.id] = seen.get((group, result.id), 0) + 1
        yield group if number == 1 else f"{group} {number}".strip(), result


def gravest_per_name(results: Iterable[tuple[str, TestResult]]) -> tuple[TestResult, ...]:
    """One result per id, the gravest of its groups: for output that repeats its failures under another group's title.

    Args:
        results: As for `one_per_test`.
    """
    return tuple(same[_gravest(same)] for same in _by_name(_last_runs(results)))


def _last_runs(results: Iterable[tuple[str, TestResult]]) -> Mapping[tuple[str, str], TestResult]:
    """What each test of each group came to, by id and group."""
    kept: dict[tuple[str, str], TestResult] = {}
    for group, result in results:
        name = result.id, group
        # a repetition that was skipped did not run, and says nothing of what did
        if name not in kept or result.status is not TestStatus.SKIPPED:
            kept[name] = result
    return kept


def _by_name(kept: Mapping[tuple[str, str], TestResult]) -> Iterable[Mapping[str, TestResult]]:
    groups: dict[str, dict[str, TestResult]] = {}
    for (name, group), result in kept.items():
        groups.setdefault(name, {})[group] = result
    return groups.values()


def _gravest(same: Mapping[str, TestResult]) -> str:
    return max(same, key=lambda group: GRAVITY[same[group].status])


def _told_apart(same: Mapping[str, TestResult]) -> Iterator[TestResult]:
    gravest = _gravest(same)
    for at, (group, result) in enumerate(same.items(), 1):
        if group == gravest:
            yield result
        else:
            yield replace(result, id=f"{result.id} [{group[:_GROUP_CHARS] or at}]", aliases=())


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
