"""What a pass over a log gathers: sections of tests, and what is told of each failure."""

from dataclasses import dataclass, field

from collectors.outcomes.console.runners.places import own_place
from sidecar.domain import TestResult


@dataclass(slots=True)
class Section:
    """The tests of one key: a file, a package, a binary."""

    key: str
    tests: list[TestResult] = field(default_factory=list[TestResult])
    totals: dict[int, dict[str, int]] = field(default_factory=dict[int, dict[str, int]])
    is_closed: bool = False
    """Its summary was seen: the next result is another run's."""


@dataclass(slots=True)
class Failure:
    """What is told of one failed test."""

    id: str
    message: str | None = None
    place: tuple[str | None, int | None] = (None, None)
    is_announced: bool = False

    def see(self, place: tuple[str, int]) -> None:
        """Keep the deepest frame of the project's own alone, since a test may be told of a thousand times."""
        self.place = self.place if own_place([place])[0] is None else place
