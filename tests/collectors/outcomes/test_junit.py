"""JUnit XML: what counts, what decides, what is refused and how it is said."""

import pytest

from collectors.outcomes import junit, junit_cases
from collectors.outcomes.junit import JUnitReader
from sidecar.domain import Outcome, TestResult, TestStatus
from sidecar.errors import DecodeError, TooLargeError


def read(cases: str, attributes: str = "") -> Outcome:
    return JUnitReader().read(f"<testsuites><testsuite name='s' {attributes}>{cases}</testsuite></testsuites>".encode())


def only(outcome: Outcome) -> TestResult:
    (test,) = outcome.tests
    return test


def test_statuses_are_counted_per_test() -> None:
    outcome = read(
        "<testcase classname='a' name='good'/>"
        "<testcase classname='a' name='bad'><failure message='2 != 3'/></testcase>"
        "<testcase classname='a' name='ugly'><error message='boom'/></testcase>"
        "<testcase classname='a' name='later'><skipped/></testcase>"
    )

    assert (outcome.passed, outcome.failed, outcome.errored, outcome.skipped) == (1, 1, 1, 1)
    assert [(test.id, test.status.value) for test in outcome.tests] == [
        ("a.good", "passed"),
        ("a.bad", "failed"),
        ("a.ugly", "errored"),
        ("a.later", "skipped"),
    ]
    assert outcome.problem is None


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ("classname='a.b' name='c'", "a.b.c"),
        ("name='c'", "c"),
        ("classname='' name='c'", "c"),
        ("classname='a'", "a"),
        ("", "(unnamed)"),
    ],
)
def test_id_is_class_and_name(attributes: str, name: str) -> None:
    assert only(read(f"<testcase {attributes}/>")).id == name


@pytest.mark.parametrize(
    ("inside", "status"),
    [
        ("<skipped/><failure/><error/>", TestStatus.ERRORED),
        ("<error/><failure/>", TestStatus.ERRORED),
        ("<skipped/><failure/>", TestStatus.FAILED),
        ("<system-out>FAILED</system-out>", TestStatus.PASSED),
        ("<flakyFailure message='once'/>", TestStatus.PASSED),
        ("<failure message='always'/><rerunFailure message='again'/>", TestStatus.FAILED),
        ("<properties><property name='failure' value='1'/></properties>", TestStatus.PASSED),
    ],
)
def test_gravest_element_of_a_case_decides(inside: str, status: TestStatus) -> None:
    assert only(read(f"<testcase name='t'>{inside}</testcase>")).status is status


@pytest.mark.parametrize(
    ("attribute", "status"),
    [
        ("status='disabled'", TestStatus.SKIPPED),
        ("status='notrun'", TestStatus.SKIPPED),
        ("status='completed' result='suppressed'", TestStatus.SKIPPED),
        ("status='run'", TestStatus.PASSED),
        ("status='Failed'", TestStatus.FAILED),
        ("status='error'", TestStatus.ERRORED),
    ],
)
def test_case_without_elements_ended_as_its_attribute_says(attribute: str, status: TestStatus) -> None:
    assert only(read(f"<testcase name='t' {attribute}/>")).status is status


def test_a_failure_of_a_case_that_says_it_is_disabled_counts_as_none() -> None:
    assert only(read("<testcase name='t' status='disabled'><failure/></testcase>")).status is TestStatus.SKIPPED


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [("<failure/>", "", TestStatus.PASSED), ("", "<failure/>", TestStatus.FAILED), ("<error/>", "", TestStatus.PASSED)],
)
def test_rerun_in_the_same_suite_decides(first: str, second: str, status: TestStatus) -> None:
    outcome = read(f"<testcase name='t'>{first}</testcase><testcase name='t'>{second}</testcase>")

    assert only(outcome).status is status


