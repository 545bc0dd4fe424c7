"""Memory that threads have freed goes back to the system, instead of lying in an arena of each thread.

glibc gives each thread an arena of its own and keeps there what was freed: a dozen threads that had done little held
15 MB of 175 in this way (2026-11-26). Other C libraries have no such arenas, and nothing is done.
"""

import ctypes

_ARENA_MAX = -8
"""M_ARENA_MAX of mallopt(3)."""
ARENAS = 2
"""Of all threads together: one at a time has the interpreter, and few allocate without it."""


def share_arenas() -> None:
    """Have all threads share arenas; to be called before there is a second thread."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENA_MAX, ARENAS)


def give_back() -> None:
    """Give what is free to the system: a start leaves much that is not needed again."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
