"""Group commit: one thread that writes whatever waits in one transaction, and tells each waiter in its own event loop.

A waiter is told only after the commit, or gets the error and then nothing of its batch is stored. What waits is bounded
in number and bytes; above that an entry is refused at once, so that the sender and not our memory holds it.
"""

import asyncio
import contextlib
import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from sidecar.errors import SidecarError, StoreBusyError, StoreError
from sidecar.store.inbox_entry import InboxEntry, InboxReceipt

MAX_WAITING_ENTRIES = 4096
MAX_WAITING_BYTES = 128 * 2**20
"""Bodies in memory before they are compressed: several requests of the largest accepted size."""
MAX_BATCH_ENTRIES = 256
MAX_BATCH_BYTES = 32 * 2**20
"""Bounds how long one commit makes the next request wait."""
GATHER_S = 0.001
"""Waited after a batch of several, while more of them come: each commit costs as much as five entries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiter:
    entry: InboxEntry
    future: asyncio.Future[InboxReceipt]
    loop: asyncio.AbstractEventLoop


class GroupCommit:
    """Takes entries from any number of event loops and commits them in batches from one thread."""

    def __init__(
        self,
        commit: Callable[[Sequence[InboxEntry]], Sequence[InboxReceipt]],
        *,
        max_entries: int = MAX_WAITING_ENTRIES,
        max_bytes: int = MAX_WAITING_BYTES,
    ) -> None:
        self._commit = commit
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        # a queue of the interpreter's own: a Condition would take five times as long for each request
        self._waiting: SimpleQueue[_Waiter | None] = SimpleQueue()
        self._put_back: _Waiter | None = None
        """Taken from the queue and too large for the batch then."""
        self._waiting_entries = 0
        self._waiting_bytes = 0
        self._is_closed = False
        self._counting = threading.Lock()
        # A daemon: what it has not committed was not acknowledged, so an exit without close() loses no promise.
        self._thread = threading.Thread(target=self._run, name="inbox-writer", daemon=True)
        self._thread.start()

    async def add(self, entry: InboxEntry) -> InboxReceipt:
        """Wait until the entry is committed.

        Raises:
            StoreBusyError: too much waits already, or the database is locked or full.
            StoreError: the inbox is closed, or the database cannot be used.
        """
        loop = asyncio.get_running_loop()
        waiter = _Waiter(entry=entry, future=loop.create_future(), loop=loop)
        size = entry.size
        with self._counting:
            self._require_room(size)
            self._waiting_entries += 1
            self._waiting_bytes += size
            self._waiting.put(waiter)
        return await waiter.future

    def close(self) -> None:
        """Take no more, commit what waits, end the thread."""
        with self._counting:
            if not self._is_closed:
                self._is_closed = True
                self._waiting.put(None)
        self._thread.join()

    def _require_room(self, size: int) -> None:
        if self._is_closed:
            raise StoreError("the inbox is closed; this process is shutting down")
        is_over = self._waiting_bytes + size > self._max_bytes and self._waiting_entries
        if self._waiting_entries >= self._max_entries or is_over:
            raise StoreBusyError(
                f"{self._waiting_entries} requests ({self._waiting_bytes} bytes) wait for the disk; "
                "send again in a moment"
            )

    def _run(self) -> None:
        is_open = is_alone = True
        while is_open:
            if not is_alone:
                time.sleep(GATHER_S)
            batch, is_open = self._next_batch(MAX_BATCH_ENTRIES, MAX_BATCH_BYTES)
            is_alone = len(batch) <= 1
            if batch:
                self._write(batch)

    def _next_batch(
        self, max_entries: float, max_bytes: float, *, is_waiting: bool = True
    ) -> tuple[list[_Waiter], bool]:
        """What waits, up to the limits of a batch, and False once closed and drained.

        Args:
            is_waiting: Wait for one where there is none.
        """
        batch: list[_Waiter] = []
        size = 0
        is_open = True
        while len(batch) < max_entries:
            waiter, self._put_back = self._put_back, None
            try:
                waiter = waiter or self._waiting.get(block=is_waiting and not batch)
            except Empty:
                break
            if waiter is None:
                is_open = False
                break
            if batch and size + waiter.entry.size > max_bytes:
                self._put_back = waiter
                break
            size += waiter.entry.size
            batch.append(waiter)
        with self._counting:
            self._waiting_entries -= len(batch)
            self._waiting_bytes -= size
        return batch, is_open

    def _take_waiting(self) -> list[_Waiter]:
        waiting, is_open = self._next_batch(math.inf, math.inf, is_waiting=False)
        if not is_open:
            self._waiting.put(None)
        return waiting

    def _write(self, batch: Sequence[_Waiter]) -> None:
        try:
            receipts = self._commit([waiter.entry for waiter in batch])
        except Exception as exc:  # noqa: BLE001 - the boundary of the thread: every waiter reports it, the thread goes on
            # who came while the database was busy has waited as long as it takes to give up, and must hear it in time
            late = self._take_waiting() if isinstance(exc, StoreBusyError) else []
            _tell([(waiter, _copy_of(exc)) for waiter in (*batch, *late)])
            return
        _tell(list(zip(batch, receipts, strict=True)))


def _copy_of(error: Exception) -> SidecarError:
    """An exception of its own for each waiter: one raised in several tasks would gather all their tracebacks."""
    if isinstance(error, SidecarError):
        copy = type(error)(*error.args)
    else:
        copy = StoreError(f"the inbox could not be written ({type(error).__name__}: {error})")
    copy.__cause__ = error
    return copy


def _tell(answers: Sequence[tuple[_Waiter, InboxReceipt | SidecarError]]) -> None:
    """Give each waiter its answer, in one call for each event loop: waking it costs more than all the answers."""
    loops = {waiter.loop for waiter, _ in answers}
    for loop in loops:
        of_loop = [(waiter.future, answer) for waiter, answer in answers if waiter.loop is loop]
        # A closed loop has nobody left to tell; the entry stays stored, and its sender will send it again.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_resolve, of_loop)


def _resolve(answers: Sequence[tuple[asyncio.Future[InboxReceipt], InboxReceipt | SidecarError]]) -> None:
    for future, answer in answers:
        if future.done():  # its task was cancelled
            continue
        if isinstance(answer, SidecarError):
            future.set_exception(answer)
        else:
            future.set_result(answer)