@pytest.mark.parametrize("order", [("<failure/>", "<skipped/>"), ("<error/>", "<skipped/>")])
def test_a_repetition_that_was_skipped_takes_nothing_back(order: tuple[str, str]) -> None:
    outcome = read("".join(f"<testcase name='t'>{inside}</testcase>" for inside in order))

    assert only(outcome).status in junit_cases.BAD


@pytest.mark.parametrize("attribute", ["name", "hostname"])
def test_namesake_in_another_suite_is_another_test_and_hides_no_failure(attribute: str) -> None:
    outcome = JUnitReader().read(
        f"<testsuites><testsuite {attribute}='firefox'><testcase name='t'><failure/></testcase></testsuite>"
        f"<testsuite {attribute}='chrome'><testcase name='t'/></testsuite></testsuites>".encode()
    )

    assert [(test.id, test.status.value) for test in outcome.tests] == [("t", "failed"), ("t [chrome]", "passed")]


def test_namesakes_in_two_classes_of_a_writer_that_says_class_are_two_tests() -> None:
    outcome = read("<testcase class='a' name='t'><failure/></testcase><testcase class='b' name='t'/>")

    assert [(test.id, test.status.value) for test in outcome.tests] == [("a.t", "failed"), ("b.t", "passed")]


def test_cases_without_a_name_are_each_a_test() -> None:
    outcome = read(
        "<testcase/><testcase><skipped/></testcase><testcase><failure/></testcase><testcase><error/></testcase>"
    )

    assert (outcome.passed, outcome.failed, outcome.errored, outcome.skipped) == (1, 1, 1, 1)
    assert len({test.id for test in outcome.tests}) == 4


def test_a_suite_that_could_not_be_loaded_is_an_error_beside_tests_that_passed() -> None:
    outcome = JUnitReader().read(
        b"<testsuites><testsuite name='a'><testcase name='t'/></testsuite><testsuite name='b.DetectorTest' tests='1'>"
        b"<properties/><error message='no class' type='NoClassDefFoundError'>trace</error></testsuite></testsuites>"
    )

    assert [(test.id, test.status.value, test.message) for test in outcome.tests] == [
        ("t", "passed", None),
        ("b.DetectorTest", "errored", "no class"),
    ]


def test_tries_beneath_a_case_are_tests_that_surefire_declares() -> None:
    outcome = read("<testcase name='t'><flakyFailure/><flakyError/></testcase>", "tests='3' failures='2'")

    assert (outcome.passed, outcome.problem) == (1, None)


def test_failures_that_are_declared_and_not_listed_are_a_problem() -> None:
    outcome = read("<testcase name='t'/><testcase name='u'/>", "tests='2' failures='1'")

    assert outcome.problem == "the report declares 1 failures or errors and lists none"


def test_suites_may_nest_and_the_root_may_be_a_suite() -> None:
    outcome = JUnitReader().read(
        b"<testsuite name='a' tests='2'><testcase name='t'/><testsuite name='b' tests='1'><testcase name='u'/>"
        b"</testsuite></testsuite>"
    )

    assert (outcome.passed, outcome.problem) == (2, None)


@pytest.mark.parametrize(
    ("inside", "message"),
    [
        ("<failure message='2 != 3'>trace</failure>", "2 != 3"),
        ("<failure>\n  first line\n second</failure>", "first line"),
        ("<failure type='AssertionError'/>", "AssertionError"),
        ("<failure message='a'/><failure message='b'/>", "a"),
    ],
)
def test_message_is_the_first_words_of_the_failure(inside: str, message: str) -> None:
    assert only(read(f"<testcase name='t'>{inside}</testcase>")).message == message


@pytest.mark.parametrize(
    ("case", "path", "line"),
    [
        ("<testcase name='t' file='a.py' line='3'><failure/></testcase>", "a.py", 3),
        ("<testcase name='t' file='a.py'><failure>at b.py:7: AssertionError</failure></testcase>", "b.py", 7),
        ("<testcase name='t'><failure message='src/x.cpp:72: error'/></testcase>", "src/x.cpp", 72),
        ("<testcase name='t'><failure message='no place'/></testcase>", None, None),
    ],
)
def test_place_is_where_the_failure_points(case: str, path: str | None, line: int | None) -> None:
    test = only(read(case))

    assert (test.path, test.line) == (path, line)


