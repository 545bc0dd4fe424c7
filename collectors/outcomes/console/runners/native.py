"""Reads ctest, GoogleTest, Catch2, XCTest, Swift Testing, .NET, Dart and testthat."""

import re

from collectors.outcomes.console.runners.log import Log
from collectors.outcomes.console.runners.runner import Run
from collectors.outcomes.console.runners.scanning import read_table
from collectors.outcomes.console.runners.table import Table
from collectors.outcomes.console.runners.words import words
from sidecar.domain import TestStatus

_CTEST = Table(
    sign=re.compile(r"^\d+% tests passed, \d+ tests? failed out of \d+|^No tests were found!!!", re.M),
    words=words(
        **{
            "not run": TestStatus.ERRORED,
            "not run disabled": TestStatus.SKIPPED,
            "exception": TestStatus.FAILED,
        }
    ),
    results=(
        re.compile(
            r"^\s*\d+/\d+ Test +#\d+: (?P<id>\S.*?) \.{0,200}\s{0,20}(?:\*\*\*)?"
            r"(?P<word>Passed|Failed|Exception|Not Run|Timeout|Skipped)\b(?: \((?P<directive>Disabled)\))?"
        ),
    ),
    totals=(
        re.compile(r"^\d+% tests passed, (?P<failed>\d+) tests? failed out of (?P<total>\d+)"),
        re.compile(r"^No tests were found!!!"),
    ),
    restart=re.compile(r"^Test project "),
    failed_holds_errors=True,
)
_GTEST = Table(
    sign=re.compile(r"^\[=+\] .*\btests? from .* ran\.", re.M),
    words=words(),
    results=(
        re.compile(
            r"^\[ +(?P<word>OK|FAILED|SKIPPED) +\] (?P<id>[^\s,]+\.[^\s,]+)(?:, where .{1,300}?)?(?: \(\d+ ms\))$"
        ),
    ),
    totals=(re.compile(r"^\[=+\] (?P<total>\d+) tests? from .* ran\."),),
    section=re.compile(r"^\[=+\] Running (?P<key>\d+ tests? from .*)\.$"),
    heading=re.compile(r"^\[ RUN +\] (?P<id>\S+)$"),
    message=re.compile(r"^(?P<message>(?!\[)\S.*)$"),
    place=re.compile(r"^(?P<path>\S[^:]*):(?P<line>\d+): Failure$"),
    is_summed=True,
)
_CATCH = Table(
    sign=re.compile(
        r"^(?:\[doctest\] )?test cases: +\d+|^All tests passed \(\d+ assertions? in \d+ test cases?\)", re.M
    ),
    words=words(),
    totals=(
        re.compile(
            r"^(?:\[doctest\] )?test cases: +(?P<total>\d+) \| +(?:(?P<passed>\d+) passed)?(?: \| +)?"
            r"(?:(?P<failed>\d+) failed)?(?: \| +(?P<skipped>\d+) skipped)?"
        ),
        re.compile(r"^All tests passed \(\d+ assertions? in (?P<total>\d+) test cases?\)"),
    ),
    heading=None,
)
_XCTEST = Table(
    sign=re.compile(r"^\s*Executed \d+ tests?, with ", re.M),
    words=words(),
    results=(re.compile(r"^Test Case '(?:-\[)?(?P<id>[^\]']+)\]?' (?P<word>passed|failed|skipped)"),),
    totals=(
        re.compile(
            r"^\s*Executed (?P<total>\d+) tests?, with (?:(?P<skipped>\d+) tests? skipped and )?"
            r"(?P<failed>\d+) failures?"
        ),
    ),
    restart=re.compile(r"^Test Suite '(?:All|Selected) tests' started"),
    heading=re.compile(r"^(?P<path>\S+\.\w+):(?P<line>\d+): error: (?:-\[)?(?P<id>[^\]:]+)\]? : (?P<message>.*)$"),
)
_SWIFT_TESTING = Table(
    sign=re.compile(r"^\S+ +Test run with \d+ tests?\b.* (?:passed|failed) after", re.M),
    words=words(),
    results=(
        re.compile(r"^\S+ +Test (?!run with |Suite )(?P<id>.+?) (?P<word>(?:passed|failed)(?= after )|skipped\b)"),
    ),
    totals=(re.compile(r"^\S+ +Test run with (?P<total>\d+) tests?\b"),),
    heading=re.compile(
        r"^\S+ +Test (?P<id>.+?) recorded an issue at (?P<path>[^:\s]+):(?P<line>\d+):\d+: (?P<message>.*)$"
    ),
)
_DOTNET = Table(
    sign=re.compile(
        r"^\s*(?:(?:Passed|Failed|Skipped)! +- Failed: +\d+|Total tests: \d+|Test summary: total: \d+)", re.M
    ),
    words=words(notexecuted=TestStatus.SKIPPED),
    results=(re.compile(r"^\s+(?P<word>Passed|Failed|Skipped) (?P<id>[^\s!:].*?) \[(?:< )?\d.*\]$"),),
    totals=(
        re.compile(r"^\s*(?:Passed|Failed|Skipped)! +- Failed: +\d+"),
        re.compile(r"^\s*Test summary: total: \d+, failed: \d+"),
        re.compile(r"^(?:Total tests| +Passed| +Failed| +Skipped): +\d+$"),
    ),
    total_words=frozenset({"total"}),
    announcement=re.compile(r"^\s+Error Message:$"),
    place=re.compile(r" in (?P<path>\S.*):line (?P<line>\d+)$"),
    is_summed=True,
)
_DART = Table(
    sign=re.compile(r"^\d\d:\d\d \+\d+.*: (?:All tests passed!|Some tests failed\.|All tests skipped\.)", re.M),
    words=words(),
    results=(re.compile(r"^\d\d:\d\d \+\d+(?: ~\d+)? -\d+: (?P<id>.+?) \[E\]$"),),
    totals=(
        re.compile(
            r"^\d\d:\d\d \+(?P<passed>\d+)(?: ~(?P<skipped>\d+))?(?: -(?P<failed>\d+))?: "
            r"(?:All tests passed!|Some tests failed\.|All tests skipped\.)"
        ),
    ),
    message=re.compile(r"^\s+(?P<message>\S.*)$"),
    place=re.compile(r"^\s+(?P<path>\S+\.dart) (?P<line>\d+):\d+"),
)
_TESTTHAT = Table(
    sign=re.compile(r"^\[ FAIL \d+ \| WARN \d+ \| SKIP \d+ \| PASS \d+ \]", re.M),
    words=words(),
    totals=(re.compile(r"^\[ FAIL (?P<failed>\d+) \| WARN \d+ \| SKIP (?P<skipped>\d+) \| PASS (?P<passed>\d+) \]"),),
    heading=re.compile(r"^── (?:Failure|Error) \((?P<path>[^:)]+):(?P<line>\d+)(?::\d+)?\): (?P<id>.+?) ─*$"),
    message=re.compile(r"^(?P<message>\S.*)$"),
)


def read_ctest(log: Log) -> Run | None:
    """The last run of ctest in the log."""
    return read_table(_CTEST, log)


def read_gtest(log: Log) -> Run | None:
    """The last run of GoogleTest in the log."""
    return read_table(_GTEST, log)


def read_catch(log: Log) -> Run | None:
    """The last run of Catch2 or doctest in the log."""
    return read_table(_CATCH, log)


def read_xctest(log: Log) -> Run | None:
    """The last run of XCTest in the log."""
    return read_table(_XCTEST, log)


def read_swift_testing(log: Log) -> Run | None:
    """The last run of Swift Testing in the log."""
    return read_table(_SWIFT_TESTING, log)


def read_dotnet(log: Log) -> Run | None:
    """The last run of `dotnet test` in the log; all its assemblies together."""
    return read_table(_DOTNET, log)


def read_dart(log: Log) -> Run | None:
    """The last run of Dart or Flutter tests in the log."""
    return read_table(_DART, log)


def read_testthat(log: Log) -> Run | None:
    """The last run of R's testthat in the log."""
    return read_table(_TESTTHAT, log)
