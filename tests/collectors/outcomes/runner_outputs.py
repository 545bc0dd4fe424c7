"""Outputs of test runners, written for these tests after each runner's own format: one failing and one passing each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """An output and what it says."""

    text: str
    counts: tuple[int, int, int, int]
    """passed, failed, errored, skipped."""
    failed: tuple[str, ...] = ()
    """Ids of the tests that failed or could not run."""
    passed: tuple[str, ...] = ()
    """Some ids of tests that passed."""
    message: str | None = None
    """Of the first failed test."""
    place: tuple[str, int] | None = None
    """Of the first failed test."""


PRINTED: dict[str, Printed] = {
    "pytest": Printed(
        text="""\
============================= test session starts ==============================
platform linux -- Python 3.12.1, pytest-8.3.3, pluggy-1.5.0
rootdir: /app
collected 4 items

tests/test_cart.py .Fs                                                   [ 75%]
tests/test_tax.py E                                                      [100%]

==================================== ERRORS ====================================
_________________________ ERROR at setup of test_rate __________________________

    @pytest.fixture
    def table():
>       return load()
E       FileNotFoundError: no rates

tests/conftest.py:9: FileNotFoundError
=================================== FAILURES ===================================
___________________________ TestCart.test_total[a b] ___________________________

self = <test_cart.TestCart object at 0x7f>

    def test_total(self, name):
>       assert total(name) == 3
E       AssertionError: assert 2 == 3
E        +  where 2 = total('a b')

tests/test_cart.py:12: AssertionError
=========================== short test summary info ============================
FAILED tests/test_cart.py::TestCart::test_total[a b] - AssertionError: assert 2...
ERROR tests/test_tax.py::test_rate - FileNotFoundError: no rates
=============== 1 failed, 1 passed, 1 skipped, 1 error in 0.05s ================
""",
        counts=(1, 1, 1, 1),
        failed=("tests/test_cart.py::TestCart::test_total[a b]", "tests/test_tax.py::test_rate"),
        message="AssertionError: assert 2 == 3",
        place=("tests/test_cart.py", 12),
    ),
    "pytest-sugar": Printed(
        text="""\
Test session starts (platform: linux, Python 3.12.1, pytest 8.3.3, pytest-sugar 1.0.0)
rootdir: /app
plugins: sugar-1.0.0
collecting ...
 tests/test_cart.py::test_sum ✓                                   33% ███▍
 tests/test_cart.py::test_gift s                                  67% ██████▋

―――――――――――――――――――――――――――――――― TestCart.test_total ――――――――――――――――――――――――――――――――

    def test_total(self):
>       assert total() == 3
E       AssertionError: assert 2 == 3

tests/test_cart.py:12: AssertionError

 tests/test_cart.py::TestCart.test_total ⨯                       100% ██████████
=========================== short test summary info ============================
FAILED tests/test_cart.py::TestCart::test_total - AssertionError: assert 2 == 3

Results (0.12s):
       1 passed
       1 failed
         - tests/test_cart.py:11 TestCart.test_total
       1 skipped
""",
        counts=(1, 1, 0, 1),
        failed=("tests/test_cart.py::TestCart::test_total",),
        passed=("tests/test_cart.py::test_sum",),
        message="AssertionError: assert 2 == 3",
    ),
    "pytest verbose under xdist": Printed(
        text="""\
============================= test session starts ==============================
created: 2/2 workers

[gw0] [ 50%] PASSED tests/test_a.py::test_one
[gw1] [100%] XFAIL tests/test_a.py::test_two
========================= 1 passed, 1 xfailed in 0.51s =========================
""",
        counts=(2, 0, 0, 0),
        passed=("tests/test_a.py::test_one", "tests/test_a.py::test_two"),
    ),
    "pytest quiet tail": Printed(
        text="""\
FAILED tests/test_a.py::test_x[c - d] - ValueError: bad
1 failed, 3 passed in 0.02s
""",
        counts=(3, 1, 0, 0),
        failed=("tests/test_a.py::test_x[c - d]",),
        message="ValueError: bad",
    ),
    "unittest": Printed(
        text="""\
test_add (shop.tests.CartTest.test_add) ... ok
test_tax (shop.tests.CartTest.test_tax)
Tax is rounded. ... FAIL
test_slow (shop.tests.CartTest.test_slow) ... skipped 'slow'
test_db (shop.tests.CartTest.test_db) ... ERROR

