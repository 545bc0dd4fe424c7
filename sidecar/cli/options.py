"""Options that several commands share, and opening what they name."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sidecar.config import Config, find_config_file, load_config, load_credentials
from sidecar.data_dir import KEY_FILE_VARIABLE, DataDir
from sidecar.errors import DataDirError, InputError
from sidecar.owner import this_process

if TYPE_CHECKING:
    from sidecar.installation import Installation

DataOption = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Data folder; everything lies in it.")]
ConfigOption = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="Settings file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; write nothing outside.")]


def open_data(data: Path | None, config: Path | None) -> tuple[DataDir, Config]:
    """The data folder and the settings in force.

    Raises:
        ConfigError: the settings cannot be used.
        DataDirError: the folder cannot be used.
    """
    settings_home = _below_home("XDG_CONFIG_HOME", ".config")
    share = _below_home("XDG_DATA_HOME", ".local/share")
    folder = data or (share and share / "agent-sidecar")
    if folder is None:
        raise DataDirError("this user has no home folder to keep a data folder in; name one with --data DIR")
    settings = load_config(find_config_file(config, folder, settings_home), os.environ)
    key_file = os.environ.get(KEY_FILE_VARIABLE)
    return DataDir.open(folder, key_file=Path(key_file) if key_file else None), settings


def _below_home(variable: str, default: str) -> Path | None:
    """The user's folder of one kind; None for a user without a home, as in many containers."""
    stated = os.environ.get(variable)
    if stated:
        return Path(stated)
    try:
        return Path.home() / default
    except RuntimeError:
        return None


@contextmanager
def opened(data: Path | None, config: Path | None) -> "Generator[Installation]":
    """An opened installation for one command; see open_data and Installation.open for the errors."""
    data_dir, settings = open_data(data, config)
    from sidecar.installation import Installation

    with Installation.open(
        data_dir, settings, owner=this_process(), credentials=load_credentials(os.environ)
    ) as installation:
        yield installation


def read_file(path: Path) -> bytes:
    """A file's bytes.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except IsADirectoryError as exc:
        raise InputError(f"{path}: is a folder; name a file in it") from exc
    except OSError as exc:
        raise InputError(f"{path}: cannot be read ({exc.strerror}); name a file that is there") from exc
