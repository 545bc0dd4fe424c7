"""What the worst bomb costs: the floods of attributes that are just small enough to be parsed, and the largest ones."""

import subprocess
import sys
from pathlib import Path

from sidecar.otlp.counting import MAX_MESSAGES
from tests.bench.figures import Figure
from tests.sidecar.test_otlp_bounds import BOMBS

ROOT = Path(__file__).parents[2]
LARGEST_BODY = 64_000_000
GOAL_MIB, GOAL_S = 100, 0.5


def bombs() -> list[Figure]:
    """The most memory and processor time of any, each in a process of its own."""
    sizes = {"just under the count": 2 * MAX_MESSAGES - 40, "of 64 MB": LARGEST_BODY}
    return [figure for name, size in sizes.items() for figure in _worst(name, [_cost(bomb, size) for bomb in BOMBS])]


def _worst(name: str, costs: list[tuple[float, float]]) -> list[Figure]:
    mib, seconds = (max(cost[at] for cost in costs) for at in (0, 1))
    grown = Figure(name=f"worst bomb {name}", value=mib, unit="MiB", yardstick="the goal", yardstick_value=GOAL_MIB)
    took = Figure(name=f"worst bomb {name}", value=seconds, unit="CPU s", yardstick="the goal", yardstick_value=GOAL_S)
    return [grown, took]


def _cost(bomb: str, size: int) -> tuple[float, float]:
    """MiB of memory and seconds of processor."""
    command = [sys.executable, "-m", "tests.sidecar.bombing", bomb, str(size)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    kib, seconds = done.stdout.split()
    return int(kib) / 1024, float(seconds)