======================================================================
ERROR: test_db (shop.tests.CartTest.test_db)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "/app/shop/tests.py", line 30, in test_db
    connect()
  File "/usr/lib/python3.12/socket.py", line 1, in connect
    raise OSError
OSError: refused

======================================================================
FAIL: test_tax (shop.tests.CartTest.test_tax)
Tax is rounded.
----------------------------------------------------------------------
Traceback (most recent call last):
  File "/app/shop/tests.py", line 12, in test_tax
    self.assertEqual(tax(), 3)
AssertionError: 2 != 3

----------------------------------------------------------------------
Ran 4 tests in 0.010s

FAILED (failures=1, errors=1, skipped=1)
""",
        counts=(1, 1, 1, 1),
        failed=("test_tax (shop.tests.CartTest.test_tax)", "test_db (shop.tests.CartTest.test_db)"),
        passed=("test_add (shop.tests.CartTest.test_add)",),
        message="AssertionError: 2 != 3",
        place=("/app/shop/tests.py", 12),
    ),
    "sympy": Printed(
        text="""\
============================= test process starts ==============================
executable:         /usr/bin/python  (3.9.0-final-0) [CPython]

sympy/core/tests/test_a.py[4]
test_one ok
test_two F
test_three E
test_four f                                                               [FAIL]

________________________________________________________________________________
___________________ sympy/core/tests/test_a.py:test_two ____________________
Traceback (most recent call last):
  File "/app/sympy/core/tests/test_a.py", line 7, in test_two
    assert x == 2
AssertionError

= tests finished: 1 passed, 1 failed, 1 expected to fail, 1 exceptions, in 0.1 seconds =
DO *NOT* COMMIT!
""",
        counts=(2, 1, 1, 0),
        failed=("test_two", "test_three"),
        passed=("test_one", "test_four"),
        message="AssertionError",
        place=("/app/sympy/core/tests/test_a.py", 7),
    ),
    "swebench": Printed(
        text="""\
2024-12-04 - INFO - Grading answer...
2024-12-04 - INFO - report: {'resolved': False, 'tests_status': {'FAIL_TO_PASS': {'success': ['a.py::t[x]'], \
'failure': ["test_q (m.C)"]}, 'PASS_TO_PASS': {'success': ['b'], 'failure': []}}}
""",
        counts=(2, 1, 0, 0),
        failed=("test_q (m.C)",),
        passed=("a.py::t[x]", "b"),
    ),
    "jest": Printed(
        text="""\
PASS src/tax.test.js
FAIL src/cart.test.js
  Cart
    ✓ adds (3 ms)
    ✕ sums (5 ms)
    ○ skipped later

  ● Cart › sums

    expect(received).toBe(expected) // Object.is equality

    Expected: 3
    Received: 2

      at Object.<anonymous> (src/cart.test.js:8:19)

Test Suites: 1 failed, 1 passed, 2 total
Tests:       1 failed, 1 skipped, 2 passed, 4 total
Snapshots:   0 total
Time:        0.5 s
""",
        counts=(2, 1, 0, 1),
        failed=("Cart › sums",),
        passed=("Cart › adds",),
        message="expect(received).toBe(expected) // Object.is equality",
        place=("src/cart.test.js", 8),
    ),
    "jest with a suite that cannot load": Printed(
        text="""\
PASS src/tax.test.js
FAIL src/cart.test.js
  ● Test suite failed to run

    Cannot find module './cart' from 'src/cart.test.js'

Test Suites: 1 failed, 1 passed, 2 total
Tests:       2 passed, 2 total
""",
        counts=(2, 0, 1, 0),
        failed=("src/cart.test.js",),
        message="Cannot find module './cart' from 'src/cart.test.js'",
    ),
    "vitest": Printed(
        text="""\
 RUN  v2.1.0 /app

 ✓ src/tax.test.ts (2 tests) 3ms
 ❯ src/cart.test.ts (2 tests | 1 failed) 8ms
   × Cart > sums 5ms
     → expected 2 to be 3 // Object.is equality

⎯⎯⎯⎯⎯⎯⎯ Failed Tests 1 ⎯⎯⎯⎯⎯⎯⎯

 FAIL  src/cart.test.ts > Cart > sums
