"""Reports as runners wrote them: what each reader makes of them, and that no two readers claim the same one."""

import time
from contextlib import suppress
from pathlib import Path

import pytest

from collectors.outcomes.registry import READERS, read_report, reader
from sidecar.domain import Outcome, SessionId, Subject, TestStatus
from sidecar.errors import InputError, UnknownFormatError

REPORTS = Path(__file__).parent / "reports"
EXPECTED = {
    "bail-out.tap": ("tap", (1, 0, 0, 0)),
    "dotnet.xml": ("junit", (1, 1, 0, 1)),
    "go.jsonl": ("go_json", (2, 3, 1, 1)),
    "gotestsum.xml": ("junit", (1, 1, 0, 1)),
    "gradle.xml": ("junit", (1, 1, 0, 1)),
    "jest-ctrf.json": ("ctrf", (1, 1, 0, 2)),
    "jest-junit.xml": ("junit", (2, 1, 0, 1)),
    "jest.json": ("jest_json", (1, 1, 1, 2)),
    "mocha-ctrf.json": ("ctrf", (1, 1, 0, 1)),
    "mocha-xunit.xml": ("junit", (1, 1, 0, 1)),
    "mocha.tap": ("tap", (1, 1, 0, 1)),
    "nextest.xml": ("junit", (2, 1, 0, 0)),
    "node-junit.xml": ("junit", (2, 1, 0, 2)),
    "node.tap": ("tap", (2, 1, 0, 2)),
    "phpunit.xml": ("junit", (2, 1, 1, 0)),
    "playwright-ctrf.json": ("ctrf", (1, 1, 1, 1)),
    "prove.tap": ("tap", (1, 1, 0, 2)),
    "pytest-ctrf.json": ("ctrf", (2, 4, 0, 2)),
    "pytest-reruns.xml": ("junit", (2, 2, 2, 2)),
    "pytest-xunit1.xml": ("junit", (2, 2, 2, 2)),
    "pytest.xml": ("junit", (2, 2, 2, 2)),
    "surefire.xml": ("junit", (2, 1, 1, 1)),
    "swebench.json": ("swebench", (2, 1, 0, 0)),
    "vitest-flat.tap": ("tap", (1, 2, 0, 2)),
    "vitest-junit.xml": ("junit", (1, 2, 0, 2)),
    "vitest.json": ("jest_json", (1, 1, 1, 2)),
    "vitest.tap": ("tap", (1, 2, 0, 2)),
}
"""File to its format and (passed, failed, errored, skipped), counted by hand. Reporters differ in what they list:
jest's JUnit and CTRF leave out a suite that cannot load, and CTRF has no word for an error."""


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    return outcome.passed, outcome.failed, outcome.errored, outcome.skipped


def of(name: str) -> Outcome:
    return read_report((REPORTS / name).read_bytes())


def test_every_report_is_expected() -> None:
    assert {path.name for path in REPORTS.iterdir()} - {"README.md"} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
class TestEveryReport:
    def test_is_recognised_by_its_own_reader_alone(self, name: str) -> None:
        report = (REPORTS / name).read_bytes()

        assert [one for one in READERS if reader(one).recognises(report)] == [EXPECTED[name][0]]

    def test_counts_as_the_runner_said(self, name: str) -> None:
        assert (of(name).format, counts(of(name))) == EXPECTED[name]

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
    def test_reads_the_same_with_a_byte_order_mark(self, name: str, encoding: str) -> None:
        text = (
            (REPORTS / name).read_text(encoding="utf-8").replace('encoding="UTF-8"', "").replace('encoding="utf-8"', "")
        )

        assert read_report(text.encode(encoding)) == of(name)

    def test_reads_the_same_with_windows_line_ends(self, name: str) -> None:
        report = (REPORTS / name).read_bytes().replace(b"\n", b"\r\n")

        assert counts(read_report(report)) == EXPECTED[name][1]

    def test_names_the_failing_tests_with_their_words(self, name: str) -> None:
        bad = [test for test in of(name).tests if test.status in (TestStatus.FAILED, TestStatus.ERRORED)]

        assert [test.id for test in bad if not test.id.strip()] == []
        assert len(bad) == of(name).failed + of(name).errored


