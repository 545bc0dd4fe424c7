"""Imports the program once, then runs one command of it in a forked process for each line it is given.

Reads jobs and writes what became of them as lines of JSON. No thread may have begun when it forks.
"""

import contextlib
import gc
import json
import os
import sys
from pathlib import Path
from typing import Any

from tests.kills.points import Point, Trace
from tests.kills.warming import compile_once

_PARTS = (
    *("alembic.command", "anthropic.types", "sidecar.cli.app", "sidecar.engine", "sidecar.flows", "sidecar.installed"),
    *("sidecar.llm.provider", "sidecar.phoenix.mirror", "sidecar.forges.local", "judges.evidence", "judges.failure"),
    *("git.cmd", "sqlalchemy.dialects.sqlite.pysqlite", "uvicorn", "collectors.claude_code", "collectors.cline"),
)
"""What the commands import when they run."""


def serve() -> None:
    """Run jobs until there are no more."""
    for name in _PARTS:
        __import__(name)
    compile_once()
    gc.collect()
    gc.freeze()  # else a child's first full collection would touch, and so copy, everything imported here
    for line in sys.stdin:
        job = json.loads(line)
        threads = len(list(Path("/proc/self/task").iterdir()))
        assert threads == 1, f"{threads} threads have begun by importing; forking would lose them"
        pid = os.fork()
        if pid == 0:
            _run(job)
        _say({"pid": pid})
        _, status = os.waitpid(pid, 0)
        is_killed = os.WIFSIGNALED(status)
        code = os.WTERMSIG(status) if is_killed else os.WEXITSTATUS(status)
        _say({"is_killed": is_killed, "code": code})


def _say(words: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def _run(job: dict[str, Any]) -> None:
    """One command, in this process, to its end or to its point."""
    code = 70
    try:
        nothing, output = os.open(os.devnull, os.O_RDONLY), os.open(job["output"], os.O_WRONLY | os.O_CREAT, 0o600)
        for number, opened in enumerate((nothing, output, output)):
            os.dup2(opened, number)
        os.environ.clear()
        os.environ.update(job["environment"])
        sys.argv = ["sidecar", *job["arguments"]]
        from sidecar.cli import main

        points = [Point.parse(point) for point in job["points"]]
        trace = Trace(points, kill_at=job["kill_at"], victim=job["victim"])
        if job["points"]:
            trace.start()
        try:
            main()
            code = 0
        except SystemExit as exc:
            code = exc.code if isinstance(exc.code, int) else int(exc.code is not None)
        finally:
            sys.settrace(None)
        passed = {str(point): count for point, count in trace.passed.items()}
        Path(job["output"] + ".passed").write_text(json.dumps(passed))
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve()
