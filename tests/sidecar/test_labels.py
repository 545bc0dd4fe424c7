"""Labels: what one report says, what a session's reports say together, and what named tests say."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain import (
    AgentName,
    JoinReason,
    Label,
    Outcome,
    OutcomeId,
    OutcomeJoin,
    OutcomeRow,
    OutcomeSource,
    Session,
    SessionId,
    SessionKey,
    SessionState,
    Step,
    StepId,
    StepKind,
    TeamId,
    TestResult,
    TestStatus,
)
from sidecar.labels import found_tests, label, label_for_tests, label_of_outcome

KEY = SessionKey(team=TeamId("local"), agent=AgentName("claude_code"), session_id=SessionId("s"))
EDIT_NS = 100


def outcome(
    passed: int = 0,
    failed: int = 0,
    errored: int = 0,
    skipped: int = 0,
    problem: str | None = None,
    tests: tuple[TestResult, ...] = (),
) -> Outcome:
    return Outcome(
        format="console", tests=tests, passed=passed, failed=failed, errored=errored, skipped=skipped, problem=problem
    )


def result(id: str, status: TestStatus = TestStatus.PASSED, **fields: tuple[str, ...]) -> TestResult:
    return dataclasses.replace(TestResult(id=id, status=status), **fields)


PASSING = outcome(passed=3)
FAILING = outcome(passed=2, failed=1, tests=(result("a.bad", TestStatus.FAILED),))
NOT_RUN = outcome(problem="No module named pytest")
ALL_SKIPPED = outcome(skipped=100)


def step(at_ns: int, kind: StepKind = StepKind.EDIT, output: str | None = None) -> Step:
    return Step(step_id=StepId(f"{kind.value}-{at_ns}"), kind=kind, at_ns=at_ns, output=output)


def session(*steps: Step, end_reason: str | None = None) -> Session:
    return Session(
        key=KEY, state=SessionState.CLOSED, started_ns=0, last_activity_ns=900, steps=steps, end_reason=end_reason
    )


EDITED = session(step(EDIT_NS))


def joined(
    report: Outcome, source: OutcomeSource = OutcomeSource.IN_SESSION, at_ns: int = 200, commit: str | None = None
) -> tuple[OutcomeRow, OutcomeJoin]:
    outcome_id = OutcomeId(f"{source}-{at_ns}")
    row = OutcomeRow(outcome_id=outcome_id, team=KEY.team, source=source, at_ns=at_ns, outcome=report, commit=commit)
    return row, OutcomeJoin(session=KEY, outcome_id=outcome_id, confidence=1.0, reason=JoinReason.IN_SESSION)


CI, POSTED, IN_SESSION = OutcomeSource.CI, OutcomeSource.SESSION_REPORT, OutcomeSource.IN_SESSION


@pytest.mark.parametrize(
    ("report", "expected", "reason"),
    [
        (PASSING, Label.PASS, "3 tests passed, none failed"),
        (outcome(passed=1, skipped=2), Label.PASS, "1 test passed, none failed, 2 skipped"),
        (FAILING, Label.CODE_FAIL, "1 of 3 tests failed: a.bad"),
        (outcome(passed=2, errored=1), Label.CODE_FAIL, "0 of 3 tests failed, 1 could not run"),
        (outcome(failed=1, problem="cut"), Label.CODE_FAIL, "1 of 1 test failed"),
        (NOT_RUN, Label.INFRA, "nothing ran: No module named pytest"),
        (outcome(errored=2), Label.INFRA, "nothing ran: 2 tests ended in errors"),
        (outcome(passed=2, problem="Exit code 124"), Label.INFRA, "stopped before all tests ran: Exit code 124"),
        (outcome(passed=2, problem="Command timed out after 60s"), Label.INFRA, "stopped before all tests ran: "),
        (
            outcome(passed=2, problem="the output ends early"),
            Label.UNKNOWN,
            "2 tests passed, but the output ends early",
        ),
        (ALL_SKIPPED, Label.UNKNOWN, "all 100 tests were skipped"),
        (outcome(), Label.UNKNOWN, "the report says of no test that it ran"),
    ],
)
def test_label_of_one_report(report: Outcome, expected: Label, reason: str) -> None:
    decision = label_of_outcome(report)

    assert decision.label is expected
    assert decision.reason.startswith(reason)


def test_failing_tests_are_what_decided() -> None:
    tests = (result("a"), result("b", TestStatus.FAILED), result("c", TestStatus.ERRORED))

    decision = label_of_outcome(outcome(passed=1, failed=1, errored=1, tests=tests))

    assert [test.id for test in decision.tests] == ["b", "c"]


@given(
    passed=st.integers(0, 3),
    failed=st.integers(0, 3),
    errored=st.integers(0, 3),
    skipped=st.integers(0, 3),
    problem=st.sampled_from([None, "timed out"]),
)
def test_pass_needs_a_passed_test_and_nothing_bad(
    passed: int, failed: int, errored: int, skipped: int, problem: str | None
) -> None:
    decision = label_of_outcome(outcome(passed, failed, errored, skipped, problem))

    is_clean = passed > 0 and failed == 0 and errored == 0 and problem is None
    assert (decision.label is Label.PASS) == is_clean


def test_session_without_an_edit_is_unknown_whatever_ran() -> None:
    decision = label(session(step(1, StepKind.TEST_RUN)), [joined(PASSING), joined(FAILING, CI)])

    assert (decision.label, decision.reason) == (Label.UNKNOWN, "no change: the session edited no file")


def test_commit_is_a_change_even_where_no_edit_was_seen() -> None:
    assert label(session(step(1, StepKind.COMMIT)), [joined(PASSING, CI)]).label is Label.PASS


@pytest.mark.parametrize(
    ("reports", "expected", "source"),
    [
        ([joined(FAILING, CI), joined(PASSING, POSTED), joined(PASSING)], Label.CODE_FAIL, "CI report: "),
        ([joined(FAILING, POSTED), joined(PASSING)], Label.CODE_FAIL, "report posted for the session: "),
        ([joined(FAILING)], Label.CODE_FAIL, "last test run after the last edit: "),
        ([joined(NOT_RUN, CI), joined(PASSING)], Label.PASS, "last test run after the last edit: "),
        ([joined(ALL_SKIPPED, CI), joined(FAILING, POSTED)], Label.CODE_FAIL, "report posted for the session: "),
        ([joined(NOT_RUN, CI)], Label.INFRA, "CI report: nothing ran"),
        ([joined(ALL_SKIPPED, CI)], Label.UNKNOWN, "CI report: all 100 tests were skipped"),
    ],
)
def test_most_trusted_source_that_can_tell_decides(
    reports: list[tuple[OutcomeRow, OutcomeJoin]], expected: Label, source: str
) -> None:
    decision = label(EDITED, reports)

    assert decision.label is expected
    assert decision.reason.startswith(source)


def test_newest_ci_report_wins_in_any_order() -> None:
    reports = [joined(FAILING, CI, 300, "abc1234"), joined(PASSING, CI, 400, "abc1234")]

    assert label(EDITED, reports) == label(EDITED, reports[::-1])
    assert label(EDITED, reports).label is Label.PASS
    assert label(EDITED, reports).reason.startswith("CI report for commit abc1234: ")


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([joined(FAILING, at_ns=150), joined(PASSING, at_ns=200)], Label.PASS),
        ([joined(PASSING, at_ns=150), joined(FAILING, at_ns=200)], Label.CODE_FAIL),
        ([joined(PASSING, at_ns=150), joined(NOT_RUN, at_ns=200)], Label.PASS),
        ([joined(FAILING, at_ns=150), joined(ALL_SKIPPED, at_ns=200)], Label.CODE_FAIL),
        ([joined(FAILING, at_ns=50), joined(NOT_RUN, at_ns=200)], Label.INFRA),
        ([joined(PASSING, at_ns=EDIT_NS)], Label.PASS),
    ],
)
def test_last_run_after_the_last_edit_that_could_run_decides(
    runs: list[tuple[OutcomeRow, OutcomeJoin]], expected: Label
) -> None:
    assert label(EDITED, runs).label is expected


def test_run_before_the_last_edit_does_not_decide() -> None:
    decision = label(EDITED, [joined(PASSING, at_ns=50)])

    assert decision.label is Label.UNKNOWN
    assert decision.reason == "tests were not run after the last edit; earlier runs do not count"


def test_edited_and_never_tested_is_unknown() -> None:
    assert label(EDITED, []).reason == "tests were not run after the last edit"


def test_agent_that_ended_in_failure_before_a_test_run_is_infra() -> None:
    decision = label(session(step(EDIT_NS), end_reason="failed"), [])

    assert (decision.label, decision.reason) == (Label.INFRA, "the agent ended by failed before tests were run")


def test_reason_names_the_step() -> None:
    edited = session(step(EDIT_NS), step(200, StepKind.TEST_RUN, output="1 failed"))

    assert "(step test_run-200)" in label(edited, [joined(FAILING, at_ns=200)]).reason


@given(order=st.permutations(range(4)))
def test_order_of_outcomes_does_not_matter(order: list[int]) -> None:
    reports = [joined(FAILING, at_ns=150), joined(PASSING, at_ns=200), joined(NOT_RUN, CI), joined(ALL_SKIPPED, POSTED)]

    assert label(EDITED, [reports[index] for index in order]) == label(EDITED, reports)


KNOWN = outcome(
    passed=2,
    failed=1,
    errored=1,
    tests=(
        result("t.py::a"),
        result("t.py::b[x", TestStatus.FAILED),
        result("test_c (m.C)", aliases=("Reads a file.",)),
        result("broken.py", TestStatus.ERRORED),
    ),
)


@pytest.mark.parametrize(
    ("must_pass", "expected"),
    [
        (["t.py::a"], Label.PASS),
        (["t.py::a", "t.py::b[x"], Label.CODE_FAIL),
        (["t.py::a", "t.py::missing"], Label.CODE_FAIL),
        (["Reads a file."], Label.PASS),
        (["test_c"], Label.PASS),
        (["broken.py::any"], Label.CODE_FAIL),
        ([], Label.UNKNOWN),
    ],
)
def test_named_tests_decide_whatever_else_failed(must_pass: list[str], expected: Label) -> None:
    assert label_for_tests(KNOWN, must_pass) is expected


def test_named_tests_of_a_run_that_did_not_start_are_infra() -> None:
    assert label_for_tests(NOT_RUN, ["a"]) is Label.INFRA


def test_test_of_a_file_that_cannot_load_is_that_files_error() -> None:
    found = found_tests(KNOWN, ["broken.py::any", "other.py::any"])

    assert [test and test.status for test in found.values()] == [TestStatus.ERRORED, None]
