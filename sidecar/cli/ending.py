"""SIGTERM as an end like Ctrl-C, for commands that clean up after themselves."""

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

EXIT_TERMINATED = 143
"""What shells give a process that ended by SIGTERM."""


@contextmanager
def ended_by_sigterm() -> Generator[None]:
    """Take SIGTERM as Ctrl-C while the block runs, so that children are ended and folders removed by it too.

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
        yield
    except KeyboardInterrupt:
        if asked:
            raise SystemExit(EXIT_TERMINATED) from None
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
