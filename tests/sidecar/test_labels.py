"""Labels: what one report says, what a session's reports say together, and what named tests say."""

import dataclasses
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.demanded_tests import Demand, decision_for, found_tests
from sidecar.domain import (
    AgentName,
    Conclusion,
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
    Subject,
    TeamId,
    TestResult,
    TestStatus,
)
from sidecar.labels import label, label_of_outcome

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


REFUSED = dataclasses.replace(step(300), is_write=True, is_success=False)
"""An edit that a person declined, or that did not find its text."""


def test_an_edit_in_vain_is_no_change() -> None:
    assert label(session(dataclasses.replace(REFUSED, at_ns=1)), [joined(PASSING)]).label is Label.UNKNOWN


def test_a_run_before_an_edit_in_vain_still_counts() -> None:
    assert label(session(step(EDIT_NS), REFUSED), [joined(PASSING)]).label is Label.PASS


def test_a_command_that_failed_may_have_changed_files_before() -> None:
    command = dataclasses.replace(REFUSED, command="sed -i s/a/b/ a.py && make")

    assert label(session(step(EDIT_NS), command), [joined(PASSING)]).label is Label.UNKNOWN


STATUSES = st.lists(st.sampled_from(list(TestStatus)), max_size=6)


@given(STATUSES, st.sets(st.integers(0, 5)))
def test_what_fails_on_the_base_never_fails_the_session(statuses: list[TestStatus], on_base_too: set[int]) -> None:
    tests = tuple(result(f"t.py::t{number}", status) for number, status in enumerate(statuses))
    count = statuses.count
    passed, failed, errored = (count(one) for one in (TestStatus.PASSED, TestStatus.FAILED, TestStatus.ERRORED))
    report = outcome(passed, failed, errored, count(TestStatus.SKIPPED), tests=tests)
    old = tuple(result(f"t.py::t{number}", TestStatus.FAILED) for number in on_base_too)
    base = on_base(outcome(failed=len(old), tests=old))

    decision = label(EDITED, [joined(report, CI)], [base])

    bad = (TestStatus.FAILED, TestStatus.ERRORED)
    new = [test for number, test in enumerate(tests) if number not in on_base_too or test.status not in bad]
    has_failed, has_errored, has_passed = (
        any(test.status is status for test in new)
        for status in (TestStatus.FAILED, TestStatus.ERRORED, TestStatus.PASSED)
    )
    is_bad = has_failed or (has_errored and has_passed)
    assert (decision.label is Label.CODE_FAIL) == is_bad
    assert (decision.label is Label.PASS) == (has_passed and not is_bad)


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


@pytest.mark.parametrize("is_newest", [True, False])
def test_of_one_name_that_a_report_lists_twice_the_failure_counts_beside_other_reports(is_newest: bool) -> None:
    twice = outcome(passed=1, failed=1, tests=(result("a", TestStatus.FAILED), result("a")))
    reports = [joined(twice, CI, 400 if is_newest else 300, "abc1234"), other_suite(at_ns=350)]

    assert label(EDITED, reports).label is Label.CODE_FAIL


def other_suite(*, at_ns: int) -> tuple[OutcomeRow, OutcomeJoin]:
    return joined(outcome(passed=1, tests=(result("b"),)), CI, at_ns, "abc1234")


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
    assert decision_for(KNOWN, Demand(fail_to_pass=tuple(must_pass))).label is expected


def test_named_tests_of_a_run_that_did_not_start_are_infra() -> None:
    assert decision_for(NOT_RUN, Demand(fail_to_pass=("a",))).label is Label.INFRA


def test_test_of_a_file_that_cannot_load_is_that_files_error() -> None:
    found = found_tests(KNOWN, ["broken.py::any", "other.py::any"])

    assert [test and test.status for test in found.values()] == [TestStatus.ERRORED, None]


