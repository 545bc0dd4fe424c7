"""The demo from a built wheel, away from the clone: package data, migrations and all."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.e2e
def test_demo_runs_from_a_wheel_away_from_the_clone(tmp_path: Path) -> None:
    built = tmp_path / "built"
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)], cwd=ROOT, check=True)
    (wheel,) = built.glob("*.whl")
    installed, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    zipfile.ZipFile(wheel).extractall(installed)
    elsewhere.mkdir()
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(installed), "HOME": str(elsewhere)}

    where = subprocess.run(
        [sys.executable, "-c", "import sidecar, judges; print(sidecar.__file__, judges.__file__)"],
        cwd=elsewhere,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    done = subprocess.run(
        [sys.executable, "-m", "sidecar", "demo", "--no-phoenix"],
        cwd=elsewhere,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert str(ROOT) not in where.stdout
    assert done.returncode == 0, done.stderr
    assert "+- Run the checks with `make check`" in done.stdout
    assert list(elsewhere.iterdir()) == []
