"""The commands around Phoenix without a Phoenix: one sentence, what to do next, exit code 2."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["phoenix", "--environment", "nowhere"], "install it with: sidecar phoenix install --environment"),
        (["phoenix", "mirror"], "start one with: sidecar phoenix"),
        (["demo", "--phoenix"], "Phoenix is not installed in"),
    ],
)
def test_missing_phoenix_is_said_with_what_to_do(tmp_path: Path, arguments: list[str], words: str) -> None:
    data = [] if arguments[0] == "demo" else ["--data", str(tmp_path / "data")]
    environment = os.environ | {"SIDECAR_PHOENIX": str(tmp_path / "nowhere")}

    done = subprocess.run(
        [sys.executable, "-m", "sidecar", *arguments, *data],
        cwd=Path(__file__).parents[2],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