@pytest.mark.parametrize("opening", ["\n  <?xml version='1.0'?>", "\ufeff<?xml version='1.0' encoding=\"utf-16\"?>"])
def test_an_opening_that_xml_does_not_allow_and_writers_make_is_read(opening: str) -> None:
    assert JUnitReader().read(f"{opening}<testsuite><testcase name='t'/></testsuite>".encode()).passed == 1


def test_namespaced_elements_are_read() -> None:
    outcome = JUnitReader().read(b"<testsuite xmlns='urn:x'><testcase name='t'><failure/></testcase></testsuite>")

    assert outcome.failed == 1


def test_declared_tests_that_are_not_listed_do_not_count() -> None:
    outcome = read("<testcase name='t'/>", "tests='5'")

    assert outcome.passed == 1
    assert outcome.problem == "the report declares 5 tests and lists 1; only the listed ones count"


@pytest.mark.parametrize("attributes", ["", "tests='100' skipped='100'", "tests='12' failures='0'"])
def test_report_without_a_listed_test_has_passed_nothing(attributes: str) -> None:
    outcome = read("", attributes)

    assert (outcome.passed, outcome.tests) == (0, ())
    assert "lists no test" in (outcome.problem or "")


BOMB = b"<!DOCTYPE r [<!ENTITY a 'x'><!ENTITY b '&a;&a;&a;'>]><testsuites><testsuite name='&b;'/></testsuites>"
EXTERNAL = b"<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><testsuite><testcase name='&x;'/></testsuite>"


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"not xml", "line 1, column 0"),
        (b"<testsuites><testsuite name='s'><testcase name='t'", "line 1, column"),
        (b"<testsuites>\n<testsuite>\n<testcase name='a'></testsuite></testsuites>", "line 3"),
        (b"<html><body>log in</body></html>", "web page"),
        (b"<!DOCTYPE html>\n<html></html>", "web page"),
        (b"<TestRun xmlns='http://microsoft.com/schemas/VisualStudio/TeamTest/2010'/>", "root element .* dotnet's TRX"),
        (b"<TestRun/>", "root element is <TestRun>; expected <testsuites> or <testsuite>. This is CppUnit's"),
        (b"<TestLog/>", "--log_format=JUNIT"),
        (b"<testsuites/><testsuites/>", "junk after document element"),
        (BOMB, "document type"),
        (EXTERNAL, "document type"),
        (b"<?xml version='1.0' encoding='klingon'?><testsuites/>", "klingon|encoding"),
        (b"<testsuites><testsuite name='\xff\xfe'/></testsuites>", "line 1"),
        (b"\x00\x01\x02", "line 1"),
        (b'{"passed": 1}', "line 1"),
    ],
)
def test_what_is_not_a_report_is_refused_with_what_and_where(report: bytes, said: str) -> None:
    with pytest.raises(DecodeError, match=said):
        JUnitReader().read(report)


def test_report_over_the_byte_limit_is_refused_unread() -> None:
    with pytest.raises(TooLargeError, match="the limit is 20971520"):
        JUnitReader().read(b" " * (junit.MAX_BYTES + 1))


def test_report_over_the_element_limit_is_refused() -> None:
    with pytest.raises(TooLargeError, match="more than 1000000 elements"):
        JUnitReader().read(b"<testsuite>" + b"<a/>" * (junit_cases.MAX_NODES + 1))


def test_deep_nesting_is_read_or_refused_without_a_crash() -> None:
    depth = 20_000

    outcome = JUnitReader().read(b"<testsuite>" * depth + b"<testcase name='t'/>" + b"</testsuite>" * depth)

    assert outcome.passed == 1
