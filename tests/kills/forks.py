"""Runs commands through a fork server: to their end, or until they are killed at a point."""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tests.kills.points import Point

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run ended."""

    is_killed: bool
    """By a signal, which can only be ours."""
    code: int
    """Exit code, or the signal's number."""
    output: str
    """Both streams; what a killed run had not flushed is missing."""
    passed: Counter[Point] = field(default_factory=Counter[Point])
    """How often each watched point was passed; known of a run that was not killed."""


class Forks:
    """A context manager around one fork server; one run at a time."""

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="sidecar-kills-")
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.kills.fork_server"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._server.communicate(timeout=30)
        self._folder.cleanup()

    def run(
        self,
        arguments: Sequence[str],
        *,
        points: Sequence[Point] = (),
        kill_at: int | None = None,
        victim: int | None = None,
        environment: Mapping[str, str] | None = None,
        started: Callable[[int], None] = lambda _: None,
    ) -> Ended:
        """Run `sidecar` with these arguments.

        Args:
            points: Watched; without `kill_at` only counted.
            kill_at: At which passing of a point the process is killed.
            victim: Process that is killed in place of the run.
            environment: Beside PATH.
            started: Told the process id as soon as it is known.
        """
        output = Path(self._folder.name) / "output"
        passed = output.with_name("output.passed")
        for path in (output, passed):
            path.unlink(missing_ok=True)
        job = {
            "arguments": list(arguments),
            "points": [str(point) for point in points],
            "kill_at": kill_at,
            "victim": victim,
            "environment": {"PATH": os.environ["PATH"], "HOME": self._folder.name, **(environment or {})},
            "output": str(output),
        }
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps(job) + "\n")
        self._server.stdin.flush()
        started(self._said()["pid"])
        ended = self._said()
        counts: dict[str, int] = json.loads(passed.read_text()) if passed.exists() else {}
        return Ended(
            is_killed=ended["is_killed"],
            code=ended["code"],
            output=output.read_text(errors="replace") if output.exists() else "",
            passed=Counter({Point.parse(text): count for text, count in counts.items()}),
        )

    def _said(self) -> dict[str, Any]:
        assert self._server.stdout is not None
        line = self._server.stdout.readline()
        assert line, f"the fork server ended with code {self._server.wait()}"
        return json.loads(line)
