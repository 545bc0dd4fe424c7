"""The console reader on outputs of every runner family, and on what is not the output of a test run."""

import time

import pytest

from collectors.outcomes.console import ConsoleReader, read_console
from collectors.outcomes.console.runners.registry import RUNNERS
from sidecar.domain import Outcome, TestResult, TestStatus
from sidecar.errors import DecodeError
from tests.collectors.outcomes.recorded_outputs import RECORDED
from tests.collectors.outcomes.runner_outputs import PRINTED, Printed

ALL = PRINTED | RECORDED
EVERY_SIGN = "".join(printed.text for printed in PRINTED.values())
"""Makes every runner's reader look at what follows."""
BAD = (TestStatus.FAILED, TestStatus.ERRORED)
SLOWEST_S = 15.0
"""Of processor time, for 5 MB; a pattern that backtracks takes minutes."""


def read(text: str) -> Outcome:
    outcome = read_console(text)
    assert outcome is not None
    return outcome


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    return outcome.passed, outcome.failed, outcome.errored, outcome.skipped


def bad(outcome: Outcome) -> list[TestResult]:
    return [test for test in outcome.tests if test.status in BAD]


@pytest.mark.parametrize("printed", ALL.values(), ids=ALL.keys())
def test_counts_are_those_of_the_summary(printed: Printed) -> None:
    assert printed.counts == counts(read(printed.text))


@pytest.mark.parametrize("printed", ALL.values(), ids=ALL.keys())
def test_failed_tests_are_named(printed: Printed) -> None:
    assert set(printed.failed) == {test.id for test in bad(read(printed.text))}


@pytest.mark.parametrize("printed", ALL.values(), ids=ALL.keys())
def test_passed_tests_are_named_where_printed(printed: Printed) -> None:
    passed = {test.id for test in read(printed.text).tests if test.status is TestStatus.PASSED}

    assert set(printed.passed) <= passed


@pytest.mark.parametrize(
    "printed", [printed for printed in PRINTED.values() if printed.message], ids=lambda printed: printed.failed[0]
)
def test_first_failure_has_the_runners_words(printed: Printed) -> None:
    first = next(test for test in read(printed.text).tests if test.id == printed.failed[0])

    assert printed.message == first.message


@pytest.mark.parametrize(
    "printed", [printed for printed in PRINTED.values() if printed.place], ids=lambda printed: printed.failed[0]
)
def test_first_failure_points_at_its_place(printed: Printed) -> None:
    first = next(test for test in read(printed.text).tests if test.id == printed.failed[0])

    assert printed.place == (first.path, first.line)


@pytest.mark.parametrize("printed", PRINTED.values(), ids=PRINTED.keys())
def test_colours_and_windows_line_ends_change_nothing(printed: Printed) -> None:
    coloured = "".join(f"\x1b[1;31m{line}\x1b[0m\r\n" for line in printed.text.splitlines())

    assert read(printed.text) == read(coloured)


