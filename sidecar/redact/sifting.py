"""The look over the bytes that comes first, by Hyperscan where there is a build of it for this system."""

import threading
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from sidecar.arenas import give_back
from sidecar.redact.sieve import Sifted

if TYPE_CHECKING:
    from sidecar.redact.one_pass import OnePass


_compiling = threading.Lock()
"""The first two to ask at once would both compile."""


def prepare() -> None:
    """Begin to compile, beside whatever the caller does next; the first look waits for it."""
    threading.Thread(target=_prepared, name="redact-prepare", daemon=True).start()


def sift(body: bytes) -> Sifted:
    """What `body` may hold."""
    one_pass = _prepared()
    return Sifted() if one_pass is None else one_pass.sift(body)


def _prepared() -> "OnePass | None":
    with _compiling:
        return _one_pass()


@cache
def _one_pass() -> "OnePass | None":
    if find_spec("hyperscan") is None:
        return None
    import hyperscan  # noqa: PLC0415 - there is no build of it for every system

    from sidecar.redact.one_pass import OnePass  # noqa: PLC0415 - it imports that

    try:
        return OnePass()
    except hyperscan.error:
        return None
    finally:
        give_back()  # of the 20 MB that compiling takes, 14
