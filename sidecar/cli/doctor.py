"""The command that proves each hop: doctor."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sidecar.cli.attaching import DEFAULT_URL, split_address
from sidecar.cli.options import ConfigOption, DataOption, JsonOption, find_data, is_there, open_folder
from sidecar.config import load_credentials
from sidecar.domain import ProjectId
from sidecar.owner import this_process
from sidecar.printing import EXIT_FOUND, print_json, print_line

if TYPE_CHECKING:
    from sidecar.config import Config
    from sidecar.data_dir import DataDir
    from sidecar.doctor.finding import Finding


def doctor(
    data: DataOption = None,
    config: ConfigOption = None,
    url: Annotated[str | None, typer.Option(metavar="URL", help="Sidecar to look at; else where hooks send.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Prove each hop from the agent to the rule, and say what to do next. Costs nothing and leaves nothing behind."""
    from sidecar.attach.places import places
    from sidecar.attach.programs import installed_headers, installed_url
    from sidecar.attach.registry import AGENTS
    from sidecar.doctor.attached import check_agent, no_agent
    from sidecar.doctor.finding import State
    from sidecar.doctor.receiving import check_receiving
    from sidecar.doctor.rules_files import check_rules_files

    folder, settings = find_data(data, config)
    # the usual folder need not be there before the first start; one that was named is a mistake then
    data_dir = open_folder(folder, settings) if data is not None or is_there(folder, settings) else None
    here = places(os.environ)
    found = {agent: check_agent(agent, here, Path.cwd()) for agent in AGENTS}
    findings = [finding for agent in AGENTS for finding in found[agent]]
    address, named = _address(url, installed_url(here))
    split_address(address, named)
    findings += check_receiving(address, tuple(AGENTS), installed_headers(here, address), data_dir=data_dir)
    findings += [] if any(found.values()) else [no_agent()]
    findings += check_rules_files(Path.cwd())
    summary, stored = _stored(folder, data_dir, settings, found)
    findings += stored
    if as_json:
        shown = [
            {"hop": one.hop, "state": one.state.value, "detail": one.detail, "next": one.next_step} for one in findings
        ]
        print_json({"summary": summary, "findings": shown})
    else:
        _print(summary, findings)
    if any(one.state is State.PROBLEM for one in findings):
        raise typer.Exit(EXIT_FOUND)


def _address(given: str | None, installed: str | None) -> tuple[str, str]:
    """Where to look for the sidecar, and who says so."""
    told = os.environ.get("SIDECAR_URL")
    named = (given, "--url"), (told, "SIDECAR_URL"), (installed, "the address that attach installed")
    return next(((address, name) for address, name in named if address), (DEFAULT_URL, "--url"))


def _stored(
    folder: Path, data_dir: "DataDir | None", settings: "Config", found: Mapping[str, list["Finding"]]
) -> tuple[str, list["Finding"]]:
    """What the store tells, and what it and the settings tell of the world outside.

    Args:
        found: By agent what this machine told; an agent that is not here and sent nothing is passed over.
    """
    from sidecar.doctor.finding import unchecked
    from sidecar.doctor.judging import check_judge
    from sidecar.doctor.outside import check_capture, check_forges, check_phoenix
    from sidecar.doctor.rules_files import check_standing_rules
    from sidecar.doctor.sessions import check_sessions, first_day_line, newest_sessions
    from sidecar.installation import Installation

    credentials = load_credentials(os.environ)
    outside = [check_capture(settings), *check_forges(settings.projects), check_phoenix(folder)]
    if data_dir is None or (settings.store.url is None and not (data_dir.path / "store.db").exists()):
        step = "start it: sidecar serve; or name its data folder with --data"
        what = "there is no installation" if data_dir is None else "there are no sessions"
        missing = unchecked("store", f"{what} at {folder}", step)
        return first_day_line((), settings.learn.min_tasks), [
            missing,
            *check_judge(settings, credentials, None),
            *outside,
        ]
    with Installation.open(data_dir, settings, owner=this_process(), credentials=credentials) as installation:
        told = {agent: check_sessions(installation, agent) for agent in found}
        findings = [one for agent, about in told.items() for one in about if found[agent] or len(about) > 1]
        findings += check_judge(settings, credentials, installation.store)
        findings += check_standing_rules(installation.store, [ProjectId(name) for name in settings.projects])
        return first_day_line(newest_sessions(installation), settings.learn.min_tasks), [*findings, *outside]


def _print(summary: str, findings: list["Finding"]) -> None:
    print_line(summary)
    for one in findings:
        print_line(f"{one.state.value:11}  {one.hop}: {one.detail}")
        if one.next_step:
            print_line(f"{'':11}  next: {one.next_step}")
