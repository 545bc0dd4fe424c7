"""A team with real agents: its remote, a sidecar and a Phoenix that run by themselves, and work that agents do.

The person of these tests starts `sidecar serve` and `sidecar phoenix` and types nothing more. Agents work in clones of
the remote, against a scripted model; whatever becomes of their sessions, the sidecar does by its own clock.
"""

import json
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import httpx

from sidecar.recordings.repositories import REMOTES
from tests.loop.loop import GIT, PERSON, Loop
from tests.recordings.installed import Executable
from tests.recordings.running import session_id
from tests.recordings.script import Agent, Scenario
from tests.recordings.scripted_model import ScriptedModel
from tests.recordings.session import performed
from tests.recordings.stage import furnished

START_S = 120
"""Phoenix migrates an empty database first."""
PATIENCE_S = 120
"""For what the clock brings about: three ticks of it, and a machine that is busy with the agents."""
WINDOW_S = 3
"""How long a session waits for a report; those that get one settle when it comes."""
STOP_S = 20

T = TypeVar("T")


class Program:
    """A command of the sidecar that runs until it is stopped; what it says goes into a file."""

    def __init__(self, command: list[str], log: Path, environment: Mapping[str, str]) -> None:
        self._log = log
        with log.open("wb") as output:
            self._running = subprocess.Popen(
                command, stdout=output, stderr=output, env=dict(environment), start_new_session=True
            )

    def said(self, pattern: str) -> re.Match[str]:
        """The first match of a pattern in what it says."""

        def found() -> re.Match[str] | None:
            text = self._log.read_text()
            match = re.search(pattern, text)
            assert match or self._running.poll() is None, f"{self._log.name}: it ended and said: {text}"
            return match

        return waited(found, START_S, f"{self._log.name}: {pattern}")

    def stop(self) -> int:
        """End it as a service manager does, and give its exit code."""
        self._running.terminate()
        try:
            return self._running.wait(STOP_S)
        except subprocess.TimeoutExpired:
            os.killpg(self._running.pid, signal.SIGKILL)
            return self._running.wait()


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One session of an agent, as the machine it ran on knows it."""

    scenario: Scenario
    session_id: str
    begun_on: str
    """Commit of the work tree before it, full."""
    ended_on: str
    """Commit of the work tree after it, full."""
    asked: str
    """The agent's first request to its model, as JSON."""
    settled: Mapping[str, Any]
    """What the sidecar said of it once it was settled."""
    settled_after_s: float
    """From the session's end until it was seen settled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """The remote, what runs over it, and the agents."""

    loop: Loop
    url: str
    grpc_url: str
    phoenix_url: str
    model: ScriptedModel
    executables: Mapping[Agent, Executable]

    def work(self, scenario: Scenario) -> Work:
        """Have an agent do a scenario on its branch, which first takes in what is new on main."""
        workspace = self.loop.root / scenario.name / self.loop.repository
        workspace.parent.mkdir()
        git(self.loop.root, "clone", "--quiet", "--branch", scenario.branch, str(self.loop.remote), str(workspace))
        git(workspace, "remote", "set-url", "origin", REMOTES[self.loop.repository])
        git(workspace, "merge", "--quiet", "--no-edit", "origin/main")
        begun_on = git(workspace, "rev-parse", "HEAD")
        place = furnished(
            scenario,
            workspace,
            begun_on,
            sidecar_url=self.url,
            model_url=f"http://127.0.0.1:{self.model.server_address[1]}",
        )
        place = replace(place, grpc_url=self.grpc_url, is_published=False)
        performed(scenario, self.executables[scenario.agent], place, self.model)
        known_as = session_id(scenario, place)
        settled = waited(lambda: self._settled(known_as), PATIENCE_S, f"{scenario.name} was not settled")
        return Work(
            scenario=scenario,
            session_id=known_as,
            begun_on=begun_on,
            ended_on=git(workspace, "rev-parse", "HEAD"),
            asked=json.dumps(self.model.first_request),
            settled=settled,
            settled_after_s=(time.time_ns() - settled["ended_ns"]) / 1e9,
        )

    def read(self, path: str) -> Any:
        """What the sidecar answers to a GET."""
        return httpx.get(self.url + path, timeout=30).raise_for_status().json()

    def _settled(self, session: str) -> Mapping[str, Any] | None:
        known = {one["id"]: one for one in self.read("/api/sessions")["sessions"]}
        return known[session] if session in known and known[session]["state"] == "settled" else None


@contextmanager
def team_at_work(
    root: Path, repository: str, executables: Mapping[Agent, Executable], phoenix: Path
) -> Generator[Team]:
    """A new team's remote, sidecar and Phoenix while the block runs.

    Args:
        phoenix: Environment that Phoenix is installed in.
    """
    loop = Loop(root=root, repository=repository).build()
    every = "judge_every_s = 2\ndraft_every_s = 2\nsync_every_s = 2\nmirror_every_s = 2\n"
    project = f'[projects."{loop.project}"]\nurl = "{loop.remote}"\noutcome_window_s = {WINDOW_S}\n'
    (loop.data / "sidecar.toml").write_text(f"[schedule]\n{every}\n{project}")
    ports = ("--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0")
    model = ScriptedModel(0)
    threading.Thread(target=model.serve_forever, daemon=True).start()
    serving = Program(loop.command("serve", *ports), root / "serve.log", os.environ)
    shown = Program(loop.command("phoenix", "--environment", str(phoenix)), root / "phoenix.log", os.environ)
    try:
        listening = serving.said(r"http on ([\d.:]+), grpc on ([\d.:]+),")
        yield Team(
            loop=loop,
            url=f"http://{listening[1]}",
            grpc_url=f"http://{listening[2]}",
            phoenix_url=shown.said(r"Phoenix: (http://[\d.:]+)")[1],
            model=model,
            executables=executables,
        )
    finally:
        serving.stop()
        shown.stop()
        model.shutdown()
        model.server_close()


def git(folder: Path, *arguments: str) -> str:
    """git as a person runs it in a clone."""
    done = subprocess.run(["git", *arguments], cwd=folder, env=GIT | PERSON, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def waited(found: Callable[[], T | None], patience_s: float, what: str) -> T:
    """What `found` gives as soon as it gives anything."""
    deadline = time.monotonic() + patience_s
    while (value := found()) is None:
        assert time.monotonic() < deadline, f"not within {patience_s:.0f} s: {what}"
        time.sleep(0.1)
    return value
