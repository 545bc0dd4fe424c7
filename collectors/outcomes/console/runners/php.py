"""Reads PHPUnit and Pest."""

import re

from collectors.outcomes.console.runners.log import Log
from collectors.outcomes.console.runners.runner import Run
from collectors.outcomes.console.runners.scanning import read_table
from collectors.outcomes.console.runners.table import Table
from collectors.outcomes.console.runners.words import words
from sidecar.domain import TestStatus

_PLACE = re.compile(r"^\s*(?:at )?(?P<path>\S+\.php):(?P<line>\d+)$")

_PHPUNIT = Table(
    sign=re.compile(r"^(?:OK \(\d+ tests?, |Tests: \d+, Assertions: \d+|No tests executed!$)", re.M),
    words=words(**{"∅": TestStatus.SKIPPED, "☢": TestStatus.PASSED, "risky": TestStatus.PASSED}),
    results=(re.compile(r"^ (?P<word>[✔✘↩∅☢]) (?P<id>.+?)(?: \d+ ms)?$"),),
    totals=(
        re.compile(r"^OK \((?P<total>\d+) tests?, "),
        re.compile(r"^Tests: \d+, Assertions: \d+"),
        re.compile(r"^No tests executed!$"),
    ),
    total_words=frozenset({"tests"}),
    restart=re.compile(r"^PHPUnit \d"),
    kind=re.compile(r"^There (?:was|were) \d+ (?:PHPUnit )?(?:test runner )?(?P<word>[a-z]+?)(?:s|d test|d tests)?:?$"),
    heading=re.compile(r"^\d+\) (?P<id>\S+::\S.*)$"),
    message=re.compile(r"^(?P<message>\S.*)$"),
    place=_PLACE,
)
_PEST = Table(
    sign=re.compile(r"^\s+Tests:\s+.*\(\d+ assertions\)$", re.M),
    words=words(**{"-": TestStatus.SKIPPED, "…": TestStatus.SKIPPED}),
    results=(re.compile(r"^\s+(?P<word>[✓⨯✕…-]) (?P<id>.+?)(?:\s+\d+\.\d+s)?$"),),
    totals=(re.compile(r"^\s+Tests:\s"),),
    section=re.compile(r"^\s+(?:PASS|FAIL|WARN)\s+(?P<key>\S+)$"),
    heading=re.compile(r"^\s+FAILED\s+(?P<id>\S.* > .+?)(?:\s{2,}\S+)?$"),
    message=re.compile(r"^\s+(?P<message>\S.*)$"),
    place=_PLACE,
)


def read_phpunit(log: Log) -> Run | None:
    """The last run of PHPUnit in the log."""
    return read_table(_PHPUNIT, log)


def read_pest(log: Log) -> Run | None:
    """The last run of Pest in the log."""
    return read_table(_PEST, log)
