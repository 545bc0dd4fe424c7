"""Run Phoenix in this process and end with the parent, however that ends.

Run by Phoenix's own interpreter, by path, with the parent's process id as the only argument; imports nothing of ours.
A parent that is killed cannot stop its children, and Linux's own signal for it follows a thread, not a process.
"""

import os
import runpy
import signal
import sys
import threading
import time

WATCH_S = 0.5


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH_S)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    threading.Thread(target=_end_with, args=(int(sys.argv[1]),), daemon=True).start()
    sys.argv = ["phoenix", "serve"]
    runpy.run_module("phoenix.server.main", run_name="__main__", alter_sys=True)