AssertionError: expected 2 to be 3 // Object.is equality
 ❯ src/cart.test.ts:8:18

 Test Files  1 failed | 1 passed (2)
      Tests  1 failed | 3 passed (4)
   Start at  10:00:00
""",
        counts=(3, 1, 0, 0),
        failed=("Cart > sums",),
        message="AssertionError: expected 2 to be 3 // Object.is equality",
        place=("src/cart.test.ts", 8),
    ),
    "mocha": Printed(
        text="""\

  Cart
    ✔ adds
    1) sums
    - later


  1 passing (8ms)
  1 pending
  1 failing

  1) Cart
       sums:

      AssertionError [ERR_ASSERTION]: 2 == 3
      + expected - actual

      at Context.<anonymous> (test/cart.js:9:12)

""",
        counts=(1, 1, 0, 1),
        failed=("Cart > sums",),
        passed=("Cart > adds",),
        message="AssertionError [ERR_ASSERTION]: 2 == 3",
        place=("test/cart.js", 9),
    ),
    "jasmine": Printed(text="Started\n..F\n\n3 specs, 1 failure\nFinished in 0.01 seconds\n", counts=(2, 1, 0, 0)),
    "bun": Printed(
        text="""\
bun test v1.1.30

cart.test.ts:
✓ Cart > adds [0.10ms]
✗ Cart > sums [0.20ms]

 1 pass
 1 fail
 2 expect() calls
Ran 2 tests across 1 files. [12.00ms]
""",
        counts=(1, 1, 0, 0),
        failed=("Cart > sums",),
        passed=("Cart > adds",),
    ),
    "deno": Printed(
        text="""\
running 2 tests from ./cart_test.ts
adds ... ok (1ms)
sums ... FAILED (2ms)

 ERRORS

sums => ./cart_test.ts:5:6
error: AssertionError: Values are not equal.
    at file:///app/cart_test.ts:6:3

FAILED | 1 passed | 1 failed (12ms)
""",
        counts=(1, 1, 0, 0),
        failed=("sums",),
        passed=("adds",),
        message="AssertionError: Values are not equal.",
        place=("/app/cart_test.ts", 6),
    ),
    "playwright": Printed(
        text="""\
Running 2 tests using 1 worker

  ✓  1 [chromium] › shop.spec.ts:3:1 › opens (1.2s)
  ✘  2 [chromium] › shop.spec.ts:9:1 › pays (5.0s)

  1 failed
    [chromium] › shop.spec.ts:9:1 › pays
  1 passed (7.1s)
""",
        counts=(1, 1, 0, 0),
        failed=("[chromium] › shop.spec.ts:9:1 › pays",),
    ),
    "tap": Printed(
        text="""\
TAP version 13
# Subtest: math
    # Subtest: adds
    ok 1 - adds
      ---
      duration_ms: 0.5
      ...
    # Subtest: sums
    not ok 2 - sums
      ---
      location: '/app/math.test.js:4:3'
      error: 'Expected 2 to equal 3'
      ...
    1..2
not ok 1 - math
ok 2 - later # SKIP no time
1..2
# tests 3
# pass 1
# fail 1
# cancelled 0
# skipped 1
# todo 0
""",
        counts=(1, 1, 0, 1),
        failed=("math > sums",),
        passed=("math > adds",),
        message="Expected 2 to equal 3",
        place=("/app/math.test.js", 4),
    ),
    "node spec": Printed(
        text="""\
▶ math
  ✔ adds (0.5ms)
  ✖ sums (1.1ms)
✖ math (2ms)
✔ top (0.1ms)
ℹ tests 3
ℹ suites 1
ℹ pass 2
ℹ fail 1
ℹ cancelled 0
ℹ skipped 0
ℹ todo 0

✖ failing tests:

test at math.test.js:4:3
✖ sums (1.1ms)
  AssertionError [ERR_ASSERTION]: 2 == 3
      at TestContext.<anonymous> (/app/math.test.js:5:10)
""",
        counts=(2, 1, 0, 0),
        failed=("math > sums",),
        passed=("math > adds", "top"),
        message="AssertionError [ERR_ASSERTION]: 2 == 3",
        place=("/app/math.test.js", 5),
    ),
    "go verbose": Printed(
        text="""\
