"""Writes that share a commit: each thread has its own result or error, and none waits for ever, whatever is raised."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from sqlalchemy import Connection, text

from sidecar.store.database import Database
from sidecar.store.migrating import Branch
from sidecar.store.shared_commits import SharedCommits

WRITES = 8
PATIENCE_S = 30


class InterruptedHere(BaseException):
    """As KeyboardInterrupt and CancelledError are, no Exception."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{tmp_path}/store.db", Branch.STORE)
    with opened.write() as connection:
        connection.execute(text("CREATE TABLE numbers (number INTEGER)"))
    yield opened
    opened.close()


def writing(number: int) -> Callable[[Connection], int]:
    def write(connection: Connection) -> int:
        connection.execute(text("INSERT INTO numbers VALUES (:number)"), {"number": number})
        return number

    return write


def raising(error: BaseException) -> Callable[[Connection], int]:
    def write(connection: Connection) -> int:
        writing(-1)(connection)
        raise error

    return write


def places(shared: SharedCommits) -> int:
    """How many wait for somebody to commit."""
    return len(shared._waiting)  # pyright: ignore[reportPrivateUsage] # nothing else tells who waits


def until(is_so: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline_s
        time.sleep(0.001)


def standing_still(
    shared: SharedCommits, stands: threading.Event, goes_on: threading.Event
) -> Callable[[FrameType, str, Any], Any]:
    """A trace that holds its thread in `run` at the first line after it was given its place."""

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        if frame.f_code is not SharedCommits.run.__code__:
            return None
        is_free = not shared._adding.locked()  # pyright: ignore[reportPrivateUsage] # as above
        if event == "line" and places(shared) and is_free and not stands.is_set():
            stands.set()
            assert goes_on.wait(PATIENCE_S)
        return trace

    return trace


def together(database: Database, works: list[Callable[[Connection], int]]) -> list[Future[int]]:
    """The works in threads of their own, of which all but the first wait while the first is under way."""
    shared = SharedCommits(database)
    begun, go_on = threading.Event(), threading.Event()

    def hold(connection: Connection) -> int:
        begun.set()
        assert go_on.wait(PATIENCE_S)
        return writing(0)(connection)

    with ThreadPoolExecutor(len(works) + 1) as pool:
        first = pool.submit(shared.run, hold)
        assert begun.wait(PATIENCE_S)
        futures = [pool.submit(shared.run, work) for work in works]
        while len(shared._waiting) < len(works):  # pyright: ignore[reportPrivateUsage] # nobody else can tell
            pass
        go_on.set()
        for future in [first, *futures]:
            future.exception(PATIENCE_S)
    return futures


def stored(database: Database) -> list[int]:
    with database.read() as connection:
        return sorted(connection.scalars(text("SELECT number FROM numbers")))


@pytest.mark.timeout(60)
@pytest.mark.parametrize("error", [KeyError("bad"), InterruptedHere()])
@pytest.mark.parametrize("place", [0, 3, WRITES])
def test_an_error_reaches_only_the_thread_whose_write_raised_it(
    database: Database, error: BaseException, place: int
) -> None:
    works = [writing(number) for number in range(1, WRITES + 1)]
    works.insert(place, raising(error))

    futures = together(database, works)

    errors = [future.exception() for future in futures]
    assert errors == [error if at == place else None for at in range(WRITES + 1)]
    assert stored(database) == list(range(WRITES + 1))


@pytest.mark.timeout(60)
def test_a_thread_interrupted_while_it_commits_for_others_leaves_their_writes_to_them(database: Database) -> None:
    calls: list[int] = []

    def interrupted_once(connection: Connection) -> int:
        calls.append(1)
        if len(calls) == 1:
            raise InterruptedHere  # as a signal does it: the work, made again, raises nothing
        return writing(1)(connection)

    futures = together(database, [interrupted_once, *(writing(number) for number in range(2, WRITES))])

    raised = [future.exception() for future in futures]
    assert [type(error) for error in raised if error is not None] == [InterruptedHere]
    assert stored(database) == list(range(WRITES))


@pytest.mark.timeout(60)
def test_a_thread_that_is_slow_to_wait_makes_no_write_twice(database: Database) -> None:
    shared = SharedCommits(database)
    begun, go_on, is_slow, slow_goes_on = (threading.Event() for _ in range(4))

    def hold(connection: Connection) -> int:
        begun.set()
        assert go_on.wait(PATIENCE_S)
        return writing(0)(connection)

    def slow() -> int:
        """Written by a thread that stands still as soon as it has its place among those who wait."""
        sys.settrace(standing_still(shared, is_slow, slow_goes_on))
        try:
            return shared.run(writing(1))
        finally:
            sys.settrace(None)

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(shared.run, hold)
        assert begun.wait(PATIENCE_S)
        second = pool.submit(slow)
        assert is_slow.wait(PATIENCE_S)
        third = pool.submit(shared.run, writing(2))
        until(lambda: places(shared) == 2)
        go_on.set()
        done = [first.result(PATIENCE_S)]
        slow_goes_on.set()
        done += [second.result(PATIENCE_S), third.result(PATIENCE_S)]

    with database.read() as connection:
        written = list(connection.scalars(text("SELECT number FROM numbers ORDER BY number")))
    assert done == written == [0, 1, 2]


def test_threads_that_write_without_a_pause_all_come_to_their_turn(database: Database) -> None:
    shared = SharedCommits(database)

    with ThreadPoolExecutor(WRITES) as pool:
        given = list(pool.map(shared.run, [writing(number) for number in range(400)]))

    assert given == stored(database) == list(range(400))
