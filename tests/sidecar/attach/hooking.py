"""Runs the hook scripts as an agent does, with a real shell, and waits for what they do in the background."""

import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sidecar.attach.programs import SCRIPTS

SHELLS = tuple(shell for shell in ("dash", "bash", "busybox sh") if shutil.which(shell.split()[0]))
"""Every POSIX shell of this machine; the scripts must run in each."""
SHELL_RUNS = (SHELLS[0], *(pytest.param(shell, marks=pytest.mark.e2e) for shell in SHELLS[1:]))
"""The same for tests that wait for what the scripts do; only the first of them is quick enough to run each time."""
PATIENCE_S = 20.0
FIRST_OF_OURS = 64
"""The least number of a file that a script inherits and keeps: it closes what an agent may have open, up to 9."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """The scripts of one user, sending to one address."""

    home: Path
    repository: Path
    url: str
    shell: str = "sh"
    scripts: Path = SCRIPTS
    path: str | None = None
    """Where programs are looked for; None for where the tests look."""
    running: set[int] = field(default_factory=set[int])
    """Pipes that end when the last process of a hook does. /proc cannot tell: for a moment in each exec a process has
    no environment there, and one that is started while the folder is read is not in it."""

    @property
    def state(self) -> Path:
        """What the scripts remember."""
        return self.home / ".local" / "state" / "agent-sidecar"

    def fire(self, agent: str, event: str, payload: Mapping[str, object] | bytes) -> "Fired":
        """Call the hook and wait for it as an agent does, for the end of its output too."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
        ends, written = os.pipe()
        self.running.add(ends)
        inherited = fcntl.fcntl(written, fcntl.F_DUPFD_CLOEXEC, FIRST_OF_OURS)
        os.close(written)
        began = time.monotonic()
        run = subprocess.run(
            [*self.shell.split(), str(self.scripts / "hook.sh"), agent, event],
            cwd=self.repository,
            env={"PATH": self.path or os.environ["PATH"], "HOME": str(self.home), "SIDECAR_URL": self.url},
            input=body,
            capture_output=True,
            check=False,
            pass_fds=[inherited],
        )
        took_s = time.monotonic() - began
        os.close(inherited)
        return Fired(exit_code=run.returncode, output=run.stdout + run.stderr, took_s=took_s)

    def spooled(self) -> int:
        """Hooks that wait to be sent."""
        spool = self.state / "spool"
        return len(list(spool.iterdir())) if spool.is_dir() else 0

    def is_at_rest(self) -> bool:
        """Whether nothing of the scripts runs any more."""
        for ended in select.select(self.running, [], [], 0)[0]:
            os.close(ended)
            self.running.remove(ended)
        return not self.running

    def at_rest(self) -> None:
        """Wait until nothing of the scripts runs any more."""
        until(self.is_at_rest)

    def end(self) -> None:
        """End what still runs, so that it does not outlive a test."""

        def is_ended() -> bool:
            for entry in Path("/proc").glob("[0-9]*"):
                with suppress(OSError):
                    if f"HOME={self.home}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                        os.kill(int(entry.name), signal.SIGKILL)
            return self.is_at_rest()

        until(is_ended)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """What an agent saw of a hook."""

    exit_code: int
    output: bytes
    took_s: float


def until(holds: Callable[[], bool]) -> None:
    """Wait until a condition holds, for a bounded time."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)
