"""The command that brings data in: serve; and the one that works on it beside them: work."""

import asyncio
import logging
import os
from dataclasses import asdict
from typing import Annotated

import typer

from sidecar.addresses import parse_address
from sidecar.cli.options import ConfigOption, DataOption, open_data
from sidecar.config import load_credentials
from sidecar.printing import log_to_standard_error, print_json


def serve(
    data: DataOption = None,
    http: Annotated[str, typer.Option(metavar="HOST:PORT", help="OTLP, hooks, files, reads.")] = "127.0.0.1:4318",
    grpc: Annotated[str, typer.Option(metavar="HOST:PORT", help="OTLP; empty for none.")] = "127.0.0.1:4317",
    config: ConfigOption = None,
    is_working: Annotated[
        bool, typer.Option("--work/--no-work", help="Project and run the flows too, or leave that to `sidecar work`.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print where it listens as one JSON document.")] = False,
) -> None:
    """Receive sessions until stopped. Everything it writes lies in the data folder."""
    from sidecar.arenas import share_arenas
    from sidecar.redact.sifting import prepare

    share_arenas()
    prepare()
    from uvicorn.loops.auto import auto_loop_factory

    from sidecar import serve as serving
    from sidecar.work import Work

    addresses = serving.Addresses(
        http=parse_address(http, option="--http"), grpc=parse_address(grpc, option="--grpc") if grpc else None
    )
    data_dir, settings = open_data(data, config, is_made=True)
    _log_of_service()

    def announce(listening: serving.Listening) -> None:
        if as_json:
            print_json(asdict(listening))

    # the loop that uvicorn would choose; in asyncio.run() it would not be asked
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        credentials = load_credentials(os.environ)
        given = Work(credentials=credentials) if is_working else None
        secret = credentials.webhook_secret
        runner.run(serving.serve(data_dir, settings, addresses, announce, given, webhook_secret=secret))


def work(
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print where the data lies as one JSON document.")] = False,
) -> None:
    """Do the work for `serve --no-work` until stopped: project what came in, and run the flows by the clock."""
    from sidecar import work as working

    data_dir, settings = open_data(data, config, is_made=True)
    _log_of_service()

    def announce(folder: str) -> None:
        if as_json:
            print_json({"data": folder})

    given = working.Work(credentials=load_credentials(os.environ))
    asyncio.run(working.work(data_dir, settings, given, announce))


def _log_of_service() -> None:
    log_to_standard_error("%(asctime)s %(levelname)s %(name)s: %(message)s", logging.INFO)
    for talkative in ("alembic", "apscheduler", "dbos", "httpx", "uvicorn"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
