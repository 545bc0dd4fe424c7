"""What refusing, or taking, each bomb costs: at most 100 MiB; the time is a figure of `make bench`."""

import subprocess
import sys
from pathlib import Path

import pytest

from sidecar.otlp.counting import MAX_MESSAGES
from tests.sidecar.test_otlp_bounds import BOMBS

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
MOST_KIB = 100 * 1024


@pytest.mark.parametrize("size", [2 * MAX_MESSAGES - 40, 64_000_000], ids=["largest uncounted", "largest body"])
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_costs_little_memory(bomb: str, size: int) -> None:
    """Measured in a process of its own."""
    command = [sys.executable, "-m", "tests.sidecar.bombing", bomb, str(size)]

    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)

    grown_kib, _ = done.stdout.split()
    assert int(grown_kib) <= MOST_KIB
