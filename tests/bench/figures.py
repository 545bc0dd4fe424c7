"""What a benchmark reports: a figure beside its yardstick, measured in the same run on the same machine."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured thing."""

    name: str
    value: float
    unit: str
    yardstick: str
    """What it is compared to."""
    yardstick_value: float
    """In the same unit."""

    @property
    def ratio(self) -> float:
        """Value over yardstick."""
        return self.value / self.yardstick_value


def table(figures: Iterable[Figure]) -> str:
    """One line a figure, ratio first."""
    return "\n".join(
        f"{figure.ratio:8.3f}  {figure.name}: {_number(figure.value)} {figure.unit}"
        f"  against {_number(figure.yardstick_value)} of {figure.yardstick}"
        for figure in figures
    )


def best_s(work: Callable[[], object], *, repeat: int = 5) -> float:
    """Shortest of several runs: on a shared machine the others measure the neighbours."""
    times: list[float] = []
    for _ in range(repeat):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"
