"""kill -9 of a receiving sidecar, over and over, under four senders that send again until they have an answer.

`SIDECAR_TEST_KILLS` says how often; a hundred by itself.
"""

import asyncio
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from sidecar.store import codec

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(7200)]

KILLS = int(os.environ.get("SIDECAR_TEST_KILLS", "100"))
SENDERS = 4
LONGEST_LIFE_S = 0.3
"""Counted from the first acknowledgement after a start."""
AGAIN_S = 0.02
PROTOBUF = {"content-type": "application/x-protobuf"}
ROOT = Path(__file__).parents[2]


def body_of(name: str) -> bytes:
    message = ExportTraceServiceRequest()
    span = message.resource_spans.add().scope_spans.add().spans.add(trace_id=b"t" * 16, span_id=b"s" * 8)
    span.attributes.add(key="session.id").value.string_value = name
    return message.SerializeToString()


class Sidecar:
    """One that only receives, at the same port after each kill."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # bound as long as we are, or another process may be given it after a kill; who listens may bind it beside
        self._held = socket.socket()
        self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._held.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._held.getsockname()[1]}"
        (folder / "sidecar.toml").write_text('[capture]\nlevel = "full"\n', encoding="utf-8")
        address = self.url.removeprefix("http://")
        command = [sys.executable, "-m", "tests.kills.receiving", "serve", "--no-work", "--data", str(folder)]
        command += ["--http", address, "--grpc", ""]
        with (folder / "log").open("wb") as log:
            self._forks = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )
        self.start()

    def start(self) -> None:
        self._pid = int(self._said("start"))

    def kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)
        assert self._said() == "ended"

    def close(self) -> None:
        self.kill()
        self._forks.communicate(timeout=30)
        self._held.close()

    def _said(self, command: str = "") -> str:
        assert self._forks.stdin is not None
        assert self._forks.stdout is not None
        if command:
            self._forks.stdin.write(f"{command}\n")
            self._forks.stdin.flush()
        return self._forks.stdout.readline().strip()


class Senders:
    """Send one request after the other; each again and again, the same bytes, until it is acknowledged."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.acknowledged: list[str] = []
        self.others: Counter[int] = Counter()
        self._is_over = False

    async def run(self) -> None:
        await asyncio.gather(*(self._send(sender) for sender in range(SENDERS)))

    def stop(self) -> None:
        self._is_over = True

    async def _send(self, sender: int) -> None:
        number = 0
        async with httpx.AsyncClient(base_url=self._url, timeout=10) as client:
            while not self._is_over:
                name = f"{sender}.{number}"
                while not await self._is_taken(client, body_of(name)):  # noqa: ASYNC110 - nobody tells when it is back
                    await asyncio.sleep(AGAIN_S)
                self.acknowledged.append(name)
                number += 1

    async def _is_taken(self, client: httpx.AsyncClient, body: bytes) -> bool:
        try:
            answer = await client.post("/v1/traces", content=body, headers=PROTOBUF)
        except httpx.TransportError:
            return False
        if answer.status_code not in (200, 503):
            self.others[answer.status_code] += 1
        return answer.status_code == 200


async def kill_often(sidecar: Sidecar, senders: Senders, kills: int) -> None:
    moments = random.Random(20)
    sending = asyncio.create_task(senders.run())
    for _ in range(kills):
        known = len(senders.acknowledged)
        while len(senders.acknowledged) == known:  # noqa: ASYNC110 - the wait is for a count
            await asyncio.sleep(0.005)
        await asyncio.sleep(moments.uniform(0, LONGEST_LIFE_S))
        sidecar.kill()
        sidecar.start()
    # each sender still has its last request acknowledged
    senders.stop()
    await sending


def stored(folder: Path) -> tuple[str, Counter[str]]:
    """What SQLite says of the file, and how often each request is in it."""
    with closing(sqlite3.connect(folder / "inbox.db")) as connection:
        ((sound,),) = connection.execute("PRAGMA integrity_check")
        bodies = [bytes(body) for (body,) in connection.execute("SELECT body FROM inbox")]
    names = [_name(ExportTraceServiceRequest.FromString(_plain(body))) for body in bodies]
    return sound, Counter(names)


def _plain(body: bytes) -> bytes:
    return codec.decompress(body)


def _name(message: ExportTraceServiceRequest) -> str:
    return message.resource_spans[0].scope_spans[0].spans[0].attributes[0].value.string_value


def test_every_acknowledged_request_is_stored_once_whenever_the_sidecar_is_killed(tmp_path: Path) -> None:
    sidecar = Sidecar(tmp_path)
    senders = Senders(sidecar.url)
    try:
        asyncio.run(kill_often(sidecar, senders, KILLS))
    finally:
        sidecar.close()

    sound, found = stored(tmp_path)
    print(f"{KILLS} kills, {len(senders.acknowledged)} acknowledged, {len(found)} stored, integrity_check {sound}")
    assert sound == "ok"
    assert senders.others == Counter()
    assert len(senders.acknowledged) >= KILLS
    assert [name for name in senders.acknowledged if found[name] == 0] == []
    assert [name for name, count in found.items() if count != 1] == []
