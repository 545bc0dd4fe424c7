"""Reads what Python's unittest prints, and those who print alike: Django, nose, nose2, trial.

With a docstring, unittest prints two names of a test, one per line; both are kept, since reports use either.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from collectors.outcomes.console.runners.log import Log
from collectors.outcomes.console.runners.places import own_place
from collectors.outcomes.console.runners.runner import Run, counts_of
from collectors.outcomes.verdicts import GRAVITY
from sidecar.domain import TestResult, TestStatus

_RAN = re.compile(r"^Ran (\d+) tests? in [\d.]+ ?s(?:econds)?$")
_VERDICT = re.compile(r"^(OK|FAILED|PASSED|NO TESTS RAN)(?: \((.*)\))?$")
_VERDICT_WITHIN = 6
"""Lines after `Ran`; other output may come between."""
_COUNT = re.compile(r"([a-z ]+)=(\d+)", re.I)
_WORDS = (
    r"ok|FAIL|ERROR|expected failure|unexpected success|skipped(?: .*)?|SKIP(?:: .*)?"
    r"|\[(?:OK|FAIL|ERROR|SKIPPED|TODO|SUCCESS!\?!)\]"
)
_RESULT = re.compile(rf" \.\.\. ({_WORDS})$")
_LONE = re.compile(rf"^({_WORDS})$")
_TEST = re.compile(r"^\s*([^\s().]+) \(([\w.<>]+)\)")
_TITLE = re.compile(r"^(FAIL|ERROR|UNEXPECTED SUCCESS): (\S.*)$")
_PLACE = re.compile(r'^\s*File "([^"]+)", line (\d+)')
_RULE = "=" * 60
_OF_A_GROUP = re.compile(r"^(?:(?:set|tear)[Uu]p?(?:Down)?(?:Class|Module)|_ErrorHolder)\b")
"""Names of errors that are of no test, so that `Ran N tests` does not count them."""
_THIN_RULE = "-" * 60
_SIGN = re.compile(r"^\s*[^\s().]+ \([\w.<>]+\) \.\.\. (?:ok|FAIL|ERROR|skipped)", re.M)


def read_unittest(log: Log) -> Run | None:
    """The last run of unittest in the log."""
    lines = log.lines
    ran = [index for index, line in enumerate(lines) if line.startswith("Ran ") and _RAN.match(line)]
    verdicts = [(index, found) for index in ran if (found := _verdict(lines, index)) is not None]
    if not verdicts:
        return _unfinished_run(log) if _SIGN.search(log.text) else None
    index, (end, verdict) = verdicts[-1]
    number = _ran(lines[index])
    start = verdicts[-2][1][0] + 1 if len(verdicts) > 1 else 0
    tests = _tests(lines[start:index])
    if start and 0 < len(tests) < number:
        # Output of the tests holds runs of its own: go back as far as the summary counts.
        tests = _tests(lines[:index])
    return _whole_run(tests, number, verdict, end)


def _verdict(lines: Sequence[str], ran: int) -> tuple[int, re.Match[str]] | None:
    for index in range(ran + 1, min(ran + 1 + _VERDICT_WITHIN, len(lines))):
        found = _VERDICT.match(lines[index])
        if found:
            return index, found
    return None


def _ran(line: str) -> int:
    found = _RAN.match(line)
    return int(found.group(1)) if found else 0


def _whole_run(tests: tuple[TestResult, ...], number: int, verdict: re.Match[str], end: int) -> Run:
    said = {word.strip(" ,").lower(): int(count) for word, count in _COUNT.findall(verdict.group(2) or "")}
    listed = counts_of(tests)
    # A test with several failing subtests is one failed test, though unittest counts each of them.
    failed = _at_most(said.get("failures", 0) + said.get("unexpected successes", 0), listed[TestStatus.FAILED])
    errored = _at_most(said.get("errors", 0), listed[TestStatus.ERRORED])
    skipped = said.get("skipped", said.get("skips", said.get("skip", 0)))
    of_groups = sum(test.status is TestStatus.ERRORED and _OF_A_GROUP.match(test.id) is not None for test in tests)
    counts = {
        TestStatus.PASSED: max(0, number - failed - max(errored - of_groups, 0) - skipped),
        TestStatus.FAILED: failed,
        TestStatus.ERRORED: errored,
        TestStatus.SKIPPED: skipped,
    }
    is_import_error = bool(errored) and all(
        "_FailedTest" in test.id or "ModuleImportFailure" in test.id or "setUpClass" in test.id for test in tests
    )
    problem = None
    if number == 0 and not errored:
        problem = "no tests ran"
    elif is_import_error and tests and not failed:
        problem = tests[0].message or f"{tests[0].id} could not be loaded"
        counts[TestStatus.PASSED] = max(0, number - errored - skipped)
    return Run(tests=tests, counts=counts, problem=problem, end=end)


def _at_most(said: int, listed: int) -> int:
    return min(said, listed) if listed else said


def _unfinished_run(log: Log) -> Run:
    tests = _tests(log.lines)
    last = max(index for index, line in enumerate(log.lines) if _SIGN.match(line))
    return Run(
        tests=tests,
        counts=counts_of(tests),
        problem="the output ends before the line `Ran N tests`",
        end=last,
    )


def _tests(lines: Sequence[str]) -> tuple[TestResult, ...]:
    results: dict[str, TestResult] = {}
    for result in _progress(lines):
        results[result.id] = _merged(results.get(result.id), result)
    for failure in _failures(lines):
        known = results.get(failure.id)
        aliases = known.aliases if known and known.aliases else failure.aliases
        results[failure.id] = replace(failure, aliases=aliases)
    return tuple(results.values())


def _merged(known: TestResult | None, result: TestResult) -> TestResult:
    """Subtests share their test's name: each keeps its own as another name, the graver status tells."""
    if known is None or not result.aliases or not known.aliases:
        return result
    status = max(known.status, result.status, key=GRAVITY.__getitem__)
    return replace(result, status=status, aliases=tuple(dict.fromkeys((*known.aliases, *result.aliases))))


