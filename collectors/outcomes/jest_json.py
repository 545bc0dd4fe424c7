"""Reads what `jest --json` and `vitest --reporter=json` write.

Promises: only listed tests count; a file that could not be loaded is an error with the file's name. Source: Jest docs,
`--json` (FormattedTestResults); vitest writes the same shape since 0.3.
"""

import re
from collections.abc import Mapping

from collectors.outcomes.form import Form, form_of
from collectors.outcomes.json_report import first_line, parse_json_report
from collectors.outcomes.verdicts import counted, numbered, one_per_test
from collectors.payload import Payload
from sidecar.domain import Outcome, TestResult, TestStatus
from sidecar.errors import DecodeError

_STATUS: Mapping[str, TestStatus] = {
    "passed": TestStatus.PASSED,
    "failed": TestStatus.FAILED,
    "pending": TestStatus.SKIPPED,
    "skipped": TestStatus.SKIPPED,
    "todo": TestStatus.SKIPPED,
    "disabled": TestStatus.SKIPPED,
    "focused": TestStatus.PASSED,
}
_TESTS = ("assertionResults", "testResults")
"""As `--json` writes them, and as a results processor is given them."""


class JestJsonReader:
    """JSON of jest and vitest."""

    name = "jest_json"
    expected = 'the JSON of `jest --json` or `vitest --reporter=json`: an object with "testResults"'

    def recognises(self, report: bytes) -> bool:
        """JSON with jest's totals, which stand before everything else."""
        return form_of(report) is Form.JEST

    def read(self, report: bytes) -> Outcome:
        """The report as an Outcome.

        Raises:
            DecodeError: Not whole JSON of jest; says where.
            TooLargeError: Over a limit of JSON reports.
        """
        document = parse_json_report(report, "jest", self.expected)
        if not document.at("testResults").is_array():
            raise DecodeError(f'jest report has no list "testResults". Expected {self.expected}')
        listed = [
            (file.text("name") or file.text("testFilePath") or "", test)
            for at, file in enumerate(document.items("testResults"))
            for test in _file_tests(file, at)
        ]
        declared = document.whole("numTotalTests") or 0
        return counted("jest_json", one_per_test(numbered(listed)), problem=_problem(document, declared, len(listed)))


def _file_tests(file: Payload, at: int) -> list[TestResult]:
    path = file.text("name") or file.text("testFilePath")
    place = f'jest report: "testResults[{at}]"'
    if not file.is_object():
        raise DecodeError(f"{place} is no object; one was expected for each test file, with its name")
    key = next((key for key in _TESTS if file.at(key).is_array()), None)
    tests = [_result(test, path, f"{place}[{number}]") for number, test in enumerate(file.items(key))] if key else []
    said = first_line(file.text("message")) or first_line(file.text("failureMessage"))
    has_bad = any(test.status is TestStatus.FAILED for test in tests)
    if not has_bad and (file.text("status") == "failed" or file.at("testExecError").is_object()):
        message = said or first_line(file.text("testExecError", "message")) or "the file could not be run"
        tests.append(TestResult(id=path or f"testResults[{at}]", status=TestStatus.ERRORED, message=message, path=path))
    return tests


def _result(test: Payload, path: str | None, place: str) -> TestResult:
    status = test.text("status") or ""
    if status not in _STATUS:
        raise DecodeError(f"{place} has the status {status[:40]!r}; expected one of {', '.join(_STATUS)}")
    titles = [title for one in test.items("ancestorTitles") if (title := one.text())]
    title = test.text("title") or ""
    name = test.text("fullName") or " ".join((*titles, title)).strip() or "(unnamed)"
    parts = " › ".join(part for part in (*titles, title) if part)
    said = next((one.text() for one in test.items("failureMessages")), None)
    placed = re.search(re.escape(path) + r":(\d{1,7})\b", said) if path and said else None
    line = int(placed[1]) if placed else test.whole("location", "line")
    return TestResult(
        id=name.strip(),
        status=_STATUS[status],
        message=first_line(said),
        path=path,
        line=line if line is not None and 0 <= line < 2**31 else None,
        aliases=(parts,) if parts and parts != name else (),
    )


def _problem(document: Payload, declared: int, listed: int) -> str | None:
    if listed == 0:
        return "the report lists no test" + (f", though it declares {declared}" if declared > 0 else "")
    if document.flag("wasInterrupted"):
        return "the run was interrupted (wasInterrupted)"
    if declared > listed:
        return f"the report declares {declared} tests and lists {listed}; only the listed ones count"
    return None
