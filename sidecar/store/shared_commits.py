"""Small writes of many threads in one commit: a commit waits for the disk, and many workers would wait in a row.

Whoever comes while another one commits is written by the next commit, together with all who came meanwhile. Each is
told only after the commit. Where one of them fails, all are undone and written one by one, so that each has its own
error.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast

from sqlalchemy import Connection

from sidecar.errors import StoreBusyError
from sidecar.store.database import Database

_log = logging.getLogger(__name__)

R = TypeVar("R")

MOST_AT_ONCE = 64
"""Writes of one commit; each takes a millisecond, and nobody waits longer than for two commits."""


def _locked() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(slots=True, eq=False)
class _Write(Generic[R]):
    """One write and what came of it."""

    work: Callable[[Connection], R]
    woken: threading.Lock = field(default_factory=_locked)
    """Released when the write is done, or when its thread is to commit for all who wait."""
    is_done: bool = False
    result: R | None = None
    error: BaseException | None = None

    def finish(self, *, result: R | None = None, error: BaseException | None = None) -> None:
        """Have its thread go on with what came of it."""
        self.result, self.error, self.is_done = result, error, True
        self.woken.release()


class SharedCommits:
    """Writes to one database from any number of threads, of which one at a time commits for all who wait.

    Each of the others is woken once, when its own write is done: were all to wait for one lock, each would have to wake
    before the next one could.
    """

    def __init__(self, database: Database) -> None:
        """Bind the database."""
        self._database = database
        self._waiting: list[_Write[object]] = []
        self._committing: _Write[object] | None = None
        """The write whose thread commits; the first of those waiting where it has not begun to."""
        self._adding = threading.Lock()

    def run(self, work: Callable[[Connection], R]) -> R:
        """What the work gives, once it is committed; it may run twice, and only the last time counts.

        Args:
            work: Uses the connection and nothing else.
        """
        write = _Write(work)
        ours = cast("_Write[object]", write)
        with self._adding:
            self._waiting.append(ours)
            # told once, here: whoever leaves a moment later wakes the next one by its lock alone
            is_first = self._committing is None
            self._committing = self._committing or ours
        try:
            if not is_first:
                write.woken.acquire()
            if not write.is_done:
                with self._database.turn:
                    self._commit_waiting()
        finally:
            self._leave(ours)
        if write.error is not None:
            raise write.error
        return cast("R", write.result)

    def _leave(self, write: _Write[object]) -> None:
        """Have somebody else commit from now on; what was not made before its thread was interrupted is not made."""
        with self._adding:
            if write in self._waiting:
                self._waiting.remove(write)
            if self._committing is write:
                self._committing = self._waiting[0] if self._waiting else None
                if self._committing is not None:
                    self._committing.woken.release()

    def _commit_waiting(self) -> None:
        """Commit the writes that have come first; what an interrupt leaves of them goes back to its place."""
        with self._adding:
            writes, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
        try:
            self._commit(writes)
        finally:
            # whoever waits for a write that nobody holds any more would wait for ever
            left = [write for write in writes if not write.is_done]
            if left:
                with self._adding:
                    self._waiting[:0] = left

    def _commit(self, writes: Sequence[_Write[object]]) -> None:
        undone_by: BaseException | None = None
        if len(writes) > 1:
            try:
                self._write(writes)
            except StoreBusyError as exc:
                # each would wait as long again
                for write in writes:
                    write.finish(error=StoreBusyError(*exc.args))
                return
            except BaseException as exc:  # noqa: BLE001 - whose error it is comes out below
                _log.debug("%d writes are made one by one, as one of them failed", len(writes))
                undone_by = exc
            else:
                return
        for write in (one for one in writes if not one.is_done):
            try:
                self._write([write])
            except BaseException as exc:  # noqa: BLE001 - raised in the thread that asked for the write
                write.finish(error=exc)
        if undone_by is not None and not isinstance(undone_by, Exception) and all(one.error is None for one in writes):
            raise undone_by  # none of the writes raised it: this thread itself was interrupted

    def _write(self, writes: Sequence[_Write[object]]) -> None:
        with self._database.write() as connection:
            results = [write.work(connection) for write in writes]
        for write, result in zip(writes, results, strict=True):
            write.finish(result=result)
