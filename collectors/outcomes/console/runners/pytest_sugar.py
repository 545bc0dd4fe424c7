"""Reads pytest under pytest-sugar, which prints its own progress and summary.

The summary is a list: a line `Results (0.07s):`, then a count a line, and under the failed ones where each stands.
"""

import re
from collections.abc import Iterator, Sequence

from collectors.outcomes.console.runners.log import Log
from collectors.outcomes.console.runners.pytest import COUNTED, tests_of
from collectors.outcomes.console.runners.runner import Run
from sidecar.domain import TestResult, TestStatus

_RESULTS = re.compile(r"^Results \(\d[\d.]*s\):$")
_START = re.compile(r"^(?:Test session starts \(platform: |=+ test session starts =+$)")
_COUNT = re.compile(r"^\s+(\d{1,9}) (\w+)$")
_PLACED = re.compile(r"^\s+- (\S{1,500}):(\d{1,7}) (\S.*)$")
_PROGRESS = re.compile(r"^\s?(\S{1,500}?\.py::\S.*?) ([✓⨯sxXE]) *\d{1,3}% ?[█▉▊▋▌▍▎▏ ]*$")
_SIGNS = {
    "✓": TestStatus.PASSED,
    "x": TestStatus.PASSED,
    "X": TestStatus.PASSED,
    "⨯": TestStatus.FAILED,
    "E": TestStatus.ERRORED,
    "s": TestStatus.SKIPPED,
}


def read_pytest_sugar(log: Log) -> Run | None:
    """The last run of pytest under pytest-sugar in the log."""
    if "Results (" not in log.text:
        return None
    results = [index for index, line in enumerate(log.lines) if _RESULTS.match(line)]
    if not results:
        return None
    before = results[-2] + 1 if len(results) > 1 else 0
    starts = [index for index in range(before, results[-1]) if _START.match(log.lines[index])]
    body = log.lines[starts[-1] if starts else before : results[-1]]
    summary = _summary(log.lines, results[-1] + 1)
    tests = {test.id: test for test in (*_told(summary), *_progress(body), *tests_of(body))}
    counts = dict.fromkeys(TestStatus, 0)
    for line in summary:
        found = _COUNT.match(line)
        if found is not None and found[2] in COUNTED:
            counts[COUNTED[found[2]]] += int(found[1])
    problem = None if any(counts.values()) else "no tests ran"
    return Run(tests=tuple(tests.values()), counts=counts, problem=problem, end=results[-1] + len(summary))


def _summary(lines: Sequence[str], start: int) -> Sequence[str]:
    end = start
    while end < len(lines) and (_COUNT.match(lines[end]) or _PLACED.match(lines[end])):
        end += 1
    return lines[start:end]


def _progress(lines: Sequence[str]) -> Iterator[TestResult]:
    for line in lines:
        found = _PROGRESS.match(line)
        if found is not None:
            path, _, name = found[1].partition("::")
            yield TestResult(id=_node(path, name), status=_SIGNS[found[2]])


def _told(summary: Sequence[str]) -> Iterator[TestResult]:
    """Those the summary places, under the word that counts them."""
    status = TestStatus.FAILED
    for line in summary:
        if count := _COUNT.match(line):
            status = COUNTED.get(count[2], status)
        elif placed := _PLACED.match(line):
            path, number, name = placed.groups()
            yield TestResult(id=_node(path, name), status=status, path=path, line=int(number))


def _node(path: str, name: str) -> str:
    """The id pytest gives a test that stands here as `TestCart.test_total[1.5]`."""
    names, bracket, parameters = name.partition("[")
    return f"{path}::{names.replace('.', '::')}{bracket}{parameters}"
