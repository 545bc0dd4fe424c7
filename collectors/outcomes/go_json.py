"""Reads the events of `go test -json` (test2json), and of gotestsum's `--jsonfile`.

Promises: a test that began and never ended is an error; a package that failed without a failing test is one too, with
what the compiler or the panic said; a test that ran again counts as it ended. Lines that a build prints between the
events are no events and no fault. Source: go doc test2json, `cmd/go` help on `-json` (build events since Go 1.24).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from collectors.outcomes.form import Form, form_of
from collectors.outcomes.json_report import MESSAGE_CHARS, decode_text
from collectors.outcomes.verdicts import counted, one_per_test
from collectors.payload import JsonValue, Payload
from sidecar.domain import Outcome, TestResult, TestStatus
from sidecar.errors import DecodeError, TooLargeError

MAX_EVENTS = 1_000_000
_KEPT_LINES = 200
_ENDED: Mapping[str, TestStatus] = {
    "pass": TestStatus.PASSED,
    "bench": TestStatus.PASSED,
    "fail": TestStatus.FAILED,
    "skip": TestStatus.SKIPPED,
}
_PLACE = re.compile(r"^\s*(?:\./)?(\S+\.go):(\d{1,7}):(?:\d+:)? ?(.*)$")
_FRAMING = re.compile(r"^\s*(?:=== |--- |PASS$|FAIL\b|ok  |exit status |# )")


@dataclass(slots=True)
class _Ran:
    """A test, or a package under the name ''."""

    status: TestStatus | None = None
    output: list[str] = field(default_factory=list[str])


class GoJsonReader:
    """Events of `go test -json`."""

    name = "go_json"
    expected = "the events of `go test -json`, one JSON object a line"

    def recognises(self, report: bytes) -> bool:
        """Whether it begins with an event, or with lines of a build and then one."""
        return form_of(report) is Form.GO_EVENTS

    def read(self, report: bytes) -> Outcome:
        """The report as an Outcome.

        Raises:
            DecodeError: A line begins as an event and is none, or no line is an event.
            TooLargeError: Over a limit.
        """
        events = _Events()
        for number, line in enumerate(decode_text(report, "go test -json").splitlines(), 1):
            if line.lstrip().startswith("{"):
                events.take(_event(line, number))
        if not events.packages and not events.builds:
            raise DecodeError(f"the report holds no event with an Action and a Package. Expected {self.expected}")
        return events.outcome()


def _event(line: str, number: int) -> Payload:
    if number > MAX_EVENTS:
        raise TooLargeError(f"go test -json report of more than {MAX_EVENTS} lines; split it by package")
    try:
        event = Payload(cast(JsonValue, json.loads(line)))
    except json.JSONDecodeError as exc:
        raise DecodeError(
            f"go test -json report is damaged or cut off: line {number}, column {exc.colno}: {exc.msg}"
        ) from exc
    except (RecursionError, ValueError) as exc:
        raise DecodeError(f"go test -json report: line {number} is no event ({exc})") from exc
    if event.text("Action") is None:
        raise DecodeError(f'go test -json report: line {number} is an object without "Action"')
    return event


class _Events:
    def __init__(self) -> None:
        self.packages: dict[str, dict[str, _Ran]] = {}
        self.builds: dict[str, list[str]] = {}
        self._failed_builds: dict[str, str] = {}

    def take(self, event: Payload) -> None:
        """One event."""
        action, package = event.text("Action") or "", event.text("Package")
        if action in ("build-output", "build-fail"):
            lines = self.builds.setdefault(event.text("ImportPath") or "", [])
            _keep(lines, event.string("Output"))
        if package is None:
            return
        ran = self.packages.setdefault(package, {}).setdefault(event.text("Test") or "", _Ran())
        if action in ("run", "start"):
            ran.status, ran.output = None, []
        elif action == "output":
            _keep(ran.output, event.string("Output"))
        elif action in _ENDED:
            ran.status = _ENDED[action]
            if failed_build := event.text("FailedBuild"):
                self._failed_builds[package] = failed_build

    def outcome(self) -> Outcome:
        """What the events say, once all are in."""
        tests = one_per_test((package, test) for package in self.packages for test in self._tests(package))
        unended = [package for package, ran in self.packages.items() if "" in ran and ran[""].status is None]
        return counted("go_json", tests, problem=self._problem(tests, unended))

    def _tests(self, package: str) -> list[TestResult]:
        ran = self.packages[package]
        tests = [_result(name, one) for name, one in ran.items() if name]
        whole = ran.get("")
        has_bad = any(test.status in (TestStatus.FAILED, TestStatus.ERRORED) for test in tests)
        if whole is not None and whole.status is TestStatus.FAILED and not has_bad:
            build = self.builds.get(self._failed_builds.get(package, ""), [])
            message, path, line = _said([*build, *whole.output])
            message = message or "the package failed outside its tests"
            tests.append(TestResult(id=package, status=TestStatus.ERRORED, message=message, path=path, line=line))
        return tests

    def _problem(self, tests: tuple[TestResult, ...], unended: list[str]) -> str | None:
        if unended and tests:
            return f"the report ends before {unended[0]} did; it is cut off, or the run was stopped"
        if not tests:
            said = (_said(lines)[0] for lines in self.builds.values())
            return next((words for words in said if words), None) or "no tests ran"
        if all(test.status is TestStatus.ERRORED for test in tests):
            return f"{tests[0].id}: {tests[0].message}"
        return None


def _keep(lines: list[str], text: str | None) -> None:
    if text and len(lines) < _KEPT_LINES:
        lines.append(text.rstrip("\n")[:MESSAGE_CHARS])


def _result(name: str, ran: _Ran) -> TestResult:
    if ran.status in (TestStatus.PASSED, None):
        status = ran.status or TestStatus.ERRORED
        message = None if ran.status else "the test began and did not end"
        return TestResult(id=name, status=status, message=message)
    message, path, line = _said(ran.output)
    return TestResult(id=name, status=ran.status, message=message, path=path, line=line)


def _said(lines: list[str]) -> tuple[str | None, str | None, int | None]:
    """First words of a failure, and the file and line they name."""
    placed = next((found for line in lines if (found := _PLACE.match(line))), None)
    if placed:
        after = lines[next(at for at, line in enumerate(lines) if _PLACE.match(line)) + 1 :]
        words = placed[3].strip() or next((line.strip() for line in after if line.strip()), None)
        return words, placed[1], int(placed[2])
    return next((line.strip() for line in lines if line.strip() and not _FRAMING.match(line)), None), None, None