def check(
    conclusion: Conclusion, *, name: str = "test", at_ns: int = 200, commit: str = "c" * 40, confidence: float = 0.9
) -> tuple[OutcomeRow, OutcomeJoin]:
    report = dataclasses.replace(outcome(), format="github", check=name, conclusion=conclusion)
    row, join = joined(report, OutcomeSource.CHECK, at_ns, commit)
    outcome_id = OutcomeId(f"{name}-{at_ns}-{commit[:2]}")
    return (
        dataclasses.replace(row, outcome_id=outcome_id),
        dataclasses.replace(join, outcome_id=outcome_id, confidence=confidence, reason=JoinReason.HEAD_COMMIT),
    )


def on_base(report: Outcome, at_ns: int = 50) -> OutcomeRow:
    return joined(report, CI, at_ns, "b" * 40)[0]


class TestChecks:
    @pytest.mark.parametrize(
        ("conclusion", "expected"),
        [
            (Conclusion.SUCCESS, Label.PASS),
            (Conclusion.FAILURE, Label.CODE_FAIL),
            (Conclusion.BROKEN, Label.INFRA),
        ],
    )
    def test_decide_where_no_test_report_does(self, conclusion: Conclusion, expected: Label) -> None:
        decision = label(EDITED, [check(conclusion)])

        assert decision.label is expected
        assert decision.reason.startswith("the only check for commit cccccccccccc: check test ")

    @pytest.mark.parametrize("source", [CI, POSTED, IN_SESSION])
    def test_never_outweigh_a_report_of_tests(self, source: OutcomeSource) -> None:
        assert label(EDITED, [check(Conclusion.FAILURE, at_ns=900), joined(PASSING, source)]).label is Label.PASS

    def test_the_gravest_of_their_last_runs_tells(self) -> None:
        checks = [
            check(Conclusion.FAILURE, at_ns=100),
            check(Conclusion.SUCCESS, at_ns=200),
            check(Conclusion.FAILURE, name="lint", at_ns=150),
        ]

        assert label(EDITED, checks[:2]).label is Label.PASS
        assert label(EDITED, checks).label is Label.CODE_FAIL

    def test_one_that_fails_on_the_base_too_does_not_count(self) -> None:
        checks = [check(Conclusion.SUCCESS), check(Conclusion.FAILURE, name="lint")]
        base = [check(Conclusion.FAILURE, name="lint", commit="b" * 40)[0]]

        assert label(EDITED, checks, base).label is Label.PASS

    def test_a_less_certain_commit_does_not_mix_in(self) -> None:
        checks = [check(Conclusion.SUCCESS), check(Conclusion.FAILURE, name="x", commit="d" * 40, confidence=0.5)]

        assert label(EDITED, checks).label is Label.PASS

    def test_name_no_tests(self) -> None:
        with pytest.raises(ValueError, match="no tests"):
            dataclasses.replace(PASSING, conclusion=Conclusion.SUCCESS)


class TestBase:
    @pytest.mark.parametrize("source", [CI, POSTED, IN_SESSION])
    def test_what_fails_there_too_does_not_count(self, source: OutcomeSource) -> None:
        decision = label(EDITED, [joined(FAILING, source)], [on_base(FAILING)])

        assert decision.label is Label.PASS
        assert decision.reason.endswith("; not counted: 1 test failing on the base too")

    def test_a_new_failure_beside_an_old_one_counts(self) -> None:
        tests = (result("a.bad", TestStatus.FAILED), result("a.new", TestStatus.FAILED))

        decision = label(EDITED, [joined(outcome(passed=2, failed=2, tests=tests), CI)], [on_base(FAILING)])

        assert decision.label is Label.CODE_FAIL
        assert [test.id for test in decision.tests] == ["a.new"]

    def test_console_and_junit_names_are_one_test(self) -> None:
        console = result("tests/test_a.py::TestA::test_b", TestStatus.FAILED)
        junit = result("tests.test_a.TestA.test_b", TestStatus.FAILED)

        decision = label(
            EDITED,
            [joined(outcome(passed=1, failed=1, tests=(console,)))],
            [on_base(outcome(failed=1, tests=(junit,)))],
        )

        assert decision.label is Label.PASS

    def test_only_old_failures_and_nothing_else_is_no_pass(self) -> None:
        only = outcome(failed=1, tests=FAILING.tests)

        assert label(EDITED, [joined(only, CI)], [on_base(FAILING)]).label is Label.UNKNOWN

    def test_thousands_of_old_failures_take_no_longer_than_reading_them(self) -> None:
        bad = tuple(result(f"t{number}", TestStatus.FAILED) for number in range(6_000))
        good = tuple(result(f"p{number}") for number in range(6_000))
        report = outcome(passed=len(good), failed=len(bad), tests=bad + good)
        started = time.process_time()

        decision = label(EDITED, [joined(report, CI)], [on_base(report)])

        assert decision.label is Label.PASS
        assert time.process_time() - started < 2

    def test_its_newest_report_tells(self) -> None:
        base = [on_base(FAILING, at_ns=50), on_base(PASSING, at_ns=60)]

        assert label(EDITED, [joined(FAILING, CI)], base).label is Label.CODE_FAIL