@pytest.mark.parametrize(
    ("name", "test", "message", "path", "line"),
    [
        (
            "vitest.tap",
            "vitest/cart.test.mjs > Cart > taxes",
            "expected 2 to be 3 // Object.is equality",
            "cart.test.mjs",
            5,
        ),
        ("node.tap", "Cart > taxes", "2 == 3", "cart.test.mjs", 4),
        ("jest.json", "Cart taxes", "Error: expect(received).toBe(expected) // Object.is equality", "cart.test.js", 4),
        ("go.jsonl", "TestTaxes/full", "got 2, want 3", "cart_test.go", 13),
        ("go.jsonl", "example.com/shop/broken", "undefined: missing", "broken/broken_test.go", 5),
        ("surefire.xml", "com.acme.shop.CartTest.taxes", "expected: <2> but was: <3>", "CartTest.java", 20),
        ("playwright-ctrf.json", "chromium > till.spec.ts > taxes", "expected 2 to be 3", "till.spec.ts", 9),
    ],
)
def test_a_failure_keeps_its_words_and_place(name: str, test: str, message: str, path: str, line: int) -> None:
    found = next(one for one in of(name).tests if one.id == test)

    assert (found.message, found.line) == (message, line)
    assert (found.path or "").endswith(path)


@pytest.mark.parametrize(
    "report",
    [
        '{"results": {"tool": {}, "summary": {"tests": 2}, "tests": [{"name": "adds", "status": "failed"}, '
        '{"name": "adds", "status": "passed"}]}}',
        '{"numTotalTests": 2, "testResults": [{"name": "a.test.js", "assertionResults": ['
        '{"title": "adds", "ancestorTitles": [], "status": "failed"}, '
        '{"title": "adds", "ancestorTitles": [], "status": "passed"}]}]}',
    ],
    ids=["ctrf", "jest"],
)
def test_tests_of_one_name_are_no_reruns_where_a_report_lists_each_test_once(report: str) -> None:
    outcome = read_report(report.encode())

    assert (outcome.passed, outcome.failed) == (1, 1)
    assert next(test.status for test in outcome.tests if test.id == "adds") is TestStatus.FAILED


def test_a_flaky_test_counts_as_it_ended() -> None:
    flaky = {"surefire.xml": "com.acme.shop.CartTest.sums", "nextest.xml": "shop.cart::tests::sums"}

    for name, test in flaky.items():
        assert next(one for one in of(name).tests if one.id == test).status is TestStatus.PASSED


def test_a_report_says_whom_it_speaks_of() -> None:
    assert of("playwright-ctrf.json").subject == Subject(
        session_id=SessionId("5d0c0c4e"),
        commit="0123456789abcdef0123456789abcdef01234567",
        branch="feature/till",
        repository="https://github.com/acme/shop",
    )
    assert of("pytest.xml").subject is None


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (b'{"protocolVersion":"0.1.1","runnerVersion":null,"pid":5}\n{"suite":{}}', "tojunit"),
        (
            b'{\n "stats": {\n "suites": 3, "tests": 6},\n "tests": []}',
            "mocha's own JSON; run it with --reporter xunit",
        ),
        (b'{"version": "3.13", "examples": [{"id": "./a_spec.rb[1]"}]}', "rspec_junit_formatter"),
        (b'{"config": {}, "suites": [{"title": "a", "specs": []}]}', "--reporter=junit"),
        (b'{"created": 1.0, "exitcode": 0, "root": "/app"}', "--junitxml=FILE"),
    ],
)
def test_json_of_another_kind_is_refused_with_the_form_to_ask_the_runner_for(report: bytes, said: str) -> None:
    with pytest.raises(UnknownFormatError, match=said):
        read_report(report)


@pytest.mark.parametrize(
    "report",
    [
        b'{"a": "' + b'"suites": [' * 20_000,
        b"  x" + b"\n" * 200_000,
        b"#\r" * 100_000 + b"ok 1",
        b" " * 200_000 + b"ok 1 - a",
        b"ok 1" + b" " * 200_000 + b"a # x",
        b"ok 1\n---\n" + (b"at " * 600 + b"\n") * 500,
        b"\n\t" * 100_000,
        b'{"' * 100_000,
    ],
)
def test_a_swollen_report_is_read_or_refused_in_time(report: bytes) -> None:
    began = time.process_time()

    for name in READERS:
        with suppress(InputError):
            read_report(report, name)
        assert isinstance(reader(name).recognises(report), bool)

    assert time.process_time() - began < 30
