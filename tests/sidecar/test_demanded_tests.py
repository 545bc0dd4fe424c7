"""Tests that somebody named decide alone, whatever else a report says, and however it tells of them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.demanded_tests import Demand, Told, decision_for, demanded_tests, found_tests, parse_test_names
from sidecar.domain import Label, Outcome, TestResult, TestStatus
from sidecar.errors import InputError

PASSED, FAILED, ERRORED, SKIPPED = TestStatus.PASSED, TestStatus.FAILED, TestStatus.ERRORED, TestStatus.SKIPPED


def result(id: str, status: TestStatus = PASSED) -> TestResult:
    return TestResult(id=id, status=status)


def outcome(
    *tests: TestResult, unnamed_passes: int = 0, unnamed_failures: int = 0, problem: str | None = None
) -> Outcome:
    count = [test.status for test in tests].count
    return Outcome(
        format="console",
        tests=tests,
        passed=count(PASSED) + unnamed_passes,
        failed=count(FAILED) + unnamed_failures,
        errored=count(ERRORED),
        skipped=count(SKIPPED),
        problem=problem,
    )


def label(report: Outcome, *names: str) -> Label:
    return decision_for(report, Demand(fail_to_pass=names)).label


QUIET = outcome(result("t.py::bad", FAILED), unnamed_passes=2)
"""What `pytest -q` prints: the failures by name, the rest as a number."""


@pytest.mark.parametrize(
    ("report", "names", "expected"),
    [
        (QUIET, ("t.py::a", "t.py::b"), Label.PASS),
        (QUIET, ("t.py::a", "t.py::b", "t.py::c"), Label.CODE_FAIL),
        (QUIET, ("t.py::a", "t.py::bad"), Label.CODE_FAIL),
        (outcome(unnamed_passes=9, unnamed_failures=1), ("t.py::a",), Label.CODE_FAIL),
        (outcome(unnamed_passes=9, problem="the output ends before the summary"), ("t.py::a",), Label.CODE_FAIL),
        (outcome(unnamed_passes=9, problem="command timed out"), ("t.py::a",), Label.INFRA),
        (outcome(result("t.py::a", FAILED), problem="Killed"), ("t.py::a", "t.py::b"), Label.CODE_FAIL),
        (outcome(result("t.py::a", SKIPPED)), ("t.py::a",), Label.CODE_FAIL),
        (outcome(problem="No module named pytest"), ("t.py::a",), Label.INFRA),
        (QUIET, (), Label.UNKNOWN),
    ],
)
def test_what_is_not_named_is_told_by_the_count_where_all_failures_are_named(
    report: Outcome, names: tuple[str, ...], expected: Label
) -> None:
    assert label(report, *names) is expected


def test_each_demanded_test_says_how_it_was_told_of() -> None:
    found = demanded_tests(QUIET, ["t.py::bad", "t.py::a"])

    assert [(test.name, test.status, test.told) for test in found] == [
        ("t.py::bad", FAILED, Told.BY_NAME),
        ("t.py::a", PASSED, Told.BY_COUNT),
    ]


def test_reason_counts_both_lists_and_names_what_did_not_pass() -> None:
    demand = Demand(fail_to_pass=("t.py::a",), pass_to_pass=("t.py::bad", "t.py::c"))

    decision = decision_for(outcome(result("t.py::a"), result("t.py::bad", FAILED)), demand)

    assert decision.reason == (
        "1 of 1 fail-to-pass tests passed, 0 of 2 pass-to-pass tests passed; "
        "not passed: t.py::bad failed, t.py::c missing"
    )
    assert [test.id for test in decision.tests] == ["t.py::bad"]


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("t.py::a[x y]", "t.py::a[x"),
        ("test_a (m.C)", "test_a"),
        ("tests.test_a.test_b", "tests/test_a.py::test_b"),
        ("Cart > adds", "Cart › adds"),
        ("broken.py", "broken.py::test_a"),
    ],
)
def test_a_name_is_understood_as_others_cut_or_spell_it(id: str, name: str) -> None:
    found = found_tests(outcome(result(id, ERRORED)), [name])

    assert found[name] == result(id, ERRORED)


@given(st.lists(st.sampled_from(list(TestStatus)), max_size=8), st.integers(0, 5), st.integers(0, 3))
def test_no_demanded_test_passes_that_the_report_calls_bad(
    statuses: list[TestStatus], unnamed_passes: int, extra: int
) -> None:
    tests = tuple(result(f"t.py::{number}", status) for number, status in enumerate(statuses))
    names = [*(test.id for test in tests), *(f"t.py::extra{number}" for number in range(extra))]

    found = demanded_tests(outcome(*tests, unnamed_passes=unnamed_passes), names)

    assert [test.status for test in found[: len(tests)]] == statuses
    assert all(test.status in (PASSED, None) for test in found[len(tests) :])
    assert sum(test.told is Told.BY_COUNT for test in found) <= unnamed_passes


@given(st.lists(st.sampled_from([PASSED, SKIPPED]), max_size=5), st.permutations(["a", "b", "c"]))
def test_order_of_the_names_changes_nothing(statuses: list[TestStatus], names: list[str]) -> None:
    report = outcome(*(result(f"{'abcde'[number]}", status) for number, status in enumerate(statuses)))

    assert label(report, *names) is label(report, *sorted(names))


NAMES = st.lists(st.text(min_size=1).filter(lambda name: name.strip() == name and name.isprintable()), unique=True)


@given(NAMES)
def test_names_come_back_from_json_and_from_json_within_json(names: list[str]) -> None:
    assert parse_test_names(json.dumps(names)) == tuple(names)
    assert parse_test_names(json.dumps(json.dumps(names))) == tuple(names)


def test_names_come_one_a_line_each_once() -> None:
    assert parse_test_names("t.py::a[x y]\r\n\n  t.py::b\nt.py::b\n") == ("t.py::a[x y]", "t.py::b")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "names no test: it is empty"),
        ('["a", ', "not whole JSON (line 1, column 6"),
        ('{"FAIL_TO_PASS": []}', "JSON of another kind (dict)"),
        ('["a", 3]', "entry 2 of the JSON array is no test name: 3"),
        ('["a", " "]', "entry 2 of the JSON array is no test name"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_other_lists_are_refused_with_what_was_expected(text: str, words: str) -> None:
    with pytest.raises(InputError) as refusal:
        parse_test_names(text)

    assert words in str(refusal.value)
    assert "expected a JSON array of test names" in str(refusal.value)
