"""A model for the judges that ask one: scripted, on loopback, with its money in a store of its own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from sidecar.llm import Model
from sidecar.store import Store
from tests.judges.failure.answering import explained
from tests.scripted_model import ScriptedModel, open_model


@pytest.fixture
def server() -> Iterator[ScriptedModel]:
    """Explains each packet as a good model would."""
    with ScriptedModel(explained) as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = Store.open(f"sqlite:///{tmp_path}/money.db")
    yield opened
    opened.close()


@pytest.fixture
async def model(server: ScriptedModel, store: Store) -> AsyncIterator[Model]:
    """The server as our model."""
    opened = open_model(server.url, store)
    yield opened
    await opened.close()
