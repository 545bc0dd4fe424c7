"""What holds for every test."""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer  # pyright: ignore[reportMissingTypeStubs] # it has none

from tests.scheduling import FileScheduling, ordered

MEMORY = Path("/dev/shm")
ROOM_BYTES = 4 * 2**30

# how long an example takes says how busy the machine is, and speed is measured elsewhere
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_configure() -> None:
    """Take SIGINT as at a terminal: a run started in the background ignores it, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if "TMPDIR" not in os.environ and _is_roomy(MEMORY):
        # a database waits for the disk at each commit, in most tests longer than everything else takes
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a worker, in the order of the schedule."""
    if hasattr(config, "workerinput"):
        items[:] = ordered(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FileScheduling | None:
    """Ours in place of `--dist loadscope`."""
    if config.option.dist != "loadscope":
        return None
    config.option.loadscopereorder = False
    return FileScheduling(config, log)


def _is_roomy(folder: Path) -> bool:
    """Whether there is room in it, and programs may run from it."""
    with suppress(OSError), tempfile.TemporaryDirectory(dir=folder) as made:
        program = Path(made) / "program"
        program.write_text("#!/bin/sh\n")
        program.chmod(0o700)
        return shutil.disk_usage(made).free > ROOM_BYTES and subprocess.run([program], check=False).returncode == 0
    return False