@dataclass(slots=True)
class _Pending:
    """A test that began and whose status is still to come."""

    id: str = ""
    description: str | None = None
    """First line of its docstring."""
    has_dots: bool = False


def _progress(lines: Sequence[str]) -> Iterator[TestResult]:
    pending = _Pending()
    for before, line in zip(("", *lines), lines, strict=False):
        if line.startswith((_RULE, _THIN_RULE)):
            yield from _glued(pending, before)
            pending = _Pending()
            continue
        result = _RESULT.search(line)
        head = _head(line[: result.start()]) if result else ""
        # what a test that has begun prints may look like a result
        if result and (not pending.has_dots or _TEST.match(head)):
            yield from _glued(pending, before)
            is_description = bool(pending.id) and not pending.has_dots and _TEST.match(head) is None
            yield _result(pending.id if is_description else head, result.group(1), head if is_description else None)
            pending = _Pending()
        elif pending.id and (lone := _LONE.match(line)):
            yield _result(pending.id, lone.group(1), pending.description)
            pending = _Pending()
        elif test := _TEST.match(line):
            yield from _glued(pending, before)
            head, dots, _ = line.partition(" ... ")
            pending = _Pending(id=(head if dots else test.group()).strip().removesuffix(" ..."))
            pending.has_dots = bool(dots) or line.endswith(" ...")
        elif pending.id and not pending.has_dots and " ... " in f"{line} ":
            pending.description, pending.has_dots = line.partition(" ...")[0], True


def _head(line: str) -> str:
    """The name that a status belongs to.

    A test that failed only in subtests prints no status: the next one follows on its line. What a test prints may
    stand there too.
    """
    if " ... " not in line:
        return line.strip()
    parts = [part.strip() for part in line.split(" ... ")]
    return next((part for part in reversed(parts) if _TEST.match(part)), parts[-1])


def _glued(pending: _Pending, before: str) -> Iterator[TestResult]:
    """The success of a test whose own output ended without a line's end before it; failures are told once more."""
    if pending.has_dots and before.endswith("ok"):
        yield _result(pending.id, "ok", pending.description)


def _result(id: str, word: str, description: str | None) -> TestResult:
    name = _without_subtest(id)
    aliases = tuple(alias for alias in (description, id if id != name else None) if alias)
    return TestResult(id=name, status=_status(word), aliases=aliases)


def _status(word: str) -> TestStatus:
    if word in ("ok", "expected failure", "[OK]", "[TODO]"):
        return TestStatus.PASSED
    if word in ("ERROR", "[ERROR]"):
        return TestStatus.ERRORED
    return TestStatus.SKIPPED if word.lower().lstrip("[").startswith("skip") else TestStatus.FAILED


@dataclass(slots=True)
class _Block:
    """One failure between two rules."""

    word: str
    id: str
    lines: list[str] = field(default_factory=list[str])


def _failures(lines: Sequence[str]) -> Iterator[TestResult]:
    block: _Block | None = None
    was_rule = False
    for line in lines:
        title = _TITLE.match(line) if was_rule else None
        if title:
            block = _Block(word=title.group(1), id=_without_subtest(title.group(2)))
        elif line.startswith(_RULE):
            if block:
                yield _failure(block)
            block = None
        elif block:
            block.lines.append(line)
        was_rule = line.startswith(_RULE)
    if block:
        yield _failure(block)


def _without_subtest(name: str) -> str:
    test = _TEST.match(name)
    return test.group().strip() if test else name


def _failure(block: _Block) -> TestResult:
    description = block.lines[0] if block.lines and not block.lines[0].startswith("---") else ""
    trace = [index for index, line in enumerate(block.lines) if line.startswith("Traceback ")]
    after = block.lines[trace[-1] + 1 :] if trace else block.lines
    rest = (line for line in after if line and not line.startswith((" ", "-")))
    places = [(found.group(1), int(found.group(2))) for line in after if (found := _PLACE.match(line))]
    path, line = own_place(places)
    status = TestStatus.ERRORED if block.word == "ERROR" else TestStatus.FAILED
    aliases = (description,) if description else ()
    return TestResult(id=block.id, status=status, message=next(rest, None), path=path, line=line, aliases=aliases)
