"""Reads the tests that build tools run themselves: Bazel, Meson, Zig, sbt, Forge."""

import re

from collectors.outcomes.console.runners.log import Log
from collectors.outcomes.console.runners.runner import Run
from collectors.outcomes.console.runners.scanning import read_table
from collectors.outcomes.console.runners.table import Table
from collectors.outcomes.console.runners.words import words
from sidecar.domain import TestStatus

_BAZEL = Table(
    sign=re.compile(r"^Executed \d+ out of \d+ tests?: ", re.M),
    words=words(),
    results=(
        re.compile(
            r"^(?P<id>(?:@[^/\s]*)?//\S+) +(?:\(cached\) )?(?P<word>PASSED|FLAKY|FAILED|TIMEOUT|SKIPPED|NO STATUS)"
        ),
    ),
    totals=(re.compile(r"^Executed \d+ out of \d+ tests?: .*"),),
)
_MESON = Table(
    sign=re.compile(r"^Ok: +\d+\s*$", re.M),
    words=words(skip=TestStatus.SKIPPED, expectedfail=TestStatus.PASSED, error=TestStatus.ERRORED),
    results=(re.compile(r"^ *\d+/\d+ (?P<id>\S.*?) +(?P<word>OK|FAIL|ERROR|TIMEOUT|SKIP) +\d"),),
    totals=(re.compile(r"^(?:Ok|Fail|Skipped|Timeout): +\d+\s*$"),),
    is_summed=True,
)
_ZIG = Table(
    sign=re.compile(r"^(?:Build Summary: .*\b\d+/\d+ tests passed|All \d+ tests passed\.$)", re.M),
    words=words(),
    totals=(
        re.compile(r"^Build Summary: .*?\b(?P<passed>\d+)/(?P<total>\d+) tests passed(?:; (?P<failed>\d+) failed)?"),
        re.compile(r"^All (?P<passed>\d+) tests passed\.$"),
    ),
)
_SBT = Table(
    sign=re.compile(r"^\[\w+\] (?:Passed|Failed|Error): Total \d+, Failed \d+", re.M),
    words=words(),
    totals=(
        re.compile(
            r"^\[\w+\] (?:Passed|Failed|Error): Total (?P<total>\d+), Failed (?P<failed>\d+), Errors (?P<errored>\d+), "
            r"Passed (?P<passed>\d+)(?:, (?:Skipped|Ignored) (?P<skipped>\d+))?"
        ),
    ),
    is_summed=True,
)
_FORGE = Table(
    sign=re.compile(r"^Suite result: (?:ok|FAILED)\. \d+ passed; \d+ failed;", re.M),
    words=words(),
    section=re.compile(r"^Ran \d+ tests? for (?P<key>\S+)$"),
    results=(re.compile(r"^\[(?P<word>PASS|FAIL|SKIP)(?:[:.][^\]]*)?\] (?P<id>\w+\(.*?\))"),),
    totals=(
        re.compile(
            r"^Suite result: (?:ok|FAILED)\. (?P<passed>\d+) passed; (?P<failed>\d+) failed; (?P<skipped>\d+) skipped"
        ),
    ),
    is_summed=True,
)


def read_bazel(log: Log) -> Run | None:
    """The last run of Bazel in the log."""
    return read_table(_BAZEL, log)


def read_meson(log: Log) -> Run | None:
    """The last run of Meson in the log."""
    return read_table(_MESON, log)


def read_zig(log: Log) -> Run | None:
    """The last run of Zig in the log."""
    return read_table(_ZIG, log)


def read_sbt(log: Log) -> Run | None:
    """The last run of a framework that sbt sums up itself, such as MUnit."""
    return read_table(_SBT, log)


def read_forge(log: Log) -> Run | None:
    """The last run of Foundry's forge in the log."""
    return read_table(_FORGE, log)
