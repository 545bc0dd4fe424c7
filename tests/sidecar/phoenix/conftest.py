"""A stand-in Phoenix, a client of it, and an empty store."""

from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from sidecar.phoenix.client import PhoenixClient
from sidecar.store import Store
from tests.sidecar.phoenix.stand_in import StandIn, stand_in


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(f"sqlite:///{tmp_path}/store.db")
    yield store
    store.close()


@pytest.fixture
async def phoenix() -> AsyncGenerator[StandIn]:
    async with stand_in() as running:
        yield running


@pytest.fixture
async def client(phoenix: StandIn) -> AsyncGenerator[PhoenixClient]:
    async with PhoenixClient.connect(phoenix.url) as client:
        yield client
