"""Imports the program once, then runs one sidecar after the other in forked processes: one for each line it is given.

Says the process id of each, and that it has ended. The arguments are the sidecar's. No thread may have begun when it
forks.
"""

import gc
import os
import sys
from pathlib import Path

from tests.kills.warming import compile_once

_PARTS = (
    "sidecar.cli.app",
    "sidecar.cli.receiving",
    "sidecar.serve",
    "uvicorn.loops.auto",
    "uvicorn",
    "alembic.command",
)
"""What a receiving sidecar imports when it starts."""


def _main() -> None:
    for name in _PARTS:
        __import__(name)
    from sidecar.cli import main

    compile_once()
    gc.collect()
    gc.freeze()
    for _ in sys.stdin:
        threads = len(list(Path("/proc/self/task").iterdir()))
        assert threads == 1, f"{threads} threads have begun by importing; forking would lose them"
        pid = os.fork()
        if pid == 0:
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            os.dup2(2, 1)
            try:
                main()
            finally:
                os._exit(1)
        print(pid, flush=True)
        os.waitpid(pid, 0)
        print("ended", flush=True)


if __name__ == "__main__":
    _main()