@pytest.mark.parametrize("printed", PRINTED.values(), ids=PRINTED.keys())
def test_shell_noise_around_a_run_changes_nothing(printed: Printed) -> None:
    noisy = f"+ export PATH=/usr/bin\nInstalling dependencies... done\n{printed.text}+ git status\nOn branch main\n"

    assert counts(read(printed.text)) == counts(read(noisy))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "On branch main\nnothing to commit, working tree clean\n",
        "README.md\nsrc\ntests\ntest_cart.py\n",
        "def test_total():\n    assert total() == 3, 'FAILED'\n\nPASSED = 1\n",
        "     1\tdef test_a():\n     2\t    # 1 failed, 2 passed in 0.1s\n",
        "+FAILED tests/test_a.py::test_x - boom\n+1 failed, 2 passed in 0.02s\n",
        "> 3 passed in 0.02s\n> OK\n",
        '{"log": "=== 1 failed in 0.1s ==="}\n',
        "tests/test_a.py:3:    print('Ran 3 tests in 0.1s')\n",
        "Build FAILED with 3 errors\n",
        "3 passed the exam, 1 failed\n",
        "OK\n",
        "ok\n",
        "Traceback (most recent call last):\n  File 'x.py', line 1\nValueError: FAILED\n",
        "bash: rg: command not found\n",
        "/usr/bin/python: No module named build\n",
        "Tests: see README\n",
        "  3 passed\n",
    ],
)
def test_other_output_is_not_a_test_run(text: str) -> None:
    assert read_console(text) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/usr/bin/python3: No module named pytest\n", "No module named pytest"),
        ("bash: pytest: command not found\n", "pytest: command not found"),
        ("bash: line 1: vitest: command not found\n", "vitest: command not found"),
        ("zsh: command not found: pytest\n", "command not found: pytest"),
        ("'pytest' is not recognized as an internal or external command,\noperable program\n", "not recognized"),
        ('npm error Missing script: "test"\nnpm error\nnpm error To see a list of scripts, run:\n', "Missing script"),
        ("make: *** No rule to make target 'test'.  Stop.\n", "No rule to make target"),
        ("python: can't open file '/app/run_tests.py': [Errno 2] No such file or directory\n", "run_tests.py"),
        ("error: Failed to spawn: `pytest`\n  Caused by: No such file or directory\n", "Failed to spawn"),
        ("error: could not compile `shop` (lib test) due to 1 previous error\n", "could not compile"),
        ("ERROR: usage: pytest [options]\npytest: error: unrecognized arguments: --fast\n", "unrecognized arguments"),
        ("ImportError while loading conftest '/app/conftest.py'.\nE   ImportError: x\n", "conftest"),
        ("= test session starts =\n\n= no tests ran in 0.01s =\nERROR: not found: a.py\n", "not found"),
        ("\n----------\nRan 0 tests in 0.000s\n\nOK\n", "no tests"),
    ],
)
def test_why_nothing_ran_is_said_in_the_runners_words(text: str, said: str) -> None:
    outcome = read(text)

    assert said in (outcome.problem or "")
    assert counts(outcome) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("sh: 1: uv: not found\n", "uv run pytest"),
        ("Killed\n", "make check"),
        ("error: Command timed out after 120s\n", "npm test"),
        ("ModuleNotFoundError: No module named 'shop'\n", "python tests/run_tests.py"),
    ],
)
def test_a_known_test_command_makes_a_failed_start_one_of_tests(text: str, command: str) -> None:
    assert read_console(text) is None
    assert read_console(text, command="ls -l") is None
    assert read_console(text, command=command) is not None


def test_collection_error_says_that_nothing_ran() -> None:
    outcome = read(
        "============================= test session starts ==============================\n"
        "collected 0 items / 1 error\n\n"
        "==================================== ERRORS ====================================\n"
        "_____________ ERROR collecting tests/test_a.py ______________\n"
        "ImportError while importing test module '/app/tests/test_a.py'.\n"
        "tests/test_a.py:3: in <module>\n    import shop\n"
        "E   ModuleNotFoundError: No module named 'shop'\n"
        "=========================== short test summary info ============================\n"
        "ERROR tests/test_a.py\n"
        "!!!!!!!!!!!!!!!!!!!! Interrupted: 1 error during collection !!!!!!!!!!!!!!!!!!!!\n"
        "=============================== 1 error in 0.09s ===============================\n"
    )

    assert outcome.problem == "error in tests/test_a.py: ModuleNotFoundError: No module named 'shop'"
    assert (outcome.errored, outcome.tests[0].path, outcome.tests[0].line) == (1, "tests/test_a.py", 3)


def test_run_that_was_stopped_says_so() -> None:
    outcome = read("= test session starts =\ntests/test_a.py::test_one PASSED [ 50%]\nCommand timed out after 60s\n")

    assert (outcome.passed, outcome.problem) == (1, "Command timed out after 60s")


