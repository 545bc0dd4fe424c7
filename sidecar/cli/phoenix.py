"""Commands around Arize Phoenix, which runs in an environment of its own: install it, run it, mirror into it."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sidecar.cli.ending import ended_by_sigterm
from sidecar.cli.options import ConfigOption, DataOption, JsonOption, open_data, opened
from sidecar.errors import PhoenixError
from sidecar.printing import print_json, print_line, print_progress

if TYPE_CHECKING:
    from sidecar.config import Config
    from sidecar.data_dir import DataDir

EnvironmentOption = Annotated[
    Path | None,
    typer.Option("--environment", metavar="DIR", help="Where Phoenix is installed; else $SIDECAR_PHOENIX."),
]

app = typer.Typer(invoke_without_command=True, help="Look at sessions in Arize Phoenix.")


@app.callback()
def phoenix(
    context: typer.Context,
    environment: EnvironmentOption = None,
    port: Annotated[int | None, typer.Option(help="Port of its page; else 6006, or a free one.")] = None,
    data: DataOption = None,
    config: ConfigOption = None,
) -> None:
    """Run Phoenix over this data folder until stopped; a running sidecar mirrors settled sessions into it."""
    if context.invoked_subcommand is not None:
        return
    from sidecar.phoenix.install import found
    from sidecar.phoenix.server import phoenix_running, running_at, stopped

    data_dir, settings = open_data(data, config, is_made=True)
    folder = data_dir.path / "phoenix"
    if (url := running_at(folder)) is not None:
        print_line(f"Phoenix runs over this folder already: {url}")
        return
    place = found(environment_folder(environment))

    async def run() -> None:
        async with phoenix_running(place, folder, port=port, progress=_waiting()) as running:
            print_line(f"Phoenix: {running.url}")
            for line in await _pages(running.url, data_dir, settings):
                print_line(line)
            await stopped(running)

    with ended_by_sigterm():
        asyncio.run(run())


async def _pages(url: str, data_dir: "DataDir", settings: "Config") -> list[str]:
    """Addresses of what is there already, each since its first session, for Phoenix by itself shows a week."""
    from sidecar.domain import LOCAL_TEAM
    from sidecar.phoenix.client import PhoenixClient
    from sidecar.phoenix.mapping import phoenix_project
    from sidecar.store import Store

    store = Store.open(data_dir.store_url(settings))
    try:
        since_ns = {
            phoenix_project(LOCAL_TEAM, project): min(
                one.session.started_ns for one in store.sessions(LOCAL_TEAM, project=project)
            )
            for project in store.projects(LOCAL_TEAM)
        }
    finally:
        store.close()
    async with PhoenixClient.connect(url) as client:
        shown = await client.projects()
        return [
            f"sessions of {name}: {await client.sessions_page(name, since)}"
            for name, since in since_ns.items()
            if name in shown
        ]


@app.command("install")
def install(
    environment: EnvironmentOption = None,
    is_anew: Annotated[bool, typer.Option("--again", help="Make it anew, though it is there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Install Phoenix into an environment of its own, from pinned hashes; where it is there, nothing is done."""
    from sidecar.phoenix.install import install as install_phoenix

    place = environment_folder(environment)
    with ended_by_sigterm():
        install_phoenix(place, print_progress, is_anew=is_anew)
    if as_json:
        print_json({"environment": str(place)})
    else:
        print_line(f"Phoenix is installed in {place}; run it with: sidecar phoenix")


@app.command("mirror")
def mirror(
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring settled sessions into the Phoenix that runs over this data folder, and people's notes back."""
    from sidecar.flows import mirror_now
    from sidecar.phoenix.server import running_at

    with opened(data, config) as installation:
        url = running_at(installation.data_dir.path / "phoenix")
        if url is None:
            raise PhoenixError("no Phoenix runs over this data folder; start one with: sidecar phoenix")
        mirrored, notes = asyncio.run(mirror_now(installation, url, now_ns=time.time_ns()))
    parked = {key.session_id: reason for key, reason in mirrored.parked.items()}
    if as_json:
        print_json({"sessions": len(mirrored.sessions), "spans": mirrored.spans, "parked": parked, "feedback": notes})
        return
    print_line(f"{len(mirrored.sessions)} sessions with {mirrored.spans} spans are in Phoenix; {notes} notes came back")
    for session, reason in parked.items():
        print_line(f"  not taken: {session}: {reason}")


def environment_folder(given: Path | None) -> Path:
    """Where Phoenix is, or will be, installed."""
    named = os.environ.get("SIDECAR_PHOENIX")
    share = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    # absolute: Phoenix is started in a folder of its own
    return (given or (Path(named) if named else share / "agent-sidecar" / "phoenix")).absolute()


def _waiting() -> Callable[[float], None]:
    """Tells every five seconds that Phoenix is not ready yet."""
    told: set[int] = set()

    def tell(seconds: float) -> None:
        fives = int(seconds) // 5
        if fives and fives not in told:
            told.add(fives)
            print_progress(f"waiting for Phoenix: {fives * 5} s")

    return tell
