"""The command that shows the whole loop on recorded sessions."""

import os
import shutil
import sys
import time
from pathlib import Path
from typing import Annotated, TextIO, cast

import typer

from judges.registry import JUDGES
from sidecar.cli.ending import ended_by_sigterm
from sidecar.cli.options import JsonOption
from sidecar.cli.phoenix import environment_folder
from sidecar.printing import EXIT_FOUND, print_error


def demo(
    repository: Annotated[str, typer.Option(help="Fixture repository: shop or parcel.")] = "shop",
    keep: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep everything in this empty folder.")] = None,
    judge: Annotated[
        str | None,
        typer.Option(help=f"{' or '.join(JUDGES)}; else a model where ANTHROPIC_* of the environment offers one."),
    ] = None,
    with_phoenix: Annotated[
        bool, typer.Option("--phoenix/--no-phoenix", help="End in Phoenix; at a terminal, wait there.")
    ] = True,
    install_phoenix: Annotated[
        bool, typer.Option("--install-phoenix", help="Install Phoenix first where it is missing, once.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """The whole loop on recorded sessions of real agents: no key, no account. Exit 1 when a part could not be shown."""
    from sidecar.demo import DemoOptions, Program, Viewer, run_demo
    from sidecar.demo.choosing import choose

    choice = choose(judge, os.environ, now_ns=time.time_ns())
    viewer = Viewer(
        environment=environment_folder(None),
        is_installed_first=install_phoenix,
        is_waited_for=not as_json and _is_terminal(sys.stdin) and _is_terminal(sys.stdout),
    )
    options = DemoOptions(
        repository=repository,
        keep=keep,
        choice=choice,
        viewer=viewer if with_phoenix else None,
        program=Program(name=_program(), is_by_make=install_phoenix and "MAKELEVEL" in os.environ),
        is_json=as_json,
    )
    with ended_by_sigterm():
        problems = run_demo(options)
    for problem in problems:
        print_error(problem)
    if problems:
        raise typer.Exit(EXIT_FOUND)


def _is_terminal(stream: TextIO) -> bool:
    # None where the process was started without it
    return cast("TextIO | None", stream) is not None and stream.isatty()


def _program() -> str:
    """What the user types to start this program: by name, by path in a clone, or as a module."""
    started = Path(sys.argv[0])
    if started.name != "sidecar":
        return f"{sys.executable} -m sidecar"
    on_path = shutil.which("sidecar")
    return "sidecar" if on_path is not None and Path(on_path).resolve() == started.resolve() else str(started)