=== RUN   TestAdd
--- PASS: TestAdd (0.00s)
=== RUN   TestSum
=== RUN   TestSum/empty
    cart_test.go:12: got 1, want 0
--- FAIL: TestSum (0.00s)
    --- FAIL: TestSum/empty (0.00s)
        cart_test.go:12: got 1, want 0
--- SKIP: TestSlow (0.00s)
FAIL
FAIL\texample.com/shop/cart\t0.003s
ok  \texample.com/shop/tax\t0.002s
?   \texample.com/shop/cmd\t[no test files]
FAIL
""",
        counts=(2, 2, 0, 1),
        failed=("TestSum", "TestSum/empty"),
        passed=("TestAdd", "example.com/shop/tax"),
    ),
    "go that does not build": Printed(
        text="""\
# example.com/shop/cart [example.com/shop/cart.test]
./cart_test.go:9:2: undefined: Total
FAIL\texample.com/shop/cart [build failed]
FAIL
""",
        counts=(0, 0, 1, 0),
        failed=("example.com/shop/cart",),
        message="undefined: Total",
        place=("cart_test.go", 9),
    ),
    "gotestsum": Printed(
        text="""\
✖  shop/cart (2ms)

=== Failed
=== FAIL: shop/cart TestSum (0.00s)
    cart_test.go:12: got 1, want 0

DONE 3 tests, 1 failure in 0.204s
""",
        counts=(2, 1, 0, 0),
        failed=("TestSum",),
        message="got 1, want 0",
        place=("cart_test.go", 12),
    ),
    "cargo": Printed(
        text="""\
   Compiling shop v0.1.0 (/app)
    Finished `test` profile [unoptimized + debuginfo] target(s) in 0.4s
     Running unittests src/lib.rs (target/debug/deps/shop-1a2b)

running 3 tests
test cart::adds ... ok
test cart::sums ... FAILED
test cart::later ... ignored

failures:

---- cart::sums stdout ----

thread 'cart::sums' panicked at src/cart.rs:14:9:
assertion `left == right` failed
  left: 2
 right: 3
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace


failures:
    cart::sums

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

   Doc-tests shop

running 1 test
test src/lib.rs - Cart (line 3) ... ok

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s
""",
        counts=(2, 1, 0, 1),
        failed=("cart::sums",),
        passed=("cart::adds", "src/lib.rs - Cart (line 3)"),
        message="assertion `left == right` failed",
        place=("src/cart.rs", 14),
    ),
    "nextest": Printed(
        text="""\
        PASS [   0.005s] shop cart::adds
        FAIL [   0.006s] shop cart::sums
     Summary [   0.012s] 2 tests run: 1 passed, 1 failed, 0 skipped
        FAIL [   0.008s] (2/2) shop cart::sums
error: test run failed
""",
        counts=(1, 1, 0, 0),
        failed=("shop cart::sums",),
        passed=("shop cart::adds",),
    ),
    "maven": Printed(
        text="""\
[INFO] Scanning for projects...
[INFO]  T E S T S
[INFO] Running com.shop.CartTest
[ERROR] Tests run: 3, Failures: 1, Errors: 0, Skipped: 1, Time elapsed: 0.05 s <<< FAILURE! -- in com.shop.CartTest
[ERROR] com.shop.CartTest.sums -- Time elapsed: 0.01 s <<< FAILURE!
org.opentest4j.AssertionFailedError: expected: <3> but was: <2>
\tat org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)
\tat com.shop.CartTest.sums(CartTest.java:17)

[INFO] Results:
[ERROR] Failures:
[ERROR]   CartTest.sums:17 expected: <3> but was: <2>
[ERROR] Tests run: 3, Failures: 1, Errors: 0, Skipped: 1
[INFO] BUILD FAILURE
""",
        counts=(1, 1, 0, 1),
        failed=("com.shop.CartTest.sums",),
        message="org.opentest4j.AssertionFailedError: expected: <3> but was: <2>",
        place=("CartTest.java", 17),
    ),
    "gradle": Printed(
        text="""\
> Task :test FAILED

CartTest > adds() PASSED

CartTest > sums() FAILED
    org.opentest4j.AssertionFailedError at CartTest.java:17