def test_exit_code_of_a_timeout_tells_whichever_end_it_stands_at() -> None:
    ran = "test_a (m.C.test_a) ... ok\ntest_b (m.C.test_b) ... \n" + "waiting\n" * 40

    outcome = read(f"Exit code 124\n{ran}")

    assert (outcome.passed, outcome.problem) == (1, "Exit code 124")


def test_run_cut_before_its_summary_is_not_taken_for_whole() -> None:
    outcome = read("= test session starts =\ntests/test_a.py::test_one PASSED [ 50%]\n")

    assert outcome.problem == "the output ends before pytest's summary"


def test_last_of_several_runs_tells() -> None:
    outcome = read(PRINTED["pytest"].text + PRINTED["pytest verbose under xdist"].text)

    assert counts(outcome) == (2, 0, 0, 0)
    assert bad(outcome) == []


def test_last_of_several_runners_tells() -> None:
    outcome = read(PRINTED["pytest verbose under xdist"].text + PRINTED["cargo"].text)

    assert counts(outcome) == PRINTED["cargo"].counts


def test_run_inside_captured_output_does_not_hide_the_outer_one() -> None:
    outcome = read(
        "============================= test session starts ==============================\n"
        "testing/test_x.py::test_outer FAILED [ 50%]\ntesting/test_x.py::test_other PASSED [100%]\n"
        "=================================== FAILURES ===================================\n"
        "__________________________________ test_outer __________________________________\n"
        "E   AssertionError\n\ntesting/test_x.py:5: AssertionError\n"
        "----------------------------- Captured stdout call -----------------------------\n"
        "============================= test session starts ==============================\n"
        "test_inner.py::test_inner PASSED\n"
        "=========================== short test summary info ============================\n"
        "FAILED test_inner.py::test_inner\n"
        "============================== 1 failed in 0.01s ===============================\n"
        "=========================== short test summary info ============================\n"
        "FAILED testing/test_x.py::test_outer - AssertionError\n"
        "========================= 1 failed, 1 passed in 0.23s ==========================\n"
    )

    assert {test.id: test.status.value for test in outcome.tests} == {
        "testing/test_x.py::test_outer": "failed",
        "testing/test_x.py::test_other": "passed",
    }


def test_test_with_a_docstring_is_known_by_both_names() -> None:
    test = next(test for test in read(PRINTED["unittest"].text).tests if test.status is TestStatus.FAILED)

    assert (test.id, test.aliases) == ("test_tax (shop.tests.CartTest.test_tax)", ("Tax is rounded.",))


def test_subtests_are_one_test() -> None:
    outcome = read(
        "test_a (m.C.test_a) ... \n  test_a (m.C.test_a) (i=1) ... FAIL\n  test_a (m.C.test_a) (i=2) ... FAIL\n"
        "test_b (m.C.test_b) ... ok\n\n"
        "======================================================================\nFAIL: test_a (m.C.test_a) (i=1)\n"
        "----------------------------------------------------------------------\n"
        "Traceback (most recent call last):\nAssertionError: 1\n\n"
        "----------------------------------------------------------------------\nRan 2 tests in 0.001s\n\n"
        "FAILED (failures=2)\n"
    )

    assert counts(outcome) == (1, 1, 0, 0)
    assert [test.id for test in bad(outcome)] == ["test_a (m.C.test_a)"]


def test_namesakes_of_two_packages_do_not_hide_a_failure() -> None:
    outcome = read(
        "--- FAIL: TestParse (0.00s)\nFAIL\nFAIL\texample.com/a\t0.1s\n"
        "--- PASS: TestParse (0.00s)\nPASS\nok  \texample.com/b\t0.1s\n"
    )

    assert [(test.id, test.status.value) for test in outcome.tests] == [
        ("TestParse", "failed"),
        ("TestParse [example.com/b]", "passed"),
    ]


