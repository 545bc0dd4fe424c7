"""The forges by name; nothing is imported before it is asked for."""

from collections.abc import Mapping
from importlib import import_module

from sidecar.errors import ConfigError
from sidecar.forges.forge import Forge
from sidecar.git import Clone

FORGES: Mapping[str, str] = {"local": "sidecar.forges.local"}
"""Name to module; each module has `connect(clone) -> Forge`."""


def forge(name: str, clone: Clone) -> Forge:
    """The forge of that name for a clone's remote.

    Raises:
        ConfigError: there is no forge of that name, or it cannot serve this remote.
    """
    if name not in FORGES:
        raise ConfigError(f"no forge {name!r}; there are: {', '.join(sorted(FORGES))}")
    connected: Forge = import_module(FORGES[name]).connect(clone)
    return connected
