"""Runs the unit tests below a folder and prints a JUnit report. Usage: python junit_from_unittest.py FOLDER."""

import sys
import unittest
from xml.sax.saxutils import escape, quoteattr


class _Collected(unittest.TestResult):
    """Keeps every test with what became of it."""

    def __init__(self) -> None:
        super().__init__()
        self.cases: list[str] = []

    def addSuccess(self, test: unittest.TestCase) -> None:
        """Keep a passed test."""
        self._add(test, "")

    def addFailure(self, test: unittest.TestCase, err: object) -> None:
        """Keep a failed test."""
        super().addFailure(test, err)  # pyright: ignore[reportArgumentType] - typeshed names a private alias
        self._add(test, _problem("failure", self.failures[-1][1]))

    def addError(self, test: unittest.TestCase, err: object) -> None:
        """Keep a test that broke."""
        super().addError(test, err)  # pyright: ignore[reportArgumentType] - typeshed names a private alias
        self._add(test, _problem("error", self.errors[-1][1]))

    def _add(self, test: unittest.TestCase, inside: str) -> None:
        classname, _, name = test.id().rpartition(".")
        self.cases.append(f"  <testcase classname={quoteattr(classname)} name={quoteattr(name)}>{inside}</testcase>")


def _problem(kind: str, trace: str) -> str:
    return f"<{kind} message={quoteattr(trace.strip().splitlines()[-1])}>{escape(trace)}</{kind}>"


def main() -> None:
    """Run and print."""
    collected = _Collected()
    unittest.defaultTestLoader.discover(sys.argv[1]).run(collected)
    counts = f'tests="{len(collected.cases)}" failures="{len(collected.failures)}" errors="{len(collected.errors)}"'
    print('<?xml version="1.0" encoding="utf-8"?>')
    print("\n".join([f'<testsuite name="unittest" {counts}>', *collected.cases, "</testsuite>"]))


if __name__ == "__main__":
    main()
