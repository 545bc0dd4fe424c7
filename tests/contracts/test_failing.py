"""What happens while the disk is full, read-only or locked, or PostgreSQL is away: a clear error, then recovery."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sidecar.errors import StoreBusyError, StoreError
from sidecar.store import Inbox, InboxReceipt, Store
from tests.contracts.postgres import PostgresServer
from tests.contracts.reading_only import NOBODY
from tests.contracts.records import TEAM, make_decision, make_entry, make_key, make_session

ROOT = Path(__file__).parents[2]
DISK_BYTES = 2 * 2**20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 2 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "none", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"a small file system cannot be mounted here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Take every byte that is left."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue
    return ballast


async def test_the_inbox_on_a_full_disk_refuses_whole_batches_and_recovers(small_disk: Path) -> None:
    inbox = Inbox.open(f"sqlite:///{small_disk}/inbox.db")
    await inbox.add(make_entry("before"))
    ballast = fill(small_disk)

    batch = [inbox.add(make_entry(f"{number}", body=bytes(range(256)) * 400)) for number in range(20)]
    refused = await asyncio.gather(*batch, return_exceptions=True)
    ballast.unlink()
    receipt = await inbox.add(make_entry("after"))

    assert {StoreBusyError} == {type(answer) for answer in refused}
    assert "no restart is needed" in str(refused[0])
    assert str(small_disk) in str(refused[0])
    assert InboxReceipt(is_new=True) == receipt
    assert [row.body_hash for row in inbox.claim(owner="a", now_ns=0, lease_ns=1, limit=99)] == ["before", "after"]
    inbox.close()


def test_the_store_on_a_full_disk_keeps_what_it_had_and_recovers(small_disk: Path) -> None:
    store = Store.open(f"sqlite:///{small_disk}/store.db")
    store.set_session(make_session(commands=("before",)), make_decision(), now_ns=1)
    many = [f"command {number} {number**9}" for number in range(20_000)]
    ballast = fill(small_disk)

    with pytest.raises(StoreBusyError, match="no room left: the disk or its quota is full; free some space"):
        store.set_session(make_session(commands=many), make_decision(), now_ns=2)

    kept = store.session(make_key())
    ballast.unlink()
    store.set_session(make_session(commands=("after",)), make_decision(), now_ns=3)
    later = store.session(make_key())
    store.close()
    assert kept is not None
    assert [step.command for step in kept.session.steps] == ["before"]
    assert later is not None
    assert [step.command for step in later.session.steps] == ["after"]


@pytest.fixture
def unprivileged_folder() -> Iterator[Path]:
    """A folder that an unprivileged user can reach, which pytest's own are not for anybody but root."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


@pytest.mark.parametrize("kind", ["store", "inbox"])
@pytest.mark.parametrize(
    ("file_mode", "folder_mode", "words"),
    [
        pytest.param(0o444, 0o777, "cannot be opened for this user alone (Permission denied)", id="the file"),
        pytest.param(0o444, 0o777, "copy the whole folder and name the copy with --data", id="the file, only to look"),
        pytest.param(0o600, 0o555, "is read-only; give this user write access", id="the folder"),
    ],
)
def test_what_is_read_only_is_said_to_be_so(
    unprivileged_folder: Path, kind: str, file_mode: int, folder_mode: int, words: str
) -> None:
    path = unprivileged_folder / "a.db"
    {"store": Store, "inbox": Inbox}[kind].open(f"sqlite:///{path}").close()
    give_away(path)
    path.chmod(file_mode)
    unprivileged_folder.chmod(folder_mode)

    command = [sys.executable, "-m", "tests.contracts.reading_only", kind, f"sqlite:///{path}"]
    said = subprocess.run(command, capture_output=True, check=False, cwd=ROOT, text=True)

    assert said.stdout.startswith(f"StoreError: {path}"), said
    assert words in said.stdout


def give_away(path: Path) -> None:
    """To the user that the reading process becomes when root starts it."""
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)


def test_a_read_only_file_system_is_said_to_be_so(small_disk: Path) -> None:
    Store.open(f"sqlite:///{small_disk}/store.db").close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)

    with pytest.raises(StoreError, match="Read-only file system"):
        Store.open(f"sqlite:///{small_disk}/store.db")


def test_a_store_locked_for_long_is_busy_and_then_works(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path}/store.db")
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreBusyError, match="is locked by another process; try again") as caught:
        store.set_session(make_session(), make_decision(), now_ns=1)
    readable = store.sessions(TEAM)
    other.execute("ROLLBACK")
    other.close()
    store.set_session(make_session(), make_decision(), now_ns=1)

    assert caught.value.transient
    assert readable == []
    assert len(store.sessions(TEAM)) == 1
    store.close()


async def test_without_postgresql_everything_is_busy_until_it_is_back(postgres: PostgresServer) -> None:
    url = postgres.fresh_url()
    inbox, store = Inbox.open(url), Store.open(url)
    await inbox.add(make_entry("before"))
    store.set_session(make_session(), make_decision(), now_ns=1)

    postgres.pause()
    try:
        refused = await asyncio.gather(*(inbox.add(make_entry(f"{n}")) for n in range(3)), return_exceptions=True)
        with pytest.raises(StoreBusyError, match="is it running and reachable"):
            store.sessions(TEAM)
    finally:
        postgres.resume()
    receipt = await inbox.add(make_entry("after"))

    assert {StoreBusyError} == {type(answer) for answer in refused}
    assert InboxReceipt(is_new=True) == receipt
    assert [row.body_hash for row in inbox.claim(owner="a", now_ns=0, lease_ns=1, limit=9)] == ["before", "after"]
    assert len(store.sessions(TEAM)) == 1
    inbox.close()
    store.close()
