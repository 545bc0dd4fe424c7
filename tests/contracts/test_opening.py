"""Opening and migrating: what stands in the database afterwards, and what a person reads when it cannot be opened."""

import runpy
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, create_engine, text
from sqlalchemy.schema import SchemaItem

from sidecar.errors import StoreError
from sidecar.store import Inbox, Store
from sidecar.store.database import Database
from sidecar.store.migrating import MIGRATIONS, Branch, version_table
from sidecar.store.schema import INBOX, STORE
from tests.contracts.postgres import PostgresServer

both_branches = pytest.mark.parametrize(
    ("branch", "tables"), [pytest.param(Branch.STORE, STORE, id="store"), pytest.param(Branch.INBOX, INBOX, id="inbox")]
)


def only(tables: MetaData) -> Callable[..., bool]:
    def is_wanted(item: SchemaItem, name: str, kind: str, *_: object) -> bool:
        return kind != "table" or name in tables.tables

    return is_wanted


@both_branches
def test_the_migrations_end_in_the_tables_that_the_code_uses(
    database_url: str, branch: Branch, tables: MetaData
) -> None:
    database = Database.open(database_url, branch)

    with database.read() as connection:
        options = {"version_table": version_table(branch), "compare_type": True, "include_object": only(tables)}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), tables)

    database.close()
    assert differences == []


@both_branches
def test_migrations_are_called_by_the_numbers_of_their_files_and_follow_each_other(
    branch: Branch, tables: MetaData
) -> None:
    files = sorted((MIGRATIONS / branch).glob("[0-9]*.py"))
    read = [runpy.run_path(str(file)) for file in files]

    assert [one["revision"] for one in read] == branch.revisions()
    assert [one["down_revision"] for one in read] == [None, *branch.revisions()[:-1]]


def test_opening_what_is_current_loads_no_migrations(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    Store.open(url).close()
    program = (
        f"import sys; from sidecar.store import Store; Store.open({url!r}).close(); print('alembic' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"


def test_sessions_have_team_project_task_and_person_from_the_first_migration_on() -> None:
    columns = STORE.tables["sessions"].columns

    assert {name: bool(columns[name].nullable) for name in ("team", "project", "task", "person")} == {
        "team": False,
        "project": True,
        "task": True,
        "person": True,
    }


def test_store_and_inbox_share_a_postgresql_database(postgres: PostgresServer) -> None:
    url = postgres.fresh_url()

    inbox, store = Inbox.open(url), Store.open(url)

    assert 0 == inbox.counts()["new"] == store.counts().outcomes
    inbox.close()
    store.close()


def test_many_may_open_a_new_database_at_once(database_url: str) -> None:
    def open_and_close(_: int) -> None:
        Store.open(database_url).close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(open_and_close, range(6)))

    store = Store.open(database_url)
    assert store.counts().outcomes == 0
    store.close()


@pytest.mark.parametrize("kind", [Store, Inbox])
def test_a_database_of_a_newer_version_is_not_touched(database_url: str, kind: type[Store] | type[Inbox]) -> None:
    kind.open(database_url).close()
    engine = create_engine(database_url)
    branch = Branch.STORE if kind is Store else Branch.INBOX
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {version_table(branch)} SET version_num = 'from_2031'"))
    engine.dispose()

    with pytest.raises(StoreError, match=r"written by a newer sidecar \(schema from_2031\); install that version"):
        kind.open(database_url)


@both_branches
def test_sqlite_syncs_every_commit_and_keeps_foreign_keys(tmp_path: Path, branch: Branch, tables: MetaData) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/a.db", branch)

    with database.write() as connection:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        values = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names}

    database.close()
    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


@pytest.mark.parametrize("kind", [Store, Inbox])
def test_sqlite_files_are_for_their_user_only(tmp_path: Path, kind: type[Store] | type[Inbox]) -> None:
    path = tmp_path / "a.db"
    path.touch(0o644)

    database = kind.open(f"sqlite:///{path}")

    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    database.close()
    assert modes == {"a.db": 0o600, "a.db-wal": 0o600, "a.db-shm": 0o600}


def test_a_path_with_odd_characters_works(tmp_path: Path) -> None:
    folder = tmp_path / "50% of it; and more, ä"
    folder.mkdir()

    Store.open(f"sqlite:///{folder}/store.db").close()

    assert [file.name for file in folder.iterdir()] == ["store.db"]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        pytest.param("sqlite:///{folder}/no/store.db", "No such file or directory.; its folder", id="no folder"),
        pytest.param("sqlite:///{folder}", "cannot be opened for this user alone .Is a directory", id="a folder"),
        pytest.param("sqlite:///{folder}/text", "is not a SQLite database; name another file", id="another file"),
        pytest.param("sqlite://", "name a file: sqlite:///PATH", id="in memory"),
        pytest.param("mysql://host/name", "use sqlite:///PATH or postgresql", id="another database"),
        pytest.param("store.db", "is not a database url; write sqlite:///PATH", id="not a url"),
        pytest.param("postgresql+psycopg://u@/x?host={folder}", "is it running", id="no server"),
    ],
)
def test_what_cannot_be_opened_says_what_to_do(tmp_path: Path, url: str, words: str) -> None:
    (tmp_path / "text").write_text("This is a text of more than one hundred bytes. " * 50)

    with pytest.raises(StoreError, match=words):
        Store.open(url.format(folder=tmp_path))


def test_a_missing_postgresql_database_is_named_without_the_password(postgres: PostgresServer) -> None:
    url = postgres.fresh_url().replace("/test_", "/missing_").replace("sidecar@", "sidecar:hunter2@")

    with pytest.raises(StoreError, match="refused the login; check user, password and database") as caught:
        Store.open(url)

    assert not caught.value.transient
    assert "hunter2" not in str(caught.value)
