"""The forges by name; nothing is imported before it is asked for."""

from collections.abc import Mapping
from importlib import import_module

from sidecar.errors import ConfigError
from sidecar.forges.forge import Forge
from sidecar.git import Clone

FORGES: Mapping[str, str] = {"local": "sidecar.forges.local"}
"""Name to module; each module has `connect(clone) -> Forge`."""


def check_forge(name: str) -> None:
    """Whether there is a forge of that name.

    Raises:
        ConfigError: there is none.
    """
    if name not in FORGES:
        raise ConfigError(f"no forge {name!r}; there are: {', '.join(sorted(FORGES))}")


def check_forges(named: Mapping[str, str]) -> None:
    """Whether each project's forge is there.

    Args:
        named: The forge by project.
    Raises:
        ConfigError: one is not.
    """
    for project, name in named.items():
        try:
            check_forge(name)
        except ConfigError as exc:
            raise ConfigError(f"{project}: {exc}") from exc


def forge(name: str, clone: Clone) -> Forge:
    """The forge of that name for a clone's remote.

    Raises:
        ConfigError: there is no forge of that name, or it cannot serve this remote.
    """
    check_forge(name)
    connected: Forge = import_module(FORGES[name]).connect(clone)
    return connected
