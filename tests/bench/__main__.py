"""Every figure we promise something about, each beside its yardstick of the same run: `make bench`.

Absolute figures move with the machine and its other users; the ratio in front is what to compare.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.bombs import bombs
from tests.bench.demo import demo
from tests.bench.figures import table
from tests.bench.judging import judging
from tests.bench.learning import comparison, learning_figures
from tests.bench.projecting import projecting
from tests.bench.receiving import receiving
from tests.bench.redacting import redacting


def main() -> None:
    """Measure and print."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sidecar-bench-") as folder:
        figures = [*redacting(), *bombs(), *projecting(Path(folder)), *judging(Path(folder)), *demo()]
        figures += [*learning_figures(), *receiving(Path(folder))]
    load = os.getloadavg()[0]
    sys.stdout.write(
        f"   ratio  figure and yardstick\n{table(figures)}\n\n{comparison()}\n\n"
        f"{os.cpu_count()} cores, load {load:.1f} at the end, {time.monotonic() - started:.0f} s in all\n"
    )


if __name__ == "__main__":
    main()
