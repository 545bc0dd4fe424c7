"""What a runner's reader promises, and the run it finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from collectors.outcomes.console.runners.log import Log
from sidecar.domain import TestResult, TestStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The last run of one runner in a log."""

    tests: tuple[TestResult, ...]
    """Those it names, in order, one per id."""
    counts: Mapping[TestStatus, int]
    """By its summary; by the listed tests where it prints none."""
    problem: str | None = None
    """Why nothing ran, or why the summary is missing."""
    end: int
    """Index of its last line; of two runs in one log the later one tells."""


class Runner(Protocol):
    """Reads what one family of runners prints."""

    def __call__(self, log: Log) -> Run | None:
        """The last run in the log; None when this family printed nothing in it."""
        ...


def counts_of(tests: tuple[TestResult, ...]) -> dict[TestStatus, int]:
    """How many of the listed tests have each status."""
    statuses = [test.status for test in tests]
    return {status: statuses.count(status) for status in TestStatus}
