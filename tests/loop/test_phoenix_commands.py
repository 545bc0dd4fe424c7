"""The commands around Phoenix without a Phoenix: one sentence, what to do next, exit code 2."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import pytest
from typer.testing import CliRunner, Result

from sidecar.cli.app import app
from sidecar.data_dir import DataDir
from sidecar.errors import PhoenixError
from sidecar.phoenix.certificates import AUTHORITY, CERTIFICATE, KEY
from sidecar.phoenix.install import PhoenixEnvironment, found, installed, requirements_hash
from sidecar.phoenix.server import phoenix_running

DEADLINE_S = 60
T = TypeVar("T")


@pytest.fixture
def environment(tmp_path: Path) -> PhoenixEnvironment:
    """What `installed` looks at, with everything as it should be and nothing behind it."""
    made = PhoenixEnvironment(path=tmp_path / "environment")
    for folder in (made.python.parent, made.certificates):
        folder.mkdir(parents=True)
    made.python.symlink_to(sys.executable)
    for name in (AUTHORITY, CERTIFICATE, KEY):
        (made.certificates / name).touch()
    (made.path / ".agent-sidecar").write_text(requirements_hash())
    return made


def run(*arguments: str) -> Result:
    """A command in this process."""
    return CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["phoenix", "--environment", "nowhere"], "install it with: sidecar phoenix install --environment"),
        (["phoenix", "mirror"], "start one with: sidecar phoenix"),
    ],
)
def test_missing_phoenix_is_said_with_what_to_do(tmp_path: Path, arguments: list[str], words: str) -> None:
    DataDir.open(tmp_path / "data")

    done = run(*arguments, "--data", str(tmp_path / "data"))

    assert isinstance(done.exception, PhoenixError)
    assert words in str(done.exception)
    assert done.stdout == ""


def test_a_variable_that_points_nowhere_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIDECAR_PHOENIX", str(tmp_path / "nowhere"))

    done = run("phoenix", "--data", str(tmp_path / "data"))

    assert f"not installed in {tmp_path / 'nowhere'}; install it with" in str(done.exception)


def test_what_is_there_is_found_and_not_installed_again(environment: PhoenixEnvironment) -> None:
    done = run("phoenix", "install", "--environment", str(environment.path))

    assert installed(environment.path) == environment
    assert (done.exit_code, done.stderr) == (0, "")


def damage(environment: PhoenixEnvironment, what: str) -> None:
    """Break one thing of an installation."""
    match what:
        case "python":
            environment.python.unlink()
            environment.python.symlink_to("/nowhere/python")
        case "certificates":
            (environment.certificates / CERTIFICATE).unlink()
        case _:
            (environment.path / ".agent-sidecar").write_text("0" * 64)


@pytest.mark.parametrize("what", ["python", "certificates", "version"])
def test_a_damaged_or_older_one_is_none(environment: PhoenixEnvironment, what: str) -> None:
    damage(environment, what)

    assert installed(environment.path) is None
    with pytest.raises(PhoenixError, match="or not whole, or in another version; install it with"):
        found(environment.path)


async def test_an_interpreter_that_does_not_run_is_said_with_what_mends_it(
    environment: PhoenixEnvironment, tmp_path: Path
) -> None:
    environment.python.unlink()
    environment.python.write_text("this is no program")
    environment.python.chmod(0o700)

    with pytest.raises(PhoenixError, match=r"cannot be run .* sidecar phoenix install --again --environment"):
        async with phoenix_running(environment, tmp_path / "phoenix"):
            pass


def members(group: int) -> list[str]:
    """Names of the processes of a group that run; one that ended and was not waited for does not."""
    found: list[str] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            name, rest = stat.read_text().rsplit(")", 1)
            state, _, process_group = rest.split()[:3]
            if int(process_group) == group and state != "Z":
                found.append(name)
    return found


def until(told: Callable[[], T]) -> T:
    """What is told as soon as it is something."""
    deadline = time.monotonic() + DEADLINE_S
    while not (answer := told()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return answer


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_installation_that_is_stopped_leaves_nothing_running(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    silent = tmp_path / "bin" / "uv"
    silent.parent.mkdir()
    silent.write_text(f"#!/bin/sh\nsleep 300 &\necho $$ > {tmp_path / 'pid'}\nwait\n")
    silent.chmod(0o700)
    # uv is looked for beside the interpreter
    python = tmp_path / "bin" / "python"
    python.symlink_to(sys.executable)
    process = subprocess.Popen(
        [str(python), "-m", "sidecar", "phoenix", "install", "--environment", str(tmp_path / "environment")],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        cwd=Path(__file__).parents[2],
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    group = int(until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip()))
    assert len(members(group)) == 2

    process.send_signal(number)
    _, said = process.communicate(timeout=DEADLINE_S)

    assert process.returncode == code, said
    assert until(lambda: not members(group))
