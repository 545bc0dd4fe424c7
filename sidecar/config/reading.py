"""Find and read the settings file, put the environment over it, and name what is wrong in either."""

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import cast

from pydantic import TypeAdapter, ValidationError

from sidecar.config.credentials import WEBHOOK_SECRET
from sidecar.config.learning import LearnConfig, ModelConfig, PriceConfig, ProjectConfig
from sidecar.config.receiving import (
    CaptureConfig,
    ListenConfig,
    ReceiveConfig,
    RetentionConfig,
    SessionsConfig,
    StoreConfig,
)
from sidecar.config.schedule import ScheduleConfig
from sidecar.config.whole import Config
from sidecar.errors import ConfigError

FILE_NAME = "sidecar.toml"
ENVIRONMENT_PREFIX = "SIDECAR_"

Toml = Mapping[str, object]

_TABLES: Mapping[str, type] = {
    "store": StoreConfig,
    "listen": ListenConfig,
    "receive": ReceiveConfig,
    "capture": CaptureConfig,
    "sessions": SessionsConfig,
    "retention": RetentionConfig,
    "learn": LearnConfig,
    "model": ModelConfig,
    "schedule": ScheduleConfig,
}
"""Tables of the file by key."""
_NAMED_TABLES: Mapping[str, type] = {"projects": ProjectConfig, "prices": PriceConfig}
"""Tables that hold a table for each name."""


def find_config_file(given: Path | None, data_dir: Path, config_home: Path | None) -> Path | None:
    """The settings file in force, or None when there is none and the defaults hold.

    Raises:
        ConfigError: a file was named and is not there, or a folder may not be looked into.
    """
    if given is not None:
        if not _is_file(given):
            raise ConfigError(f"--config {given}: there is no such file")
        return given
    candidates = [data_dir / FILE_NAME]
    if config_home is not None:
        candidates.append(config_home / "agent-sidecar" / FILE_NAME)
    return next((path for path in candidates if _is_file(path)), None)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError as exc:
        raise ConfigError(
            f"{path}: cannot be looked for ({exc.strerror}); give this user access to its folder"
        ) from exc


def load_config(file: Path | None, environ: Mapping[str, str]) -> Config:
    """Settings from a file and the environment, the environment winning.

    Raises:
        ConfigError: not TOML, an unknown key (the nearest known one is named), or a value of the wrong kind.
    """
    document = _read_toml(file) if file else {}
    if file is not None:
        # first without the environment, so that each error names the place it comes from
        parse_config(document, where=str(file))
    for path, value in _overrides(environ):
        _set(document, path, value)
    return parse_config(document, where="the environment")


def parse_config(document: Toml, *, where: str) -> Config:
    """Settings from a parsed document; see load_config for the errors."""
    _check_keys(Config, document, where, ())
    try:
        return TypeAdapter(Config).validate_python(document)
    except ValidationError as exc:
        first = exc.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        is_table = first["type"] in ("dataclass_type", "dict_type")
        wanted = "input should be a table" if is_table else first["msg"].lower()
        raise ConfigError(f"{where}: {key}: {wanted}, got {_shown(first['input'])}") from exc


def _shown(value: object) -> str:
    try:
        return repr(value)
    except ValueError:
        # Python writes no number of more than 4300 digits, and a file may hold one in hexadecimal
        return "a number too long to show"


def _read_toml(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except ValueError as exc:
        # also of a number of more digits than Python reads, which tomllib does not make its own error
        raise ConfigError(f"{file}: not TOML: {exc}") from exc
    except OSError as exc:
        raise ConfigError(f"{file}: cannot be read: {exc.strerror}") from exc


def _overrides(environ: Mapping[str, str]) -> list[tuple[tuple[str, ...], str]]:
    """`SIDECAR_LEARN__MIN_TASKS=3` as (("learn", "min_tasks"), "3"); names without `__` belong to other parts."""
    ours = ((name, value) for name, value in sorted(environ.items()) if name.startswith(ENVIRONMENT_PREFIX))
    named = ((name, value) for name, value in ours if name != WEBHOOK_SECRET)
    paths = ((tuple(name.removeprefix(ENVIRONMENT_PREFIX).lower().split("__")), value) for name, value in named)
    return [(path, value) for path, value in paths if len(path) > 1]


def _set(document: dict[str, object], path: Sequence[str], value: str) -> None:
    *parents, last = path
    for parent in parents:
        inner = document.setdefault(parent, {})
        if not isinstance(inner, dict):
            raise ConfigError(f"{ENVIRONMENT_PREFIX}{'__'.join(path).upper()}: {parent} is not a table")
        document = cast("dict[str, object]", inner)
    document[last] = value


def _check_keys(record: type, document: Toml, where: str, path: tuple[str, ...]) -> None:
    known = {entry.name: entry for entry in fields(record)}
    for key, value in document.items():
        if key not in known:
            raise ConfigError(_unknown_key(where, (*path, key), list(known)))
        if not isinstance(value, Mapping):
            continue
        inner = cast("Toml", value)
        if key in _NAMED_TABLES:
            for name, table in inner.items():
                if isinstance(table, Mapping):
                    _check_keys(_NAMED_TABLES[key], cast("Toml", table), where, (*path, key, name))
        elif key in _TABLES:
            _check_keys(_TABLES[key], inner, where, (*path, key))


def _unknown_key(where: str, path: tuple[str, ...], known: list[str]) -> str:
    nearest = difflib.get_close_matches(path[-1], known, n=1, cutoff=0.5)
    hint = f"did you mean {nearest[0]!r}?" if nearest else f"known here: {', '.join(known)}"
    return f"{where}: unknown key {'.'.join(path)!r}; {hint}"
