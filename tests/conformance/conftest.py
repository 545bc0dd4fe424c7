"""A `sidecar serve` of its own process, as senders meet it, and plain clients of both protocols."""

import json
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import grpc.aio
import httpx
import pytest

from tests.reading import caught_up_by
from tests.sidecar.requests import inbox_rows

SERVICE = "/opentelemetry.proto.collector.{0}.v1.{1}Service/Export"
TRACES, LOGS, METRICS = (
    SERVICE.format("trace", "Trace"),
    SERVICE.format("logs", "Logs"),
    SERVICE.format("metrics", "Metrics"),
)
PROTOBUF = {"content-type": "application/x-protobuf"}
JSON = {"content-type": "application/json"}
GZIP = {"content-encoding": "gzip"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One running sidecar."""

    data: Path
    http: str
    """Base URL."""
    grpc: str
    """HOST:PORT."""
    pid: int

    def rows(self) -> list[tuple[str, str]]:
        """Channel and hash of every committed row."""
        return inbox_rows(self.data)

    def rss_bytes(self, *, is_peak: bool = False) -> int:
        """Resident memory, now or at its highest."""
        name = "VmHWM" if is_peak else "VmRSS"
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))


@dataclass(slots=True)
class Servers:
    """Starts sidecars and stops them all."""

    root: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list[subprocess.Popen[str]])

    def start(self, settings: str = "") -> Server:
        """A sidecar with these settings beside the schedule that is off."""
        data = self.root / f"data-{len(self.started)}"
        data.mkdir()
        # what was sent is looked for as it was sent
        text = f'[schedule]\nis_on = false\n\n[capture]\nlevel = "full"\n\n{settings}\n'
        (data / "sidecar.toml").write_text(text)
        command = [sys.executable, "-m", "sidecar", "serve", "--data", str(data), "--json"]
        with (data / "log.txt").open("w") as log:
            process = subprocess.Popen(
                [*command, "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0"],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.started.append(process)
        assert process.stdout is not None
        said = ""
        while not said.endswith("}\n"):
            line = process.stdout.readline()
            assert line, (data / "log.txt").read_text()
            said += line
        listening = json.loads(said)
        return Server(data=data, http=f"http://{listening['http']}", grpc=listening["grpc"], pid=process.pid)

    def stop(self) -> None:
        for process in self.started:
            process.terminate()
        for process in self.started:
            process.communicate(timeout=120)


async def spans_of(client: httpx.AsyncClient, trace_id: str) -> int:
    """Spans of a trace that are read back when all that was taken has been projected."""
    answer = await caught_up_by(client, f"/api/traces/{trace_id}")
    return len(answer.json()["spans"]) if answer.status_code == 200 else 0


@pytest.fixture
def servers(tmp_path: Path) -> Generator[Servers]:
    """Sidecars of one test."""
    servers = Servers(tmp_path)
    yield servers
    servers.stop()


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """The sidecar with its defaults, shared: a test looks for its own trace only."""
    servers = Servers(tmp_path_factory.mktemp("usual"))
    yield servers.start()
    servers.stop()


@pytest.fixture
def fresh(servers: Servers) -> Server:
    """A sidecar with its defaults that nobody else sends to."""
    return servers.start()


@pytest.fixture
async def http(usual: Server) -> AsyncGenerator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=usual.http, timeout=60) as client:
        yield client


@dataclass(frozen=True, slots=True)
class GrpcClient:
    """A channel that sends and gives bytes."""

    channel: grpc.aio.Channel

    async def call(self, method: str, body: bytes, compression: grpc.Compression | None = None) -> bytes:
        send: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = self.channel.unary_unary(method)
        return await send(body, timeout=60, compression=compression)

    async def refusal(
        self, method: str, body: bytes, compression: grpc.Compression | None = None
    ) -> grpc.aio.AioRpcError:
        """The error that a call must end in."""
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await self.call(method, body, compression)
        return caught.value


def grpc_channel(target: str) -> grpc.aio.Channel:
    options = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]
    return grpc.aio.insecure_channel(target, options=options)


@pytest.fixture
async def rpc(usual: Server) -> AsyncGenerator[GrpcClient]:
    async with grpc_channel(usual.grpc) as channel:
        yield GrpcClient(channel)


def trailers(error: grpc.aio.AioRpcError) -> dict[str, bytes]:
    """Binary trailing metadata."""
    return {name: value for name, value in error.trailing_metadata() if isinstance(value, bytes)}
