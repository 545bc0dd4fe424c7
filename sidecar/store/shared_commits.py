"""Small writes of many threads in one commit: a commit waits for the disk, and many workers would wait in a row.

Whoever comes while another one commits is written by the next commit, together with all who came meanwhile. Each is
told only after the commit. Where one of them fails, all are undone and written one by one, so that each has its own
error.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from sqlalchemy import Connection

from sidecar.errors import StoreBusyError
from sidecar.store.database import Database

_log = logging.getLogger(__name__)

R = TypeVar("R")

MOST_AT_ONCE = 64
"""Writes of one commit; each takes a millisecond, and nobody waits longer than for two commits."""


@dataclass(slots=True)
class _Write(Generic[R]):
    """One write and what came of it."""

    work: Callable[[Connection], R]
    is_done: bool = False
    result: R | None = None
    error: BaseException | None = None


class SharedCommits:
    """Writes to one database from any number of threads."""

    def __init__(self, database: Database) -> None:
        """Bind the database."""
        self._database = database
        self._waiting: list[_Write[object]] = []
        self._adding = threading.Lock()

    def run(self, work: Callable[[Connection], R]) -> R:
        """What the work gives, once it is committed; it may run twice, and only the last time counts.

        Args:
            work: Uses the connection and nothing else.
        """
        write = _Write(work)
        with self._adding:
            self._waiting.append(cast("_Write[object]", write))
        with self._database.turn:
            while not write.is_done:
                self._commit(self._taken())
        if write.error is not None:
            raise write.error
        return cast("R", write.result)

    def _taken(self) -> Sequence[_Write[object]]:
        with self._adding:
            taken, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            return taken

    def _commit(self, writes: Sequence[_Write[object]]) -> None:
        if len(writes) > 1:
            try:
                self._write(writes)
            except StoreBusyError as exc:
                # each would wait as long again
                for write in writes:
                    write.error, write.is_done = StoreBusyError(*exc.args), True
                return
            except Exception:  # noqa: BLE001 - whose error it is comes out below
                _log.debug("%d writes are made one by one, as one of them failed", len(writes))
            else:
                return
        for write in writes:
            try:
                self._write([write])
            except BaseException as exc:  # noqa: BLE001 - raised in the thread that asked for the write
                write.error = exc
                write.is_done = True

    def _write(self, writes: Sequence[_Write[object]]) -> None:
        with self._database.write() as connection:
            results = [write.work(connection) for write in writes]
        for write, result in zip(writes, results, strict=True):
            write.result = result
            write.is_done = True
