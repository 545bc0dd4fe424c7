"""Reads JUnit XML in the dialects runners write: JUnit, surefire, pytest, jest, gtest, PHPUnit, nextest and others.

Promises: only listed test cases count; an error is not a failure; a test that is listed again is a rerun, the last one
decides. What is not a whole, plain report is refused with the place. Streams, so memory follows the tests, not the XML.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from collectors.outcomes.form import Form, decoded_head, form_of
from collectors.outcomes.verdicts import GRAVITY, counted, one_per_test
from sidecar.domain import Outcome, SessionId, Subject, TestResult, TestStatus
from sidecar.errors import DecodeError, TooLargeError

MAX_BYTES = 20 * 1024 * 1024
"""Larger reports are refused unread: TRUST T8."""
MAX_NODES = 1_000_000
"""Elements of one report: TRUST T8."""

SESSION_PROPERTY = "sidecar.session"
"""Property of a suite: the session that ran the tests, as the pytest plugin writes it."""

_MESSAGE_CHARS = 2_000
_BODY_CHARS = 20_000
_ROOTS = ("testsuites", "testsuite")
_SKIPPED_STATUS = frozenset({"disabled", "notrun", "skipped", "ignored", "suppressed", "pending"})
_VERDICTS: Mapping[str, TestStatus] = {
    "error": TestStatus.ERRORED,
    "failure": TestStatus.FAILED,
    "skipped": TestStatus.SKIPPED,
    "skip": TestStatus.SKIPPED,
    "disabled": TestStatus.SKIPPED,
    "ignored": TestStatus.SKIPPED,
}
"""Elements of a test case that decide. rerunFailure and flakyFailure do not: the case itself tells how it ended."""
_HTML = re.compile(r"(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--[^>]{0,500}-->\s*)?<(?:!doctype html|html|head|body)\b", re.I)
_OTHER_FORMATS: Mapping[str, str] = {
    "TestRun": "dotnet's TRX, for which JunitXml.TestLogger is the logger to add",
    "test-run": "NUnit 3's own format",
    "test-results": "NUnit 2's own format",
    "assemblies": "xUnit.net's own format",
    "coverage": "a coverage report",
    "checkstyle": "a linter's report",
}
"""Root elements that people send by mistake."""
_PLACE = re.compile(r"(?:^|[\s(\"'])((?:[A-Za-z]:)?[^\s:()\"']{1,300}\.[A-Za-z]\w{0,7}):(\d{1,7})\b")


class JUnitReader:
    """JUnit XML."""

    name = "junit"
    expected = "XML with the root <testsuites> or <testsuite>"

    def recognises(self, report: bytes) -> bool:
        """XML of any kind: a wrong root is refused by name when it is read."""
        return form_of(report) is Form.XML

    def read(self, report: bytes) -> Outcome:
        """The report as an Outcome.

        Raises:
            DecodeError: Not whole, well-formed, plain JUnit XML; says where.
            TooLargeError: Over MAX_BYTES or MAX_NODES.
        """
        if len(report) > MAX_BYTES:
            raise TooLargeError(f"JUnit report of {len(report)} bytes; the limit is {MAX_BYTES}. Split it by suite")
        if not report.strip():
            raise DecodeError("JUnit report is empty; expected " + self.expected + ". Did the test run write it?")
        if _HTML.match(decoded_head(report)):
            raise DecodeError(
                "JUnit report is a web page (HTML); expected " + self.expected + ". Was a log-in page saved?"
            )
        cases = _Cases()
        _parse(report, cases)
        return _outcome(cases)


def _parse(report: bytes, cases: "_Cases") -> None:
    parser = DefusedXMLParser(target=cases, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(report)
        parser.close()
    except ParseError as exc:
        raise DecodeError(
            f"JUnit report is not well-formed XML: {exc}; "
            f"it is damaged, cut off or not JUnit. Expected {JUnitReader.expected}"
        ) from exc
    except DefusedXmlException as exc:
        raise DecodeError(
            f"JUnit report holds a document type or entity declaration ({type(exc).__name__}), which is never read; "
            f"write the report without DOCTYPE"
        ) from exc
    except (ValueError, LookupError) as exc:
        raise DecodeError(f"JUnit report cannot be decoded as XML: {exc}; expected UTF-8") from exc


@dataclass(slots=True)
class _Case:
    id: str
    status: TestStatus
    path: str | None
    line: int | None
    suite: str
    is_todo: bool = False
    message: str | None = None
    body: list[str] = field(default_factory=list[str])


class _Cases:
    """Target of the parser: keeps test cases, not elements."""

    def __init__(self) -> None:
        self.cases: list[_Case] = []
        self.declared = 0
        self.sessions: set[str] = set()
        self._suites: list[Mapping[str, str]] = []
        self._open: list[str] = []
        self._case: _Case | None = None
        self._verdict: str | None = None
        self._nodes = 0
        self._body_chars = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise TooLargeError(f"JUnit report of more than {MAX_NODES} elements; split it by suite")
        name = _local(tag)
        if not self._open and name not in _ROOTS:
            raise DecodeError(_wrong_root(name))
        self._open.append(name)
        if name == "testsuite":
            self._suites.append(attributes)
        elif name == "testcase":
            self._case = self._begun(attributes)
        elif self._case is not None and name in _VERDICTS and self._open[-2] == "testcase":
            self._decide(self._case, name, attributes)
        elif name == "property" and attributes.get("name") == SESSION_PROPERTY:
            self.sessions.add(attributes.get("value", "").strip()[:_MESSAGE_CHARS])

    def data(self, text: str) -> None:
        """Text between tags; only that of the element that decided is kept."""
        if self._case is not None and self._verdict is not None and self._body_chars < _BODY_CHARS:
            self._body_chars += len(text)
            self._case.body.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        name = _local(tag)
        self._open.pop()
        if name == "testsuite":
            self._end_suite()
        elif name == "testcase" and self._case is not None:
            self.cases.append(self._case)
            self._case = None
        if self._verdict == name:
            self._verdict = None

    def close(self) -> None:
        """The document ended."""

    def _begun(self, attributes: Mapping[str, str]) -> _Case:
        name = attributes.get("name", "").strip()
        class_name = attributes.get("classname", "").strip()
        suite: Mapping[str, str] = self._suites[-1] if self._suites else {}
        is_skipped = not _SKIPPED_STATUS.isdisjoint(attributes.get(key, "").lower() for key in ("status", "result"))
        return _Case(
            id=f"{class_name}.{name}"
            if class_name and name and class_name != name
            else name or class_name or "(unnamed)",
            status=TestStatus.SKIPPED if is_skipped else TestStatus.PASSED,
            path=attributes.get("file") or attributes.get("filepath") or suite.get("file") or suite.get("filepath"),
            line=_number(attributes.get("line")),
            suite=suite.get("name", ""),
        )

    def _decide(self, case: _Case, name: str, attributes: Mapping[str, str]) -> None:
        status = _VERDICTS[name]
        # node's runner lists the failure of a test that is still to do, and counts it as none
        case.is_todo |= status is TestStatus.SKIPPED and attributes.get("type") == "todo"
        is_graver = GRAVITY[status] > GRAVITY[case.status] or case.status is TestStatus.PASSED
        if not is_graver and (status is not case.status or case.message is not None):
            return
        case.status, self._verdict, self._body_chars = status, name, 0
        case.body.clear()
        case.message = (attributes.get("message") or "").strip()[:_MESSAGE_CHARS] or attributes.get("type")

    def _end_suite(self) -> None:
        suite = self._suites.pop()
        # Only suites that hold no suites declare their own cases; an outer one repeats the sum.
        if not self._suites:
            self.declared += _number(suite.get("tests")) or 0


def _wrong_root(name: str) -> str:
    known = _OTHER_FORMATS.get(name)
    hint = f". This is {known}; have the run write JUnit XML too" if known else ""
    return f"root element is <{name[:60]}>; expected <testsuites> or <testsuite>{hint}"


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) <= 9 else None


def _outcome(cases: _Cases) -> Outcome:
    tests = one_per_test((case.suite, _result(case)) for case in cases.cases)
    problem = _problem(cases.declared, len(cases.cases))
    return counted("junit", tests, problem=problem, subject=_subject(cases.sessions - {""}))


def _subject(sessions: set[str]) -> Subject | None:
    """Whom the report speaks of; reports of two sessions in one file speak of neither."""
    return Subject(session_id=SessionId(next(iter(sessions)))) if len(sessions) == 1 else None


def _result(case: _Case) -> TestResult:
    body = "".join(case.body)
    path, line = case.path, case.line
    status = TestStatus.SKIPPED if case.is_todo else case.status
    if status in (TestStatus.FAILED, TestStatus.ERRORED):
        place = _PLACE.search(f"{case.message or ''}\n{body}")
        if place is not None:
            path, line = place.group(1), int(place.group(2))
    message = case.message or _first_line(body.splitlines())
    return TestResult(id=case.id, status=status, message=message, path=path, line=line)


def _first_line(lines: Iterable[str]) -> str | None:
    return next((line.strip()[:_MESSAGE_CHARS] for line in lines if line.strip()), None)


def _problem(declared: int, listed: int) -> str | None:
    if listed == 0:
        return "the report lists no test" + (f", though it declares {declared}" if declared else "")
    if declared > listed:
        return f"the report declares {declared} tests and lists {listed}; only the listed ones count"
    return None