2 tests completed, 1 failed
""",
        counts=(1, 1, 0, 0),
        failed=("CartTest > sums()",),
        passed=("CartTest > adds()",),
        place=("CartTest.java", 17),
    ),
    "gradle, quiet": Printed(
        text="> Task :compileJava UP-TO-DATE\n> Task :test\n\nBUILD SUCCESSFUL in 3s\n4 actionable tasks\n",
        counts=(1, 0, 0, 0),
        passed=(":test",),
    ),
    "scalatest": Printed(
        text="""\
[info] CartSpec:
[info] - adds
[info] - sums *** FAILED ***
[info]   2 did not equal 3 (CartSpec.scala:12)
[info] Tests: succeeded 1, failed 1, canceled 0, ignored 0, pending 0
""",
        counts=(1, 1, 0, 0),
        failed=("sums",),
        place=("CartSpec.scala", 12),
    ),
    "rspec": Printed(
        text="""\
.F*

Failures:

  1) Cart sums
     Failure/Error: expect(cart.total).to eq 3

       expected: 3
            got: 2
     # ./spec/cart_spec.rb:9:in `block'

Finished in 0.01 seconds
3 examples, 1 failure, 1 pending

Failed examples:

rspec ./spec/cart_spec.rb:8 # Cart sums
""",
        counts=(1, 1, 0, 1),
        failed=("Cart sums",),
        message="expect(cart.total).to eq 3",
    ),
    "minitest": Printed(
        text="""\
Run options: --seed 1

  1) Failure:
CartTest#test_sums [test/cart_test.rb:9]:
Expected: 3
  Actual: 2

3 runs, 3 assertions, 1 failures, 0 errors, 1 skips
""",
        counts=(1, 1, 0, 1),
        failed=("CartTest#test_sums",),
        message="Expected: 3",
        place=("test/cart_test.rb", 9),
    ),
    "exunit": Printed(
        text="""\
  1) test sums (CartTest)
     test/cart_test.exs:7
     Assertion with == failed

Finished in 0.02 seconds
3 tests, 1 failure
""",
        counts=(2, 1, 0, 0),
        failed=("test sums (CartTest)",),
        message="Assertion with == failed",
        place=("test/cart_test.exs", 7),
    ),
    "phpunit": Printed(
        text="""\
PHPUnit 10.5.1 by Sebastian Bergmann and contributors.

.FS                                                                 3 / 3 (100%)

There was 1 failure:

1) Shop\\CartTest::testSums
Failed asserting that 2 matches expected 3.

/app/tests/CartTest.php:17

FAILURES!
Tests: 3, Assertions: 2, Failures: 1, Skipped: 1.
""",
        counts=(1, 1, 0, 1),
        failed=("Shop\\CartTest::testSums",),
        message="Failed asserting that 2 matches expected 3.",
        place=("/app/tests/CartTest.php", 17),
    ),
    "phpunit, all well": Printed(text="PHPUnit 10.5.1\n\n...\n\nOK (3 tests, 5 assertions)\n", counts=(3, 0, 0, 0)),
    "ctest": Printed(
        text="""\
Test project /app/build
    Start 1: adds
1/2 Test #1: adds .............................   Passed    0.01 sec
    Start 2: sums
2/2 Test #2: sums .............................***Failed    0.01 sec

50% tests passed, 1 tests failed out of 2
""",
        counts=(1, 1, 0, 0),
        failed=("sums",),
        passed=("adds",),
    ),
    "gtest": Printed(
        text="""\
[==========] Running 2 tests from 1 test suite.
[ RUN      ] Cart.Adds
[       OK ] Cart.Adds (0 ms)
[ RUN      ] Cart.Sums
cart_test.cc:9: Failure
Expected equality of these values:
[  FAILED  ] Cart.Sums (0 ms)
[==========] 2 tests from 1 test suite ran. (0 ms total)
[  PASSED  ] 1 test.
[  FAILED  ] 1 test, listed below:
[  FAILED  ] Cart.Sums
""",
        counts=(1, 1, 0, 0),
        failed=("Cart.Sums",),
        passed=("Cart.Adds",),
    ),
    "xctest": Printed(
        text="""\
