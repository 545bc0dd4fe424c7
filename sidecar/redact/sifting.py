"""The look over the bytes that comes first, by Hyperscan where there is a build of it for this system."""

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from sidecar.redact.sieve import Sifted

if TYPE_CHECKING:
    from sidecar.redact.one_pass import OnePass


def sift(body: bytes) -> Sifted:
    """What `body` may hold."""
    one_pass = _one_pass()
    return Sifted() if one_pass is None else one_pass.sift(body)


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
