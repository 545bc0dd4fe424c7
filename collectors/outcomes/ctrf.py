"""Reads CTRF, the Common Test Report Format that reporters of many runners write as JSON.

Promises: only listed tests count; a test that was tried again counts as it ended; whom the report says it speaks of
is kept. Source: ctrf.io, specification 0.0 (`results.tool`, `.summary`, `.tests`, `.environment`).
"""

import re
from collections.abc import Mapping

from collectors.outcomes.form import Form, form_of
from collectors.outcomes.json_report import MESSAGE_CHARS, first_line, parse_json_report
from collectors.outcomes.verdicts import counted, numbered, one_per_test
from collectors.payload import Payload
from sidecar.domain import Outcome, SessionId, Subject, TestResult, TestStatus
from sidecar.errors import DecodeError

_STATUS: Mapping[str, TestStatus] = {
    "passed": TestStatus.PASSED,
    "failed": TestStatus.FAILED,
    "skipped": TestStatus.SKIPPED,
    "pending": TestStatus.SKIPPED,
}
_COULD_NOT_RUN = re.compile(r"error|broken|time|interrupt|crash|abort", re.I)
SESSION_KEY = "sidecar_session"
"""In `environment.extra` or `extra`: the session that ran the tests."""


class CtrfReader:
    """CTRF JSON."""

    name = "ctrf"
    expected = 'CTRF JSON: an object with "results", which holds "tests"'

    def recognises(self, report: bytes) -> bool:
        """JSON that says so, or begins with a tool, a summary or tests under `results`."""
        return form_of(report) is Form.CTRF

    def read(self, report: bytes) -> Outcome:
        """The report as an Outcome.

        Raises:
            DecodeError: Not whole CTRF; says where.
            TooLargeError: Over a limit of JSON reports.
        """
        results = parse_json_report(report, "CTRF", self.expected).at("results")
        if not results.at("tests").is_array():
            raise DecodeError(f'CTRF report has no list "results.tests". Expected {self.expected}')
        listed = [(_suite(test), _result(test, at)) for at, test in enumerate(results.items("tests"))]
        return counted(
            "ctrf",
            one_per_test(numbered(listed)),
            problem=_problem(results.whole("summary", "tests") or 0, len(listed)),
            subject=_subject(results),
        )


def _suite(test: Payload) -> str:
    named = test.at("suite")
    parts = [part.text() for part in named.items()] if named.is_array() else [named.text()]
    return " > ".join(part for part in parts if part)


def _result(test: Payload, at: int) -> TestResult:
    place = f'CTRF report: "results.tests[{at}]"'
    name, status = test.text("name"), (test.text("status") or "").lower()
    if name is None:
        raise DecodeError(f"{place} has no name; every test of a CTRF report has one")
    if status not in (*_STATUS, "other"):
        raise DecodeError(
            f"{place} ({name[:60]}) has the status {status[:40]!r}; expected passed, failed, skipped, pending or other"
        )
    suite = _suite(test)
    return TestResult(
        id=f"{suite} > {name}" if suite and not name.startswith(suite) else name,
        status=_STATUS.get(status) or _other(test.text("rawStatus")),
        message=first_line(test.text("message")) or first_line((test.text("trace") or "")[:MESSAGE_CHARS]),
        path=test.text("filePath"),
        line=_line(test.whole("line")),
        aliases=(name,) if suite and not name.startswith(suite) else (),
    )


def _line(number: int | None) -> int | None:
    return number if number is not None and 0 <= number < 2**31 else None


def _other(raw: str | None) -> TestStatus:
    """CTRF has no word for errors: `other` is one where the runner's own word says so."""
    return TestStatus.ERRORED if raw is not None and _COULD_NOT_RUN.search(raw) else TestStatus.SKIPPED


def _subject(results: Payload) -> Subject | None:
    environment = results.at("environment")
    session = environment.text("extra", SESSION_KEY) or results.text("extra", SESSION_KEY)
    subject = Subject(
        session_id=SessionId(session) if session else None,
        commit=environment.text("commit"),
        branch=environment.text("branchName"),
        repository=environment.text("repositoryUrl"),
    )
    return subject if subject != Subject() else None


def _problem(declared: int, listed: int) -> str | None:
    if listed == 0:
        return "the report lists no test" + (f", though it declares {declared}" if declared > 0 else "")
    if declared > listed:
        return f"the report declares {declared} tests and lists {listed}; only the listed ones count"
    return None
