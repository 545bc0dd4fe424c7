"""Reads jest, vitest, mocha, jasmine, ava, bun, deno and Playwright."""

import re

from collectors.outcomes.console.runners.log import Log
from collectors.outcomes.console.runners.runner import Run
from collectors.outcomes.console.runners.scanning import read_table
from collectors.outcomes.console.runners.table import Table
from collectors.outcomes.console.runners.words import words
from sidecar.domain import TestStatus

_TIME = r"(?: \(?\d[\d.,]*\s?(?:ms|s|m)\)?)?"
_FRAME = re.compile(r"(?:\(|at |❯ (?:.* )?)(?:file://)?(?P<path>[^\s():]+\.\w+):(?P<line>\d+):\d+")
_ANY_TEXT = re.compile(r"^\s+(?P<message>\S.*)$")

_JEST = Table(
    sign=re.compile(r"^(?:Tests|Test Suites): +.*\d+ total$", re.M),
    words=words(),
    results=(re.compile(rf"^\s+(?P<word>[✓✕○✎√×]) (?:skipped |todo )?(?P<id>.+?){_TIME}$"),),
    totals=(re.compile(r"^Tests: +.*\d+ total$"),),
    section=re.compile(r"^(?:PASS|FAIL)\s+(?:\S+ )?(?P<key>\S+\.\w+)(?: \(.*\))?$"),
    title=re.compile(r"^\s+(?P<id>[^\s●✓✕○✎|>].*)$"),
    separator=" › ",
    heading=re.compile(r"^  ● (?!Console|Validation |Deprecation |Test suite failed|Multiple )(?P<id>.+)$"),
    error=re.compile(r"^  ● Test suite failed to run$"),
    message=_ANY_TEXT,
    place=_FRAME,
)
_VITEST = Table(
    sign=re.compile(r"^\s*(?:Test Files|Tests)  +(?:.*\(\d+\)|no tests)$", re.M),
    words=words(),
    results=(re.compile(rf"^\s+(?P<word>[✓✔×↓]) (?!.*\(\d+ tests?\b)(?!.* \(\d+\)$)(?P<id>.+?){_TIME}$"),),
    totals=(re.compile(r"^\s*Tests  +\S.*$"),),
    section=re.compile(r"^\s*[✓✔×↓❯] (?:\|[^|\s]+\| )?(?P<key>\S+\.\w+)  ?\(\d+ tests?\b.*$"),
    title=re.compile(rf"^\s{{2,}}[✓✔×↓❯] (?P<id>.+?) \(\d+\){_TIME}$"),
    restart=re.compile(r"^\s*RUN  v\d"),
    heading=re.compile(r"^\s*FAIL  +(?P<id>\S+ > .+)$"),
    error=re.compile(r"^\s*FAIL  +(?P<id>\S+)(?: \[ .* \])?$"),
    message=re.compile(r"^(?P<message>\S.*)$"),
    place=_FRAME,
)
_MOCHA = Table(
    sign=re.compile(r"^\s+\d+ passing \(\d", re.M),
    words=words(**{"-": TestStatus.SKIPPED}),
    results=(
        re.compile(rf"^\s+(?P<word>[✓✔√-]) (?P<id>.+?){_TIME}$"),
        re.compile(r"^\s{4,}\d+\) (?P<id>.+)$"),
    ),
    totals=(re.compile(r"^\s+\d+ (?:passing|failing|pending)\b"),),
    title=re.compile(r"^\s+(?P<id>[^\s\d✓✔√-].*)$"),
    heading=re.compile(r"^\s{7,}(?P<id>\S.*):$"),
    message=re.compile(r"^\s+(?P<message>(?:\w*(?:Error|Exception)\b|expected |Timeout ).*)$"),
    place=_FRAME,
)
_JASMINE = Table(
    sign=re.compile(r"^\d+ specs?, \d+ failures?", re.M),
    words=words(),
    totals=(re.compile(r"^\d+ specs?, "),),
    total_words=frozenset({"spec", "specs"}),
    heading=re.compile(r"^\d+\) (?P<id>.+)$"),
    message=re.compile(r"^\s+(?P<message>(?!Message:|Stack:)\S.*)$"),
    place=_FRAME,
)
_KARMA = Table(
    sign=re.compile(r"Executed \d+ of \d+\b.*\((?:\d|skipped)", re.M),
    words=words(),
    results=(re.compile(r"^\w[\w ]{0,40} [\d.]+ \([^)]*\) (?P<id>\S.*) (?P<word>FAILED)$"),),
    totals=(
        re.compile(
            r"^.*Executed (?P<total>\d+) of \d+(?: \((?P<failed>\d+) FAILED\))?(?: \(skipped (?P<skipped>\d+)\))?"
        ),
    ),
)
_AVA = Table(
    sign=re.compile(r"^\s*(?:\d+ tests? (?:passed|failed)|\d+ uncaught exceptions?)$", re.M),
    words=words(**{"✘": TestStatus.FAILED, "-": TestStatus.SKIPPED}),
    results=(re.compile(r"^\s+(?P<word>[✔✘✖]|-(?= \[)) (?:\[(?:fail|skip|todo)\]:? )?(?P<id>.+?)(?: \(\d+m?s\))?$"),),
    totals=(re.compile(r"^\s*\d+ tests? (?:passed|failed|skipped|todo)$"),),
)
_BUN = Table(
    sign=re.compile(r"^Ran \d+ tests? across \d+ files?\.", re.M),
    words=words(**{"»": TestStatus.SKIPPED}),
    results=(re.compile(r"^(?P<word>✓|✗|»|\((?:pass|fail|skip|todo)\)) (?P<id>.+?)(?: \[[\d.]+m?s\])?$"),),
    totals=(re.compile(r"^\s*\d+ (?:pass|fail|skip|todo)$"),),
    section=re.compile(r"^(?P<key>\S+\.(?:test|spec)\.\w+):$"),
)
_DENO = Table(
    sign=re.compile(r"^(?:ok|FAILED) \| \d+ passed\b", re.M),
    words=words(),
    results=(re.compile(r"^\s*(?P<id>\S.*?) \.\.\. (?P<word>ok|FAILED|ignored)\b.*$"),),
    totals=(re.compile(r"^(?:ok|FAILED) \| \d+ passed"),),
    heading=re.compile(r"^(?P<id>\S.*?) => \./\S+:\d+:\d+$"),
    message=re.compile(r"^error: (?P<message>.*)$"),
    place=_FRAME,
)
_PLAYWRIGHT = Table(
    sign=re.compile(r"^\s+\d+ (?:passed|failed|flaky|skipped)(?: \(\d.*\))?$", re.M),
    words=words(**{"-": TestStatus.SKIPPED, "interrupted": TestStatus.ERRORED, "did": TestStatus.SKIPPED}),
    results=(re.compile(rf"^\s+(?P<word>[✓✘x-]) +\d+ (?P<id>\[?\S.* › .+?)(?: \(retry #\d+\))?{_TIME}$"),),
    totals=(re.compile(r"^\s+\d+ (?:passed|failed|flaky|skipped|interrupted|did not run)(?: \(\d.*\))?$"),),
    heading=re.compile(r"^\s+\d+\) (?P<id>\[?\S.* › .+?) ─*$"),
    message=re.compile(r"^\s+(?P<message>\w*Error\b.*)$"),
    place=_FRAME,
)


def read_jest(log: Log) -> Run | None:
    """The last run of jest in the log."""
    return read_table(_JEST, log)


def read_vitest(log: Log) -> Run | None:
    """The last run of vitest in the log."""
    return read_table(_VITEST, log)


def read_mocha(log: Log) -> Run | None:
    """The last run of mocha, or of Cypress, which prints alike."""
    return read_table(_MOCHA, log)


def read_jasmine(log: Log) -> Run | None:
    """The last run of jasmine in the log."""
    return read_table(_JASMINE, log)


def read_karma(log: Log) -> Run | None:
    """The last run of karma in the log."""
    return read_table(_KARMA, log)


def read_ava(log: Log) -> Run | None:
    """The last run of ava in the log."""
    return read_table(_AVA, log)


def read_bun(log: Log) -> Run | None:
    """The last run of bun in the log."""
    return read_table(_BUN, log)


def read_deno(log: Log) -> Run | None:
    """The last run of deno in the log."""
    return read_table(_DENO, log)


def read_playwright(log: Log) -> Run | None:
    """The last run of Playwright in the log; its numbers need its `›` names beside them."""
    return read_table(_PLAYWRIGHT, log) if " › " in log.text or "Running " in log.text else None
