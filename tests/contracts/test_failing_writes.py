"""Whichever write of the inbox fails: no acknowledgement, nothing stored of it, and the next one works."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_write_that_fails_anywhere_is_refused_and_the_next_entry_is_taken(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.contracts.failing_writes", str(tmp_path)]

    said = json.loads(subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout)

    assert said["acknowledged"] == said["stored"]
    assert said["refused"] == ["StoreBusyError"]
    assert said["places"] >= 50
