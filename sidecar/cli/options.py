"""Options that several commands share, and opening what they name."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sidecar.config import Config, find_config_file, load_config, load_credentials
from sidecar.data_dir import KEY_FILE_VARIABLE, DataDir, is_installed
from sidecar.errors import DataDirError, InputError
from sidecar.owner import this_process

if TYPE_CHECKING:
    from sidecar.installation import Installation

DataOption = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Data folder; everything lies in it.")]
ConfigOption = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="Settings file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would be done; write nothing outside.")]


def open_data(data: Path | None, config: Path | None, *, is_made: bool = False) -> tuple[DataDir, Config]:
    """The data folder and the settings in force.

    Args:
        is_made: The command brings something in, so it makes the folder where there is none; the others would only
            say of a mistyped one that it is empty.
    Raises:
        ConfigError: the settings cannot be used.
        DataDirError: the folder cannot be used, or there is none.
    """
    folder, settings = find_data(data, config)
    return open_folder(folder, settings, is_made=is_made), settings


def find_data(data: Path | None, config: Path | None) -> tuple[Path, Config]:
    """Where the data folder is, which may not be there yet, and the settings in force; see open_data."""
    settings_home = _below_home("XDG_CONFIG_HOME", ".config")
    share = _below_home("XDG_DATA_HOME", ".local/share")
    folder = data or (share and share / "agent-sidecar")
    if folder is None:
        raise DataDirError("this user has no home folder to keep a data folder in; name one with --data DIR")
    return folder, load_config(find_config_file(config, folder, settings_home), os.environ)


def open_folder(folder: Path, settings: Config, *, is_made: bool = False) -> DataDir:
    """The data folder that was found; see open_data."""
    # on a shared store the folder holds clones alone, and a new node begins without one
    is_made = is_made or _is_node(settings)
    return DataDir.open(folder, key_file=_key_file(), is_made=is_made)


def is_there(folder: Path, settings: Config) -> bool:
    """Whether an earlier command made it a data folder, or it needs none."""
    return is_installed(folder, _key_file()) or _is_node(settings)


def _is_node(settings: Config) -> bool:
    return _key_file() is not None and settings.store.url is not None


def _key_file() -> Path | None:
    """Where the environment says that the key lies; None is the folder's own."""
    named = os.environ.get(KEY_FILE_VARIABLE)
    return Path(named) if named else None


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
def opened(data: Path | None, config: Path | None, *, is_made: bool = False) -> "Generator[Installation]":
    """An opened installation for one command; see open_data and Installation.open for the errors."""
    data_dir, settings = open_data(data, config, is_made=is_made)
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
