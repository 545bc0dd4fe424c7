"""Words and signs that many runners share for a test's status."""

from collections.abc import Mapping

from sidecar.domain import TestStatus

_SHARED: Mapping[TestStatus, str] = {
    TestStatus.PASSED: "ok pass passed passes passing success successes succeeded ✓ ✔ √ ✅ (pass) flaky",
    TestStatus.FAILED: "fail failed fails failure failures failing not_ok ✕ ✖ × ✗ ✘ ⨯ ❌ (fail) timeout timedout",
    TestStatus.ERRORED: "error errors errored exception exceptions",
    TestStatus.SKIPPED: "skip skipped skips ignored pending todo disabled ○ ↓ ﹣ ✎ ↩ (skip) (todo) incomplete",
}


def words(**own: TestStatus) -> dict[str, TestStatus]:
    """The shared words with a runner's own ones."""
    shared = {word: status for status, line in _SHARED.items() for word in line.split()}
    return shared | own
