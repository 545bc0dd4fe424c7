"""Reads what pytest prints, whole or cut by head and tail, plain, quiet, verbose or under xdist.

The summary lines decide (`-r` letters, then verbose lines, then the headings of failures). Captured output can hold
whole pytest runs of its own: starts and ends are matched like brackets, so that only the outer run is read.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from collectors.outcomes.console.runners.log import Log
from collectors.outcomes.console.runners.places import own_place
from collectors.outcomes.console.runners.runner import Run, counts_of
from sidecar.domain import TestResult, TestStatus

_STATUS: dict[str, TestStatus] = {
    "PASSED": TestStatus.PASSED,
    "XFAIL": TestStatus.PASSED,
    "XPASS": TestStatus.PASSED,
    "FAILED": TestStatus.FAILED,
    "ERROR": TestStatus.ERRORED,
    "SKIPPED": TestStatus.SKIPPED,
}
"""An expected failure ran and did what its author expected; a strict unexpected pass is printed as FAILED."""
COUNTED: dict[str, TestStatus] = {
    "passed": TestStatus.PASSED,
    "xfailed": TestStatus.PASSED,
    "xpassed": TestStatus.PASSED,
    "failed": TestStatus.FAILED,
    "error": TestStatus.ERRORED,
    "errors": TestStatus.ERRORED,
    "skipped": TestStatus.SKIPPED,
}
"""Words of a summary; a strict unexpected pass is counted as failed."""
_WORDS = "|".join(_STATUS)
_START = re.compile(r"^=+ test session starts =+$")
_END = re.compile(
    r"^(?:=+ )?(?:(?:\d+ (?:failed|passed|skipped|deselected|xfailed|xpassed|errors?|warnings?|pytest-warnings?|reruns?"
    r"|rerun|subtests passed|subtests failed)(?:, )?)+|no tests ran) in \d[\d.:]* ?(?:s|seconds)\b"
)
_COUNT = re.compile(r"(\d+) (\w+)")
_SECTION = re.compile(r"^=+ (.+?) =+$")
_SHORT = re.compile(rf"^({_WORDS})\s+(\S.*)$")
_PROGRESS = r"(?:\[\s*(?:\d+%|\d+/\d+)\]|[\d.]+(?:us|ms|s))"
"""What `console_output_style` puts behind a result: percent, count or time."""
_VERBOSE = re.compile(rf" ({_WORDS})(?: \([^()]*\))?\s*{_PROGRESS}?$")
_SUBTEST = re.compile(r"^SUBFAIL(?:ED)?(?:\([^)\n]*\)|\[[^\]\n]*\])* (?=\S+::)")
"""A part of a test that failed; the test itself is then listed as passed."""
_XDIST = re.compile(rf"^\[gw\d+\] (?:\[\s*(?:\d+%|\d+/\d+)\] )?({_WORDS}) (\S.*)$")
_LONE = re.compile(rf"^({_WORDS})\s*{_PROGRESS}?$")
_NODE = re.compile(r"^[^\s:]+::\S")
_HEADING = re.compile(r"^_+ (\S.*\S|\S) _+$")
_HEADING_KIND = re.compile(r"^(?:ERROR at (?:setup|teardown|call) of|ERROR collecting) ")
_MESSAGE = re.compile(r"^E +(\S.*)$")
_NATIVE_MESSAGE = re.compile(r"^[A-Za-z_][\w.]{0,200}(?:Error|Exception|Failure|Failed|Exit|Interrupt|Warning)\b")
_ONE_LINE = re.compile(r"^(\S[^:]*):(\d+): (\S.*)$")
_PLACE = re.compile(r"^([^\s:][^:]*\.\w+):(\d+): ?(?:in |[A-Z]|$)")
_NATIVE_PLACE = re.compile(r'^E?\s*File "([^"]+)", line (\d+)')
_USAGE = re.compile(r"^(.*: error: .+|ERROR: (?!usage:).+|ImportError while loading conftest .*)$", re.M)
_SIGN = re.compile(
    r"^=+ test session starts =+$|^ERROR: usage: .*pytest|^usage: (?:\S*python\S* -m )?py\.?test\b"
    r"|^ImportError while loading conftest |^INTERNALERROR> ",
    re.M,
)
_CRASH = re.compile(r"^(?:INTERNALERROR> +(\w[\w.]*(?:Error|Exception|Exit)\b.*)|!+ (_?\S.*?) !+)$", re.M)


def read_pytest(log: Log) -> Run | None:
    """The last run of pytest in the log."""
    if " in " in log.text:
        ends = [index for index, line in enumerate(log.lines) if " in " in line and _END.match(line)]
        if ends:
            start = _start_of(log.lines, ends)
            return _whole_run(log.lines[start : ends[-1] + 1], end=ends[-1], whole=log)
    return _unfinished_run(log) if _SIGN.search(log.text) else None


def _start_of(lines: Sequence[str], ends: Sequence[int]) -> int:
    """Index where the run that ends last begins."""
    style = lines[ends[-1]].startswith("=")
    alike = {index for index in ends if lines[index].startswith("=") == style}
    depth = 0
    for index in range(ends[-1], -1, -1):
        if index in alike:
            depth += 1
        elif lines[index].startswith("=") and _START.match(lines[index]):
            depth -= 1
            if depth == 0:
                return index
    return ends[-2] + 1 if len(ends) > 1 else 0


def _whole_run(lines: Sequence[str], *, end: int, whole: Log) -> Run:
    tests = tests_of(lines)
    counts = dict.fromkeys(TestStatus, 0)
    for number, word in _COUNT.findall(lines[-1]):
        if word in COUNTED:
            counts[COUNTED[word]] += int(number)
    ran = counts[TestStatus.PASSED] + counts[TestStatus.FAILED]
    problem = None if ran or counts[TestStatus.SKIPPED] else _why_nothing_ran(lines, tests, whole)
    return Run(tests=tests, counts=counts, problem=problem, end=end)


def _why_nothing_ran(lines: Sequence[str], tests: Sequence[TestResult], whole: Log) -> str:
    errors = [test for test in tests if test.status is TestStatus.ERRORED]
    if errors:
        return f"error in {errors[0].id}: {errors[0].message or 'see the log'}"
    usage = _USAGE.search(whole.text)
    return usage.group(1) if usage else lines[-1].strip("= ")


def _unfinished_run(log: Log) -> Run:
    starts = [index for index, line in enumerate(log.lines) if _START.match(line)]
    lines = log.lines[starts[-1] :] if starts else ()
    tests = tests_of(lines)
    crash = _CRASH.search("\n".join(lines) or log.text)
    usage = _USAGE.search(log.text)
    problem = next((group for found in (crash, usage) if found for group in found.groups() if group), None)
    return Run(
        tests=tests,
        counts=counts_of(tests),
        problem=problem or "the output ends before pytest's summary",
        end=starts[-1] if starts else 0,
    )


def tests_of(lines: Sequence[str]) -> tuple[TestResult, ...]:
    """The tests that the lines of one run name, each with the status its last word gives it."""
    results = dict(_progress(lines)) | dict(_summarised(lines))
    failures = list(_failures(lines))
    by_heading = {_heading_of(name): name for name in results}
    is_listed = any(result.status in (TestStatus.FAILED, TestStatus.ERRORED) for result in results.values())
    for heading, failure in failures:
        name = by_heading.get(heading) or (heading if heading in results else None)
        if name is not None:
            known = results[name]
            results[name] = replace(
                known, message=failure.message or known.message, path=failure.path, line=failure.line
            )
        elif not is_listed:
            results[failure.id] = failure
    return _placed(results.values(), lines)


def _placed(results: Iterable[TestResult], lines: Sequence[str]) -> tuple[TestResult, ...]:
    """With `--tb=line` a failure is one line, told by its message."""
    one_line = {found.group(3): found for line in lines if (found := _ONE_LINE.match(line))}
    placed: list[TestResult] = []
    for result in results:
        found = one_line.get(result.message or "") if result.path is None else None
        placed.append(replace(result, path=found.group(1), line=int(found.group(2))) if found else result)
    return tuple(placed)


def _heading_of(node: str) -> str:
    return node.split("::", 1)[-1].replace("::", ".")


def _progress(lines: Sequence[str]) -> Iterator[tuple[str, TestResult]]:
    """Results of verbose mode, which stand before the first section."""
    pending: str | None = None
    for index, line in enumerate(lines):
        if index and line.startswith("=") and _SECTION.match(line):
            return
        xdist = _XDIST.match(line) if line.startswith("[gw") else None
        if xdist:
            yield _named(xdist.group(2).strip(), xdist.group(1))
            continue
        lone = _LONE.match(line) if pending else None
        if lone and pending:
            yield _named(pending, lone.group(1))
            pending = None
        elif "::" in line and _NODE.match(line):
            verbose = _VERBOSE.search(line)
            if verbose:
                yield _named(line[: verbose.start()], verbose.group(1))
            pending = None if verbose else line.split(" ", 1)[0]


def _summarised(lines: Sequence[str]) -> Iterator[tuple[str, TestResult]]:
    """Results of the short summary; where its title was cut off, of all lines that look like it."""
    titles = [index for index, line in enumerate(lines) if line.startswith("=") and "short test summary info" in line]
    for line in lines[titles[-1] if titles else 0 :]:
        short = _SHORT.match(_SUBTEST.sub("FAILED ", line) if line.startswith("SUB") else line)
        if short is None:
            continue
        node, message = _node_and_message(short.group(2))
        if "::" in node or (short.group(1) == "ERROR" and "." in node and " " not in node):
            yield _named(node, short.group(1), message)


def _node_and_message(words: str) -> tuple[str, str | None]:
    """Splits `id - message`; ids may hold ` - ` inside the brackets of a parameter."""
    dash, bracket = words.find(" - "), words.find("[")
    if 0 <= bracket < dash or (bracket >= 0 and dash < 0):
        close = words.find("] - ", bracket)
        if close >= 0:
            return words[: close + 1], words[close + 4 :]
        return words, None
    return (words[:dash], words[dash + 3 :]) if dash >= 0 else (words, None)


def _named(node: str, word: str, message: str | None = None) -> tuple[str, TestResult]:
    return node, TestResult(id=node, status=_STATUS[word], message=message)


def _failures(lines: Sequence[str]) -> Iterator[tuple[str, TestResult]]:
    """Blocks of the sections FAILURES and ERRORS: the heading's name and what the block says."""
    heading, block, is_inside = "", list[str](), False
    for line in lines:
        section = _SECTION.match(line) if line.startswith("=") else None
        title = _HEADING.match(line) if line.startswith("_") and not section else None
        if section or title:
            if heading:
                yield _failure(heading, block)
            heading, block = "", []
        if section:
            is_inside = section.group(1) in ("FAILURES", "ERRORS")
        elif title and is_inside and not line.startswith("_ _"):
            heading = title.group(1)
        elif heading:
            block.append(line)
    if heading:
        yield _failure(heading, block)


def _failure(heading: str, block: Sequence[str]) -> tuple[str, TestResult]:
    kind = _HEADING_KIND.match(heading)
    name = heading[kind.end() :] if kind else heading
    found = [place for line in block if (place := _PLACE.match(line) or _NATIVE_PLACE.match(line))]
    places = [(place.group(1), int(place.group(2))) for place in found]
    path, line = own_place(places)
    node = f"{path}::{name.replace('.', '::')}" if path and "/" not in name else name
    status = TestStatus.ERRORED if kind else TestStatus.FAILED
    return name, TestResult(id=node, status=status, message=_message(block), path=path, line=line)


def _message(block: Sequence[str]) -> str | None:
    """The first line marked as the error; of a syntax error, whose lines begin with its file, the one that names it."""
    marked = [found.group(1) for line in block if (found := _MESSAGE.match(line))]
    if marked and not marked[0].startswith('File "'):
        return marked[0]
    named = [line for line in (*block, *marked) if _NATIVE_MESSAGE.match(line)]
    return named[-1] if named else None
