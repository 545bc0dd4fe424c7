"""SIGTERM as an end like Ctrl-C, for commands that clean up after themselves; neither is lost."""

import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

EXIT_TERMINATED = 143
"""What shells give a process that ended by SIGTERM."""
_AGAIN_S = 0.05
"""Until a signal that was lost is sent again; finalizers are over by then."""


@contextmanager
def ended_by_sigterm() -> Generator[None]:
    """Take SIGTERM as Ctrl-C while the block runs, so that children are ended and folders removed by it too.

    Either ends the block as well where it arrives while Python runs a finalizer, which swallows what is raised in it.

    Raises:
        SystemExit: with EXIT_TERMINATED, where the block was ended so.
    """
    asked: list[int] = []

    def ask(number: int, _: FrameType | None) -> None:
        asked.append(number)
        # a shell script starts what it puts in the background with SIGINT ignored
        if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
            raise KeyboardInterrupt
        signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGTERM, ask)
    try:
        with _none_lost(lambda: signal.SIGTERM if asked else signal.SIGINT):
            yield
    except KeyboardInterrupt:
        if asked:
            raise SystemExit(EXIT_TERMINATED) from None
        raise
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _none_lost(number: Callable[[], signal.Signals]) -> Generator[None]:
    """Send a signal again whose KeyboardInterrupt a finalizer swallowed.

    A handler of our own for SIGINT would see it too, but keeps asyncio from cancelling what runs, in order.
    """
    before = sys.unraisablehook
    lost: list[None] = []
    reading, writing = os.pipe()
    sending = threading.Thread(target=_send_again, args=(reading, number, threading.get_ident()), daemon=True)

    def told(unraisable: "sys.UnraisableHookArgs") -> None:
        if not issubclass(unraisable.exc_type, KeyboardInterrupt):
            before(unraisable)
            return
        lost.append(None)
        # no lock may be taken here: a finalizer runs anywhere, also where this thread holds it
        os.write(writing, b"\n")

    sending.start()
    sys.unraisablehook = told
    try:
        yield
        if lost:
            raise KeyboardInterrupt
    finally:
        sys.unraisablehook = before
        os.close(writing)
        sending.join()
        os.close(reading)


def _send_again(reading: int, number: Callable[[], signal.Signals], thread: int) -> None:
    while os.read(reading, 1):
        has_more = select.select([reading], [], [], _AGAIN_S)[0]
        # more is another one that was lost, or the end of the block
        if not has_more:
            signal.pthread_kill(thread, number())
