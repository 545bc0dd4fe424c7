"""A scripted model that explains, a store, and one judge's batches over both."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from sidecar.store import Store
from tests.judges.failure.answering import explained
from tests.scripted_model import ScriptedModel
from tests.sidecar.jobs.batching import Desk


@pytest.fixture
def server() -> Iterator[ScriptedModel]:
    """Explains every packet well until a test says otherwise."""
    with ScriptedModel(explained) as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = Store.open(f"sqlite:///{tmp_path}/store.db")
    yield opened
    opened.close()


@pytest.fixture
async def desk(store: Store, server: ScriptedModel) -> AsyncIterator[Desk]:
    """The judge `failure` asking the server in batches."""
    opened = Desk(store, server)
    yield opened
    await opened.close()
