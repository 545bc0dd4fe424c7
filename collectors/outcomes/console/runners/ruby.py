"""Reads RSpec, minitest and ExUnit."""

import re

from collectors.outcomes.console.runners.log import Log
from collectors.outcomes.console.runners.runner import Run
from collectors.outcomes.console.runners.scanning import read_table
from collectors.outcomes.console.runners.table import Table
from collectors.outcomes.console.runners.words import words
from sidecar.domain import TestStatus

_RSPEC = Table(
    sign=re.compile(r"^\d+ examples?, \d+ failures?", re.M),
    words=words(),
    results=(re.compile(r"^rspec \./(?P<path>[^:\s]+):(?P<line>\d+) # (?P<id>.+)$"),),
    totals=(re.compile(r"^\d+ examples?, "),),
    total_words=frozenset({"example", "examples"}),
    kind=re.compile(r"^(?P<word>Failures|Pending):"),
    heading=re.compile(r"^  \d+\) (?P<id>.+)$"),
    message=re.compile(r"^\s+(?:Failure/Error: )?(?P<message>\S.*)$"),
    place=re.compile(r"^\s+# \./(?P<path>[^:\s]+):(?P<line>\d+)"),
    is_summed=True,
)
_MINITEST = Table(
    sign=re.compile(r"^\d+ (?:runs|tests), \d+ assertions, \d+ failures, \d+ errors", re.M),
    words=words(**{".": TestStatus.PASSED, "f": TestStatus.FAILED, "e": TestStatus.ERRORED, "s": TestStatus.SKIPPED}),
    results=(
        re.compile(r"^(?P<id>[\w:]+#\S.*?) = \d+\.\d+ s = (?P<word>[.FES])$"),
        re.compile(r"^(?P<id>[\w:]+#\S.*?) \[(?P<path>[^:\]]+):(?P<line>\d+)\]:?$"),
    ),
    totals=(re.compile(r"^\d+ (?:runs|tests), \d+ assertions, "),),
    total_words=frozenset({"runs", "tests"}),
    message=re.compile(r"^(?P<message>\S.*)$"),
    place=re.compile(r"^\s+(?P<path>\S+\.rb):(?P<line>\d+):in "),
)
_EXUNIT = Table(
    sign=re.compile(r"^(?:\d+ doctests?, )?(?:\d+ propert(?:y|ies), )?\d+ tests?, \d+ failures?", re.M),
    words=words(excluded=TestStatus.SKIPPED, invalid=TestStatus.ERRORED),
    totals=(re.compile(r"^(?:\d+ doctests?, )?(?:\d+ propert(?:y|ies), )?\d+ tests?, \d+ failures?"),),
    total_words=frozenset({"test", "tests", "doctest", "doctests", "properties", "property"}),
    heading=re.compile(r"^\s+\d+\) (?P<id>.+)$"),
    message=re.compile(r"^\s+(?P<message>(?!\S+\.exs?:\d)\S.*)$"),
    place=re.compile(r"^\s+(?P<path>\S+\.exs?):(?P<line>\d+)"),
    is_summed=True,
)


def read_rspec(log: Log) -> Run | None:
    """The last run of RSpec in the log."""
    return read_table(_RSPEC, log)


def read_minitest(log: Log) -> Run | None:
    """The last run of minitest or test-unit in the log."""
    return read_table(_MINITEST, log)


def read_exunit(log: Log) -> Run | None:
    """The last run of ExUnit, or of bats, which sums up alike."""
    return read_table(_EXUNIT, log)
