"""A line that only says that a step failed is known by its shape, whatever runner printed it."""

from sidecar.closing_lines import says_only_that_it_failed, without_closing_lines

CLOSING = (
    "make: *** [Makefile:6: check] Error 1",
    "make: *** Error 1",
    "make[2]: *** [check] Error 2",
    "gmake: *** [check] Error 2",
    "npm ERR! Test failed.  See above for more details.",
    "npm ERR! code ELIFECYCLE",
    "npm ERR! errno 1",
    "npm error Lifecycle script `test` failed with error:",
    "error Command failed with exit code 1.",
    " ELIFECYCLE  Test failed. See above for more details.",
    "ninja: build stopped: subcommand failed.",
    "BUILD FAILED",
    "BUILD FAILED in 3s",
    "FAILURE: Build failed with an exception.",
    "Execution failed for task ':app:test'.",
    "> Task :test FAILED",
    "[ERROR] BUILD FAILURE",
    "FAILED (failures=1)",
    "FAILED (failures=1, errors=2)",
    "=========== 1 failed, 3 passed in 0.12s ===========",
    "1 failed, 3 passed, 2 warnings in 0.12s",
    "Ran 9 tests in 0.023s",
    "Tests: 1 failed, 2 passed, 3 total",
    "Tests:       1 failed, 2 total",
    "Test Suites: 1 failed, 1 total",
    "test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
    "FAILURES!",
    "Tests: 3, Assertions: 4, Failures: 1.",
    "exit status 1",
    "exit code 2",
    "FAIL",
    "Process completed with exit code 1.",
    "##[error]Process completed with exit code 1.",
    "Process exited with code 1",
    "error: Recipe `test` failed on line 12 with exit code 1",
    'error: script "test" exited with code 1',
    "5 examples, 1 failure",
    "1 failing",
    "# fail 1",
    "[  FAILED  ] 1 test",
    "error: test failed",
    "Tests run: 5, Failures: 1, Errors: 0, Skipped: 0",
    'The command "make check" exited with 2.',
    "Command exited with code 1",
    "[Error: exited with status 1]",
    'task: Failed to run task "check": exit status 1',
    "Error: Process completed with exit code 1.",
    "1 test failed.",
    "script returned exit code 1",
    "make: *** [path:#: check] error #",
    "failed (failures=#)",
    "error: recipe _ failed on line # with exit code #",
    "Found 1 error.",
    "Exit code: 1",
)
TELLING = (
    "AssertionError: ValueError not raised",
    "ZeroDivisionError: integer division or modulo by zero",
    "KeyError: 'failed'",
    "assert 1 == 2",
    "assert # == #",
    "FAILED tests/test_cart.py::test_total - assert 1 == 2",
    "FAIL: test_negative_quantity_is_refused (test_cart.CartTest.test_negative_quantity_is_refused)",
    "make: *** No rule to make target 'check'.  Stop.",
    "make: *** [Makefile:6: check] Killed",
    "--- FAIL: TestTotal (0.00s)",
    "FAIL\tforge.example/acme/shop\t0.01s",
    "error: test_total failed",
    "Error: connect ECONNREFUSED 127.0.0.1:80",
    'npm ERR! Missing script: "check"',
    "src/shop/cart.py:12: error: Incompatible types",
    "Tests failed: price",
    "error[E0382]: borrow of moved value",
    "TimeoutError",
    "",
    "return total(lines) // 2",
    "not ok 1 - counts",
    "ERROR: cart failed",
    "could not compile `shop` (lib) due to 1 previous error",
    "    with self.assertRaises(ValueError):",
    "raise Error()",
    "test_failed",
    "keyerror: _",
    "errors.ts",
    "exit(1)",
    "errors.value",
    "test_failed",
)


def test_a_runner_s_closing_line_says_only_that_it_failed() -> None:
    assert [line for line in CLOSING if not says_only_that_it_failed(line)] == []


def test_a_line_that_names_anything_says_more() -> None:
    assert [line for line in TELLING if says_only_that_it_failed(line)] == []


def test_only_closing_lines_go_from_a_quote() -> None:
    quote = "AssertionError: 1 != 2\n\nFAILED (failures=1)\nmake: *** [Makefile:6: check] Error 1"

    assert without_closing_lines(quote).strip() == "AssertionError: 1 != 2"