Test Suite 'All tests' started at 2025-01-01 10:00:00.000
Test Case '-[ShopTests.CartTests testAdds]' passed (0.001 seconds).
/app/Tests/CartTests.swift:9: error: -[ShopTests.CartTests testSums] : XCTAssertEqual failed: ("2") is not ("3")
Test Case '-[ShopTests.CartTests testSums]' failed (0.002 seconds).
\t Executed 2 tests, with 1 failure (0 unexpected) in 0.003 (0.004) seconds
""",
        counts=(1, 1, 0, 0),
        failed=("ShopTests.CartTests testSums",),
        passed=("ShopTests.CartTests testAdds",),
        message='XCTAssertEqual failed: ("2") is not ("3")',
        place=("/app/Tests/CartTests.swift", 9),
    ),
    "dotnet": Printed(
        text="""\
  Passed Shop.CartTests.Adds [3 ms]
  Failed Shop.CartTests.Sums [5 ms]
  Error Message:
   Assert.Equal() Failure: Values differ
  Stack Trace:
     at Shop.CartTests.Sums() in /app/CartTests.cs:line 17

Failed!  - Failed:     1, Passed:     1, Skipped:     0, Total:     2, Duration: 12 ms - Shop.Tests.dll (net8.0)
""",
        counts=(1, 1, 0, 0),
        failed=("Shop.CartTests.Sums",),
        passed=("Shop.CartTests.Adds",),
        message="Assert.Equal() Failure: Values differ",
        place=("/app/CartTests.cs", 17),
    ),
    "dart": Printed(
        text="""\
00:00 +0: adds
00:01 +1: sums
00:01 +1 -1: sums [E]
  Expected: <3>
  test/cart_test.dart 9:5  main.<fn>
00:01 +1 -1: Some tests failed.
""",
        counts=(1, 1, 0, 0),
        failed=("sums",),
        message="Expected: <3>",
        place=("test/cart_test.dart", 9),
    ),
    "karma": Printed(
        text="""\
Chrome 120.0.0 (Linux) Cart sums FAILED
\tExpected 2 to be 3.
Chrome 120.0.0 (Linux): Executed 2 of 2 (1 FAILED) (0.01 secs / 0.005 secs)
""",
        counts=(1, 1, 0, 0),
        failed=("Cart sums",),
    ),
    "ava": Printed(
        text="""\
  ✔ cart › adds
  ✘ [fail]: cart › sums

  1 test passed
  1 test failed
""",
        counts=(1, 1, 0, 0),
        failed=("cart › sums",),
        passed=("cart › adds",),
    ),
    "prove": Printed(
        text="""\
t/adds.t .. ok
t/sums.t .. Dubious, test returned 1 (wstat 256, 0x100)
Failed 1/2 subtests

Test Summary Report
-------------------
t/sums.t (Wstat: 256 (exited 1) Tests: 2 Failed: 1)
  Failed test:  2
Files=2, Tests=3,  0 wallclock secs
Result: FAIL
""",
        counts=(2, 1, 0, 0),
        failed=("t/sums.t",),
        passed=("t/adds.t",),
    ),
    "pest": Printed(
        text="""\
   FAIL  Tests\\CartTest
  ✓ it adds                                                            0.01s
  ⨯ it sums                                                            0.02s
  ────────────────────────────────────────────────────────────────────────────
   FAILED  Tests\\CartTest > it sums
  Failed asserting that 2 is identical to 3.

  at tests/CartTest.php:9

  Tests:    1 failed, 1 passed (2 assertions)
  Duration: 0.05s
""",
        counts=(1, 1, 0, 0),
        failed=("it sums",),
        passed=("it adds",),
        message="Failed asserting that 2 is identical to 3.",
        place=("tests/CartTest.php", 9),
    ),
    "catch": Printed(
        text="""\
===============================================================================
test cases: 3 | 2 passed | 1 failed
assertions: 9 | 8 passed | 1 failed
""",
        counts=(2, 1, 0, 0),
    ),
    "catch, all well": Printed(text="All tests passed (9 assertions in 3 test cases)\n", counts=(3, 0, 0, 0)),
    "swift testing": Printed(
        text="""\
