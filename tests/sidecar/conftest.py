"""A sidecar on loopback over a fresh data folder."""

import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from sidecar.config import CaptureConfig, Config, ReceiveConfig
from sidecar.data_dir import DataDir
from sidecar.domain import CaptureLevel
from sidecar.installation import Installation
from sidecar.serve import Address, projecting, running

PATIENCE_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running sidecar and the parts under it."""

    client: httpx.AsyncClient
    installation: Installation
    data: Path
    url: str
    grpc_target: str


@pytest.fixture
async def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Served]:
    # a read on a slow machine shows what was sent, too
    monkeypatch.setattr(projecting, "READ_WAIT_S", PATIENCE_S)
    # what is sent is looked for as it was sent; what each level keeps has tests of its own
    config = Config(receive=ReceiveConfig(max_body_bytes=2_000_000), capture=CaptureConfig(level=CaptureLevel.FULL))
    data_dir = DataDir.open(tmp_path / "data")
    with Installation.open(data_dir, config, owner=f"test:{time.monotonic_ns()}") as installation:
        loopback = Address(host="127.0.0.1", port=0)
        async with running(installation, loopback, loopback) as sidecar:
            url = f"http://127.0.0.1:{sidecar.http_port}"
            async with httpx.AsyncClient(base_url=url, timeout=PATIENCE_S) as client:
                yield Served(
                    client=client,
                    installation=installation,
                    data=data_dir.path,
                    url=url,
                    grpc_target=f"127.0.0.1:{sidecar.grpc_port}",
                )
