"""Starting, refusing to start, and stopping: ports, addresses, one serve per data folder."""

import asyncio
import json
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from sidecar.addresses import Address, bind, parse_address
from sidecar.config import Config
from sidecar.data_dir import DataDir
from sidecar.errors import ConfigError
from sidecar.installation import Installation
from sidecar.serve import ProjectorLoop
from tests.reading import caught_up

LOOPBACK = Address(host="127.0.0.1", port=0)
QUICK_S = 8.0
"""Below what service managers wait before they kill; a quiet machine needs half a second."""
PATIENCE_S = 60
"""For a start, or an answer to the first request, on a machine that is busy with other things."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """A `sidecar serve` that has said where it listens."""

    process: subprocess.Popen[str]
    http: str
    grpc: str | None
    data: str

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str, float]:
        """Exit code, everything it said, and the seconds that stopping took."""
        started = time.monotonic()
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, said, time.monotonic() - started

    def post(self, target: str, content: bytes) -> None:
        headers = {"content-type": "application/json"}
        url = f"http://{self.http}/{target}"
        httpx.post(url, content=content, headers=headers, timeout=PATIENCE_S).raise_for_status()

    def connect(self) -> socket.socket:
        host, _, port = self.http.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=PATIENCE_S)


def command(data: Path, http: str = "127.0.0.1:0", grpc: str = "127.0.0.1:0") -> list[str]:
    return [sys.executable, "-m", "sidecar", "serve", "--data", str(data), "--http", http, "--grpc", grpc, "--json"]


@contextmanager
def serving(data: Path) -> Generator[Serving]:
    with subprocess.Popen(command(data), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        announced = json.loads("".join(process.stdout.readline() for _ in range(5)))
        try:
            yield Serving(process=process, **announced)
        finally:
            process.kill()


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} does not come"
        time.sleep(0.02)


def refused(line: list[str]) -> str:
    """What a serve that does not start says; it takes exit code 2, and no traceback."""
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:4318", Address(host="127.0.0.1", port=4318)),
        ("localhost:0", Address(host="127.0.0.1", port=0)),
        ("[::1]:65535", Address(host="::1", port=65535)),
    ],
)
def test_loopback_addresses_are_taken(text: str, address: Address) -> None:
    assert address == parse_address(text, option="--http")


@pytest.mark.parametrize(
    "text",
    ["", "4318", ":", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1", "localhost:٣"],
)
def test_nonsense_is_told_what_an_address_looks_like(text: str) -> None:
    with pytest.raises(ConfigError, match=r"^--http '.*': HOST:PORT was expected, such as 127.0.0.1:4318$"):
        parse_address(text, option="--http")


@pytest.mark.parametrize("text", [":4318", "::1:1", "example.com:80", "256.0.0.1:80"])
def test_a_host_that_is_no_address_of_a_machine_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ConfigError, match=r"an IP address of this machine was expected, such as 127.0.0.1"):
        parse_address(text, option="--grpc")


def test_bound_socket_holds_its_port_at_once() -> None:
    with closing(bind(LOOPBACK, option="--http")) as first:
        taken = Address(host="127.0.0.1", port=first.getsockname()[1])

        with pytest.raises(ConfigError, match=r"--grpc .* already in use; stop what listens there or choose another"):
            bind(taken, option="--grpc")


@pytest.mark.parametrize("option", ["http", "grpc"])
def test_taken_port_is_an_error_at_start(tmp_path: Path, option: str) -> None:
    with closing(bind(LOOPBACK, option="--http")) as other:
        taken = f"localhost:{other.getsockname()[1]}"

        said = refused(command(tmp_path / "data", **{option: taken}))

    assert f"--{option} {taken.replace('localhost', '127.0.0.1')}: address already in use" in said


def test_one_port_for_both_is_an_error_at_start(tmp_path: Path) -> None:
    with closing(bind(LOOPBACK, option="--http")) as free:
        port = free.getsockname()[1]

    said = refused(command(tmp_path / "data", http=f"127.0.0.1:{port}", grpc=f"127.0.0.1:{port}"))

    assert f"--grpc 127.0.0.1:{port}" in said


def test_unknown_setting_is_an_error_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "sidecar.toml").write_text("[serve]\n")

    said = refused(command(tmp_path))

    assert "unknown key 'serve'" in said
    assert not (tmp_path / "key").exists()


def test_second_serve_on_one_folder_is_told_of_the_first(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as first:
        said = refused(command(tmp_path / "data"))
        health = httpx.get(f"http://{first.http}/healthz", timeout=PATIENCE_S)

        first.stop()

    assert f"already served by process {first.process.pid}; stop that one" in said
    assert health.status_code == 200


def test_folder_of_a_killed_serve_can_be_served_again(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as first:
        first.stop(signal.SIGKILL)

    with serving(tmp_path / "data") as second:
        assert second.stop()[0] == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_it_quickly_and_without_an_error(tmp_path: Path, number: int) -> None:
    with serving(tmp_path / "data") as running, closing(running.connect()):
        running.post("transcripts/cline?session=s", b"{}")

        code, said, took_s = running.stop(number)

    assert code == 0
    assert "Traceback" not in said
    assert took_s < QUICK_S


def test_request_that_never_ends_is_sent_away_at_the_stop(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as running, closing(running.connect()) as slow:
        head = b"host: localhost\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n"
        slow.sendall(b"POST /transcripts/cline?session=s HTTP/1.1\r\n" + head)
        answers = slow.makefile("rb")
        assert answers.readline() == b"HTTP/1.1 100 Continue\r\n"  # said by who waits for the body
        assert answers.readline() == b"\r\n"
        slow.sendall(b"begun")

        code, said, took_s = running.stop()
        answer = answers.read()

    assert (code, answer[:12]) == (0, b"HTTP/1.1 503")
    assert "Traceback" not in said
    assert took_s < QUICK_S


def test_everything_it_writes_lies_in_the_data_folder(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as running:
        running.post("transcripts/cline?session=s", b"{}")
        wait_for(tmp_path / "data" / "engine.db")  # opened after the ports
        running.stop()

    assert Path(running.data) == tmp_path / "data"
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    assert {path.name for path in (tmp_path / "data").iterdir()} == {
        "engine.db",
        "inbox.db",
        "key",
        "node",
        "serve.lock",
        "store.db",
        "work.lock",
    }


FORGING = "s-1\n2026-11-26 10:00:00,000 INFO sidecar.serve: all is well\x1b[2J\u202e"


def start_hook(session: str, event: str) -> bytes:
    told = {"session_id": session, "hook_event_name": event, "cwd": "/w", "transcript_path": "/t"}
    return json.dumps(told).encode()


def damage_observations(data: Path) -> None:
    with closing(sqlite3.connect(data / "store.db", timeout=20)) as store, store:
        store.execute("UPDATE observations SET body = x'00'")


def test_a_sessions_id_forges_no_line_of_the_log(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as running:
        read = f"http://{running.http}/api/sessions"
        running.post("hooks/claude_code", start_hook(FORGING, "SessionStart"))
        caught_up(read).raise_for_status()  # not before it is projected
        damage_observations(tmp_path / "data")
        running.post("hooks/claude_code", start_hook(FORGING, "SessionEnd"))
        caught_up(read).raise_for_status()

        said = running.stop()[1]

    told = [line for line in said.splitlines() if "all is well" in line]
    assert len(told) == 1, said
    assert "session s-1 / 2026-11-26 10:00:00,000 INFO sidecar.serve: all is well\\x1b[2J\\x202e cannot be" in told[0]


async def test_projecting_has_ended_when_its_run_returns_after_a_stop(tmp_path: Path) -> None:
    with Installation.open(DataDir.open(tmp_path / "data"), Config(), owner="test") as installation:
        loop = ProjectorLoop(installation.projector(), lambda _: None)
        projecting = asyncio.create_task(loop.run())
        await loop.caught_up()

        loop.stop()
        await asyncio.wait_for(projecting, 5)

    assert projecting.done()
    assert not projecting.cancelled()
