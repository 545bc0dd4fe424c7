"""The writer thread: what it commits together, what it refuses, and whom it tells what."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from sidecar.errors import InputError, SidecarError, StoreBusyError, StoreError
from sidecar.store.group_commit import GroupCommit
from sidecar.store.inbox_entry import InboxEntry, InboxReceipt
from tests.contracts.records import make_entry

DEADLINE_S = 10


class Disk:
    """A place to commit to that waits at a gate, and refuses batches that hold a given name."""

    def __init__(self, error: Exception | None = None) -> None:
        self.batches: list[list[str]] = []
        self.gate = threading.Event()
        self.is_reached = threading.Event()
        self._error = error

    def commit(self, entries: Sequence[InboxEntry]) -> list[InboxReceipt]:
        self.is_reached.set()
        assert self.gate.wait(DEADLINE_S)
        names = [entry.body_hash for entry in entries]
        if self._error is not None and "bad" in names:
            raise self._error
        self.batches.append(names)
        return [InboxReceipt(is_new=True) for _ in entries]


async def start(writer: GroupCommit, *names: str, size: int = 1) -> list[asyncio.Task[InboxReceipt]]:
    tasks = [asyncio.create_task(writer.add(make_entry(name, body=b"x" * size))) for name in names]
    await asyncio.sleep(0)
    return tasks


async def start_first(writer: GroupCommit, disk: Disk, name: str = "first") -> list[asyncio.Task[InboxReceipt]]:
    """One entry that is being committed and holds up the next ones."""
    tasks = await start(writer, name)
    await asyncio.to_thread(disk.is_reached.wait, DEADLINE_S)
    return tasks


async def test_whatever_waits_is_committed_together_in_order() -> None:
    disk = Disk()
    writer = GroupCommit(disk.commit)
    tasks = await start_first(writer, disk)
    tasks += await start(writer, "a", "b", "c")

    disk.gate.set()
    await asyncio.gather(*tasks)

    assert disk.batches == [["first"], ["a", "b", "c"]]
    writer.close()


async def test_nobody_is_told_before_the_commit() -> None:
    disk = Disk()
    writer = GroupCommit(disk.commit)

    tasks = await start_first(writer, disk)
    await asyncio.sleep(0.05)

    assert not tasks[0].done()
    disk.gate.set()
    assert InboxReceipt(is_new=True) == await tasks[0]
    writer.close()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        pytest.param(StoreBusyError("full"), StoreBusyError, id="transient"),
        pytest.param(InputError("too big"), InputError, id="of our tree"),
        pytest.param(ZeroDivisionError("a bug"), StoreError, id="unexpected"),
    ],
)
async def test_everybody_of_a_failed_batch_is_told_and_the_thread_goes_on(
    error: Exception, told: type[SidecarError]
) -> None:
    disk = Disk(error)
    writer = GroupCommit(disk.commit)
    first = await start_first(writer, disk)
    failing = await start(writer, "good", "bad")

    disk.gate.set()
    answers = await asyncio.gather(*failing, return_exceptions=True)
    await asyncio.gather(*first, *await start(writer, "next"))

    assert [told, told] == [type(answer) for answer in answers]
    assert answers[0] is not answers[1]
    assert disk.batches == [["first"], ["next"]]
    writer.close()


async def test_who_waited_behind_a_busy_database_is_told_with_the_others() -> None:
    disk = Disk(StoreBusyError("locked"))
    writer = GroupCommit(disk.commit)
    first = await start_first(writer, disk, "bad")
    behind = await start(writer, "good")

    disk.gate.set()
    answers = await asyncio.gather(*first, *behind, return_exceptions=True)

    assert [StoreBusyError, StoreBusyError] == [type(answer) for answer in answers]
    writer.close()


@pytest.mark.parametrize("limits", [{"max_entries": 2}, {"max_bytes": 20}])
async def test_above_the_limit_an_entry_is_refused_at_once(limits: dict[str, int]) -> None:
    disk = Disk()
    writer = GroupCommit(disk.commit, **limits)
    tasks = await start_first(writer, disk)
    tasks += await start(writer, "a", "b", size=10)

    with pytest.raises(StoreBusyError, match=r"2 requests \(20 bytes\) wait for the disk; send again"):
        await writer.add(make_entry("c", body=b"x"))

    disk.gate.set()
    await asyncio.gather(*tasks)
    assert disk.batches == [["first"], ["a", "b"]]
    writer.close()


async def test_one_entry_over_the_limit_is_taken_when_nothing_waits() -> None:
    disk = Disk()
    disk.gate.set()
    writer = GroupCommit(disk.commit, max_bytes=10)

    await writer.add(make_entry("large", body=b"x" * 100))

    assert disk.batches == [["large"]]
    writer.close()


def test_an_event_loop_that_ended_does_not_stop_the_thread() -> None:
    disk = Disk()
    writer = GroupCommit(disk.commit)

    async def leave() -> None:
        [task] = await start_first(writer, disk)
        task.cancel()

    asyncio.run(leave())
    disk.gate.set()
    asyncio.run(writer.add(make_entry("next")))

    assert disk.batches == [["first"], ["next"]]
    writer.close()


async def test_what_one_turn_of_the_loop_brings_is_committed_together() -> None:
    disk = Disk()
    disk.gate.set()
    writer = GroupCommit(disk.commit)

    await asyncio.gather(*await start(writer, "a", "b", "c"))

    assert disk.batches == [["a", "b", "c"]]
    writer.close()


def test_a_loop_that_stops_before_it_wakes_the_thread_holds_up_no_other() -> None:
    disk = Disk()
    disk.gate.set()
    writer = GroupCommit(disk.commit)
    stopped = asyncio.new_event_loop()
    task = stopped.create_task(writer.add(make_entry("first")))
    stopped.call_soon(stopped.stop)
    stopped.run_forever()

    asyncio.run(asyncio.wait_for(writer.add(make_entry("next")), DEADLINE_S))

    assert disk.batches == [["first", "next"]]
    stopped.run_until_complete(task)
    stopped.close()
    writer.close()


async def test_what_waits_is_committed_before_the_thread_ends() -> None:
    disk = Disk()
    disk.gate.set()
    writer = GroupCommit(disk.commit)
    tasks = await start(writer, "a", "b")

    writer.close()

    assert disk.batches == [["a", "b"]]
    await asyncio.gather(*tasks)
