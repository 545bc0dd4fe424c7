"""Several processes on one PostgreSQL store, each with a data folder of its own, to be paused, killed and asked."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from judges.registry import judge
from sidecar.config import load_config
from sidecar.data_dir import DataDir
from sidecar.installation import Installation
from sidecar.jobs.judging import judge_sessions
from sidecar.recordings.repositories import build_remote
from tests.loop.conftest import receive_all
from tests.loop.loop import Loop

DEAD_AFTER_S = 3
NEVER_S = 10**9
"""A period that began in 1970 and goes on: what runs by it runs once."""
DEADLINE_S = 300
LINES_SHOWN = 30


def waited_for(condition: Callable[[], bool], what: str, *, deadline_s: float = DEADLINE_S) -> None:
    """Return when the condition holds."""
    deadline = time.monotonic() + deadline_s
    while not condition():
        assert time.monotonic() < deadline, f"waited {deadline_s} s in vain: {what}"
        time.sleep(0.05)


@dataclass
class Node:
    """One process over a data folder."""

    folder: Path
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def said(self) -> str:
        return self.log.read_text()

    @property
    def url(self) -> str:
        found = re.search(r"http on ([\d.]+:\d+)", self.said)
        assert found is not None, self.said
        return f"http://{found[1]}"

    def pause(self) -> None:
        """Stop it; until the system says that it has stopped, its threads run on and end what they are at."""
        os.kill(self.process.pid, signal.SIGSTOP)
        waited_for(self._has_stopped, "the node has stopped")

    def _has_stopped(self) -> bool:
        found, status = os.waitpid(self.process.pid, os.WUNTRACED | os.WNOHANG)  # macOS has no waitid
        return found != 0 and os.WIFSTOPPED(status)

    def resume(self) -> None:
        os.kill(self.process.pid, signal.SIGCONT)

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=DEADLINE_S)


@dataclass
class Cluster:
    """A store, a remote, and the nodes on them."""

    root: Path
    url: str
    repository: str
    nodes: list[Node] = field(default_factory=list[Node])

    @property
    def loop(self) -> Loop:
        """The remote, and the data folder of the first node."""
        return Loop(root=self.root, repository=self.repository)

    def build(self, *, dead_after_s: int = DEAD_AFTER_S, **every_s: int) -> "Cluster":
        """The remote and one data folder, with the periods of the flows; those not named run once."""
        self.loop.data.mkdir(parents=True)
        build_remote(self.repository, self.loop.remote)
        periods = {f"{flow}_every_s": every_s.get(flow, NEVER_S) for flow in ("judge", "draft", "sync", "mirror")}
        schedule = "\n".join(f"{name} = {value}" for name, value in periods.items())
        (self.loop.data / "sidecar.toml").write_text(
            f'[schedule]\ndead_after_s = {dead_after_s}\n{schedule}\n\n[store]\nurl = "{self.url}"\n\n'
            f'[projects."{self.loop.project}"]\nurl = "{self.loop.remote}"\n'
        )
        return self

    def fill(self, *, is_judged: bool) -> "Cluster":
        """Every recorded session of the repository, settled; judged too when asked."""
        with self.opened() as installation:
            asyncio.run(receive_all(installation.receiver(), self.repository))
            installation.projector().run(now_ns=time.time_ns())
            if is_judged:
                asyncio.run(judge_sessions(installation.store, judge("evidence"), now_ns=time.time_ns))
        return self

    @contextmanager
    def opened(self) -> Generator[Installation]:
        config = load_config(self.loop.data / "sidecar.toml", {})
        with Installation.open(DataDir.open(self.loop.data), config, owner="test") as installation:
            yield installation

    def folder(self, name: str) -> Path:
        """A data folder for one more node, with the store's key."""
        folder = self.root / name
        if not folder.exists():
            DataDir.open(self.loop.data)
            folder.mkdir()
            for file in ("key", "sidecar.toml"):
                shutil.copy(self.loop.data / file, folder / file)
        return folder

    def start(self, folder: Path, *command: str) -> Node:
        """A process that has said that it is there."""
        log = self.root / f"log{len(self.nodes)}"
        arguments = command or ("serve", "--http", "127.0.0.1:0", "--grpc", "")
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "sidecar", *arguments, "--data", str(folder)], stdout=out, stderr=out
            )
        node = Node(folder=folder, log=log, process=process)
        self.nodes.append(node)
        ready = "at work on" if command and command[0] == "work" else "http on"
        waited_for(lambda: ready in node.said or process.poll() is not None, f"{folder.name} is ready")
        return node

    def end(self) -> None:
        """Kill every node; what each said last is shown where the test failed."""
        for node in self.nodes:
            print(f"{node.log.name}:", *node.said.splitlines()[-LINES_SHOWN:], sep="\n")
            if node.process.poll() is None:
                node.resume()
                node.kill()

    def asked(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            return connection.execute(query, values).fetchall()  # pyright: ignore[reportArgumentType, reportCallIssue] # tests' own

    @contextmanager
    def locked(self, table: str) -> Generator[None]:
        """Whoever needs the table waits until the block ends."""
        with psycopg.connect(self.url.replace("+psycopg", "")) as connection:
            connection.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")  # pyright: ignore[reportArgumentType, reportCallIssue] # tests' own
            yield
            connection.rollback()

    def wait_until_blocked(self, table: str) -> None:
        """Return when a process waits for the locked table."""
        query = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
        waited_for(lambda: bool(self.asked(query, table)), f"somebody needs {table}")

    def runs(self) -> dict[str, str]:
        """Name to state of every run of a flow that any node may do."""
        if self.asked("SELECT to_regclass('dbos.workflow_status')") == [(None,)]:
            return {}
        rows = self.asked("SELECT workflow_uuid, status FROM dbos.workflow_status WHERE queue_name = 'flows'")
        return {str(name): str(state) for name, state in rows}

    def under_way(self) -> list[str]:
        """Names of the runs that a node has begun and not ended."""
        return [name for name, state in self.runs().items() if state == "PENDING"]

    def wait_until_done(self, *flows: str) -> None:
        """Return when each of the flows has run, and nothing is under way."""
        done = {f"{flow}:" for flow in flows}

        def is_done() -> bool:
            runs = self.runs()
            begun = {name.partition(":")[0] + ":" for name in runs}
            return done <= begun and set(runs.values()) == {"SUCCESS"}

        waited_for(is_done, f"{flows} run: {self.runs()}")

    def steps_per_run(self) -> set[int]:
        """How often the step of a run was recorded, over all runs."""
        rows = self.asked("SELECT workflow_uuid, count(*) FROM dbos.operation_outputs GROUP BY workflow_uuid")
        return {int(count) for _, count in rows}

    def verdicts_per_session(self) -> Counter[int]:
        """How many records a session has from one judge version; to how many sessions."""
        rows = self.asked("SELECT count(*) FROM verdicts GROUP BY team, agent, session_id, judge, judge_version")
        return Counter(int(count) for (count,) in rows)

    def proposals(self) -> int:
        return int(self.asked("SELECT count(*) FROM proposals")[0][0])
