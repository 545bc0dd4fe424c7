"""The table of judges; a new one is one module with a `judge()` and one line here."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import cast

from judges.judge import Judge
from sidecar.errors import NotFoundError

JUDGES: Mapping[str, str] = {
    "evidence": "judges.evidence",
}
"""Name to the module that builds it; nothing is imported before it is asked for."""


def judge(name: str) -> Judge:
    """The judge of that name.

    Raises:
        NotFoundError: there is none.
    """
    if name not in JUDGES:
        raise NotFoundError(f"no judge {name!r}; there are: {', '.join(sorted(JUDGES))}")
    build = cast(Callable[[], Judge], import_module(JUDGES[name]).judge)
    return build()
