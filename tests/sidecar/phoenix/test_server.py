"""Starting Phoenix, as far as it goes without Phoenix; the rest is in tests/e2e."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sidecar.errors import PhoenixError
from sidecar.phoenix.install import PhoenixEnvironment
from sidecar.phoenix.server import phoenix_running, running_at

LAUNCH = Path(__file__).parents[3] / "sidecar" / "phoenix" / "launch.py"
DEADLINE_S = 10


@pytest.fixture
def environment(tmp_path: Path) -> PhoenixEnvironment:
    """An environment in which everything is there but Phoenix."""
    python = tmp_path / "environment" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    return PhoenixEnvironment(path=tmp_path / "environment")


async def test_its_own_last_words_say_why_it_did_not_start(environment: PhoenixEnvironment, tmp_path: Path) -> None:
    with pytest.raises(PhoenixError, match=r"ended with code 1 .*\n(.*\n)*.*No module named"):
        async with phoenix_running(environment, tmp_path / "phoenix"):
            pass

    assert running_at(tmp_path / "phoenix") is None


async def test_a_port_that_is_taken_is_named(environment: PhoenixEnvironment, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(PhoenixError, match=f"port {port} for Phoenix"):
            async with phoenix_running(environment, tmp_path / "phoenix", port=port):
                pass


def test_nothing_runs_over_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert running_at(tmp_path / "nowhere") is None


def test_it_ends_with_the_process_that_started_it_even_if_that_was_killed(tmp_path: Path) -> None:
    package = tmp_path / "phoenix" / "server"
    package.mkdir(parents=True)
    for folder in (package, package.parent):
        (folder / "__init__.py").touch()
    (package / "main.py").write_text("import time\nprint('up', flush=True)\ntime.sleep(60)\n")
    starter = (
        "import os, subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, '-P', {str(LAUNCH)!r}, str(os.getpid())])\n"
        "print(child.pid, flush=True)\n"
        "child.wait()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", starter],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        start_new_session=True,
    )
    assert parent.stdout is not None
    with parent.stdout as said:
        child = int(said.readline())
        assert said.readline() == "up\n"

        parent.send_signal(signal.SIGKILL)
        parent.wait()

        # the end of the pipe: whoever could have written to it is gone
        began = time.monotonic()
        assert said.read() == ""
    assert time.monotonic() - began < DEADLINE_S
    assert not Path(f"/proc/{child}/exe").exists()
