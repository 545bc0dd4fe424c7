"""A stand-in for Phoenix that a running sidecar finds by a data folder, as it finds the real one."""

import asyncio
import fcntl
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.sidecar.phoenix.stand_in import StandIn, stand_in


@contextmanager
def phoenix_beside(data: Path) -> Generator[StandIn]:
    """Serve while the block runs, in a thread of its own."""
    ready, made = threading.Event(), list[StandIn]()
    loop, ended = asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        async with stand_in() as phoenix:
            made.append(phoenix)
            ready.set()
            await ended.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(120)
        folder = data / "phoenix"
        folder.mkdir()
        with (folder / "running.lock").open("w+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            lock.write(made[0].url)
            lock.flush()
            yield made[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()
