"""Drives the whole circle as a user would: `serve` and the flows as subprocesses, git with a bare remote."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from typer.testing import CliRunner

from sidecar.cli.app import app
from sidecar.data_dir import DataDir
from sidecar.recordings import RecordedRequest, load_recording, recordings
from sidecar.recordings.repositories import REMOTES, build_remote
from sidecar.sessions import project_of

START_S = 60
GIT = {"PATH": os.environ["PATH"], "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
PERSON = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.com",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.com",
}


def requests_of(repository: str) -> list[RecordedRequest]:
    """Every recorded request of a fixture repository's sessions, in the order they happened."""
    found = [load_recording(name) for name in recordings()]
    played = [request for one in found if one.repository == repository for request in one.requests]
    return sorted(played, key=lambda request: request.at_ns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """One data folder, one bare remote, and the commands over them."""

    root: Path
    repository: str

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def remote(self) -> Path:
        return self.root / f"{self.repository}.git"

    @property
    def project(self) -> str:
        return str(project_of(REMOTES[self.repository]))

    def build(self) -> "Loop":
        """The data folder, the remote and the settings, as the demo makes them."""
        DataDir.open(self.data)
        build_remote(self.repository, self.remote)
        self.write_settings()
        return self

    def write_settings(self) -> None:
        """Settings that point at this loop's remote; flows run when a test says so."""
        settings = f'[schedule]\nis_on = false\n\n[projects."{self.project}"]\nurl = "{self.remote}"\n'
        (self.data / "sidecar.toml").write_text(settings)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "sidecar", *arguments, "--data", str(self.data)]

    def run(self, *arguments: str, code: int = 0) -> Any:
        """Run a command to its end, in this process, and give its JSON as a script would read it."""
        done = CliRunner().invoke(app, [*arguments, "--json", "--data", str(self.data)], catch_exceptions=False)
        assert done.exit_code == code, done.output
        return json.loads(done.stdout) if done.stdout else {}

    def printed(self, *arguments: str) -> str:
        """Run a command to its end, in this process, and give what a person reads."""
        done = CliRunner().invoke(app, [*arguments, "--data", str(self.data)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command in a process group of its own, to be killed as a whole."""
        return subprocess.Popen(
            self.command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    def propose_and_sync(self) -> None:
        """Both flows once, as commands."""
        self.run("propose")
        self.run("sync")

    def commit(self, message: str, files: Mapping[str, str | None], *, branch: str = "main") -> str:
        """A person's commit on a branch with these files (None removes); its hash."""
        with tempfile.TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": f"{folder}/index"}
            self.git("read-tree", branch, env=index)
            for path, text in files.items():
                if text is None:
                    # removing asks for a work tree, which a bare repository has not
                    place = {"GIT_DIR": str(self.remote), "GIT_WORK_TREE": folder}
                    self.git("update-index", "--force-remove", path, env=index | place)
                    continue
                draft = Path(folder) / "blob"
                draft.write_text(text)
                sha = self.git("hash-object", "-w", str(draft))
                self.git("update-index", "--add", "--cacheinfo", f"100644,{sha},{path}", env=index)
            tree = self.git("write-tree", env=index)
        commit = self.git("commit-tree", tree, "-p", branch, "-m", message)
        self.git("update-ref", f"refs/heads/{branch}", commit)
        return commit

    def squash_merge(self) -> None:
        """What a forge's squash button does: the branch's tree as one new commit on main."""
        (branch,) = self.branches()
        commit = self.git("commit-tree", f"{branch}^{{tree}}", "-p", "main", "-m", "Squashed by a person")
        self.git("update-ref", "refs/heads/main", commit)
        self.git("update-ref", "-d", f"refs/heads/{branch}")

    def git(self, *arguments: str, env: dict[str, str] | None = None) -> str:
        """git in the bare remote, as somebody with access to it."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.remote,
            env=GIT | PERSON | (env or {}),
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def branches(self) -> list[str]:
        return self.git("for-each-ref", "--format=%(refname:short)", "refs/heads/sidecar").splitlines()

    def proposal_records(self) -> list[Path]:
        return sorted(Path(f"{self.remote}.proposals").rglob("*.json"))

    def proposal_text(self) -> str:
        (text,) = Path(f"{self.remote}.proposals").rglob("*.md")
        return text.read_text()


class Serving:
    """A `sidecar serve` that can be killed and started again on the same data folder."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self.url = ""
        self._process = self._started()

    def _started(self) -> subprocess.Popen[str]:
        process = self._loop.start("serve", "--http", "127.0.0.1:0", "--grpc", "")
        assert process.stderr is not None
        deadline = time.monotonic() + START_S
        seen: list[str] = []
        while time.monotonic() < deadline:
            line = process.stderr.readline()
            seen.append(line)
            if match := re.search(r"http on ([\d.]+:\d+)", line):
                self.url = f"http://{match[1]}"
                return process
            if not line:
                break
        raise AssertionError(f"serve did not start: {''.join(seen)}")

    def kill(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

    def restart(self) -> None:
        self._process = self._started()

    def stop(self) -> int:
        self._process.terminate()
        self._process.communicate(timeout=START_S)
        return self._process.returncode


async def play(url: str, requests: Sequence[RecordedRequest], acknowledged: set[int], until: int | None = None) -> None:
    """Post what is not acknowledged yet, a few at a time; stop when the server is gone or `until` are acknowledged."""
    waiting = [number for number in range(len(requests)) if number not in acknowledged][::-1]
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:

        async def send() -> None:
            while waiting and (until is None or len(acknowledged) < until):
                number = waiting.pop()
                request = requests[number]
                try:
                    answer = await client.post(request.target, content=request.body, headers=dict(request.headers))
                except httpx.TransportError:
                    return
                if answer.status_code == 200:
                    acknowledged.add(number)

        await asyncio.gather(*(send() for _ in range(4)))
