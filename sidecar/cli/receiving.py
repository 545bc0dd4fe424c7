"""Commands that bring data in: serve, outcomes add."""

import asyncio
import logging
import os
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from collectors.outcomes.registry import read_report
from sidecar.addresses import parse_address
from sidecar.cli.options import ConfigOption, DataOption, DryRunOption, JsonOption, open_data, opened, read_file
from sidecar.config import load_credentials
from sidecar.domain import LOCAL_TEAM, Intake, SessionId
from sidecar.errors import InputError
from sidecar.printing import print_json, print_line


def serve(
    data: DataOption = None,
    http: Annotated[str, typer.Option(metavar="HOST:PORT", help="OTLP, hooks, files, reads.")] = "127.0.0.1:4318",
    grpc: Annotated[str, typer.Option(metavar="HOST:PORT", help="OTLP; empty for none.")] = "127.0.0.1:4317",
    config: ConfigOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print where it listens as one JSON document.")] = False,
) -> None:
    """Receive sessions until stopped. Everything it writes lies in the data folder."""
    from uvicorn.loops.auto import auto_loop_factory

    from sidecar import serve as serving

    http_address = parse_address(http, option="--http")
    grpc_address = parse_address(grpc, option="--grpc") if grpc else None
    data_dir, settings = open_data(data, config)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for talkative in ("alembic", "apscheduler", "dbos", "uvicorn"):
        logging.getLogger(talkative).setLevel(logging.WARNING)

    def announce(listening: serving.Listening) -> None:
        if as_json:
            print_json(asdict(listening))

    # the loop that uvicorn would choose; in asyncio.run() it would not be asked
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(
            serving.serve(data_dir, settings, http_address, grpc_address, announce, load_credentials(os.environ))
        )


def add_outcome(
    file: Annotated[Path, typer.Argument(help="Test report.")],
    session: Annotated[str | None, typer.Option(help="Session it speaks of.")] = None,
    commit: Annotated[str | None, typer.Option(help="Commit it was run on.")] = None,
    format: Annotated[str, typer.Option(help="junit, console or auto.")] = "auto",
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
    dry_run: DryRunOption = False,
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
    try:
        if dry_run:
            read_report(arrival.body, format)
            _print_stored(is_new=True, joined=[], as_json=as_json, is_dry_run=True)
            return
        with opened(data, config) as installation:
            receipt = asyncio.run(installation.receiver().receive(arrival))
            installation.projector().run(now_ns=time.time_ns())
            named = installation.store.session_keys(LOCAL_TEAM, SessionId(session)) if session else []
            committed = installation.store.sessions_at_commit(LOCAL_TEAM, commit) if commit else []
    except InputError as exc:
        raise type(exc)(f"{file}: {exc}") from exc
    joined = sorted({key.session_id for key in (*named, *committed)})
    _print_stored(is_new=receipt.is_new, joined=joined, as_json=as_json, is_dry_run=False)


def _print_stored(*, is_new: bool, joined: Sequence[str], as_json: bool, is_dry_run: bool) -> None:
    if as_json:
        print_json({"new": is_new, "sessions": list(joined)})
    elif is_dry_run:
        print_line("the report can be read; nothing was stored: this was a dry run")
    else:
        print_line(f"stored; it speaks of {len(joined)} known sessions" if is_new else "was stored before")
