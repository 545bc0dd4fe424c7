"""Keeps the test cases of JUnit XML while it is parsed: statuses, messages and places, not elements.

Promises: what a case says of its status decides, the gravest of it; a suite that could not be loaded is an error of
that suite's name; tries that a case lists beneath itself are counted, for a suite declares them as tests of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from collectors.outcomes.verdicts import GRAVITY
from sidecar.domain import TestStatus
from sidecar.errors import TooLargeError

MAX_NODES = 1_000_000
"""Elements of one report: TRUST T8."""
SESSION_PROPERTY = "sidecar.session"
"""Property of a suite: the session that ran the tests, as the pytest plugin writes it."""
MESSAGE_CHARS = 2_000
UNNAMED = "(unnamed)"

_BODY_CHARS = 20_000
_STATUS_WORDS: Mapping[str, TestStatus] = {
    "disabled": TestStatus.SKIPPED,
    "notrun": TestStatus.SKIPPED,
    "skipped": TestStatus.SKIPPED,
    "ignored": TestStatus.SKIPPED,
    "suppressed": TestStatus.SKIPPED,
    "pending": TestStatus.SKIPPED,
    "fail": TestStatus.FAILED,
    "failed": TestStatus.FAILED,
    "failure": TestStatus.FAILED,
    "error": TestStatus.ERRORED,
    "errored": TestStatus.ERRORED,
}
"""Attributes of a case that say how it ended; some writers add no element to them."""
_VERDICTS: Mapping[str, TestStatus] = {
    "error": TestStatus.ERRORED,
    "failure": TestStatus.FAILED,
    "skipped": TestStatus.SKIPPED,
    "skip": TestStatus.SKIPPED,
    "disabled": TestStatus.SKIPPED,
    "ignored": TestStatus.SKIPPED,
}
"""Elements of a test case that decide."""
_TRIES = frozenset({"rerunFailure", "rerunError", "flakyFailure", "flakyError"})
"""Elements of a test case for other tries of it. They do not decide: the case itself tells how it ended."""
BAD = (TestStatus.FAILED, TestStatus.ERRORED)


@dataclass(slots=True)
class Case:
    """One test case, or a suite that could not be loaded."""

    id: str
    status: TestStatus
    path: str | None
    line: int | None
    suite: str
    """Name of its suite, and where that ran, which tells two browsers apart."""
    is_left_out: bool = False
    """It says itself that it is disabled or still to do: a failure that it lists all the same counts as none."""
    message: str | None = None
    body: str = ""
    """Text of the element that decided."""
    tries: int = 0
    """Failed tries that the case lists beneath itself."""

    @property
    def names_failure(self) -> bool:
        """Whether this case, or a try of it, failed."""
        return self.status in BAD or self.tries > 0


class _Suite:
    """A suite as its cases need it, made once for all of them."""

    __slots__ = ("attributes", "path", "title")

    def __init__(self, attributes: Mapping[str, str]) -> None:
        self.attributes = attributes
        self.path = attributes.get("file") or attributes.get("filepath")
        self.title = " ".join(part for key in ("name", "hostname") if (part := attributes.get(key, "").strip()))


_NO_SUITE = _Suite({})


class Cases:
    """Target of the parser.

    Args:
        check_root: Is given the root's tag; raises DecodeError for a root that is not JUnit's.
    """

    def __init__(self, check_root: Callable[[str], None]) -> None:
        self.cases: list[Case] = []
        self.declared = 0
        """Tests, by the outermost suites."""
        self.declared_bad = 0
        """Failures and errors, by the outermost suites."""
        self.sessions: set[str] = set()
        self._check_root = check_root
        self._suites: list[_Suite] = []
        self._open: list[str] = []
        self._case: Case | None = None
        self._verdict: str | None = None
        self._nodes = 0
        self._body: list[str] = []
        self._body_chars = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins.

        Raises:
            DecodeError: The root is not JUnit's.
            TooLargeError: Over MAX_NODES.
        """
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise TooLargeError(f"JUnit report of more than {MAX_NODES} elements; split it by suite")
        if not self._open:
            self._check_root(tag)
        name = _local(tag)
        self._open.append(name)
        if name == "testsuite":
            self._suites.append(_Suite(attributes))
        elif name == "testcase":
            self._case = self._begun(attributes)
        elif name == "property" and attributes.get("name") == SESSION_PROPERTY:
            self.sessions.add(attributes.get("value", "").strip()[:MESSAGE_CHARS])
        else:
            self._take_verdict(name, attributes)

    def data(self, text: str) -> None:
        """Text between tags; only that of the element that decided is kept."""
        if self._case is not None and self._verdict is not None and self._body_chars < _BODY_CHARS:
            self._body_chars += len(text)
            self._body.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        name = _local(tag)
        self._open.pop()
        if name == "testsuite":
            self._end_suite()
        is_of_suite = name == self._verdict and self._open[-1:] == ["testsuite"]
        if self._case is not None and (name == "testcase" or is_of_suite):
            if self._body:
                self._case.body = "".join(self._body)
                self._body.clear()
            self.cases.append(self._case)
            self._case = None
        if self._verdict == name:
            self._verdict = None

    def close(self) -> None:
        """The document ended."""

    def _take_verdict(self, name: str, attributes: Mapping[str, str]) -> None:
        parent = self._open[-2] if len(self._open) > 1 else ""
        if self._case is None and parent == "testsuite" and _VERDICTS.get(name) in BAD:
            # of no test: the suite could not be loaded or set up, as JUnit's Ant task and Jenkins understand it
            self._case = self._begun({"name": self._suites[-1].attributes.get("name", "")})
            self._decide(self._case, name, attributes)
        elif self._case is not None and parent == "testcase":
            if name in _VERDICTS:
                self._decide(self._case, name, attributes)
            self._case.tries += name in _TRIES

    def _begun(self, attributes: Mapping[str, str]) -> Case:
        name = attributes.get("name", "").strip()
        class_name = (attributes.get("classname") or attributes.get("class") or "").strip()
        self._body.clear()
        suite = self._suites[-1] if self._suites else _NO_SUITE
        status = _said(attributes)
        return Case(
            id=f"{class_name}.{name}" if class_name and name and class_name != name else name or class_name or UNNAMED,
            status=status,
            path=attributes.get("file") or attributes.get("filepath") or suite.path,
            line=_number(attributes.get("line")),
            suite=suite.title,
            is_left_out=status is TestStatus.SKIPPED,
        )

    def _decide(self, case: Case, name: str, attributes: Mapping[str, str]) -> None:
        status = _VERDICTS[name]
        # node's runner lists the failure of a test that is still to do, and counts it as none
        case.is_left_out |= status is TestStatus.SKIPPED and attributes.get("type") == "todo"
        is_graver = GRAVITY[status] > GRAVITY[case.status] or case.status is TestStatus.PASSED
        if not is_graver and (status is not case.status or case.message is not None):
            return
        case.status, self._verdict, self._body_chars = status, name, 0
        self._body.clear()
        case.message = (attributes.get("message") or "").strip()[:MESSAGE_CHARS] or attributes.get("type")

    def _end_suite(self) -> None:
        suite = self._suites.pop().attributes
        # Only suites that hold no suites declare their own cases; an outer one repeats the sum.
        if not self._suites:
            self.declared += _number(suite.get("tests")) or 0
            self.declared_bad += (_number(suite.get("failures")) or 0) + (_number(suite.get("errors")) or 0)


def _said(attributes: Mapping[str, str]) -> TestStatus:
    """What the attributes of a case say of how it ended; passed where they say nothing."""
    words = (attributes.get(key, "").lower() for key in ("status", "result") if key in attributes)
    return next((_STATUS_WORDS[word] for word in words if word in _STATUS_WORDS), TestStatus.PASSED)


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) <= 9 else None