◇ Test run started.
✔ Test adds() passed after 0.001 seconds.
✘ Test sums() recorded an issue at CartTests.swift:9:5: Expectation failed: (2) == 3
✘ Test sums() failed after 0.002 seconds with 1 issue.
✘ Test run with 2 tests failed after 0.002 seconds with 1 issue.
""",
        counts=(1, 1, 0, 0),
        failed=("sums()",),
        passed=("adds()",),
        message="Expectation failed: (2) == 3",
        place=("CartTests.swift", 9),
    ),
    "testthat": Printed(
        text="── Failure (test-cart.R:4:3): sums ──────\n2 not equal to 3.\n[ FAIL 1 | WARN 0 | SKIP 1 | PASS 3 ]\n",
        counts=(3, 1, 0, 1),
        failed=("sums",),
        place=("test-cart.R", 4),
    ),
    "bazel": Printed(
        text="""\
INFO: Analyzed 3 targets (0 packages loaded, 0 targets configured).
INFO: Found 3 test targets...
//api:rates_test                                              (cached) PASSED in 0.3s
//cart:total_test                                                      FAILED in 0.4s
  /home/dev/.cache/bazel/testlogs/cart/total_test/test.log

Executed 1 out of 2 tests: 1 test passes and 1 fails locally.
""",
        counts=(1, 1, 0, 0),
        failed=("//cart:total_test",),
        passed=("//api:rates_test",),
    ),
    "meson": Printed(
        text="""\
ninja: Entering directory `/home/dev/codec/build'
1/3 frame                  OK              0.01s
2/3 header                 FAIL            0.02s   exit status 1
3/3 network                SKIP            0.00s   exit status 77

Ok:                 1
Fail:               1
Skipped:            1
""",
        counts=(1, 1, 0, 1),
        failed=("header",),
        passed=("frame",),
    ),
    "zig": Printed(
        text="""\
test
+- run test 3/4 passed, 1 failed
Build Summary: 1/3 steps succeeded; 1 failed; 3/4 tests passed; 1 failed
""",
        counts=(3, 1, 0, 0),
    ),
    "sbt": Printed(
        text="""\
[info] welcome to sbt 1.10.1
[error] Failed: Total 4, Failed 1, Errors 0, Passed 2, Skipped 1
[error] Failed tests:
[error] 	shop.CartSuite
""",
        counts=(2, 1, 0, 1),
    ),
    "forge": Printed(
        text="""\
Ran 2 tests for test/Till.t.sol:TillTest
[PASS] testSum() (gas: 1201)
[FAIL: assertion failed: 12 != 13] testTotal() (gas: 2204)
Suite result: FAILED. 1 passed; 1 failed; 0 skipped; finished in 1.02ms (0.40ms CPU time)

Ran 1 test suite in 5.11ms (1.02ms CPU time): 1 tests passed, 1 failed, 0 skipped (2 total tests)
""",
        counts=(1, 1, 0, 0),
        failed=("testTotal()",),
        passed=("testSum()",),
    ),
    "clojure": Printed(
        text="""\

Testing shop.cart-test

FAIL in (totals) (cart_test.clj:7)
expected: (= 12 (total cart))
  actual: (not (= 12 13))

Ran 3 tests containing 5 assertions.
1 failures, 0 errors.
""",
        counts=(2, 1, 0, 0),
        failed=("totals",),
        place=("cart_test.clj", 7),
    ),
    "tasty": Printed(
        text="""\
Tests
  sums:   OK
  totals: FAIL (0.01s)
    test/Cart.hs:9:
    expected: 12
     but got: 13

1 out of 2 tests failed (0.02s)
""",
        counts=(1, 1, 0, 0),
        failed=("totals",),
        passed=("sums",),
    ),
    "eunit": Printed(
        text="""\
cart_tests: totals_test...*failed*
=======================================================
  Failed: 1.  Skipped: 0.  Passed: 2.
""",
        counts=(2, 1, 0, 0),
    ),
    "alcotest": Printed(
        text="""\
Testing `Cart'.
  [OK]          sums            0   plain.
> [FAIL]        totals          0   lines.

1 failure! in 0.001s. 2 tests run.
""",
        counts=(1, 1, 0, 0),
    ),
    "busted": Printed(
        text="""\
●◼
1 success / 1 failure / 0 errors / 0 pending : 0.01 seconds

Failure → spec/cart_spec.lua @ 3
cart totals lines
spec/cart_spec.lua:5: Expected objects to be equal.
""",
        counts=(1, 1, 0, 0),
        failed=("spec/cart_spec.lua @ 3",),
        place=("spec/cart_spec.lua", 3),
    ),
}
