"""How long to wait before asking again; the only place that decides about retries in time."""

import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

BASE_S = 1.0
LONGEST_S = 30.0
"""Of a wait of our own making; what the provider tells us is obeyed whatever it is, within the call's patience."""
_JITTER = 0.25
"""Share of a told wait that is added at random, so that workers told the same do not come back together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Chance and time, as arguments."""

    random: Callable[[], float]
    """Uniform in [0, 1)."""
    sleep: Callable[[float], Awaitable[None]]
    now_s: Callable[[], float]
    """Of a clock that never goes back."""


@dataclass(slots=True)
class Quiet:
    """Until when a process asks a provider nothing, because it was told so; shared by all that ask, in any thread."""

    _until_s: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, until_s: float) -> None:
        """Ask nothing before a time by the pace's clock; an earlier one changes nothing."""
        with self._lock:
            self._until_s = max(self._until_s, until_s)

    def left_s(self, now_s: float) -> float:
        """Seconds that are left of it."""
        return max(0.0, self._until_s - now_s)


def wait_s(attempt: int, told_s: float | None, chance: float) -> float:
    """Seconds to wait after a failed attempt.

    Args:
        attempt: Its number, from 1; the wait doubles with each.
        told_s: What the provider said; never undercut.
        chance: Uniform in [0, 1).
    """
    if told_s is not None:
        return told_s * (1 + _JITTER * chance)
    return min(LONGEST_S, BASE_S * 2 ** (attempt - 1)) * (0.5 + chance / 2)


def told_wait_s(headers: Mapping[str, str]) -> float | None:
    """Seconds that a response tells to wait; None where it does not say.

    A date counts from the response's own, whose clock wrote both.
    """
    for name, unit_s in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) * unit_s
        except ValueError:
            continue
        if 0 <= seconds < float("inf"):
            return seconds
    try:
        until, now = (parsedate_to_datetime(headers.get(name, "")) for name in ("retry-after", "date"))
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError):
        return None
