"""The demo as a stranger runs it: at a terminal with Phoenix, with a model, without either, stopped anywhere."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from sidecar.phoenix.install import PhoenixEnvironment, install
from sidecar.store import Store
from tests.judges.failure.answering import explained
from tests.scripted_model import KEY, Fault, ScriptedModel, always

ROOT = Path(__file__).parents[2]
LIMIT_S = 120
"""What the demo may take with Phoenix installed."""
PROJECT = "forge.example:acme:shop"

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1500)]


@pytest.fixture(scope="module")
def phoenix() -> PhoenixEnvironment:
    return install(ROOT / ".venv-phoenix")


def environ(folder: Path, **more: str) -> dict[str, str]:
    """This environment without anything that the demo goes by, with temporary folders in `folder`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANTHROPIC_", "SIDECAR_"))}
    return kept | {"TMPDIR": str(folder), "SIDECAR_PHOENIX": str(folder / "no-phoenix")} | more


def demo(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The demo away from a terminal, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "sidecar", "demo", *arguments],
        cwd=ROOT,
        env=environ(folder, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass(slots=True)
class Terminal:
    """The demo at a terminal of its own."""

    pid: int
    line: int
    said: str = ""
    began_s: float = field(default_factory=time.monotonic)

    @classmethod
    def of_demo(cls, environment: Mapping[str, str], *arguments: str) -> "Terminal":
        pid, line = pty.fork()
        if pid == 0:
            os.chdir(ROOT)
            os.execve(sys.executable, [sys.executable, "-m", "sidecar", "demo", *arguments], dict(environment))
        return cls(pid, line)

    def read_until(self, words: str) -> None:
        """Return when it has said these words."""
        while words not in self.said:
            assert self._read(), f"it ended before it said {words!r}:\n{self.said}"

    def type(self, keys: bytes) -> None:
        os.write(self.line, keys)

    def code(self) -> int:
        """Read on until it ends; its exit code."""
        while self._read():
            pass
        os.close(self.line)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def _read(self) -> bool:
        is_ready = select.select([self.line], [], [], LIMIT_S)[0]
        assert is_ready, f"it said nothing for {LIMIT_S} s after:\n{self.said}"
        try:
            more = os.read(self.line, 65536)
        except OSError:  # Linux says so when the other side is closed
            return False
        self.said += more.decode(errors="replace")
        return bool(more)


def processes_in(folder: Path) -> list[str]:
    """Commands that work below a folder."""
    found: list[str] = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if str((process / "cwd").readlink()).startswith(str(folder)):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def check_nothing_is_left(folder: Path) -> None:
    deadline = time.monotonic() + 10
    while processes_in(folder):
        assert time.monotonic() < deadline, processes_in(folder)
        time.sleep(0.1)
    assert list(folder.glob("sidecar-demo-*")) == []


def scores(page: str) -> Counter[str]:
    """Sessions of the project by the label of their tests, from the Phoenix that a page belongs to."""
    base = httpx.URL(page).copy_with(path="", query=None)
    with httpx.Client(base_url=base, timeout=60, trust_env=False) as client:
        assert "Phoenix" in client.get(page).raise_for_status().text
        listed = client.get(f"/v1/projects/{PROJECT}/sessions", params={"limit": 100}).raise_for_status().json()
        ids = [row["session_id"] for row in listed["data"]]
        noted = client.get(f"/v1/projects/{PROJECT}/session_annotations", params={"session_ids": ids, "limit": 1000})
        rows: list[dict[str, Any]] = noted.raise_for_status().json()["data"]
    return Counter(f"{row['name']} {row['result'].get('label')} {row['result'].get('score')}" for row in rows)


@pytest.mark.parametrize("ending", ["Ctrl-C", "Enter", "SIGTERM"])
def test_stranger_is_told_where_scored_sessions_are_and_ends_it(
    phoenix: PhoenixEnvironment, tmp_path: Path, ending: str
) -> None:
    terminal = Terminal.of_demo(environ(tmp_path, SIDECAR_PHOENIX=str(phoenix.path)))
    terminal.read_until("until you press Enter or Ctrl-C")
    taken_s = time.monotonic() - terminal.began_s

    page = re.search(r"Open +(http://\S+)", terminal.said)
    assert page is not None
    seen = scores(page[1])
    match ending:
        case "SIGTERM":
            os.kill(terminal.pid, signal.SIGTERM)
        case _:
            terminal.type(b"\x03" if ending == "Ctrl-C" else b"\n")

    assert terminal.code() == 0
    assert seen["tests pass 1.0"] == 18
    assert seen["tests code_fail 0.0"] == 2
    assert sum(count for name, count in seen.items() if name.startswith("verdict:evidence")) == 17
    assert "18 of 20 passed" in terminal.said
    assert taken_s < LIMIT_S
    check_nothing_is_left(tmp_path)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("station", ["1  repository", "2  receive", "4  judge", "starting Phoenix"])
def test_demo_that_is_stopped_leaves_nothing(
    phoenix: PhoenixEnvironment, tmp_path: Path, station: str, number: signal.Signals, code: int
) -> None:
    terminal = Terminal.of_demo(environ(tmp_path, SIDECAR_PHOENIX=str(phoenix.path)), "--repository", "parcel")
    terminal.read_until(station)
    time.sleep(0.3)  # into what follows

    os.kill(terminal.pid, number)

    assert terminal.code() == code
    assert "Traceback" not in terminal.said
    check_nothing_is_left(tmp_path)


def test_missing_phoenix_is_said_and_everything_else_is_there(tmp_path: Path) -> None:
    done = demo(tmp_path, "--json")

    shown = json.loads(done.stdout)
    assert done.returncode == 1
    assert len(shown["rules"]) == 3
    assert "phoenix_sessions" not in shown
    assert f"phoenix install --environment {tmp_path / 'no-phoenix'}" in done.stderr
    assert "--no-phoenix" in done.stderr
    assert len(shown["problems"]) == 1


def test_without_phoenix_nothing_is_installed_even_if_that_was_asked_for(tmp_path: Path) -> None:
    done = demo(tmp_path, "--repository", "parcel", "--install-phoenix", "--no-phoenix")

    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_installation_that_fails_is_said_and_the_rest_goes_on(tmp_path: Path) -> None:
    offline = {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "UV_CACHE_DIR": str(tmp_path / "uv")}

    done = demo(tmp_path, "--repository", "parcel", "--install-phoenix", **offline, UV_HTTP_RETRIES="0")

    assert done.returncode == 1
    assert "the package index does not answer" in done.stderr
    assert "6  sync        branch sidecar/" in done.stdout


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a demo with a model comes to."""

    code: int
    verdicts: int
    words: str
    problems: tuple[int, ...]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (None, Outcome(0, 2, "", problems=(0,))),
        (Fault.UNAUTHORISED, Outcome(1, 0, "check the key", problems=(1,))),
        # Two are asked about at once: the second was told too, or is not asked about any more.
        (Fault.RATE_LIMIT_LONG, Outcome(1, 0, "to ask nothing for 86", problems=(1, 2))),
        (Fault.PROSE, Outcome(1, 0, "is not JSON", problems=(1,))),
    ],
)
def test_model_of_the_environment_judges_beside_the_one_that_needs_none_and_its_failures_are_said(
    tmp_path: Path, fault: Fault | None, outcome: Outcome
) -> None:
    with ScriptedModel(script=explained) as model:
        if fault is not None:
            model.plan = always(fault)
        done = demo(tmp_path, "--no-phoenix", "--json", ANTHROPIC_API_KEY=KEY, SIDECAR_MODEL__BASE_URL=model.url)

    shown = json.loads(done.stdout)
    assert done.returncode == outcome.code, done.stderr
    assert (shown["judge"], shown["verdicts"], len(shown["rules"])) == ("failure", outcome.verdicts, 3)
    assert outcome.words in done.stderr
    assert len(shown["problems"]) in outcome.problems
    assert 0 <= shown["cost_usd"] < 0.01
    assert {asked.model for asked in model.meter.asked} == {"claude-haiku-5-5"}


def test_model_that_cannot_be_reached_is_said_with_its_address(tmp_path: Path) -> None:
    done = demo(tmp_path, "--no-phoenix", "--repository", "parcel", ANTHROPIC_BASE_URL="http://127.0.0.1:9")

    assert done.returncode == 1
    assert "It asks claude-haiku-5-5 and claude-sonnet-5-5 at 127.0.0.1:9: 1.00 USD at most" in done.stdout
    assert "No other judge took the place of failure" in done.stderr
    assert "demo --judge evidence" in done.stderr


def test_evidence_that_was_asked_for_asks_nobody(tmp_path: Path) -> None:
    with ScriptedModel(script=explained) as model:
        done = demo(
            tmp_path,
            *("--no-phoenix", "--json", "--judge", "evidence"),
            ANTHROPIC_API_KEY=KEY,
            ANTHROPIC_BASE_URL=model.url,
        )

    shown = json.loads(done.stdout)
    assert (done.returncode, shown["judge"], len(shown["rules"]), shown["cost_usd"]) == (0, "evidence", 3, 0)
    assert model.meter.asked == []


def test_what_was_kept_goes_on_and_nothing_doubles(phoenix: PhoenixEnvironment, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    first = demo(tmp_path, "--phoenix", "--keep", str(kept), "--json", SIDECAR_PHOENIX=str(phoenix.path))
    assert first.returncode == 0, first.stderr
    shown = json.loads(first.stdout)
    assert (shown["sessions"], shown["phoenix_sessions"]) == (25, 24)  # the one that was killed never settled
    assert len(shown["rules"]) == 3
    before = tips(kept)

    for verb in ("judge", "propose", "sync", "sync"):
        command(tmp_path, verb, kept)
    viewing = subprocess.Popen(
        [sys.executable, "-m", "sidecar", "phoenix", "--data", str(kept / "data")],
        env=environ(tmp_path, SIDECAR_PHOENIX=str(phoenix.path)),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert viewing.stdout is not None
    with viewing.stdout as said:
        assert said.readline().startswith("Phoenix: http://")
        page = said.readline().removeprefix(f"sessions of {PROJECT}: ").strip()
        mirrored = command(tmp_path, "phoenix mirror", kept)
        seen = scores(page)
        viewing.terminate()
        assert viewing.wait(60) == 0

    assert tips(kept) == before
    assert mirrored["spans"] == 0
    assert seen["tests pass 1.0"] == 18
    assert sum(seen.values()) == 24 + 17
    store = Store.open(f"sqlite:///{kept / 'data' / 'store.db'}")
    counts = store.counts()
    store.close()
    assert (counts.verdicts, sum(counts.proposals.values())) == (17, 1)


def command(folder: Path, verb: str, kept: Path) -> dict[str, Any]:
    """A command over the kept data folder, in its JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "sidecar", *verb.split(), "--data", str(kept / "data"), "--json"],
        env=environ(folder),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def tips(kept: Path) -> str:
    """Every branch of the remote with its commit."""
    return subprocess.run(
        ["git", "for-each-ref"], cwd=kept / "shop.git", capture_output=True, text=True, check=True
    ).stdout
