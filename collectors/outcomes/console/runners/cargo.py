"""Reads `cargo test` and `cargo nextest`."""

import re

from collectors.outcomes.console.runners.log import Log
from collectors.outcomes.console.runners.runner import Run
from collectors.outcomes.console.runners.scanning import read_table
from collectors.outcomes.console.runners.table import Table
from collectors.outcomes.console.runners.words import words
from sidecar.domain import TestStatus

_PANIC = re.compile(r"panicked at (?:'.*', )?(?P<path>[^\s:']+\.rs):(?P<line>\d+)")
_PANIC_MESSAGE = re.compile(
    r"^thread .* panicked at '(?P<message>.*)', \S+$|^(?!thread |note: |stack backtrace|\s)(?P<text>\S.*)$"
)
_NAME = r"(?P<id>(?:(?! \.\.\.(?: |$)).){1,1000}?)(?: - should panic)?"

_CARGO = Table(
    sign=re.compile(r"^(?:running \d+ tests?|test result: .*)$", re.M),
    words=words(**{"bench:": TestStatus.PASSED}),
    results=(re.compile(rf"^test {_NAME} \.\.\. (?P<word>ok|FAILED|ignored|bench:)"),),
    begun=re.compile(rf"^test {_NAME} \.\.\.(?: |$)"),
    ended=re.compile(r"^(?P<word>ok|FAILED)$"),
    totals=(re.compile(r"^test result: "),),
    section=re.compile(r"^\s+(?:Running|Doc-tests) (?P<key>\S.*)$|^running \d+ tests?$"),
    restart=re.compile(r"^\s+Finished `?test\b"),
    heading=re.compile(r"^---- (?P<id>.+?)(?: - should panic)? stdout ----$"),
    message=_PANIC_MESSAGE,
    place=_PANIC,
    is_summed=True,
)
# Below its summary nextest lists the failed ones again: they are of the same run, and the next one says that it starts.
_NEXTEST = Table(
    sign=re.compile(r"^\s+Summary \[.*\] .*\btests? run:", re.M),
    words=words(leak=TestStatus.PASSED, sigabrt=TestStatus.FAILED, sigsegv=TestStatus.FAILED),
    results=(
        re.compile(
            r"^\s+(?:FLAKY \d+/\d+|TRY \d+ )?(?P<word>PASS|FAIL|SKIP|LEAK|SIGABRT|SIGSEGV|TIMEOUT) "
            r"\[.{1,20}?\] (?:\( *\d+/\d+\) )?(?P<id>\S.*)$"
        ),
    ),
    totals=(re.compile(r"^\s+Summary \["),),
    restart=re.compile(r"^\s+Starting \d+ tests? across "),
    is_summed=True,
    heading=re.compile(r"^(?:---|─+|\s+)\s*STD(?:OUT|ERR): +(?P<id>\S.*?)(?: ---)?$"),
    message=re.compile(rf"(?!error: test run failed$|[─-]{4, 200}$)(?:{_PANIC_MESSAGE.pattern})"),
    place=_PANIC,
)


def read_cargo(log: Log) -> Run | None:
    """The last run of cargo's test harness in the log; all its binaries together."""
    return read_table(_CARGO, log)


def read_nextest(log: Log) -> Run | None:
    """The last run of nextest in the log."""
    return read_table(_NEXTEST, log)
