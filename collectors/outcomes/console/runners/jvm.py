"""Reads Maven's surefire and failsafe, Gradle, and ScalaTest under sbt."""

import re
from dataclasses import replace

from collectors.outcomes.console.runners.log import Log
from collectors.outcomes.console.runners.runner import Run
from collectors.outcomes.console.runners.scanning import read_table
from collectors.outcomes.console.runners.table import Table
from collectors.outcomes.console.runners.words import words
from sidecar.domain import TestResult, TestStatus

_LEVEL = r"^(?:\[\w+\] +)?"
_NUMBERS = r"Tests run: (?P<total>\d+), Failures: (?P<failed>\d+), Errors: (?P<errored>\d+), Skipped: (?P<skipped>\d+)"
_FRAME = re.compile(r"^\s+at (?:[\w.$/]+@?)?[\w.$<>/]+\((?P<path>\w+\.\w+):(?P<line>\d+)\)$")

_MAVEN = Table(
    sign=re.compile(rf"{_LEVEL}Tests run: \d+, Failures: \d+", re.M),
    words=words(),
    results=(
        re.compile(rf"{_LEVEL}(?P<id>[^\s<].*?) +(?:-- )?Time elapsed: .{{1,40}}? <<< (?P<word>FAILURE|ERROR)!$"),
    ),
    totals=(re.compile(rf"{_LEVEL}{_NUMBERS}$"), re.compile(rf"{_LEVEL}{_NUMBERS}, Time elapsed: ")),
    section=re.compile(rf"{_LEVEL}Running (?P<key>[\w.$]+)$"),
    restart=re.compile(rf"{_LEVEL}Scanning for projects\.\.\.$"),
    message=re.compile(r"^(?P<message>[\w.$]+(?:Error|Exception|Failure)\w*(?::.*)?)$"),
    place=_FRAME,
    is_summed=True,
)
_GRADLE = Table(
    sign=re.compile(r"^(?:(?=.* > )\S.* (?:PASSED|FAILED|SKIPPED)|\d+ tests? completed, \d+ .*)$", re.M),
    words=words(),
    results=(re.compile(r"^(?=.* > )(?P<id>\S.*) (?P<word>PASSED|FAILED|SKIPPED)$"),),
    totals=(re.compile(r"^\d+ tests? completed, "),),
    total_words=frozenset({"tests", "test", "completed"}),
    restart=re.compile(r"^(?:Starting a Gradle Daemon|> Configure project :?$)"),
    message=re.compile(r"^\s+(?P<message>[\w.$]+(?:Error|Exception|Failure)\w*.*)$"),
    place=re.compile(r"^\s+(?:at .*\(|.* at )(?P<path>\w+\.\w+):(?P<line>\d+)\)?$"),
    is_summed=True,
)
_SCALATEST = Table(
    sign=re.compile(r"^(?:\[\w+\] )?Tests: succeeded \d+, failed \d+", re.M),
    words=words(canceled=TestStatus.SKIPPED),
    results=(re.compile(r"^(?:\[\w+\] )?\s*- (?P<id>.+?)(?: \*\*\* (?P<word>FAILED) \*\*\*)(?: \(.*\))?$"),),
    totals=(re.compile(r"^(?:\[\w+\] )?Tests: succeeded "),),
    message=re.compile(r"^(?:\[\w+\] )?\s+(?P<message>\S.*)$"),
    place=re.compile(r"\((?P<path>\w+\.scala):(?P<line>\d+)\)"),
)
_GRADLE_TASK = re.compile(r"^> Task (:(?:\S+:)?(?:test|\w+Test))$", re.M)
_GRADLE_DONE = re.compile(r"^BUILD SUCCESSFUL in ", re.M)


def read_maven(log: Log) -> Run | None:
    """The last run of Maven in the log; all its modules together."""
    return read_table(_MAVEN, log)


def read_gradle(log: Log) -> Run | None:
    """The last run of Gradle in the log. A quiet success names only its task, which then stands for its tests."""
    run = read_table(_GRADLE, log)
    task = _GRADLE_TASK.search(log.text)
    if task is None or _GRADLE_DONE.search(log.text) is None or (run is not None and run.tests):
        return run
    test = TestResult(id=task.group(1), status=TestStatus.PASSED)
    alone = Run(tests=(test,), counts={TestStatus.PASSED: 1}, end=len(log.lines) - 1)
    return alone if run is None else replace(run, tests=(test,))


def read_scalatest(log: Log) -> Run | None:
    """The last run of ScalaTest in the log."""
    return read_table(_SCALATEST, log)
