"""Which names of the environment are settings, which belong to other parts, and which are nobody's."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields

from sidecar.config.credentials import WEBHOOK_SECRET
from sidecar.errors import ConfigError

PREFIX = "SIDECAR_"

_OTHERS = (
    WEBHOOK_SECRET,
    "SIDECAR_KEY_FILE",
    "SIDECAR_PHOENIX",
    "SIDECAR_REDACT_KEY",
    "SIDECAR_URL",
    # of hooks and of the pytest plugin, whose environment a command may share
    "SIDECAR_SESSION_ID",
    "SIDECAR_TOKEN",
)
_OPTIONS = {"SIDECAR_DATA": "--data DIR", "SIDECAR_DATA_DIR": "--data DIR", "SIDECAR_CONFIG": "--config FILE"}
"""What people try, and what there is instead."""
_TESTS = re.compile(r"SIDECAR_(?:TEST|FAULT)_\w+")
_SERVICE_LINKS = re.compile(r"\w+_(?:SERVICE_HOST|SERVICE_PORT\w*|PORT|PORT_[0-9]+_(?:TCP|UDP|SCTP)\w*)")
"""Kubernetes puts the addresses of services into every container, so of one named `sidecar` too."""


def overrides(environ: Mapping[str, str], tables: Mapping[str, type]) -> list[tuple[tuple[str, ...], str]]:
    """`SIDECAR_LEARN__MIN_TASKS=3` as (("learn", "min_tasks"), "3"), in the order of the names.

    Args:
        tables: The tables of the file by key.
    Raises:
        ConfigError: a name that looks like a setting's and is none. What resembles none is somebody else's, as more
            than one program calls itself a sidecar.
    """
    found: list[tuple[tuple[str, ...], str]] = []
    for name in sorted(environ):
        if not name.startswith(PREFIX) or _is_of_others(name):
            continue
        path = tuple(name.removeprefix(PREFIX).lower().split("__"))
        if len(path) > 1:
            found.append((path, environ[name]))
        elif (hint := _hint(name, tables)) is not None:
            raise ConfigError(f"the environment: {name} is no setting, and nothing else reads it; {hint}")
    return found


def _is_of_others(name: str) -> bool:
    return name in _OTHERS or any(pattern.fullmatch(name) for pattern in (_TESTS, _SERVICE_LINKS))


def _hint(name: str, tables: Mapping[str, type]) -> str | None:
    """What a name was meant to be; None where it resembles nothing of ours."""
    if name in _OPTIONS:
        return f"give {_OPTIONS[name]} instead"
    known = [other.removeprefix(PREFIX) for other in [*_OTHERS, *_names(tables)]]
    # what all begin with would make all look alike
    nearest = difflib.get_close_matches(name.removeprefix(PREFIX), known, n=1)
    return f"did you mean {PREFIX}{nearest[0]}?" if nearest else None


def _names(tables: Mapping[str, type]) -> Iterator[str]:
    for table, record in tables.items():
        yield from (f"{PREFIX}{table}__{field.name}".upper() for field in fields(record))
