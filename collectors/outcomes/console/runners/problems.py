"""Why a test command could not run, in its own words, when no runner printed anything."""

import re

from collectors.outcomes.console.runners.log import Log
from sidecar.shell import simple_commands
from sidecar.shell_programs import only_looks

_SHORT_LINES = 40
"""A start that failed prints little; longer output was of something that ran."""
_TEST_MODULE = r"(?:[\w.]*(?:test|spec)[\w.]*|nose2?|tox|nox|coverage|behave|robot|trial|green|ward|xdist)"
_TEST_PROGRAM = (
    r"(?:[\w./-]*(?:test|spec)[\w.-]*|tox|nox|nose2?|trial|behave|robot|mocha|vitest|ava|karma|cypress|playwright"
    r"|prove|pest|green|ward|bats|[\w./-]*gradlew)"
)
_ANY_PROGRAM = r"[\w./-]+"

_NOT_STARTED = (
    rf"^.*: No module named '?{_TEST_MODULE}'?(?:\.__main__)?(?:;.*)?$",
    rf"^(?:.*: )?(?:line \d+: )?{_TEST_PROGRAM}: (?:command )?not found$",
    rf"^.*command not found: {_TEST_PROGRAM}$",
    rf"^'?{_TEST_PROGRAM}'? is not recognized as .*$",
    rf"^.*[Uu]nknown command:? {_TEST_PROGRAM}$",
    rf"^Command '{_TEST_PROGRAM}' not found.*$",
    rf"^.*: {_TEST_PROGRAM}: (?:No such file or directory|Permission denied)$",
    rf"^.*can't open file '.*{_TEST_PROGRAM}': .*$",
    rf"^.*Failed to spawn: [`']{_TEST_PROGRAM}[`'].*$",
    r"^npm (?:ERR!|error) [Mm]issing script: \"?(?:\w*:)?test\S*$",
    r"^.*ERR_PNPM_NO_SCRIPT.*[Mm]issing script: test\S*$",
    r"^error Command \"test\S*\" not found\.$",
    r"^error: Script not found \"test\S*\"$",
    r"^make(?:\[\d+\])?: \*\*\* No rule to make target ['`]\S*(?:test|check)\S*'.*$",
    r"^Don't know how to build task '(?:test|spec)\S*'.*$",
    r"^error: [Jj]ustfile does not contain recipe [`']?\S*test\S*$",
    r"^error: no such command: [`']nextest[`']$",
    r"^error: could not compile .* \(.*\btest\b.*\).*$",
    r"^could not find program .*test.*$",
    rf"^timeout: .*sending signal \w+ to command .{_TEST_PROGRAM}.*$",
)
_NOT_STARTED_AT_ALL = re.compile("|".join(f"(?:{pattern})" for pattern in _NOT_STARTED), re.M)

_OF_A_TEST_COMMAND = re.compile(
    rf"^.*: No module named .+$|^(?:.*: )?(?:line \d+: )?{_ANY_PROGRAM}: (?:command )?not found$"
    rf"|^.*command not found: {_ANY_PROGRAM}$|^.* is not recognized as .*$|^.*: No such file or directory$"
    r"|^.*[Mm]issing script.*$|^make(?:\[\d+\])?: \*\*\* .*$|^.*[Tt]imed out.*$|^Killed\b.*$|^Terminated\b.*$"
    r"|^Segmentation fault.*$|^error: could not find .*$|^error: no such command.*$|^.*cannot find (?:main )?module.*$"
    r"|^ModuleNotFoundError: .*$|^Error: Cannot find module .*$",
    re.M,
)
_TEST_COMMAND = re.compile(
    r"(?:^|[\s;&|/:.-])(?:\w*tests?|pytest|py\.test|specs?|rspec|check|tox|nox|verify|mocha)\b", re.I
)

_CUT_SHORT = re.compile(
    r"^(?:.*\b[Cc]ommand timed out\b.*|.*\btimed out after\b.*|timeout: .*|Killed\b.*|Terminated\b.*|.*: \d+ Killed\b.*"
    r"|Segmentation fault.*|\+{5,} Timeout \+{5,}.*|.*[Ee]xit code 1(?:24|37|43).*)$"
)


def why_not_started(log: Log, command: str | None) -> str | None:
    """The line that says why a test command did not start; None when nothing says that it was one."""
    lines = [line for line in log.lines if line]
    if not lines or len(lines) > _SHORT_LINES:
        return None
    text = "\n".join(lines)
    found = _NOT_STARTED_AT_ALL.search(text)
    if found is None and command is not None and _is_test_command(command):
        found = _OF_A_TEST_COMMAND.search(text)
    return found.group().strip() if found else None


def _is_test_command(command: str) -> bool:
    """Whether a command was meant to test something; one that only looks at a folder of tests was not."""
    if not _TEST_COMMAND.search(command):
        return False
    run = simple_commands(command)
    return run is None or not all(only_looks(argv) for argv in run)


def why_cut_short(lines: tuple[str, ...]) -> str | None:
    """The line that says that the run was stopped from outside."""
    return next((line for line in lines if _CUT_SHORT.match(line)), None)
