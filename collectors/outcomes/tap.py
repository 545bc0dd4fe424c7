"""Reads TAP, versions 12 to 14, with subtests: what node's test runner, tap, prove and bats write.

Promises: leaves count, a parent only where it failed by itself; a missing plan, a plan that was not kept and a bail
out are a problem of the whole. Source: testanything.org, TAP 12, 13 and 14 specifications.
"""

import re
from dataclasses import dataclass, field

from collectors.outcomes.form import Form, form_of
from collectors.outcomes.json_report import MESSAGE_CHARS, decode_text
from collectors.outcomes.verdicts import counted, numbered, one_per_test
from sidecar.domain import Outcome, TestResult, TestStatus
from sidecar.errors import DecodeError, TooLargeError

MAX_POINTS = 500_000
MAX_DEPTH = 100
"""Levels of subtests; deeper lines belong to the deepest level."""

_LINE = re.compile(r"^(?P<indent> *)(?P<text>\S.*)$")
_POINT = re.compile(r"^(?P<not>not )?ok\b(?:\s+(?P<number>\d{1,9})\b)?(?:\s*-(?=\s|$))?\s*(?P<rest>.*)$")
_PLAN = re.compile(r"^1\.\.(?P<count>\d{1,9})(?:\s+todo\b(?P<todo>[\d\s]*);?)?(?:\s*#\s*(?P<reason>.*))?$")
"""Perl's old Test module names in the plan what is still to do: `1..5 todo 3 2;`."""
_DIRECTIVE = re.compile(r"(?<!\\)#\s*(?P<word>skip\S*|todo\b)\s*(?P<reason>.*)$", re.I)
_BAIL_OUT = re.compile(r"^Bail out!\s*(?P<reason>.*)$")
_TIME = re.compile(r"(?<!\\)#\s*time=\S+\s*$", re.I)
_VERSION = re.compile(r"^TAP version (?P<number>\d+)\s*$")
_SAID = re.compile(r"^\s*(?:error|message):\s*(?P<text>.*)$")
_TELLS_PLACE = re.compile(r"(?:at\b|location:|file:)")
_AT = re.compile(r"""[\s('"](?:file://)?(?P<path>[^\s():'"]{1,300}\.\w{1,8}):(?P<line>\d{1,7})\b""")
_FILE = re.compile(r"""^\s*(?:file|fileName):\s*['"]?(?P<path>[^'"]+?)['"]?\s*$""")
_LINE_NUMBER = re.compile(r"^\s*(?:line|lineNumber):\s*(?P<line>\d{1,7})\s*$")
_OPENS = re.compile(r"^[|>][+-]?\s*$")
_INDENT = 4
_LINE_CHARS = 2_000
"""Longer lines are cut, which bounds every pattern's work."""


@dataclass(slots=True)
class _Point:
    name: str
    status: TestStatus
    children: "list[_Point]" = field(default_factory=list["_Point"])
    message: str | None = None
    path: str | None = None
    line: int | None = None


@dataclass(slots=True)
class _Level:
    """Points of one nesting, and what its plan said."""

    points: list[_Point] = field(default_factory=list[_Point])
    planned: int | None = None
    skipped: str | None = None
    todo: frozenset[str] = frozenset()


class TapReader:
    """Test Anything Protocol."""

    name = "tap"
    expected = "TAP: `TAP version 14`, a plan `1..N`, lines `ok` and `not ok`"

    def recognises(self, report: bytes) -> bool:
        """Whether the first line that is no comment is one of TAP's."""
        return form_of(report) is Form.TAP

    def read(self, report: bytes) -> Outcome:
        """The report as an Outcome.

        Raises:
            DecodeError: It holds neither a plan nor a test point, or a version that does not exist.
            TooLargeError: Over a limit.
        """
        stream = _Stream()
        for number, line in enumerate(decode_text(report, "TAP").splitlines(), 1):
            stream.take(line, number)
        return stream.outcome()


