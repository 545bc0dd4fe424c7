"""What every reader of test reports promises.

A reader knows one format. It reads what the report says and nothing else: what it cannot read is an error that names
the place, never a guess.
"""

from typing import Protocol

from sidecar.domain import Label, Outcome


class Reader(Protocol):
    """One format of test report."""

    @property
    def name(self) -> str:
        """Name of the format, as people type it."""
        ...

    @property
    def expected(self) -> str:
        """What a report of this format looks like, in a few words for an error message."""
        ...

    def recognises(self, report: bytes) -> bool:
        """Whether the content looks like this format; cheap, and True for a damaged report of it too."""
        ...

    def read(self, report: bytes) -> Outcome:
        """The report as an Outcome.

        Raises:
            DecodeError: It is not a whole report of this format; says what is wrong and where.
            TooLargeError: It is over a limit of the reader.
        """
        ...


def outcome_as_json(outcome: Outcome, label: Label) -> dict[str, object]:
    """An Outcome in the words the command line and the API print; every name the report gives a test is listed."""
    shown: dict[str, object] = {
        "format": outcome.format,
        "passed": outcome.passed,
        "failed": outcome.failed,
        "errored": outcome.errored,
        "skipped": outcome.skipped,
        "label": label.value,
        "tests": [
            {"id": name, "status": test.status.value} for test in outcome.tests for name in (test.id, *test.aliases)
        ],
    }
    return shown | ({"problem": outcome.problem} if outcome.problem else {})
