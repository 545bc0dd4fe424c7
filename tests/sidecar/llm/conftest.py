"""A scripted model on loopback and a store for the money."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from sidecar.llm import Model
from sidecar.store import Store
from tests.scripted_model import Clock, ScriptedModel, open_model


@pytest.fixture
def server() -> Iterator[ScriptedModel]:
    """Answers by schema until a test says otherwise."""
    with ScriptedModel() as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = Store.open(f"sqlite:///{tmp_path}/store.db")
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    """Moves only when the model waits."""
    return Clock()


@pytest.fixture
async def model(server: ScriptedModel, store: Store, clock: Clock) -> AsyncIterator[Model]:
    """The server as our model."""
    opened = open_model(server.url, store, clock=clock)
    yield opened
    await opened.close()
