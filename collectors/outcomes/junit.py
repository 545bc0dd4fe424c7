"""Reads JUnit XML in the dialects runners write: JUnit, surefire, pytest, jest, gtest, PHPUnit, nextest and others.

Promises: only listed test cases count; an error is not a failure; a test that is listed again is a rerun, the last one
that ran decides. What is not a whole, plain report is refused with the place. Streams, so memory follows the tests.
"""

import codecs
import re
from collections.abc import Iterable, Mapping

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from collectors.outcomes.form import Form, decoded_head, form_of
from collectors.outcomes.junit_cases import BAD, MESSAGE_CHARS, UNNAMED, Case, Cases
from collectors.outcomes.verdicts import counted, one_per_test
from sidecar.domain import Outcome, SessionId, Subject, TestResult, TestStatus
from sidecar.errors import DecodeError, TooLargeError

MAX_BYTES = 20 * 1024 * 1024
"""Larger reports are refused unread: TRUST T8."""

_ROOTS = ("testsuites", "testsuite")
_HTML = re.compile(r"(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--[^>]{0,500}-->\s*)?<(?:!doctype html|html|head|body)\b", re.I)
_OTHER_FORMATS: Mapping[str, str] = {
    "TRX": "dotnet's TRX, for which JunitXml.TestLogger is the logger to add",
    "TestRun": "CppUnit's or AUnit's own format",
    "test-run": "NUnit 3's own format",
    "test-results": "NUnit 2's own format",
    "test-suite": "a suite of NUnit's or Allure's own format",
    "assemblies": "xUnit.net's own format",
    "assembly": "xUnit.net's own format",
    "TestLog": "Boost.Test's own log, for which --log_format=JUNIT is the option",
    "TestResult": "Boost.Test's own summary, for which --log_format=JUNIT is the option",
    "Catch2TestRun": "Catch2's own format, for which --reporter junit is the option",
    "Catch": "Catch2's own format, for which --reporter junit is the option",
    "Site": "CTest's dashboard format, for which --output-junit FILE is the option",
    "robot": "Robot Framework's own format, for which --xunit FILE is the option",
    "testng-results": "TestNG's own summary, beside which it writes JUnit XML under junitreports/",
    "failsafe-summary": "failsafe's summary, beside which it writes TEST-*.xml files",
    "testExecutions": "Sonar's generic format",
    "html": "a web page",
    "coverage": "a coverage report",
    "checkstyle": "a linter's report",
}
"""Root elements that people send by mistake."""
_FALSE_UTF16 = re.compile(rb"\A(<\?xml[^>]{0,100}?)\s+encoding=[\"']utf-16[\"']", re.I)
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
            TooLargeError: Over MAX_BYTES, or of too many elements.
        """
        if len(report) > MAX_BYTES:
            raise TooLargeError(f"JUnit report of {len(report)} bytes; the limit is {MAX_BYTES}. Split it by suite")
        if not report.strip():
            raise DecodeError("JUnit report is empty; expected " + self.expected + ". Did the test run write it?")
        if _HTML.match(decoded_head(report)):
            raise DecodeError(
                "JUnit report is a web page (HTML); expected " + self.expected + ". Was a log-in page saved?"
            )
        cases = Cases(_check_root)
        _parse(report, cases)
        return _outcome(cases)


def _parse(report: bytes, cases: Cases) -> None:
    parser = DefusedXMLParser(target=cases, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(_plain(report))
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


def _plain(report: bytes) -> bytes:
    """The report without what XML does not allow and writers do.

    Shell scripts put blanks before the declaration. .NET claims UTF-16 where it wrote a string to a file: that such a
    claim can be read as ASCII refutes it.
    """
    mark = codecs.BOM_UTF8 if report.startswith(codecs.BOM_UTF8) else b""
    return _FALSE_UTF16.sub(rb"\1", report[len(mark) :].lstrip(b" \t\r\n"), count=1)


def _check_root(tag: str) -> None:
    namespace, _, name = tag.rpartition("}")
    if name in _ROOTS:
        return
    known = _OTHER_FORMATS.get("TRX" if name == "TestRun" and "microsoft.com" in namespace else name)
    hint = f". This is {known}; have the run write JUnit XML too" if known else ""
    raise DecodeError(f"root element is <{name[:60]}>; expected <testsuites> or <testsuite>{hint}")


def _outcome(cases: Cases) -> Outcome:
    tests = one_per_test((_group(case, at), _result(case)) for at, case in enumerate(cases.cases, 1))
    return counted("junit", tests, problem=_problem(cases), subject=_subject(cases.sessions - {""}))


def _group(case: Case, at: int) -> str:
    """Its suite; of a case without a name, which may be any, the place in the report."""
    return f"case {at}" if case.id == UNNAMED else case.suite


def _subject(sessions: set[str]) -> Subject | None:
    """Whom the report speaks of; reports of two sessions in one file speak of neither."""
    return Subject(session_id=SessionId(next(iter(sessions)))) if len(sessions) == 1 else None


def _result(case: Case) -> TestResult:
    status = TestStatus.SKIPPED if case.is_left_out else case.status
    if status is TestStatus.PASSED and not case.message and not case.body:
        return TestResult(id=case.id, status=status, path=case.path, line=case.line)
    path, line = case.path, case.line
    if status in BAD:
        place = _PLACE.search(f"{case.message or ''}\n{case.body}")
        if place is not None:
            path, line = place.group(1), int(place.group(2))
    message = case.message or _first_line(case.body.splitlines())
    return TestResult(id=case.id, status=status, message=message, path=path, line=line)


def _first_line(lines: Iterable[str]) -> str | None:
    return next((line.strip()[:MESSAGE_CHARS] for line in lines if line.strip()), None)


def _problem(cases: Cases) -> str | None:
    declared, listed = cases.declared, len(cases.cases)
    if listed == 0:
        return "the report lists no test" + (f", though it declares {declared}" if declared else "")
    # surefire declares every try of a test
    if declared > listed + sum(case.tries for case in cases.cases):
        return f"the report declares {declared} tests and lists {listed}; only the listed ones count"
    if cases.declared_bad and not any(case.names_failure for case in cases.cases):
        return f"the report declares {cases.declared_bad} failures or errors and lists none"
    return None