def test_go_packages_are_told_where_a_screen_made_their_tabs_blanks() -> None:
    outcome = read(
        "# example.com/broken\nbroken/a_test.go:15: undefined: x\n=== RUN TestA\n--- PASS: TestA (0.10s)\nPASS\n"
        "ok      example.com/good 0.100s\nFAIL    example.com/broken [build failed]\n"
    )

    assert [(test.id, test.status.value) for test in outcome.tests] == [
        ("TestA", "passed"),
        ("example.com/broken", "errored"),
    ]


def test_an_assertion_of_tap_that_failed_is_named_though_a_later_one_says_the_same() -> None:
    outcome = read(
        "> tape test.js\n\nTAP version 13\n# adds\nnot ok 1 should be equal\nok 2 should be equal\n\n1..2\n"
        "# tests 2\n# pass  1\n# fail  1\n"
    )

    assert (counts(outcome), [test.id for test in bad(outcome)]) == ((1, 1, 0, 0), ["should be equal"])


def test_of_two_tap_streams_whose_plans_lead_the_last_one_tells() -> None:
    outcome = read("$ bats test.bats\n1..2\nok 1 adds\nnot ok 2 taxes\n$ bats test.bats\n1..2\nok 1 adds\nok 2 taxes\n")

    assert counts(outcome) == (2, 0, 0, 0)


def test_a_go_result_is_told_behind_what_its_test_printed_without_a_line_end() -> None:
    outcome = read("=== RUN TestA\nprogress: 10%--- FAIL: TestA (0.06s)\nFAIL\nFAIL\texample.com/a\t0.1s\n")

    assert [(test.id, test.status.value) for test in outcome.tests] == [("TestA", "failed")]


def test_a_go_package_that_ran_no_test_has_passed_none() -> None:
    outcome = read("testing: warning: no tests to run\nPASS\nok  \texample.com/empty\t0.001s\n")

    assert (counts(outcome), outcome.problem) == ((0, 0, 0, 0), "no tests ran")


@pytest.mark.parametrize(
    "line",
    [
        "tests/test_a.py::test_{0}[{0}-x] PASSED [ 50%]",
        "test_{0} (m.C) ... ok",
        "> > > > > {0} > PASSED > > >",
    ],
)
def test_five_megabytes_are_read_in_linear_time(line: str) -> None:
    spent_s: list[float] = []

    for size in (625_000, 5_000_000):
        body = "\n".join(line.format(number) for number in range(size // len(line)))
        began = time.process_time()
        outcome = read_console(f"= test session starts =\n{body}\n== 1 failed, 9 passed in 2.00s ==\n")
        spent_s.append(time.process_time() - began)

        assert outcome is not None
        assert (outcome.passed, outcome.failed) == (9, 1)
    assert spent_s[1] < SLOWEST_S
    # of eight times the text, on any machine; what is quadratic takes 64 times as long
    assert spent_s[1] < max(24 * spent_s[0], 1)


@pytest.mark.parametrize("piece", ["> ", "_ = ", "test_a (m.C) ... ", "Tests: 1 ", "a - b :: "])
def test_lines_that_tempt_every_runner_are_read_in_linear_time(piece: str) -> None:
    line = (piece * 4_000)[:4_000]

    began = time.process_time()
    read_console(EVERY_SIGN + f"{line}\n" * 40)

    assert time.process_time() - began < SLOWEST_S


@pytest.mark.parametrize(
    "piece", ["a", "=", "_ ", "::", "[", " - ", "> ", "1 passed, ", "\x1b[", "'", "Tests: 1 ", "  "]
)
def test_one_endless_line_is_read_in_linear_time(piece: str) -> None:
    began = time.process_time()
    read_console(EVERY_SIGN + (piece * 300_000)[:300_000])

    assert time.process_time() - began < SLOWEST_S


def test_every_runner_has_an_output_here() -> None:
    covered = {name for name in RUNNERS if any(key.startswith(name) for key in PRINTED)}

    assert covered == set(RUNNERS)


def test_reader_refuses_what_is_not_a_test_run() -> None:
    with pytest.raises(DecodeError, match=r"not the output of a test run.*pytest"):
        ConsoleReader().read(b"On branch main\n")
