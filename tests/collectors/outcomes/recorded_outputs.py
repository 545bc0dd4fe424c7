"""Outputs that runners printed on one day in 2026 for small projects, shortened: options and habits of theirs."""

from tests.collectors.outcomes.runner_outputs import Printed

_PYTEST = """\
============================= test session starts ==============================
collected 3 items

t.py::test_a PASSED                                                      [ 33%]
t.py::test_b[x y] FAILED                                                 [ 66%]
t.py::test_c PASSED                                                      [100%]

=================================== FAILURES ===================================
_________________________________ test_b[x y] __________________________________
E   assert 1 == 2
t.py:3: AssertionError
=========================== short test summary info ============================
FAILED t.py::test_b[x y] - assert 1 == 2
========================= 1 failed, 2 passed in 0.01s ==========================
"""


def _with(prefix: str, text: str) -> str:
    return "".join(f"{prefix}{line}\n" for line in text.split("\n"))


def _pytest(text: str) -> Printed:
    return Printed(
        text=text, counts=(2, 1, 0, 0), failed=("t.py::test_b[x y]",), passed=("t.py::test_a", "t.py::test_c")
    )


RECORDED: dict[str, Printed] = {
    "pytest that counts its progress": _pytest(_PYTEST.replace("[ 33%]", "[1/3]").replace("[ 66%]", "[2/3]")),
    "pytest that times its progress": _pytest(
        _PYTEST.replace("[ 33%]", "2.1ms").replace("[ 66%]", "10.0ms").replace("[100%]", "1.2s")
    ),
    "pytest in a log of GitHub Actions": _pytest(_with("2026-11-23T03:24:14.1234567Z ", _PYTEST)),
    "pytest in a downloaded log of a job": _pytest(_with("build (3.11)\tRun tests\t2026-11-23T03:24:14.1Z ", _PYTEST)),
    "pytest in a composed container": _pytest(_with("app-1  | ", _PYTEST)),
    "pytest under tox": _pytest(
        f"py311: commands[0]> pytest -v\n{_PYTEST}py311: exit 1 (0.40 seconds) /w> pytest -v pid=12\n"
        "  py311: FAIL code 1 (1.20=setup[0.80]+cmd[0.40] seconds)\n"
    ),
    "pytest with a subtest that fails": Printed(
        text="""\
============================= test session starts ==============================
collected 2 items

test_u.py u...                                                           [100%]

=================================== FAILURES ===================================
_______________________________ A.test_sub (i=1) _______________________________
E   AssertionError: 1 == 1
test_u.py:20: AssertionError
=========================== short test summary info ============================
PASSED test_u.py::A::test_sub
PASSED test_u.py::A::test_sub_ok
SUBFAILED(i=1) test_u.py::A::test_sub - AssertionError: 1 == 1
==================== 1 failed, 2 passed in 0.02s ====================
""",
        counts=(2, 1, 0, 0),
        failed=("test_u.py::A::test_sub",),
        passed=("test_u.py::A::test_sub_ok",),
    ),
    "unittest whose tests print": Printed(
        text="""\
test_doc (test_u.A.test_doc)
Adds two numbers. ... Testing against the installed one
Found 5 test(s).
ok
test_noise (test_u.A.test_noise) ... warning: something
no newlineok
test_other (test_u.A.test_other) ... Applying migration ... ok
ok
test_pass (test_u.A.test_pass) ... noise ... ok
ok
test_sub (test_u.A.test_sub) ... test_xpass (test_u.A.test_xpass) ... unexpected success
setUpClass (test_u.B) ... ERROR

======================================================================
ERROR: setUpClass (test_u.B)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "/w/test_u.py", line 30, in setUpClass
    raise RuntimeError("no server")
RuntimeError: no server

======================================================================
FAIL: test_sub (test_u.A.test_sub) (i=1)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "/w/test_u.py", line 20, in test_sub
    self.assertNotEqual(i, 1)
AssertionError: 1 == 1

======================================================================
UNEXPECTED SUCCESS: test_xpass (test_u.A.test_xpass)

----------------------------------------------------------------------
Ran 6 tests in 0.001s

FAILED (failures=1, errors=1, unexpected successes=1)
""",
        counts=(4, 2, 1, 0),
        failed=(
            "setUpClass (test_u.B)",
            "test_sub (test_u.A.test_sub)",
            "test_xpass (test_u.A.test_xpass)",
        ),
        passed=(
            "test_doc (test_u.A.test_doc)",
            "test_noise (test_u.A.test_noise)",
            "test_other (test_u.A.test_other)",
            "test_pass (test_u.A.test_pass)",
        ),
    ),
    "vitest as a tree": Printed(
        text="""\
 RUN  v4.1.12 /w

 ❯ sum.test.js (3 tests | 1 failed) 387ms
   ❯ cart (2)
     ✓ adds one item 12ms
     × removes (all) items 11ms
   ✓ top level 0ms
 ✓ other.test.js (1 test) 9ms
   ✓ other (1)
     ✓ removes (all) items 0ms

⎯⎯⎯⎯⎯⎯⎯ Failed Tests 1 ⎯⎯⎯⎯⎯⎯⎯

 FAIL  sum.test.js > cart > removes (all) items
Error: boom
 ❯ sum.test.js:4:43

 Test Files  1 failed | 1 passed (2)
      Tests  1 failed | 3 passed (4)
""",
        counts=(3, 1, 0, 0),
        failed=("cart > removes (all) items",),
        passed=("cart > adds one item", "top level", "other > removes (all) items"),
    ),
    "ava with a difference": Printed(
        text="""\

  - [skip] later
  ✔ adds one
  ✘ [fail]: breaks
  ─

  breaks

  Difference (- actual, + expected):

  - 1
  + 2

  ─

  1 test failed
  1 test skipped
""",
        counts=(1, 1, 0, 1),
        failed=("breaks",),
        passed=("adds one",),
    ),
    "cargo that does not capture": Printed(
        text="""\
    Finished `test` profile [unoptimized + debuginfo] target(s) in 0.08s
     Running unittests src/lib.rs (target/debug/deps/cart-cc34d4ae7363b857)

running 4 tests
test tests::adds ... test tests::fake ... ok
ok
test tests::breaks ...\x20
thread 'tests::breaks' (28284) panicked at src/lib.rs:6:23:
assertion `left == right` failed: boom
FAILED
test tests::later ... ignored, slow
test tests::panics - should panic ...\x20
thread 'tests::panics' (28442) panicked at src/lib.rs:8:39:
yes
ok

failures:

failures:
    tests::breaks

test result: FAILED. 2 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s

""",
        counts=(2, 1, 0, 1),
        failed=("tests::breaks",),
        passed=("tests::adds", "tests::panics"),
    ),
    "ctest with tests that did not run": Printed(
        text="""\
Test project /w/b
    Start 1: adds two
1/5 Test #1: adds two .........................   Passed    0.02 sec
    Start 2: breaks
2/5 Test #2: breaks ...........................***Failed    0.00 sec
    Start 3: slow
3/5 Test #3: slow .............................***Timeout   0.99 sec
    Start 4: gone
Could not find executable /nope
4/5 Test #4: gone .............................***Not Run   0.00 sec
    Start 5: off
5/5 Test #5: off ..............................***Not Run (Disabled)   0.00 sec

25% tests passed, 3 tests failed out of 4
""",
        counts=(1, 2, 1, 1),
        failed=("breaks", "slow", "gone"),
        passed=("adds two",),
    ),
    "jest under a task runner": Printed(
        text=_with(
            "web:test: ",
            """\
PASS src/cart.test.ts
  cart
    ✓ adds one (2 ms)
    ✕ refuses (1 ms)

Test Suites: 1 failed, 1 total
Tests:       1 failed, 1 passed, 2 total""",
        ),
        counts=(1, 1, 0, 0),
        failed=("cart › refuses",),
        passed=("cart › adds one",),
    ),
}
