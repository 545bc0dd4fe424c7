"""Group commit: one thread that writes whatever waits in one transaction, and tells each waiter in its own event loop.

A waiter is told only after the commit, or gets the error and then nothing of its batch is stored. What waits is bounded
in number and bytes; above that an entry is refused at once, so that the sender and not our memory holds it.
"""

import asyncio
import contextlib
import math
import threading
from collections import deque
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import NamedTuple

from sidecar.errors import SidecarError, StoreBusyError, StoreError
from sidecar.store.inbox_entry import InboxEntry, InboxReceipt

MAX_WAITING_ENTRIES = 4096
MAX_WAITING_BYTES = 128 * 2**20
"""Bodies in memory before they are compressed: several requests of the largest accepted size."""
MAX_BATCH_ENTRIES = 256
MAX_BATCH_BYTES = 32 * 2**20
"""Bounds how long one commit makes the next request wait."""
GATHER_S = 0.001
"""Waited at most for more than one after a batch of several: each commit costs as much as five entries."""


class _Waiter(NamedTuple):
    """Made for each request, and a tuple takes a third of a dataclass's time."""

    entry: InboxEntry
    size: int
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
        self._waiting: deque[_Waiter] = deque()
        self._waiting_bytes = 0
        self._is_closed = False
        self._lock = threading.Lock()
        """Held for whatever waits, and for who is to wake the thread."""
        self._wanted: float = math.inf
        """The thread waits for so many; it waits for none while it works."""
        self._waker: asyncio.AbstractEventLoop | None = None
        """The loop that wakes the thread when it has run what is ready in it."""
        # a queue of the interpreter's own: a Condition would take five times as long
        self._wakes: SimpleQueue[None] = SimpleQueue()
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
        future: asyncio.Future[InboxReceipt] = loop.create_future()
        size = entry.size
        with self._lock:
            self._require_room(size)
            self._waiting.append(_Waiter(entry, size, future, loop))
            self._waiting_bytes += size
            if len(self._waiting) >= self._wanted and self._waker is not loop:
                self._wake_soon(loop)
        return await future

    def _wake_soon(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wake the thread once for all requests that the loop is busy with: they then share one commit."""
        if self._waker is None:
            self._waker = loop
            loop.call_soon(self._wake)
        else:
            # the other loop may end before it comes to it
            self._wake()

    def _wake(self) -> None:
        self._wakes.put(None)

    def close(self) -> None:
        """Take no more, commit what waits, end the thread."""
        with self._lock:
            self._is_closed = True
        self._wake()
        self._thread.join()

    def _require_room(self, size: int) -> None:
        if self._is_closed:
            raise StoreError("the inbox is closed; this process is shutting down")
        waiting = len(self._waiting)
        if waiting >= self._max_entries or (waiting and self._waiting_bytes + size > self._max_bytes):
            raise StoreBusyError(
                f"{waiting} requests ({self._waiting_bytes} bytes) wait for the disk; send again in a moment"
            )

    def _run(self) -> None:
        answered = 1
        while self._is_any_waiting():
            if answered > 1:
                self._gather(answered)
            batch = self._next_batch()
            answered = len(batch)
            self._write(batch)

    def _is_any_waiting(self) -> bool:
        """True as soon as something waits; False once closed and drained."""
        while True:
            with self._lock:
                is_any = bool(self._waiting)
                if is_any or self._is_closed:
                    self._want(math.inf)
                    return is_any
                self._want(1)
            self._wakes.get()

    def _gather(self, wanted: int) -> None:
        """Wait for as many as were answered last, who mostly send again at once, though not for long."""
        with self._lock:
            if len(self._waiting) >= wanted or self._is_closed:
                return
            self._want(wanted)
        with contextlib.suppress(Empty):
            self._wakes.get(timeout=GATHER_S)
        with self._lock:
            self._want(math.inf)

    def _want(self, count: float) -> None:
        self._wanted = count
        self._waker = None

    def _next_batch(self) -> list[_Waiter]:
        """What waits, up to the limits of a batch; one at least."""
        with self._lock:
            batch = [self._waiting.popleft()]
            size = batch[0].size
            while self._waiting and len(batch) < MAX_BATCH_ENTRIES:
                size += self._waiting[0].size
                if size > MAX_BATCH_BYTES:
                    break
                batch.append(self._waiting.popleft())
            self._waiting_bytes -= sum(waiter.size for waiter in batch)
        return batch

    def _take_waiting(self) -> list[_Waiter]:
        with self._lock:
            waiting = list(self._waiting)
            self._waiting.clear()
            self._waiting_bytes = 0
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
