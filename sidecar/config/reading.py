"""Find and read the settings file, put the environment over it, and name what is wrong in either."""

import difflib
import stat
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from sidecar.config.environment import PREFIX, overrides
from sidecar.config.fields import ADDRESS
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
from sidecar.remotes import project_named

FILE_NAME = "sidecar.toml"

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
_REQUIRED = {
    "url": 'the remote that proposals are pushed to, such as url = "https://github.com/acme/shop.git"',
    "input_usd": "USD per million tokens read, such as input_usd = 1.0",
    "output_usd": "USD per million tokens written, such as output_usd = 5.0",
}
"""What the keys without a default hold."""


def find_config_file(given: Path | None, data_dir: Path, config_home: Path | None) -> Path | None:
    """The settings file in force, or None when there is none and the defaults hold.

    Raises:
        ConfigError: a file was named and is not there, what is there is none, or a folder may not be looked into.
    """
    if given is not None:
        if not _is_there(given, "--config "):
            raise ConfigError(f"--config {given}: there is no such file; name your sidecar.toml, or leave --config out")
        return given
    candidates = [data_dir / FILE_NAME]
    if config_home is not None:
        candidates.append(config_home / "agent-sidecar" / FILE_NAME)
    return next((path for path in candidates if _is_there(path)), None)


def _is_there(path: Path, option: str = "") -> bool:
    """Whether there is a settings file; a folder or a link to nothing in its place is an error, not its absence."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError) as exc:
        if not path.is_symlink():
            return False
        raise ConfigError(
            f"{option}{path}: is a link to {path.readlink()}, where nothing is; mend the link, or remove it"
        ) from exc
    except OSError as exc:
        raise ConfigError(
            f"{option}{path}: cannot be looked for ({exc.strerror}); give this user access to its folder"
        ) from exc
    if stat.S_ISDIR(mode):
        raise ConfigError(
            f"{option}{path}: is a folder, and a settings file was expected; name or mount a file there, or remove "
            f"the folder (a container makes one where the file that it is to mount is missing)"
        )
    return True


def load_config(file: Path | None, environ: Mapping[str, str]) -> Config:
    """Settings from a file and the environment, the environment winning.

    Raises:
        ConfigError: not TOML, an unknown key (the nearest known one is named), or a value of the wrong kind.
    """
    document = _read_toml(file) if file else {}
    if file is not None:
        # first without the environment, so that each error names the place it comes from
        parse_config(document, where=str(file))
    for path, value in overrides(environ, _TABLES):
        _set(document, path, value)
    return parse_config(document, where="the environment")


def parse_config(document: Toml, *, where: str) -> Config:
    """Settings from a parsed document; see load_config for the errors."""
    _check_keys(Config, document, where, ())
    try:
        config = TypeAdapter(Config).validate_python(document)
    except ValidationError as exc:
        first = exc.errors()[0]
        raise ConfigError(f"{where}: {'.'.join(map(str, first['loc']))}: {_wrong(first)}") from exc
    for name, project in config.projects.items():
        _check_project(f"{where}: projects.{name}", name)
        for alias in project.aliases:
            _check_project(f"{where}: projects.{name}.aliases: {alias}", alias)
    return config


def _wrong(error: ErrorDetails) -> str:
    """What was expected, and what was given."""
    if error["type"] == "missing":
        return f"is missing; expected: {_REQUIRED.get(str(error['loc'][-1]), 'a value')}"
    if error["type"] == ADDRESS:
        return f"{error['msg'].lower()}; what stands there is not shown, as it may hold a password"
    is_table = error["type"] in ("dataclass_type", "dict_type")
    wanted = "input should be a table" if is_table else error["msg"].lower()
    return f"{wanted}, got {_shown(error['input'])}"


def _check_project(place: str, name: str) -> None:
    """Sessions are found by the normalised remote alone, so any other spelling would never match one."""
    wanted = project_named(name)
    if wanted is None:
        raise ConfigError(f"{place}: is no project; HOST/PATH of its remote was expected, as in github.com/acme/shop")
    if wanted != name:
        raise ConfigError(f"{place}: no session would be of it; write it as sessions name it: {_shown(str(wanted))}")


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
        raise ConfigError(f"{file}: not TOML: {exc}; mend that line") from exc
    except OSError as exc:
        raise ConfigError(f"{file}: cannot be read: {exc.strerror}; let this user read it") from exc


def _set(document: dict[str, object], path: Sequence[str], value: str) -> None:
    *parents, last = path
    for parent in parents:
        inner = document.setdefault(parent, {})
        if not isinstance(inner, dict):
            variable = f"{PREFIX}{'__'.join(path).upper()}"
            raise ConfigError(f"{variable}: {parent} is not a table, so nothing can be set in it; take one of them out")
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
