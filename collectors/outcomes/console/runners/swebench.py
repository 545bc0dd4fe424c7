"""Reads the report that a SWE-bench harness prints into its log, as JSON or as Python writes a dict.

It lists tests under FAIL_TO_PASS, PASS_TO_PASS and the like, each with `success` and `failure`.
"""

import re
from collections.abc import Iterator

from collectors.outcomes.console.runners.log import Log
from collectors.outcomes.console.runners.runner import Run, counts_of
from sidecar.domain import TestResult, TestStatus

_REPORT = re.compile(r"[\"']tests_status[\"']:\s*\{\s*[\"']FAIL_TO_PASS[\"']")
_TOKEN = re.compile(
    r"[\"'](?P<key>success|failure|(?:FAIL|PASS)_TO_(?:FAIL|PASS))[\"']\s*:"
    r"|'(?P<single>(?:[^'\\]|\\.)*)'|\"(?P<double>(?:[^\"\\]|\\.)*)\"|(?P<end>\}\s*\}|\n\d{4}-)"
)
_ESCAPE = re.compile(r"\\(.)")


def read_swebench(log: Log) -> Run | None:
    """The last graded report in the log."""
    reports = list(_REPORT.finditer(log.uncut))
    if not reports:
        return None
    start = reports[-1].start()
    tests = tuple({result.id: result for result in _results(log.uncut, log.uncut.index("{", start))}.values())
    end = log.uncut.count("\n", 0, start)
    problem = None if tests else "the report lists no test"
    return Run(tests=tests, counts=counts_of(tests), problem=problem, end=end)


def _results(text: str, start: int) -> Iterator[TestResult]:
    status = TestStatus.PASSED
    for token in _TOKEN.finditer(text, start):
        if token.group("end") is not None and not token.group("end").startswith("}"):
            return
        key = token.group("key")
        if key in ("success", "failure"):
            status = TestStatus.PASSED if key == "success" else TestStatus.FAILED
        elif key is None and token.group("end") is None:
            quoted = token.group("single") if token.group("single") is not None else token.group("double")
            yield TestResult(id=_ESCAPE.sub(r"\1", quoted or ""), status=status)
        elif token.group("end") is not None and re.match(r"\}\s*\}", token.group("end")):
            return
