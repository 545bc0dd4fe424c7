"""Commands that bring data in: serve, import, outcomes add."""

import asyncio
import logging
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collectors.registry import COLLECTORS, collector
from sidecar.cli.options import ConfigOption, DataOption, DryRunOption, JsonOption, open_data, opened
from sidecar.domain import LOCAL_TEAM, AgentName, Intake
from sidecar.errors import InputError
from sidecar.printing import EXIT_FOUND, print_json, print_line

if TYPE_CHECKING:
    from sidecar.receive import Arrival


def serve(
    data: DataOption = None,
    http: Annotated[str, typer.Option(metavar="HOST:PORT", help="OTLP, hooks, files, reads.")] = "127.0.0.1:4318",
    grpc: Annotated[str, typer.Option(metavar="HOST:PORT", help="OTLP; empty for none.")] = "127.0.0.1:4317",
    config: ConfigOption = None,
) -> None:
    """Receive sessions until stopped. Everything it writes lies in the data folder."""
    from sidecar import serve as serving

    http_address = serving.parse_address(http, option="--http")
    grpc_address = serving.parse_address(grpc, option="--grpc") if grpc else None
    data_dir, settings = open_data(data, config)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    asyncio.run(serving.serve(data_dir, settings, http_address, grpc_address))


def import_files(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Session files, or folders of them.")],
    agent: Annotated[str | None, typer.Option(help="Only this agent's files.")] = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    dry_run: DryRunOption = False,
) -> None:
    """Bring in session files that lie on this machine; bringing the same again changes nothing."""
    names = [collector(agent).name] if agent else [AgentName(name) for name in COLLECTORS]
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise InputError(f"{missing[0]}: there is no such file or folder")
    found = [(name, *file) for name in names for path in paths for file in collector(name).find_session_files(path)]
    counts = Counter(name for name, *_ in found)
    skipped: list[dict[str, str]] = []
    if not dry_run:
        with opened(data, config) as installation:
            receiver = installation.receiver()
            for name, session_id, part, path in found:
                try:
                    asyncio.run(receiver.receive(_file_arrival(name, session_id, part, path)))
                except InputError as exc:
                    skipped.append({"file": str(path), "reason": str(exc)})
            installation.projector().run(now_ns=time.time_ns())
    if as_json:
        print_json({"files": dict(counts), "sessions": len({(n, s) for n, s, *_ in found}), "skipped": skipped})
    else:
        for name in names:
            print_line(f"{name}: {counts[name]} files of {len({s for n, s, *_ in found if n == name})} sessions")
        for one in skipped:
            print_line(f"skipped {one['file']}: {one['reason']}")
    if not found:
        print_line("no session file of a known agent was found there")
        raise typer.Exit(EXIT_FOUND)


def _file_arrival(agent: AgentName, session_id: str, part: str, path: Path) -> "Arrival":
    from sidecar.receive import Arrival

    return Arrival(
        team=LOCAL_TEAM,
        intake=Intake.TRANSCRIPT,
        body=path.read_bytes(),
        received_ns=path.stat().st_mtime_ns,
        agent=agent,
        parameters={"session": session_id, "part": part, "offset": "0"},
    )


def add_outcome(
    file: Annotated[Path, typer.Argument(help="Test report.")],
    session: Annotated[str | None, typer.Option(help="Session it speaks of.")] = None,
    commit: Annotated[str | None, typer.Option(help="Commit it was run on.")] = None,
    format: Annotated[str, typer.Option(help="junit, console or auto.")] = "auto",
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Store a test report for a session or a commit; it waits when the session is not known yet."""
    from sidecar.receive import Arrival

    if not session and not commit:
        raise InputError("say whom the report is about with --session ID or --commit SHA")
    given = {"session": session, "commit": commit, "format": format}
    arrival = Arrival(
        team=LOCAL_TEAM,
        intake=Intake.OUTCOME,
        body=read_file(file),
        received_ns=time.time_ns(),
        parameters={name: value for name, value in given.items() if value},
    )
    with opened(data, config) as installation:
        receipt = asyncio.run(installation.receiver().receive(arrival))
        projection = installation.projector().run(now_ns=time.time_ns())
    joined = sorted(key.session_id for key in projection.sessions)
    if as_json:
        print_json({"new": receipt.is_new, "sessions": joined})
    else:
        print_line(f"stored; it speaks of {len(joined)} known sessions" if receipt.is_new else "was stored before")


def read_file(path: Path) -> bytes:
    """A file's bytes.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as exc:
        raise InputError(f"{path}: {exc.strerror}") from exc
