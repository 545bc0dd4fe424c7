"""The folders that agents work in: fixed paths under /tmp, so that nothing in a recording needs to be rewritten."""

import fcntl
import os
import shutil
import signal
import subprocess
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sidecar.recordings.repositories import build_repository
from tests.recordings.people import PEOPLE
from tests.recordings.script import Scenario

STAGE = Path("/tmp/recorded")
"""Where all agents work. Its subfolders hold the home folder, the programs and the repository."""
PYTHONS = (Path("/usr/bin/python3"), Path("/usr/local/bin/python3"))
"""Interpreters that may stand in a recorded traceback."""
HOOK = Path(__file__).with_name("hook.sh")


class CannotRecord(RuntimeError):
    """Something that recording needs is missing or in the way; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one scenario runs and whom it may talk to."""

    home: Path
    workspace: Path
    head_commit: str
    """Full hash of the commit it starts on."""
    hook: Path
    """The hook script, to be called with agent and event."""
    agent_output: Path
    """What the agent prints; kept only while its scenario runs."""
    sidecar_url: str
    model_url: str
    grpc_url: str = ""
    """Where OTLP over gRPC goes; empty where no scenario sends it."""
    is_published: bool = True
    """What is sent will be stored for others to read, so the vendors' own texts are left out."""

    def environment(self) -> dict[str, str]:
        """All variables that an agent gets: nothing of the caller's, no account, and no way out by HTTPS."""
        return {
            "PATH": f"{self.hook.parent}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "TERM": "dumb",
            "ANTHROPIC_API_KEY": "sk-ant-dummy",
            "SIDECAR_URL": self.sidecar_url,
            "HTTPS_PROXY": "http://127.0.0.1:9",
            "NO_PROXY": "127.0.0.1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "GIT_AUTHOR_DATE": "2026-10-01T09:00:00+0000",
            "GIT_COMMITTER_DATE": "2026-10-01T09:00:00+0000",
            "npm_config_update_notifier": "false",
        }


@contextmanager
def held_stage() -> Generator[None]:
    """Hold the stage for one recorder, waiting for another one; it is removed afterwards.

    Raises:
        CannotRecord: something else stands in its place, or a recorder that was killed left it behind.
    """
    with STAGE.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            STAGE.mkdir()
        except FileExistsError as exc:
            raise CannotRecord(f"{STAGE} is there and no recorder runs: remove it") from exc
        try:
            yield
        finally:
            shutil.rmtree(STAGE)


def laid_out(scenario: Scenario, *, sidecar_url: str, model_url: str) -> Place:
    """Empty the stage and lay out what a scenario needs."""
    for entry in STAGE.iterdir():
        shutil.rmtree(entry)
    workspace = STAGE / scenario.repository
    head_commit = build_repository(scenario.repository, workspace, scenario.branch)
    for path, text in scenario.files:
        (workspace / path).write_text(text)
    return furnished(scenario, workspace, head_commit, sidecar_url=sidecar_url, model_url=model_url)


def furnished(scenario: Scenario, workspace: Path, head_commit: str, *, sidecar_url: str, model_url: str) -> Place:
    """The place around a work tree: beside it a new home folder, and the programs that the agent finds."""
    home, programs = workspace.parent / "home", workspace.parent / "bin"
    home.mkdir()
    programs.mkdir()
    (programs / "python").symlink_to(_bare_python())
    hook = Path(shutil.copy(HOOK, programs / HOOK.name))
    person = PEOPLE[scenario.person]
    (home / ".gitconfig").write_text(f"[user]\n\tname = {person.name}\n\temail = {person.email}\n")
    return Place(
        home=home,
        workspace=workspace,
        head_commit=head_commit,
        hook=hook,
        agent_output=programs / "output.txt",
        sidecar_url=sidecar_url,
        model_url=model_url,
    )


def end_processes(place: Place) -> None:
    """End what an agent left running in its home folder: Cline's hub daemon, the command of a killed agent."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            variables = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if f"HOME={place.home}".encode() in variables:
            with suppress(ProcessLookupError):
                os.kill(int(entry.name), signal.SIGKILL)


def _bare_python() -> Path:
    """An interpreter without test runners, because the scenarios show what happens where none is installed."""
    for python in PYTHONS:
        probe = [python, "-c", "import pytest"]
        if python.exists() and subprocess.run(probe, capture_output=True, check=False).returncode:
            return python
    raise CannotRecord(f"need a Python 3 without pytest at one of: {', '.join(map(str, PYTHONS))}")
