"""The demo as a user runs it."""

import subprocess
import sys

from tests.bench.figures import Figure, best_s

LIMIT_S = 60


def demo() -> list[Figure]:
    """Its wall time, without the viewer, against the minute it may take."""
    command = [sys.executable, "-m", "sidecar", "demo", "--no-phoenix", "--judge", "evidence"]
    taken_s = best_s(lambda: subprocess.run(command, check=True, capture_output=True), repeat=1)
    return [Figure(name="demo", value=taken_s, unit="s", yardstick="the minute it may take", yardstick_value=LIMIT_S)]
