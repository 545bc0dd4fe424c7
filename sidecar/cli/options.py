"""Options that several commands share, and opening what they name."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sidecar.config import Config, find_config_file, load_config
from sidecar.data_dir import DataDir
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
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    share = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    folder = data or share / "agent-sidecar"
    settings = load_config(find_config_file(config, folder, home), os.environ)
    return DataDir.open(folder), settings


@contextmanager
def opened(data: Path | None, config: Path | None) -> "Generator[Installation]":
    """An opened installation for one command; see open_data and Installation.open for the errors."""
    data_dir, settings = open_data(data, config)
    from sidecar.installation import Installation

    with Installation.open(data_dir, settings, owner=this_process()) as installation:
        yield installation
