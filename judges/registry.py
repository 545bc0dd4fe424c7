"""The table of judges; a new one is one module with a `judge(model)` and one line here."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, cast

from judges.judge import Judge
from sidecar.errors import NotFoundError

if TYPE_CHECKING:
    from sidecar.llm import Model

JUDGES: Mapping[str, str] = {
    "evidence": "judges.evidence",
    "failure": "judges.failure",
}
"""Name to the module that builds it; nothing is imported before it is asked for."""


def check_judge(name: str) -> None:
    """Whether there is a judge of that name.

    Raises:
        NotFoundError: there is none.
    """
    if name not in JUDGES:
        raise NotFoundError(f"no judge {name!r}; there are: {', '.join(sorted(JUDGES))}")


def judge(name: str, model: "Model | None" = None) -> Judge:
    """The judge of that name.

    Args:
        model: What it asks, where it asks one; the others leave it alone.
    Raises:
        NotFoundError: there is none.
        ConfigError: it needs a model.
    """
    check_judge(name)
    build = cast("Callable[[Model | None], Judge]", import_module(JUDGES[name]).judge)
    return build(model)