class _Stream:
    def __init__(self) -> None:
        self._levels = [_Level()]
        self._last: _Point | None = None
        self._opened: dict[int, _Point] = {}
        self._block: str | None = None
        self._wants_text = False
        self._points = 0
        self._bail_out: str | None = None

    def take(self, line: str, number: int) -> None:
        """One line of the stream."""
        found = _LINE.match(line[:_LINE_CHARS].replace("\t", " " * _INDENT))
        if found is None or self._bail_out is not None:
            return
        indent, text = found["indent"], found["text"].rstrip()
        if self._block is not None:
            self._take_diagnostic(indent, text)
            return
        if text == "---" and self._last is not None:
            self._block = indent
            return
        depth = min(len(indent) // _INDENT, MAX_DEPTH)
        self._take_statement(text, depth, number)

    def _take_statement(self, text: str, depth: int, number: int) -> None:
        if version := _VERSION.match(text):
            if int(version["number"][:9]) not in (12, 13, 14):
                raise DecodeError(f"TAP report: line {number}: TAP version {version['number'][:9]}; 12 to 14 are read")
        elif bail_out := _BAIL_OUT.match(text):
            self._bail_out = bail_out["reason"].strip()[:MESSAGE_CHARS] or "no reason given"
        elif plan := _PLAN.match(text):
            level = self._level(depth)
            level.planned = int(plan["count"])
            level.skipped = plan["reason"] if level.planned == 0 else None
            level.todo = frozenset((plan["todo"] or "").split())
        elif point := _POINT.match(text):
            self._add(point, depth, number)
        elif text == "}" and (opened := self._opened.pop(depth, None)) is not None and len(self._levels) > depth + 1:
            opened.children = self._close(depth + 1, opened)

    def _level(self, depth: int) -> _Level:
        while len(self._levels) <= depth:
            self._levels.append(_Level())
        return self._levels[depth]

    def _add(self, found: re.Match[str], depth: int, number: int) -> None:
        self._points += 1
        if self._points > MAX_POINTS:
            raise TooLargeError(f"TAP report of more than {MAX_POINTS} test points at line {number}; split it by file")
        level = self._level(depth)
        point = _point(found, len(level.points) + 1, level.todo)
        if found["rest"].endswith("{"):
            # TAP 14 in braces: what is nested follows its point
            self._opened[depth] = point
        elif len(self._levels) > depth + 1:
            # what was nested deeper belongs to the point that now closes it
            point.children = self._close(depth + 1, point)
        level.points.append(point)
        self._last = point

    def _close(self, depth: int, parent: _Point) -> list[_Point]:
        for inner in range(len(self._levels) - 1, depth, -1):
            # a level without its closing point: its points count as if they stood one level up
            self._levels[inner - 1].points.extend(self._levels[inner].points)
        level, self._levels = self._levels[depth], self._levels[:depth]
        if level.planned is not None and level.planned != len(level.points) and parent.status is TestStatus.PASSED:
            parent.message = f"planned {level.planned} tests, ran {len(level.points)}"
        return level.points

    def _take_diagnostic(self, indent: str, text: str) -> None:
        if text == "..." and indent == self._block:
            self._block, self._wants_text = None, False
            return
        if self._last is None:
            return
        if self._wants_text:
            self._last.message, self._wants_text = text[:MESSAGE_CHARS], False
        elif self._last.message is None and (said := _SAID.match(text)):
            words = said["text"].strip().strip("'\"")
            self._wants_text = bool(_OPENS.match(said["text"]))
            self._last.message = None if self._wants_text else words[:MESSAGE_CHARS] or None
        if self._last.line is None:
            self._take_place(text)

    def _take_place(self, text: str) -> None:
        if self._last is None:
            return
        if _TELLS_PLACE.match(text) and (place := _AT.search(text)):
            self._last.path, self._last.line = place["path"], int(place["line"])
        elif file := _FILE.match(text):
            self._last.path = file["path"]
        elif number := _LINE_NUMBER.match(text):
            self._last.line = int(number["line"])

    def outcome(self) -> Outcome:
        """What the stream said, once it has ended."""
        top = self._levels[0]
        unclosed = any(level.points for level in self._levels[1:])
        for level in self._levels[1:]:
            top.points.extend(level.points)
        if not top.points and top.planned is None and self._bail_out is None:
            raise DecodeError(f"the report holds no plan and no test point. Expected {TapReader.expected}")
        tests = one_per_test(numbered(("", test) for point in top.points for test in _leaves(point, ())))
        return counted("tap", tests, problem=self._problem(top, unclosed))

    def _problem(self, top: _Level, unclosed: bool) -> str | None:
        if self._bail_out is not None:
            return f"Bail out! {self._bail_out}"
        if top.planned == 0 and not top.points:
            return f"no test was planned: {top.skipped}" if top.skipped else "no test was planned"
        if unclosed or top.planned is None:
            return (
                "the report has no plan; it is cut off, or the run was stopped"
                if top.planned is None
                else ("the report ends inside a subtest; it is cut off, or the run was stopped")
            )
        if top.planned != len(top.points):
            return f"{top.planned} tests were planned and {len(top.points)} ran"
        return None


def _point(found: re.Match[str], position: int, todo: frozenset[str]) -> _Point:
    rest = found["rest"].removesuffix("{").rstrip()
    directive = _DIRECTIVE.search(rest)
    name = rest[: directive.start()] if directive else rest
    name = re.sub(r"\\([#\\])", r"\1", _TIME.sub("", name).strip())
    status = TestStatus.FAILED if found["not"] else TestStatus.PASSED
    if directive or (found["number"] or str(position)) in todo:
        # what is still to do may fail, and a test that was skipped is no pass
        status = TestStatus.SKIPPED
    point = _Point(name=name or f"(test {found['number'] or position})", status=status)
    if directive and re.search(r"\w", directive["reason"]):
        point.message = directive["reason"].strip()[:MESSAGE_CHARS]
    return point


def _leaves(point: _Point, above: tuple[str, ...]) -> list[TestResult]:
    names = (*above, point.name)
    if point.children and point.status is not TestStatus.SKIPPED:
        leaves = [test for child in point.children for test in _leaves(child, names)]
        if point.status is not TestStatus.FAILED or any(test.status is TestStatus.FAILED for test in leaves):
            return leaves
        return [*leaves, _test(point, names)]
    return [_test(point, names)]


def _test(point: _Point, names: tuple[str, ...]) -> TestResult:
    return TestResult(
        id=" > ".join(names),
        status=point.status,
        message=point.message,
        path=point.path,
        line=point.line,
        aliases=(point.name,) if len(names) > 1 else (),
    )
