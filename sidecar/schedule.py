"""When flows run: periods counted from 1970 in UTC, so that clocks, daylight saving and downtime cannot double one.

A period has a number, `floor(now / every)`. What runs in it is named `flow:number`, and that name is done once: a clock
set back comes to a name that is done, a clock set forward or days of downtime leave one period that is not.
"""

from dataclasses import dataclass

SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """One flow and how often it runs."""

    flow: str
    every_s: int
    """Length of a period, seconds."""

    def __post_init__(self) -> None:
        """Refuse a period of no length."""
        if self.every_s <= 0:
            raise ValueError(f"{self.flow}: every_s must be positive, got {self.every_s}")

    def period(self, now_ns: int) -> int:
        """Number of the period that holds a moment."""
        return now_ns // (self.every_s * SECOND_NS)


def run_name(flow: str, period: int) -> str:
    """The name under which one run is done once."""
    return f"{flow}:{period}"
