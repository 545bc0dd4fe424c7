"""Both databases for the contract suites: a SQLite file, and a database of a PostgreSQL server started here."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sidecar.store import Inbox, Store
from tests.contracts.postgres import PostgresMissingError, PostgresServer


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The session's server; without programs for it the tests fail in CI, and say why they were skipped elsewhere."""
    try:
        server = PostgresServer.start()
    except PostgresMissingError as exc:
        if os.environ.get("CI") == "true":
            pytest.fail(str(exc))
        pytest.skip(str(exc))
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.fresh_url()


@pytest.fixture
def inbox_url(database_url: str, tmp_path: Path) -> str:
    """Where the inbox of that store is: a file of its own beside SQLite, the same database on PostgreSQL."""
    return f"sqlite:///{tmp_path}/inbox.db" if database_url.startswith("sqlite") else database_url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An empty store."""
    store = Store.open(database_url)
    yield store
    store.close()


@pytest.fixture
def inbox(inbox_url: str) -> Iterator[Inbox]:
    """An empty inbox."""
    inbox = Inbox.open(inbox_url)
    yield inbox
    inbox.close()
