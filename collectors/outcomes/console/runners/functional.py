"""Reads clojure.test, Tasty, EUnit and Common Test, Alcotest and busted."""

import re

from collectors.outcomes.console.runners.log import Log
from collectors.outcomes.console.runners.runner import Run
from collectors.outcomes.console.runners.scanning import read_table
from collectors.outcomes.console.runners.table import Table
from collectors.outcomes.console.runners.words import words

_CLOJURE = Table(
    sign=re.compile(r"^Ran \d+ tests? containing \d+ assertions?\.$", re.M),
    words=words(),
    results=(re.compile(r"^(?P<word>FAIL|ERROR) in \((?P<id>[^)\s]+)\) \((?P<path>[^:)]+):(?P<line>\d+)\)$"),),
    totals=(
        re.compile(r"^Ran (?P<total>\d+) tests? containing \d+ assertions?\.$"),
        re.compile(r"^(?P<failed>\d+) failures?, (?P<errored>\d+) errors?\.$"),
    ),
    is_summed=True,
)
_TASTY = Table(
    sign=re.compile(r"^(?:All \d+ tests passed \(|\d+ out of \d+ tests failed \()", re.M),
    words=words(),
    results=(re.compile(r"^\s+(?P<id>\S.*?): +(?P<word>OK|FAIL)(?: \(\d.*\))?$"),),
    totals=(
        re.compile(r"^All (?P<passed>\d+) tests passed \("),
        re.compile(r"^(?P<failed>\d+) out of (?P<total>\d+) tests failed \("),
    ),
)
_EUNIT = Table(
    sign=re.compile(
        r"^ *(?:All \d+ tests passed\.|Failed: \d+\. +Skipped: \d+\. +Passed: \d+\.|Failed \d+ tests\. )", re.M
    ),
    words=words(),
    totals=(
        re.compile(r"^ *All (?P<passed>\d+) tests passed\."),
        re.compile(r"^ *Failed: (?P<failed>\d+)\. +Skipped: (?P<skipped>\d+)\. +Passed: (?P<passed>\d+)\."),
        re.compile(
            r"^Failed (?P<failed>\d+) tests\. (?:Skipped (?P<skipped>\d+) .*?tests\. )?Passed (?P<passed>\d+) tests"
        ),
    ),
)
_ALCOTEST = Table(
    sign=re.compile(r"^(?:Test Successful|\d+ failures?!) in \d.*\d+ tests? run\.$", re.M),
    words=words(),
    totals=(
        re.compile(r"^Test Successful in \S+ (?P<total>\d+) tests? run\.$"),
        re.compile(r"^(?P<failed>\d+) failures?! in \S+ (?P<total>\d+) tests? run\.$"),
    ),
)
_BUSTED = Table(
    sign=re.compile(r"^\d+ success(?:es)? / \d+ failures? / \d+ errors? / \d+ pending", re.M),
    words=words(),
    totals=(
        re.compile(
            r"^(?P<passed>\d+) success(?:es)? / (?P<failed>\d+) failures? / (?P<errored>\d+) errors? / (?P<skipped>\d+)"
        ),
    ),
    heading=re.compile(r"^(?:Failure|Error) → (?P<id>(?P<path>\S+) @ (?P<line>\d+))$"),
)


def read_clojure(log: Log) -> Run | None:
    """The last run of clojure.test in the log."""
    return read_table(_CLOJURE, log)


def read_tasty(log: Log) -> Run | None:
    """The last run of Tasty in the log."""
    return read_table(_TASTY, log)


def read_eunit(log: Log) -> Run | None:
    """The last run of EUnit or Common Test in the log."""
    return read_table(_EUNIT, log)


def read_alcotest(log: Log) -> Run | None:
    """The last run of Alcotest in the log."""
    return read_table(_ALCOTEST, log)


def read_busted(log: Log) -> Run | None:
    """The last run of busted in the log."""
    return read_table(_BUSTED, log)
