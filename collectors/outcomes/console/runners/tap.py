"""Reads TAP from any producer, node's test runner in its own format, and Perl's prove."""

import re
from dataclasses import replace

from collectors.outcomes.console.runners.log import Log
from collectors.outcomes.console.runners.runner import Run
from collectors.outcomes.console.runners.scanning import read_table
from collectors.outcomes.console.runners.table import Table
from collectors.outcomes.console.runners.words import words
from sidecar.domain import TestStatus

_WORDS = words(
    **{
        "not ok": TestStatus.FAILED,
        "ok skip": TestStatus.SKIPPED,
        "ok todo": TestStatus.SKIPPED,
        "not ok skip": TestStatus.SKIPPED,
        "not ok todo": TestStatus.SKIPPED,
        "cancelled": TestStatus.FAILED,
        "✔ skip": TestStatus.SKIPPED,
        "✔ todo": TestStatus.SKIPPED,
        "✖ todo": TestStatus.SKIPPED,
        "⚠": TestStatus.SKIPPED,
    }
)
_TIME = r"(?: \(\d[\d.]*m?s\))?"
_DIRECTIVE = r"(?: +# (?P<directive>SKIP|TODO|skip|todo)\b.*)?"

_TAP = Table(
    sign=re.compile(r"^(?:TAP version \d+|1\.\.\d+)(?: .*)?$", re.M),
    words=_WORDS,
    results=(re.compile(rf"^\s*(?P<word>ok|not ok)\b(?: \d+)?(?: -)?(?P<id>[^#]*?){_DIRECTIVE}$"),),
    totals=(re.compile(r"^# (?:pass|fail|cancelled|skipped|skip|todo) +\d+$"),),
    restart=re.compile(r"^TAP version \d+"),
    lists_once=True,
    title=re.compile(r"^\s*# Subtest: (?P<id>.+)$"),
    announcement=re.compile(r"^\s*(?:error|message): \|-?$"),
    message=re.compile(r"^\s*(?:error|message): (?!\|-?$)['\"]?(?P<message>\S.*?)['\"]?$"),
    place=re.compile(r"(?:location: '|\(|at )(?P<path>[^\s():']+):(?P<line>\d+):\d+"),
)
_FIRST = re.compile(r"^(?:1\.\.\d|(?:not )?ok\b)", re.M)
_PLANNED = replace(_TAP, restart=re.compile(r"^(?:TAP version \d+|1\.\.\d+)(?: |$)"))
_SPEC = Table(
    sign=re.compile(r"^ℹ tests \d+$", re.M),
    words=_WORDS,
    results=(re.compile(rf"^\s*(?P<word>[✔✖﹣⚠]) (?!failing tests:)(?P<id>.+?){_TIME}{_DIRECTIVE}$"),),
    totals=(re.compile(r"^ℹ (?:pass|fail|cancelled|skipped|todo) +\d+$"),),
    title=re.compile(rf"^\s*▶ (?P<id>.+?){_TIME}$"),
    heading=re.compile(rf"^✖ (?P<id>(?!failing tests:).+?){_TIME}{_DIRECTIVE}$"),
    message=re.compile(r"^\s+(?P<message>\S.*)$"),
    place=re.compile(r"(?:\(|at |file://)(?P<path>/[^\s():']+):(?P<line>\d+):\d+"),
)
_PROVE = Table(
    sign=re.compile(r"^Files=\d+, Tests=\d+", re.M),
    words=_WORDS | {"dubious": TestStatus.FAILED},
    results=(
        re.compile(r"^(?P<id>\S+) \.{2,} (?P<word>ok|skipped|Dubious)\b"),
        re.compile(r"^(?P<id>\S+\.t) +\(Wstat: \d+.*Failed: [1-9]"),
    ),
    totals=(re.compile(r"^Files=\d+, Tests=(?P<total>\d+)"),),
)


def read_tap(log: Log) -> Run | None:
    """The last TAP stream in the log; where plans lead, each begins one."""
    first = _FIRST.search(log.text)
    return read_table(_PLANNED if first is not None and first[0].startswith("1..") else _TAP, log)


def read_node_spec(log: Log) -> Run | None:
    """The last run of node's test runner in its `spec` format."""
    return read_table(_SPEC, log)


def read_prove(log: Log) -> Run | None:
    """The last run of prove in the log."""
    return read_table(_PROVE, log)
