"""Puts what was recorded between marks that nobody can have written into it, and names questions by what they ask.

Whoever wrote into a session could write anything into its packet. So it is declared as data, and its marks are drawn
anew for each call.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from functools import cache

from sidecar.domain import SessionKey

DrawMark = Callable[[], str]
"""Gives another random word with each call."""


def random_mark() -> str:
    """A word that nobody can have written into a session beforehand."""
    return secrets.token_hex(8)


def between_marks(name: str, shown: str, draw_mark: DrawMark) -> str:
    """A text between two lines with its name and the same mark, one that does not stand in it."""
    mark = draw_mark()
    while mark in shown:
        mark = draw_mark()
    return f"{name} {mark}\n{shown}\n{name} {mark}"


@cache
def version_hash(*parts: str) -> str:
    """Sixteen hex digits over everything that an answer depends on beside the packet."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def request_key(key: SessionKey, revision: int, *asked: str) -> str:
    """What a question about a session's revision is booked and kept under: the same for the same question."""
    named = [key.team, key.agent, key.session_id, str(revision), *asked]
    return hashlib.sha256(json.dumps(named).encode()).hexdigest()[:32]
