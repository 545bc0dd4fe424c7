"""A lease is held while the block runs, prolonged meanwhile, and whoever has lost it is barred."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from sidecar.domain import PullRequest
from sidecar.errors import StoreBusyError
from sidecar.forges.forge import Forge, Publication, Published
from sidecar.leasing import Lease, LeasedForge, held, holding
from sidecar.owner import this_process
from sidecar.proposals import ProposalText
from sidecar.store import Store

FAR = "elsewhere:1:aa"
PATIENCE_S = 60


@pytest.fixture
def store(tmp_path: Path) -> Generator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'store.db'}")
    yield opened
    opened.close()


def lease(*, length_s: int = 30, patience_s: float = 30, process: str = "ours:1:bb") -> Lease:
    return Lease(name="judge:evidence", process=process, length_s=length_s, patience_s=patience_s)


def lease_ends_ns(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "store.db")) as other:
        return other.execute("SELECT expires_ns FROM leases").fetchone()[0]


def test_lease_is_prolonged_for_as_long_as_the_block_runs(store: Store, tmp_path: Path) -> None:
    with held(store, lease(length_s=1)) as fenced:
        passed_ns = lease_ends_ns(tmp_path) + 10**9  # more than one prolonging brings
        deadline_s = time.monotonic() + PATIENCE_S
        while lease_ends_ns(tmp_path) <= passed_ns:
            assert time.monotonic() < deadline_s
            time.sleep(0.05)
        taken = store.take_lease("judge:evidence", owner="thief", now_ns=passed_ns, ttl_ns=10**9)
        fenced.check_lease()

    assert taken is None
    assert store.lease_owner("judge:evidence") is None


def test_clock_that_jumps_ahead_takes_the_lease_from_nobody(store: Store) -> None:
    token = store.take_lease("mirror", owner="ours", now_ns=0, ttl_ns=10)
    assert token is not None

    is_ours = store.prolong_lease("mirror", owner="ours", token=token, until_ns=10**18)
    store.fenced("mirror", owner="ours", token=token).check_lease()

    assert is_ours
    assert store.take_lease("mirror", owner="thief", now_ns=10**17, ttl_ns=10) is None


def test_lost_lease_is_not_prolonged(store: Store) -> None:
    token = store.take_lease("mirror", owner="ours", now_ns=0, ttl_ns=10)
    assert token is not None
    store.take_lease("mirror", owner="thief", now_ns=20, ttl_ns=10)
    store.take_lease("mirror", owner="ours", now_ns=40, ttl_ns=10)

    assert store.prolong_lease("mirror", owner="ours", token=token, until_ns=100) is False


def test_who_gives_up_says_who_holds_the_lease(store: Store) -> None:
    store.take_lease("judge:evidence", owner="far/boot/1:77:aa/x", now_ns=time.time_ns(), ttl_ns=10**12)

    with (
        pytest.raises(StoreBusyError, match="judge:evidence is being worked on by process 77 on far; run this"),
        held(store, lease(patience_s=0.2)),
    ):
        pass


def test_lease_of_a_process_that_was_killed_here_is_free_at_once(store: Store) -> None:
    program = "from sidecar.owner import this_process; print(this_process())"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    store.take_lease("judge:evidence", owner=f"{ended.stdout.strip()}/x", now_ns=time.time_ns(), ttl_ns=10**12)

    with held(store, lease(patience_s=0)) as fenced:
        fenced.check_lease()


def test_holdings_of_one_process_keep_each_other_out(store: Store) -> None:
    process, inside, order = this_process(), threading.Event(), list[str]()

    def second() -> None:
        inside.wait()
        with held(store, lease(process=process)):
            order.append("second")

    other = threading.Thread(target=second)
    other.start()
    with held(store, lease(process=process)):
        inside.set()
        time.sleep(0.3)
        order.append("first")
    other.join()

    assert order == ["first", "second"]


def test_waiting_for_a_lease_does_not_stop_the_event_loop(store: Store) -> None:
    order: list[str] = []

    async def give_back() -> None:
        await asyncio.sleep(0.3)  # ends only where the loop runs meanwhile
        order.append("given back")
        store.drop_lease("judge:evidence", owner=f"{FAR}/x")

    async def run() -> None:
        giving = asyncio.create_task(give_back())
        async with holding(store, lease(patience_s=PATIENCE_S)):
            order.append("held")
        await giving

    store.take_lease("judge:evidence", owner=f"{FAR}/x", now_ns=time.time_ns(), ttl_ns=10**12)
    asyncio.run(run())

    assert order == ["given back", "held"]


class Recorder:
    """A forge that notes what it is asked for."""

    name = "recorder"

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def publish(self, publication: Publication) -> Published:
        raise AssertionError(publication)

    async def open(self, branch: str, text: ProposalText) -> PullRequest:
        raise AssertionError(branch, text)

    async def update(self, number: int, text: ProposalText) -> PullRequest:
        raise AssertionError(number, text)

    async def close(self, number: int, *, reason: str) -> PullRequest:
        raise AssertionError(number, reason)

    async def find(self, branch: str) -> PullRequest | None:
        self.asked.append(branch)
        return None

    async def read(self, number: int) -> PullRequest:
        raise AssertionError(number)

    async def comment(self, number: int, text: str) -> None:
        self.asked.append(text)


def test_forge_is_not_spoken_to_once_the_lease_is_lost(store: Store) -> None:
    recorder = Recorder()
    forge: Forge = recorder
    with held(store, lease()) as fenced:
        leased = LeasedForge(forge, fenced)
        asyncio.run(leased.comment(1, "mine"))
        store.drop_leases_of("ours:1:bb")
        asyncio.run(leased.find("branch"))
        with pytest.raises(StoreBusyError, match="was taken over by another process"):
            asyncio.run(leased.comment(1, "late"))

    assert recorder.asked == ["mine", "branch"]
