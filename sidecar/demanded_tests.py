"""What a report says of tests that somebody named: those a change must make pass, and those it must keep passing.

Pure. A report that names only what failed still tells of the others, if it counts them: where every failure it counts
is named, a test that is not named and fits into the passes that are not named has passed. That is said as `by count`.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from sidecar.domain import Label, LabelDecision, Outcome, TestResult, TestStatus
from sidecar.errors import InputError
from sidecar.known_failures import canonical_test_name

STOPPED = re.compile(r"timed? ?out|bail out|killed|terminated|segmentation fault|exit code 1(?:24|37|43)\b", re.I)
"""In a problem's words: the run was ended from outside."""
_BAD = (TestStatus.FAILED, TestStatus.ERRORED)
_METHOD = re.compile(r"(\w+) \((\S+)\.\1\)")
_NAMED_IN_REASON = 3
_ACCEPTED = 'a JSON array of test names such as ["tests/test_a.py::test_b"], or one name a line'


class Told(StrEnum):
    """How a report tells of a test."""

    BY_NAME = "by name"
    BY_COUNT = "by count"
    """It does not name the test; all failures it counts are named, and its passes leave room for it."""
    NOT = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandedTest:
    """One demanded test and what became of it."""

    name: str
    """As it was demanded."""
    status: TestStatus | None
    """None where the report does not tell."""
    told: Told
    result: TestResult | None = None
    """The report's own entry, where it names the test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """The tests that decide whether a change does what was asked."""

    fail_to_pass: tuple[str, ...] = ()
    """They fail before the change."""
    pass_to_pass: tuple[str, ...] = ()
    """They pass before the change."""

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, each once."""
        return tuple(dict.fromkeys((*self.fail_to_pass, *self.pass_to_pass)))


def demanded_tests(outcome: Outcome, names: Iterable[str]) -> tuple[DemandedTest, ...]:
    """Each demanded test, in order, with what the report says of it."""
    found = found_tests(outcome, names)
    missing = sum(test is None for test in found.values())
    status = TestStatus.PASSED if missing and missing <= _unnamed_passes(outcome) else None
    unnamed = Told.NOT if status is None else Told.BY_COUNT
    return tuple(
        DemandedTest(name=name, status=status, told=unnamed)
        if test is None
        else DemandedTest(name=name, status=test.status, told=Told.BY_NAME, result=test)
        for name, test in found.items()
    )


def _unnamed_passes(outcome: Outcome) -> int:
    """How many passes are counted and not named; 0 where an unnamed test may as well have failed or been skipped."""
    listed = [test.status for test in outcome.tests]
    bad = outcome.failed + outcome.errored
    if outcome.problem is not None or sum(map(listed.count, _BAD)) < bad:
        return 0
    return max(outcome.passed - listed.count(TestStatus.PASSED), 0)


def decision_for(outcome: Outcome, demand: Demand) -> LabelDecision:
    """Whether the demanded tests passed, with the tests that decide.

    PASS if all of them did; CODE_FAIL if one did not or is missing; INFRA if nothing ran, or if the run was stopped
    before it came to some of them; UNKNOWN if none is demanded.
    """
    if not demand.names:
        return LabelDecision(label=Label.UNKNOWN, reason="no test was demanded")
    if not outcome.tests and outcome.passed + outcome.failed + outcome.errored == 0:
        return LabelDecision(label=Label.INFRA, reason=f"nothing ran: {outcome.problem or 'the report lists no test'}")
    tests = demanded_tests(outcome, demand.names)
    not_passed = [test for test in tests if test.status is not TestStatus.PASSED]
    reason = _counted(demand, tests)
    if not not_passed:
        results = tuple(test.result for test in tests if test.result is not None)
        return LabelDecision(label=Label.PASS, reason=reason, tests=results)
    results = tuple(test.result for test in not_passed if test.result is not None)
    if not results and outcome.problem and STOPPED.search(outcome.problem):
        return LabelDecision(label=Label.INFRA, reason=f"stopped before all demanded tests ran: {outcome.problem}")
    return LabelDecision(label=Label.CODE_FAIL, reason=f"{reason}; {_named(not_passed)}", tests=results)


