"""What the tests said: Outcome, its join to sessions, Label."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from sidecar.domain.names import ProjectId, SessionId, TeamId
from sidecar.domain.session import SessionKey

OutcomeId = NewType("OutcomeId", str)
"""Hash of source, reference and content: the same report is one Outcome however often it comes."""


class TestStatus(StrEnum):
    """What happened to one test. An error is not a failure: the test could not run."""

    __test__ = False  # the word is the field's; pytest must not collect it

    PASSED = "passed"
    FAILED = "failed"
    ERRORED = "errored"
    SKIPPED = "skipped"


class Label(StrEnum):
    """What a session's joins say of it."""

    PASS = "pass"  # noqa: S105 # a label, not a password
    CODE_FAIL = "code_fail"
    INFRA = "infra"
    UNKNOWN = "unknown"


class Conclusion(StrEnum):
    """How a check of a forge ended; it names no test."""

    SUCCESS = "success"
    FAILURE = "failure"
    BROKEN = "broken"
    """Cancelled, timed out or never started: it says nothing of the code."""
    NEUTRAL = "neutral"
    """Skipped, neutral, stale, or waiting for a person."""


class OutcomeSource(StrEnum):
    """Where a report came from, most trusted first."""

    CI = "ci"
    """Posted for a commit."""
    SESSION_REPORT = "session_report"
    """Posted for a session."""
    IN_SESSION = "in_session"
    """Read from a command's output inside the session."""
    CHECK = "check"
    """A forge's check or pipeline for a commit: a conclusion without tests, perhaps of a linter."""


class JoinReason(StrEnum):
    """Why an Outcome belongs to a session."""

    SESSION_ID = "session_id"
    HEAD_COMMIT = "head_commit"
    IN_SESSION = "in_session"
    ADDED_LINES = "added_lines"
    """The commit holds the lines that the session wrote."""
    BRANCH = "branch"
    """Run on the session's own branch soon after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """One test of a report."""

    __test__ = False  # a record, not a test class

    id: str
    """As the runner names it: `tests/test_a.py::test_b`, `a.bad`."""
    status: TestStatus
    message: str | None = None
    """First words of the failure, as the runner printed them."""
    path: str | None = None
    """File the failure points at."""
    line: int | None = None
    aliases: tuple[str, ...] = ()
    """Other names the runner printed for it, such as a docstring's first line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whom a report itself says it speaks of; the writer's claim, used where the sender says nothing else."""

    session_id: SessionId | None = None
    commit: str | None = None
    branch: str | None = None
    repository: str | None = None
    """Remote URL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One immutable test report, or a check's conclusion."""

    format: str
    """Name of the reader: `junit`, `console`."""
    tests: tuple[TestResult, ...]
    """In report order, one per test id, last run wins."""
    passed: int
    failed: int
    errored: int
    skipped: int
    """Counts; they may exceed the listed tests where a console names only the failing ones."""
    problem: str | None = None
    """Why nothing ran (no module, command not found, timeout, collection error), in the runner's words; else None."""
    subject: Subject | None = None
    """None where the report names nobody."""
    check: str | None = None
    """Name of the check, where this is a conclusion."""
    conclusion: Conclusion | None = None
    """How the check ended; then there are no tests and no counts. None for a report of tests."""

    def __post_init__(self) -> None:
        """A conclusion names no tests.

        Raises:
            ValueError: it does.
        """
        if self.conclusion is not None and (self.tests or self.passed or self.failed or self.errored or self.skipped):
            raise ValueError("a conclusion has no tests; a report of tests has no conclusion")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRow:
    """An Outcome as stored: with where it came from and whom it speaks of."""

    outcome_id: OutcomeId
    team: TeamId
    source: OutcomeSource
    session_id: SessionId | None = None
    """The session it names, known yet or not."""
    commit: str | None = None
    """The commit it was run on."""
    project: ProjectId | None = None
    """The repository it was run in; None where nobody said."""
    branch: str | None = None
    """The branch it was run on."""
    added: tuple[str, ...] = ()
    """Sketch of the lines that its commit added, as `sidecar.sessions.added_lines` makes it."""
    at_ns: int
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeJoin:
    """That an Outcome speaks of a session."""

    session: SessionKey
    outcome_id: OutcomeId
    confidence: float
    """0 to 1."""
    reason: JoinReason


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelDecision:
    """A Label with the reason a person can check."""

    label: Label
    reason: str
    tests: tuple[TestResult, ...] = ()
    """The tests that decided."""
