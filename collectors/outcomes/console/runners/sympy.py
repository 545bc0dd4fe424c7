"""Reads SymPy's own runner, `bin/test`."""

import re

from collectors.outcomes.console.runners.log import Log
from collectors.outcomes.console.runners.runner import Run
from collectors.outcomes.console.runners.scanning import read_table
from collectors.outcomes.console.runners.table import Table
from sidecar.domain import TestStatus

_TABLE = Table(
    sign=re.compile(r"^[= ]*tests finished: \d+ ", re.M),
    words={
        "ok": TestStatus.PASSED,
        "w": TestStatus.PASSED,
        "f": TestStatus.PASSED,
        "x": TestStatus.PASSED,
        "e": TestStatus.ERRORED,
        "s": TestStatus.SKIPPED,
        "t": TestStatus.FAILED,
        "passed": TestStatus.PASSED,
        "expected": TestStatus.PASSED,
        "failed": TestStatus.FAILED,
        "exceptions": TestStatus.ERRORED,
        "skipped": TestStatus.SKIPPED,
    },
    results=(
        # Capital F is a failure, small f an expected one; without a word the test failed.
        re.compile(r"^(?P<id>test_\w+) (?:.* )?F(?:\s+\[(?:OK|FAIL)\])?$"),
        re.compile(r"^(?P<id>test_\w+) (?:.* )?(?P<word>ok|[EfsXwT])(?:\s+\[(?:OK|FAIL)\])?$"),
    ),
    totals=(re.compile(r"^[= ]*tests finished: "),),
    section=re.compile(r"^(?P<key>\S+\.py)\[\d+\]"),
    restart=re.compile(r"^=* ?test process starts"),
    separator=":",
    heading=re.compile(r"^_+ (?P<id>\S+\.py:\w+) _+$"),
    message=re.compile(r"^(?P<message>[A-Z]\w*(?:\.\w+)*(?::.*)?)$"),
    place=re.compile(r'^\s*File "(?P<path>[^"]+)", line (?P<line>\d+)'),
)


def read_sympy(log: Log) -> Run | None:
    """The last run of SymPy's runner in the log."""
    return read_table(_TABLE, log)
