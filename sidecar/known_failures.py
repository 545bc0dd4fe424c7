"""What fails on the commit a session began on, and is therefore not its doing. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from sidecar.ci_reports import combined
from sidecar.domain import Conclusion, Outcome, OutcomeRow, OutcomeSource, TestResult, TestStatus

_BAD = (TestStatus.FAILED, TestStatus.ERRORED)
_ID_SEPARATORS = re.compile(r"(?:\.py)?::|[/\\]| > | › |#")


class KnownFailures:
    """What failed on the base, by its newest reports."""

    def __init__(self, base: Sequence[OutcomeRow]) -> None:
        newest = sorted(base, key=lambda row: (row.at_ns, row.outcome_id))
        tested = combined([row for row in newest if row.source is OutcomeSource.CI and row.outcome.conclusion is None])
        bad = [test.id for test in tested.outcome.tests if test.status in _BAD] if tested else []
        self._tests = frozenset(map(canonical_test_name, bad))
        checks = {row.outcome.check: row.outcome.conclusion for row in newest if row.source is OutcomeSource.CHECK}
        self.checks = frozenset(name for name, ended in checks.items() if ended is Conclusion.FAILURE)

    def without(self, outcome: Outcome) -> tuple[Outcome, int]:
        """The report without tests that fail on the base too, and how many those are."""
        old = [test for test in outcome.tests if self._is_known(test)]
        if not old:
            return outcome, 0
        failed = sum(test.status is TestStatus.FAILED for test in old)
        left = replace(
            outcome,
            tests=tuple(test for test in outcome.tests if not self._is_known(test)),
            failed=max(outcome.failed - failed, 0),
            errored=max(outcome.errored - (len(old) - failed), 0),
        )
        return left, len(old)

    def _is_known(self, test: TestResult) -> bool:
        return test.status in _BAD and canonical_test_name(test.id) in self._tests


def canonical_test_name(name: str) -> str:
    """`tests/test_a.py::test_b` of a console and `tests.test_a.test_b` of JUnit are one test."""
    return _ID_SEPARATORS.sub(".", name)
