"""A machine of one developer in a temporary folder: a home, a repository, real agents from npm, attached by command.

Nothing of the caller's environment reaches an agent: no account, no way out by HTTPS, a model with a script.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import httpx
import orjson

from sidecar.recordings.repositories import build_repository
from tests.recordings import cline
from tests.recordings.installed import installed
from tests.recordings.people import PEOPLE
from tests.recordings.recorder import NPM_FOLDER
from tests.recordings.script import Agent, Change, Ending, Run, Scenario, Turn, session
from tests.recordings.scripted_model import ScriptedModel
from tests.recordings.shop_edits import RECEIPT
from tests.recordings.stage import PYTHONS, Place

ROOT = Path(__file__).parents[2]
AGENT_LIMIT_S = 120
REMOTE = "https://robin:secret-token@forge.example/acme/shop.git"


def _waiting(seconds: int) -> str:
    """A command that takes so long; Claude Code refuses `sleep`."""
    return f"python -c 'import time; time.sleep({seconds})'; " if seconds else ""


def scenario(agent: Agent, *, wait_s: int = 0) -> Scenario:
    """A failing test, a fix, and the test run that passes: its outcome is known when the session ends.

    Args:
        wait_s: How long the agent's first command takes beside the tests.
    """
    fix = Change(RECEIPT, "{cents // 100}.{cents % 100}", "{cents // 100}.{cents % 100:02d}")
    return Scenario(
        agent=agent,
        repository="shop",
        name="attached",
        branch="fix/receipt-amounts",
        person="robin",
        description="One failing run, one fix, one passing run.",
        ending=Ending.PASSES,
        visits=(
            session(
                "A test for small amounts on receipts fails. Please fix it.",
                Turn("Let me see.", Run(f"{_waiting(wait_s)}make check")),
                Turn("Now the change.", fix),
                Turn("Trying again.", Run("make check")),
                Turn("Done."),
            ),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One developer's home and clone, with a scripted model beside it."""

    home: Path
    workspace: Path
    head_commit: str
    model: ScriptedModel

    def environment(self) -> dict[str, str]:
        """All variables that an agent or a command gets."""
        return {
            "PATH": f"{self.home}/bin:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "TERM": "dumb",
            "ANTHROPIC_API_KEY": "sk-ant-dummy",
            "ANTHROPIC_BASE_URL": self.model_url,
            "HTTPS_PROXY": "http://127.0.0.1:9",
            "NO_PROXY": "127.0.0.1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "IS_SANDBOX": "1",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
            "DISABLE_AUTOUPDATER": "1",
            "DISABLE_ERROR_REPORTING": "1",
            "CLINE_NO_INTERACTIVE": "1",
        }

    @property
    def model_url(self) -> str:
        """Where the scripted model answers."""
        return f"http://127.0.0.1:{self.model.server_address[1]}"

    def sidecar(self, *arguments: str, accepts: tuple[int, ...] = (0,)) -> str:
        """Run a command of ours as the developer would; gives what it printed."""
        environment = self.environment() | {"PYTHONPATH": os.environ.get("PYTHONPATH", str(ROOT))}
        run = subprocess.run(
            [sys.executable, "-m", "sidecar", *arguments],
            cwd=self.workspace,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode in accepts, run.stdout + run.stderr
        return run.stdout

    def run_claude_code(self, wait_s: int = 0, *, sidecar_url: str | None = None) -> tuple[str, float]:
        """Run a session of Claude Code to its end; gives its id and the seconds it took.

        Args:
            sidecar_url: Given in the environment, where nobody attached.
        """
        session_id = str(uuid.uuid4())
        command = [
            str(installed(Agent.CLAUDE_CODE, NPM_FOLDER()).path),
            *("-p", scenario(Agent.CLAUDE_CODE).visits[0].prompt),
            *("--session-id", session_id, "--permission-mode", "bypassPermissions"),
        ]
        return session_id, self._timed(scenario(Agent.CLAUDE_CODE, wait_s=wait_s), command, sidecar_url)

    def run_cline(self, wait_s: int = 0) -> tuple[str, float]:
        """Run a session of Cline to its end; gives its id and the seconds it took."""
        known = self._cline_sessions()
        prompt = scenario(Agent.CLINE).visits[0].prompt
        program = installed(Agent.CLINE, NPM_FOLDER()).path
        command = [str(program), "--json", "-P", "anthropic", "-m", cline.MODEL, prompt]
        took_s = self._timed(scenario(Agent.CLINE, wait_s=wait_s), command)
        (session_id,) = self._cline_sessions() - known
        return session_id, took_s

    def prepare_cline(self) -> None:
        """Base URL and opt-out, before its first start."""
        place = Place(
            home=self.home,
            workspace=self.workspace,
            head_commit=self.head_commit,
            hook=Path("/bin/true"),
            agent_output=Path("/dev/null"),
            sidecar_url="",
            model_url=self.model_url,
        )
        cline.prepare(place)
        shutil.rmtree(self.home / ".cline" / "hooks")

    def restore(self) -> None:
        """The files as they were, so that another session meets the same fault."""
        subprocess.run(["git", "checkout", "--quiet", "."], cwd=self.workspace, check=True)

    def end_processes(self) -> None:
        """End what agents left running in this home: Cline's hub daemon, a sender."""
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if f"HOME={self.home}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                    os.kill(int(entry.name), signal.SIGKILL)

    def _cline_sessions(self) -> set[str]:
        return {path.name for path in (self.home / ".cline/data/sessions").glob("*") if path.is_dir()}

    def start_claude_code(self) -> tuple[str, "subprocess.Popen[bytes]"]:
        """Start a session of Claude Code whose first command does not end; gives its id and its process."""
        session_id = str(uuid.uuid4())
        endless = scenario(Agent.CLAUDE_CODE, wait_s=AGENT_LIMIT_S)
        self.model.play(endless, str(self.workspace), 1)
        command = [str(installed(Agent.CLAUDE_CODE, NPM_FOLDER()).path), "-p", endless.visits[0].prompt]
        return session_id, subprocess.Popen(
            [*command, "--session-id", session_id, "--permission-mode", "bypassPermissions"],
            cwd=self.workspace,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _timed(self, played: Scenario, command: list[str], sidecar_url: str | None = None) -> float:
        self.model.play(played, str(self.workspace), 1)
        started = time.monotonic()
        run = subprocess.run(
            command,
            cwd=self.workspace,
            env=self.environment() | ({"SIDECAR_URL": sidecar_url} if sidecar_url else {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=AGENT_LIMIT_S,
            check=False,
        )
        took_s = time.monotonic() - started
        assert run.returncode == 0, run.stdout[-1500:] + run.stderr[-1500:]
        assert self.model.last_turn_served.is_set(), run.stdout[-1500:] + run.stderr[-1500:]
        return took_s


@contextmanager
def machine(folder: Path) -> Generator[Machine]:
    """A fresh machine; everything that runs on it ends with the block."""
    home, workspace = folder / "home", folder / "shop"
    head_commit = build_repository("shop", workspace, "fix/receipt-amounts")
    subprocess.run(["git", "remote", "remove", "origin"], cwd=workspace, check=False, capture_output=True)
    subprocess.run(["git", "remote", "add", "origin", REMOTE], cwd=workspace, check=True)
    (home / ".claude").mkdir(parents=True)
    (home / "bin").mkdir()
    (home / "bin" / "python").symlink_to(next(path for path in PYTHONS if path.exists()))
    person = PEOPLE["robin"]
    known = {"userID": person.device_id, "hasCompletedOnboarding": True}
    (home / ".claude.json").write_bytes(orjson.dumps(known))
    (home / ".gitconfig").write_text(f"[user]\n\tname = {person.name}\n\temail = {person.email}\n")
    model = ScriptedModel(0)
    threading.Thread(target=model.serve_forever, daemon=True).start()
    one = Machine(home=home, workspace=workspace, head_commit=head_commit, model=model)
    try:
        yield one
    finally:
        one.end_processes()
        model.shutdown()
        model.server_close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """A running `sidecar serve`."""

    url: str
    data: Path

    def session(self, session_id: str) -> dict[str, object] | None:
        """What is stored of a session; None before anything is."""
        answer = httpx.get(f"{self.url}/api/sessions/{session_id}", timeout=10)
        return cast("dict[str, object]", answer.json()) if answer.status_code == 200 else None

    def settled_within(self, session_id: str, limit_s: float) -> float:
        """Seconds until the session was settled."""
        started = time.monotonic()
        while (one := self.session(session_id)) is None or one["state"] != "settled":
            assert time.monotonic() - started < limit_s, f"not settled after {limit_s} s: {one}"
            time.sleep(0.1)
        return time.monotonic() - started


@contextmanager
def serving(data: Path) -> Generator[Serving]:
    """A sidecar on loopback until the block ends."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(data), "PYTHONPATH": os.environ.get("PYTHONPATH", str(ROOT))}
    command = [sys.executable, "-m", "sidecar", "serve", "--json", "--data", str(data)]
    with (data.parent / "serve.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--http", "127.0.0.1:0", "--grpc", ""], env=environment, stdout=subprocess.PIPE, stderr=log
        )
    assert process.stdout is not None
    try:
        announced = b""
        while not announced.rstrip().endswith(b"}"):
            line = process.stdout.readline()
            assert line, (data.parent / "serve.log").read_text()[-2000:]
            announced += line
        yield Serving(url=f"http://{orjson.loads(announced)['http']}", data=data)
    finally:
        process.terminate()
        process.wait(120)
        process.stdout.close()
