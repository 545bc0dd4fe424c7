"""Named points of the program, and a trace that kills the process at one of them.

A point is a function as the interpreter names it, before its first or after its last instruction; the program itself
knows nothing of this. A function that was renamed is never reached, which the count of kills shows.
"""

import dis
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import CodeType, FrameType
from typing import Any

_RESUMES_AT_START = 0
"""Low bits of RESUME's argument at the begin of a function; others follow a yield or an await."""


class Moment(StrEnum):
    """Where at a function."""

    CALL = "call"
    RETURN = "return"
    """With a value; not by an exception, nor where a coroutine only waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One place between two steps."""

    module: str
    function: str
    """Its qualified name within the module."""
    moment: Moment

    def __str__(self) -> str:
        return f"{self.moment} {self.module}:{self.function}"

    @classmethod
    def parse(cls, text: str) -> "Point":
        """The point that was written by `str`."""
        moment, _, name = text.partition(" ")
        module, _, function = name.partition(":")
        return cls(module=module, function=function, moment=Moment(moment))


def before(name: str) -> Point:
    """The point before a function, by `module:qualified.name`."""
    return Point.parse(f"{Moment.CALL} {name}")


def after(name: str) -> Point:
    """The point after a function has returned."""
    return Point.parse(f"{Moment.RETURN} {name}")


class Trace:
    """Counts how often points are passed, in all threads, and kills this process at one of them."""

    def __init__(self, points: Sequence[Point], *, kill_at: int | None, victim: int | None = None) -> None:
        """Watch for points.

        Args:
            kill_at: The number, from 1, of the passing that ends the process.
            victim: Another process that is ended in its place.
        """
        self.passed: Counter[Point] = Counter()
        self._watched: dict[tuple[str, str], list[Point]] = {}
        for point in points:
            self._watched.setdefault((point.module, point.function), []).append(point)
        self._names = {point.function for point in points}
        self._kill_at = kill_at
        self._victim = victim or os.getpid()
        self._lock = threading.Lock()

    def start(self) -> None:
        """Trace this thread and every one that begins from now on."""
        threading.settrace(self._called)
        sys.settrace(self._called)

    def _called(self, frame: FrameType, event: str, arg: Any) -> Any:
        code = frame.f_code
        if code.co_qualname not in self._names:
            return None
        points = self._watched.get((frame.f_globals.get("__name__", ""), code.co_qualname))
        if points is None:
            return None
        if _is_start(code, frame.f_lasti):
            self._pass(points, Moment.CALL)
        frame.f_trace_lines = False

        def inside(frame: FrameType, event: str, arg: Any) -> Any:
            if event == "return" and _is_return(code, frame.f_lasti):
                self._pass(points, Moment.RETURN)
            return inside

        return inside

    def _pass(self, points: Sequence[Point], moment: Moment) -> None:
        with self._lock:
            for point in points:
                if point.moment is moment:
                    self.passed[point] += 1
                    if self.passed[point] == self._kill_at:
                        os.kill(self._victim, signal.SIGKILL)


def _is_start(code: CodeType, at: int) -> bool:
    """Whether a frame begins here rather than goes on after it has waited."""
    body = code.co_code
    return dis.opname[body[at]] != "RESUME" or body[at + 1] & 3 == _RESUMES_AT_START


def _is_return(code: CodeType, at: int) -> bool:
    return dis.opname[code.co_code[at]] in ("RETURN_VALUE", "RETURN_CONST")
