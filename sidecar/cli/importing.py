"""The command that brings in session files that lie on this machine: import."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collectors.registry import COLLECTORS, collector
from sidecar.cli.options import ConfigOption, DataOption, DryRunOption, JsonOption, opened, read_file
from sidecar.domain import LOCAL_TEAM, AgentName, Intake, SessionId, SessionKey
from sidecar.errors import InputError
from sidecar.printing import EXIT_FOUND, print_json, print_line

if TYPE_CHECKING:
    from sidecar.installation import Installation
    from sidecar.receive import Arrival

QUIET_NS = 6 * 3600 * 1_000_000_000
"""A session file that nobody wrote to for that long is of a session that is over; one that goes on reopens it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """One session file on this machine."""

    agent: AgentName
    session_id: SessionId
    part: str
    path: Path


@dataclass(slots=True, kw_only=True)
class _Imported:
    """What an import did."""

    new: int = 0
    """Files that were not here before in these bytes."""
    skipped: list[dict[str, str]]


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
    for path in paths:
        _require(path)
    found = [
        _Found(agent=name, session_id=session_id, part=part, path=file)
        for name in names
        for path in paths
        for session_id, part, file in collector(name).find_session_files(path)
    ]
    imported = _Imported(skipped=[])
    if not dry_run:
        with opened(data, config) as installation:
            imported = _imported(installation, found)
    if as_json:
        _print_import_json(found, imported)
    else:
        _print_import(names, found, imported, is_dry_run=dry_run)
    if not found:
        raise typer.Exit(EXIT_FOUND)


def _require(path: Path) -> None:
    try:
        path.stat()
    except FileNotFoundError as exc:
        raise InputError(f"{path}: there is no such file or folder; name where the agent keeps its sessions") from exc
    except OSError as exc:
        raise InputError(f"{path}: cannot be read ({exc.strerror}); name a file or folder this user may read") from exc


def _imported(installation: "Installation", found: Sequence[_Found]) -> _Imported:
    receiver = installation.receiver()
    done = _Imported(skipped=[])
    for one in found:
        try:
            done.new += asyncio.run(receiver.receive(_file_arrival(one))).is_new
        except InputError as exc:
            done.skipped.append({"file": str(one.path), "reason": str(exc)})
    installation.projector().run(now_ns=time.time_ns())
    refused = {one["file"] for one in done.skipped}
    for one in found:
        key = SessionKey(team=LOCAL_TEAM, agent=one.agent, session_id=one.session_id)
        if str(one.path) not in refused and installation.store.session(key) is None:
            reason = f"nothing in it is of a {one.agent} session; is it cut off or another program's file?"
            done.skipped.append({"file": str(one.path), "reason": reason})
    return done


def _file_arrival(one: _Found) -> "Arrival":
    from sidecar.receive import Arrival

    body = read_file(one.path)
    written_ns = one.path.stat().st_mtime_ns
    is_quiet = time.time_ns() - written_ns > QUIET_NS
    return Arrival(
        team=LOCAL_TEAM,
        intake=Intake.TRANSCRIPT,
        body=body,
        received_ns=written_ns,
        agent=one.agent,
        parameters={"session": one.session_id, "part": one.part, "offset": "0"}
        | ({"quiet_since": str(written_ns)} if is_quiet else {}),
    )


def _print_import_json(found: Sequence[_Found], imported: _Imported) -> None:
    files = Counter(one.agent for one in found)
    sessions = len({(one.agent, one.session_id) for one in found})
    print_json({"files": dict(files), "sessions": sessions, "new": imported.new, "skipped": imported.skipped})


def _print_import(
    names: Sequence[AgentName], found: Sequence[_Found], imported: _Imported, *, is_dry_run: bool
) -> None:
    for name in names:
        sessions = Counter(one.session_id for one in found if one.agent == name)
        print_line(f"{name}: {sessions.total()} files of {len(sessions)} sessions")
    if found:
        print_line("nothing was stored: this was a dry run" if is_dry_run else f"{imported.new} files are new")
    for one in imported.skipped:
        print_line(f"skipped {one['file']}: {one['reason']}")
    if not found:
        print_line(f"no session file of {' or '.join(names)} was found there; name the folder the agent writes to")