def test_the_more_certain_join_tells_not_the_newer() -> None:
    row, join = joined(FAILING, CI, at_ns=900)
    weaker = (row, dataclasses.replace(join, confidence=0.8, reason=JoinReason.ADDED_LINES))

    assert label(EDITED, [weaker, joined(PASSING, CI)]).label is Label.PASS


def test_a_join_by_branch_decides_last() -> None:
    row, join = joined(FAILING, CI, at_ns=900)
    weak = (dataclasses.replace(row, branch="topic"), dataclasses.replace(join, reason=JoinReason.BRANCH))

    assert label(EDITED, [weak, joined(PASSING)]).label is Label.PASS
    assert label(EDITED, [weak]).reason.startswith("CI report on branch topic: ")


@pytest.mark.parametrize(("at_ns", "expected"), [(EDIT_NS - 1, Label.UNKNOWN), (EDIT_NS + 1, Label.PASS)])
def test_a_report_tagged_inside_counts_only_after_the_last_edit(at_ns: int, expected: Label) -> None:
    tagged = dataclasses.replace(PASSING, subject=Subject(session_id=KEY.session_id))

    assert label(EDITED, [joined(tagged, POSTED, at_ns)]).label is expected


class TestReportsOfOneCommit:
    @staticmethod
    def listed(*tests: TestResult) -> Outcome:
        statuses = [test.status for test in tests]
        return outcome(statuses.count(TestStatus.PASSED), statuses.count(TestStatus.FAILED), tests=tests)

    def test_each_suite_counts(self) -> None:
        unit = joined(self.listed(result("a.bad", TestStatus.FAILED)), CI, at_ns=200, commit="c" * 40)
        other = joined(self.listed(result("b.good")), CI, at_ns=300, commit="c" * 40)

        decision = label(EDITED, [unit, other])

        assert (decision.label, [test.id for test in decision.tests]) == (Label.CODE_FAIL, ["a.bad"])

    def test_of_a_test_that_ran_again_the_newest_tells(self) -> None:
        first = joined(self.listed(result("a", TestStatus.FAILED), result("b")), CI, at_ns=200, commit="c" * 40)
        again = joined(self.listed(result("a")), CI, at_ns=300, commit="c" * 40)

        assert label(EDITED, [again, first]).reason.endswith("2 tests passed, none failed")

    def test_a_run_that_broke_does_not_stand_beside_a_whole_one(self) -> None:
        broken = joined(NOT_RUN, CI, at_ns=200, commit="c" * 40)
        whole = joined(self.listed(result("a")), CI, at_ns=300, commit="c" * 40)

        assert label(EDITED, [broken, whole]).label is Label.PASS

    def test_what_a_report_does_not_list_cannot_be_told_apart(self) -> None:
        first = joined(FAILING, CI, at_ns=200, commit="c" * 40)
        again = joined(PASSING, CI, at_ns=300, commit="c" * 40)

        assert label(EDITED, [first, again]).label is Label.PASS
