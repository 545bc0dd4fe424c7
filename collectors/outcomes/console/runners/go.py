"""Reads `go test`, with and without -v, and gotestsum's summary.

Go prints no counts. Without -v it names only failed tests, so a package that passed without naming any stands for them.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from collectors.outcomes.console.runners.log import Log
from collectors.outcomes.console.runners.runner import Run, counts_of
from collectors.outcomes.console.runners.scanning import read_table
from collectors.outcomes.console.runners.table import Table
from collectors.outcomes.console.runners.words import words
from collectors.outcomes.verdicts import one_per_test
from sidecar.domain import TestResult, TestStatus

_ENDED = r"(?:\d[\d.]*s\b|\(cached\)|\[)"
"""What stands behind a package; says that blanks before it were a tab, which a screen shows as blanks."""
_SIGN = re.compile(
    rf"^(?:\s*--- (?:PASS|FAIL|SKIP): \S|ok  ?\t\S|FAIL\t\S|=== RUN |(?:ok|FAIL) {{2,20}}\S{{1,500}}[ \t]+{_ENDED})",
    re.M,
)
_RESULT = re.compile(r"^(?:\s*|.*?\S(?=--- \w+: (?:Test|Example|Fuzz)\w))--- (PASS|FAIL|SKIP): (\S+) \(\d")
"""What a test prints without a line's end stands before its result."""
_PACKAGE = re.compile(rf"^(ok|FAIL)(?: *\t(?=\S)| {{2,20}}(?=\S{{1,500}}[ \t]+{_ENDED}))(\S+)(?:[ \t]+(.*))?$")
_NO_TESTS = re.compile(r"^\?\s+\t?(\S+)\s+\[no test files\]$")
_DETAIL = re.compile(r"^\s+(\S+\.go):(\d+): ?(.*)$")
_NO_TEST_RAN = re.compile(r"^testing: warning: no tests to run$")
_PANIC = re.compile(r"^panic: (.+)$")
_BUILD_ERROR = re.compile(r"^(?:\./)?(\S+\.go):(\d+):\d+: (.+)$")
_STATUS = {"PASS": TestStatus.PASSED, "FAIL": TestStatus.FAILED, "SKIP": TestStatus.SKIPPED}
_FAILED = (TestStatus.FAILED, TestStatus.ERRORED)

_GOTESTSUM = Table(
    sign=re.compile(r"^DONE \d+ tests?\b.* in \d", re.M),
    words=words(),
    results=(
        re.compile(r"^=== (?P<word>FAIL|SKIP): \S+ (?P<id>\S+) \("),
        re.compile(r"^(?P<word>PASS|FAIL|SKIP) \S+?\.(?P<id>(?:Test|Example|Fuzz)\S*) \("),
    ),
    totals=(re.compile(r"^DONE "),),
    total_words=frozenset({"tests", "test"}),
    message=re.compile(r"^\s+\S+\.go:\d+: (?P<message>.*)$"),
    place=re.compile(r"^\s+(?P<path>\S+\.go):(?P<line>\d+): "),
)


def read_gotestsum(log: Log) -> Run | None:
    """The last run that gotestsum summed up."""
    return read_table(_GOTESTSUM, log)


def read_go(log: Log) -> Run | None:
    """The last run of `go test` in the log: for each package its last result."""
    if _SIGN.search(log.text) is None:
        return None
    reading = _Reading()
    for index, line in enumerate(log.lines):
        if reading.take(line):
            reading.end = index
    tests = one_per_test((package, test) for package, tests in reading.packages.items() for test in tests)
    if not tests and not reading.is_empty:
        return None
    return Run(tests=tests, counts=counts_of(tests), problem=_problem(tests), end=reading.end)


def _problem(tests: Iterable[TestResult]) -> str | None:
    statuses = {test.status for test in tests}
    if not statuses:
        return "no tests ran"
    if statuses == {TestStatus.ERRORED}:
        broken = next(iter(tests))
        return f"{broken.id}: {broken.message}"
    return None


class _Reading:
    """One pass: tests come before the line of their package."""

    def __init__(self) -> None:
        self.end = 0
        self.is_empty = False
        self.packages: dict[str, list[TestResult]] = {}
        self._tests: list[TestResult] = []
        self._build_error: TestResult | None = None
        self._has_no_tests = False

    def take(self, line: str) -> bool:
        """Reads one line; whether it meant anything but detail."""
        if found := _RESULT.match(line):
            self._tests.append(TestResult(id=found.group(2), status=_STATUS[found.group(1)]))
            # The test is named here for good; until its package is, it stands under no name.
            self.packages[""] = self._tests
            return True
        if found := _PACKAGE.match(line):
            self._close(found.group(1), found.group(2), found.group(3) or "")
            return True
        if _NO_TESTS.match(line):
            self.is_empty = True
            return True
        self._has_no_tests |= _NO_TEST_RAN.match(line) is not None
        self._take_detail(line)
        return False

    def _take_detail(self, line: str) -> None:
        detail, panic = _DETAIL.match(line), _PANIC.match(line)
        if detail and self._tests and self._tests[-1].status in _FAILED and self._tests[-1].message is None:
            path, number, words = detail.groups()
            self._tests[-1] = replace(self._tests[-1], path=path, line=int(number), message=words or None)
        elif panic and self._tests and self._tests[-1].status in _FAILED:
            self._tests[-1] = replace(self._tests[-1], message=panic.group(1))
        elif (build := _BUILD_ERROR.match(line)) and self._build_error is None:
            path, number, words = build.groups()
            self._build_error = TestResult(id="", status=TestStatus.ERRORED, path=path, line=int(number), message=words)

    def _close(self, word: str, package: str, rest: str) -> None:
        self.packages.pop("", None)
        tests, self._tests = self._tests, []
        has_no_tests, self._has_no_tests = self._has_no_tests and not tests, False
        if "[build failed]" in rest or "[setup failed]" in rest:
            broken = self._build_error or TestResult(id="", status=TestStatus.ERRORED, message=rest.strip("[] "))
            tests, self._build_error = [replace(broken, id=package)], None
        elif "[no tests to run]" in rest or (word == "ok" and has_no_tests):
            self.is_empty = True
        elif not tests or (word == "FAIL" and not any(test.status in _FAILED for test in tests)):
            status = TestStatus.PASSED if word == "ok" else TestStatus.FAILED
            tests.append(TestResult(id=package, status=status))
        self.packages[package] = tests
