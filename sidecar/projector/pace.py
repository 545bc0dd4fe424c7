"""How a projector gets out of the way of receiving in the same process: senders wait for an answer, it does not.

Both need the interpreter, which one thread has at a time. So after each piece of work the projector waits until nothing
came for a moment, but not for ever: while requests never cease it still gets its share.
"""

import time
from collections.abc import Callable

LULL_S = 0.02
"""Receiving rests when nothing came for so long: well over the time between two requests of a busy sender, also where
its processor is shared with others. There, at 5 ms, the projector took two fifths of our time (2026-11-26)."""
PATIENCE = 50
"""Most waiting for a piece of work, as a multiple of the time it had the processor: projecting keeps a fiftieth, a
thousand spans a second. A twentieth took a tenth of the time of requests of 5 spans (2026-11-26)."""
MAX_WAIT_S = 1.0
"""Most waiting for one piece of work; most take a few milliseconds."""
LOOK_S = 0.01
"""Between two looks whether receiving rests; each takes the interpreter from it for a moment."""


class Pace:
    """Measures pieces of work, and waits between them."""

    def __init__(
        self,
        quiet_s: Callable[[], float],
        *,
        clock_s: Callable[[], float] = time.monotonic,
        worked_s: Callable[[], float] = time.thread_time,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Begin with a piece of work.

        Args:
            quiet_s: Seconds since something was received last; 0 while something waits for its answer.
            clock_s: Steady time.
            worked_s: How long this thread has had a processor.
        """
        self._quiet_s = quiet_s
        self._clock_s = clock_s
        self._worked_s = worked_s
        self._sleep = sleep
        self._begun_s = worked_s()

    def pause(self) -> None:
        """Wait for receiving to rest, as long as the piece of work since the last pause allows."""
        allowed_s = min(PATIENCE * (self._worked_s() - self._begun_s), MAX_WAIT_S)
        until_s = self._clock_s() + allowed_s
        while self._quiet_s() < LULL_S and (left_s := until_s - self._clock_s()) > 0:
            self._sleep(min(LOOK_S, left_s))
        self._begun_s = self._worked_s()
