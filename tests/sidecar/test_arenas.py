"""Arenas of glibc's malloc, counted by glibc itself in a process of its own."""

import ctypes
import subprocess
import sys

import pytest

THREADS = """
import ctypes, threading
from sidecar.arenas import share_arenas
{first}
together = threading.Barrier(8)
def allocate():
    together.wait()
    bytes(100_000)
    together.wait()
threads = [threading.Thread(target=allocate) for _ in range(8)]
[one.start() for one in threads]
[one.join() for one in threads]
ctypes.CDLL(None).malloc_stats()
"""


def arenas(first: str) -> int:
    program = THREADS.format(first=first)
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return ended.stderr.count("Arena ")


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_stats"), reason="not glibc")
def test_threads_share_two_arenas_instead_of_having_one_each() -> None:
    assert arenas("") > 2
    assert arenas("share_arenas()") == 2
