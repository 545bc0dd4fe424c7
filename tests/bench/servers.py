"""Servers as processes of their own on one core, and a sender on the other."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SERVER_CORE = 0
SENDER_CORE = 1
CONNECTIONS = 16
START_S = 30
_PINNED = "import os, sys; os.sched_setaffinity(0, {int(sys.argv[1])}); os.execv(sys.argv[2], sys.argv[2:])"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One that answers."""

    port: int
    ready_s: float
    """From the start of the process to its first answer."""
    process_id: int

    def resident_mb(self, *, at_most: bool = False) -> float:
        """Memory in use now, or the most there ever was, MB."""
        name = "VmHWM" if at_most else "VmRSS"
        status = Path(f"/proc/{self.process_id}/status").read_text(encoding="ascii")
        kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith(name))
        return int(kilobytes) * 1024 / 1e6


@contextmanager
def server(arguments: list[str], *, port: int, path: str) -> Generator[Server]:
    """A Python module run as a process until the block ends; entered when it answers at `path`."""
    core = str(min(SERVER_CORE, (os.cpu_count() or 1) - 1))
    command = [sys.executable, "-c", _PINNED, core, sys.executable, "-m", *arguments]
    started = time.perf_counter()
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said) as process,
    ):
        try:
            while not _answers(f"http://127.0.0.1:{port}{path}"):
                if process.poll() is not None or time.perf_counter() > started + START_S:
                    said.seek(0)
                    raise AssertionError(f"{arguments[0]} does not answer: {said.read()[-2000:].decode()}")
                time.sleep(0.01)
            yield Server(port=port, ready_s=time.perf_counter() - started, process_id=process.pid)
        finally:
            process.kill()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1):
            return True
    except (urllib.error.URLError, ConnectionError):
        return False


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Answers:
    """What senders were told."""

    acknowledged: int = 0
    refused: int = 0
    """503 with a Retry-After of 1 to 3 seconds."""
    others: list[str] = field(default_factory=list[str])
    """Anything else; nothing else may come."""
    seconds: float = 0.0
    """Until the last answer: what was under way at the end is counted, so its time is, too."""

    @property
    def per_s(self) -> float:
        """Acknowledged requests a second."""
        return self.acknowledged / self.seconds


def load(port: int, bodies: Iterator[bytes], *, seconds: float, connections: int = CONNECTIONS) -> Answers:
    """Send without a pause over so many connections."""
    os.sched_setaffinity(0, {min(SENDER_CORE, (os.cpu_count() or 1) - 1)})
    return asyncio.run(_load(port, bodies, seconds, connections))


async def _load(port: int, bodies: Iterator[bytes], seconds: float, connections: int) -> Answers:
    answers = Answers()
    began = time.perf_counter()
    await asyncio.gather(*(_send(port, bodies, began + seconds, answers) for _ in range(connections)))
    answers.seconds = time.perf_counter() - began
    return answers


async def _send(port: int, bodies: Iterator[bytes], deadline: float, answers: Answers) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < deadline:
        body = next(bodies)
        writer.write(
            b"POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-protobuf\r\n"
            b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
        )
        writer.write(body)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(_header(head, b"content-length")))
        if head.startswith(b"http/1.1 200"):
            answers.acknowledged += 1
        elif head.startswith(b"http/1.1 503") and 1 <= int(_header(head, b"retry-after")) <= 3:
            answers.refused += 1
        else:
            answers.others.append(head.decode("latin-1"))
    writer.close()


def _header(head: bytes, name: bytes) -> bytes:
    found = (line.partition(b":")[2] for line in head.split(b"\r\n") if line.startswith(name + b":"))
    return next(found, b"0").strip()