def found_tests(outcome: Outcome, names: Iterable[str]) -> dict[str, TestResult | None]:
    """Each name with the test it means; None if it is not there.

    By id, by another printed name, by first word where one side is cut there, as SWE-bench cuts ids at the first
    blank, then by the name as other reports spell it. Where several tests share a first word, a bad one stands for all
    of them. A test of a file that could not be loaded is that file's error.
    """
    exact = {name: test for test in outcome.tests for name in (*test.aliases, test.id)}
    by_word: dict[str, TestResult] = {}
    by_spelling: dict[str, TestResult] = {}
    for test in outcome.tests:
        for name in (test.id, *test.aliases):
            _add(by_word, _first_word(name), test)
            _add(by_spelling, _spelling(name), test)
    return {
        name: exact.get(name)
        or (by_word.get(name) if _is_cut(name) else exact.get(_first_word(name)))
        or by_spelling.get(_spelling(name))
        or exact.get(name.partition("::")[0])
        for name in names
    }


def _is_cut(name: str) -> bool:
    """Whether a name ends at what may have been its first blank."""
    return name == _first_word(name)


def _spelling(name: str) -> str:
    """One spelling for all reports; unittest names a test's method once more since Python 3.11: `a (m.C.a)`."""
    method = _METHOD.fullmatch(name)
    return canonical_test_name(f"{method[1]} ({method[2]})" if method else name)


def _add(known: dict[str, TestResult], name: str, test: TestResult) -> None:
    if name not in known or test.status in _BAD:
        known[name] = test


def _first_word(name: str) -> str:
    words = name.split(maxsplit=1)
    return words[0] if words else name


def _counted(demand: Demand, tests: Sequence[DemandedTest]) -> str:
    by_name: Mapping[str, DemandedTest] = {test.name: test for test in tests}
    parts: list[str] = []
    for names, kind in ((demand.fail_to_pass, "fail-to-pass"), (demand.pass_to_pass, "pass-to-pass")):
        passed = sum(by_name[name].status is TestStatus.PASSED for name in names)
        parts += [f"{passed} of {len(names)} {kind} tests passed"] if names else []
    counted = sum(test.told is Told.BY_COUNT for test in tests)
    tail = f" ({counted} of them by the summary's count: the output names only others)" if counted else ""
    return ", ".join(parts) + tail


def _named(not_passed: Sequence[DemandedTest]) -> str:
    shown = [f"{test.name} {test.status or test.told}" for test in not_passed[:_NAMED_IN_REASON]]
    more = f" and {len(not_passed) - _NAMED_IN_REASON} more" if len(not_passed) > _NAMED_IN_REASON else ""
    return "not passed: " + ", ".join(shown) + more


def parse_test_names(text: str) -> tuple[str, ...]:
    """Test names from a JSON array, also one within a JSON string as data sets keep it, or from lines; each once.

    Raises:
        InputError: it is neither; says what it is instead.
    """
    stripped = text.strip()
    if not stripped:
        raise InputError(f"names no test: it is empty; expected {_ACCEPTED}, or [] for none")
    if stripped[0] not in '["{':
        return tuple(dict.fromkeys(line.strip() for line in stripped.splitlines() if line.strip()))
    names = _json_value(stripped)
    if isinstance(names, str):
        names = _json_value(names)
    if not isinstance(names, list):
        raise InputError(f"holds JSON of another kind ({type(names).__name__}); expected {_ACCEPTED}")
    for at, name in enumerate(cast("list[object]", names)):
        if not isinstance(name, str) or not name.strip():
            raise InputError(f"entry {at + 1} of the JSON array is no test name: {name!r:.60}; expected {_ACCEPTED}")
    return tuple(dict.fromkeys(cast("list[str]", names)))


def _json_value(text: str) -> object:
    try:
        return cast(object, json.loads(text))
    except json.JSONDecodeError as exc:
        where = f"line {exc.lineno}, column {exc.colno}: {exc.msg}"
        raise InputError(f"begins like JSON and is not whole JSON ({where}); expected {_ACCEPTED}") from exc
    except RecursionError as exc:
        raise InputError(f"holds JSON nested too deeply; expected {_ACCEPTED}") from exc
