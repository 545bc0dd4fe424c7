"""Commands that put an agent's hooks and telemetry in place, or take every trace of them away: attach, detach."""

import os
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import SplitResult, urlsplit

import typer

from sidecar.addresses import LOOPBACK_HOSTS
from sidecar.cli.attach_plans import print_attached, print_detached
from sidecar.cli.options import DryRunOption, JsonOption, read_file
from sidecar.errors import InputError
from sidecar.printing import EXIT_COULD_NOT_RUN

if TYPE_CHECKING:
    from sidecar.attach.address import Address
    from sidecar.attach.attaching import Plan
    from sidecar.attach.changing import Change
    from sidecar.attach.places import Places
    from sidecar.attach.record import Record
    from sidecar.attach.wish import Asked

AgentArgument = Annotated[str, typer.Argument(metavar="AGENT", help="claude-code or cline.")]
ProjectFolder = Annotated[Path | None, typer.Option("--project", metavar="DIR", help="Repository; else this one.")]
DEFAULT_URL = "http://127.0.0.1:4318"


def attach(
    agent: AgentArgument,
    project: ProjectFolder = None,
    user: Annotated[bool, typer.Option("--user", help="For every repository of this user.")] = False,
    shared: Annotated[bool, typer.Option("--shared", help="In files that the team commits.")] = False,
    url: Annotated[
        str | None, typer.Option(metavar="URL", help=f"The sidecar; else where agents send already, or {DEFAULT_URL}.")
    ] = None,
    token_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Holds a token, for a sidecar on another machine.")
    ] = None,
    replaces: Annotated[bool, typer.Option("--replace", help="Move all that is attached to --url.")] = False,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Let an agent's sessions come here: hooks, session files, telemetry. Again is nothing; detach takes it back."""
    from sidecar.attach.places import places
    from sidecar.attach.project import repository_at
    from sidecar.attach.record import read_record
    from sidecar.attach.registry import AGENTS, agent_named
    from sidecar.attach.wish import Asked, Reach

    if user and shared:
        raise InputError("--user and --shared exclude each other: a team shares its repository, not a home folder")
    name = agent_named(agent)
    here, folder = places(os.environ), _folder(project)
    records = {one: read_record(here.record(one)) for one in AGENTS}
    address, notes = _address(here, records, url, _token(token_file), replaces=replaces)
    asked = Asked(
        places=here,
        url=address.url,
        token=address.token,
        folder=folder,
        repository=None if user else repository_at(folder),
        reach=Reach(is_user=user, is_shared=shared),
        record=records[name],
    )
    plan, scripts = _attached(name, asked, records, is_dry_run=dry_run)
    plan = replace(plan, notes=(*(notes if plan.record.files else ()), *plan.notes))
    print_attached(name, plan, scripts, is_dry_run=dry_run, as_json=as_json)


def _attached(
    agent: str, asked: "Asked", records: "Mapping[str, Record]", *, is_dry_run: bool
) -> "tuple[Plan, Sequence[Change]]":
    """What attaching changes, beside it the scripts; written unless it is only to be shown."""
    from sidecar.attach.address import installed_address, moved_telemetry
    from sidecar.attach.attaching import carry_out_attach, plan_wishes
    from sidecar.attach.programs import programs
    from sidecar.attach.registry import AGENTS

    plan = plan_wishes(
        AGENTS[agent](asked), asked.record, beside=(asked.places.record(agent), asked.places.scripts / "url")
    )
    if not plan.record.files:
        return plan, ()
    plans = {**moved_telemetry(asked, installed_address(asked.places), records), agent: plan}
    scripts = programs(asked.places, asked.url, asked.token)
    if not is_dry_run:
        carry_out_attach({asked.places.record(other): one for other, one in plans.items()}, scripts)
    changes = tuple(change for one in plans.values() for change in one.changes)
    return replace(plan, changes=changes), scripts


def detach(agent: AgentArgument, dry_run: DryRunOption = False, as_json: JsonOption = False) -> None:
    """Take away everything that attach wrote for an agent; files that nobody edited since are as they were."""
    from sidecar.attach.attaching import carry_out_detach, plan_detach
    from sidecar.attach.changing import remove_empty_folders
    from sidecar.attach.places import places
    from sidecar.attach.programs import attached_agents, remove_programs, unsent_hooks
    from sidecar.attach.record import read_record
    from sidecar.attach.registry import AGENTS, agent_named

    name = agent_named(agent)
    here = places(os.environ)
    record_file = here.record(name)
    record = read_record(record_file)
    plan = plan_detach(record)
    is_last = bool(record.files) and not plan.record.files and attached_agents(here, tuple(AGENTS)) == (name,)
    if is_last and (unsent := unsent_hooks(here)):
        kept = (
            f"hooks that have not reached a sidecar: {unsent}; they stay in {here.state} and are sent once an agent is "
            f"attached again; to drop them: rm -r {shlex.quote(str(here.state))}"
        )
        plan = replace(plan, notes=(*plan.notes, kept))
    if not dry_run and record.files:
        carry_out_detach(plan, record, record_file)
        if is_last:
            remove_programs(here)
            remove_empty_folders(record.folders)
    print_detached(name, plan, was_attached=bool(record.files), is_dry_run=dry_run, as_json=as_json)
    if plan.record.files:
        raise typer.Exit(EXIT_COULD_NOT_RUN)


def checked_url(text: str) -> str:
    """The sidecar's address without a slash at its end.

    Raises:
        InputError: no address, or one where sessions would travel unencrypted.
    """
    parts = split_address(text, "--url")
    host = parts.hostname or ""
    if parts.username is not None:
        raise InputError("--url: a password in an address ends up in process lists; leave it out")
    is_loopback = (f"[{host}]" if ":" in host else host) in LOOPBACK_HOSTS
    if parts.scheme == "http" and not is_loopback:
        raise InputError(f"--url {text!r}: sessions would travel in the clear; use https, or a sidecar on this machine")
    return text.rstrip("/")


def split_address(text: str, named: str) -> SplitResult:
    """A sidecar's address in its parts.

    Args:
        named: Where it stands, for the words of an error.
    Raises:
        InputError: no address of a server.
    """
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as exc:
        raise InputError(f"{named} {text!r}: {exc}; an address such as {DEFAULT_URL} was expected") from exc
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or not text.isprintable():
        raise InputError(f"{named} {text!r}: an address such as {DEFAULT_URL} was expected")
    return parts


def _address(
    here: "Places", records: "Mapping[str, Record]", url: str | None, token: str | None, *, replaces: bool
) -> "tuple[Address, tuple[str, ...]]":
    """Where to send, and what to say of that."""
    from sidecar.attach.address import Address, chosen_address, installed_address, moved, users_of

    if replaces and url is None:
        raise InputError("--replace: says that --url replaces the address that is there; name one with --url URL")
    wanted = checked_url(url) if url is not None else None
    before = installed_address(here) if any(record.files for record in records.values()) else None
    if before is None:
        return Address(url=wanted or DEFAULT_URL, token=token), ()
    used_by = users_of(records.values())
    address = chosen_address(before, wanted, token, used_by, replaces=replaces)
    is_plain = address.url == before.url and (wanted is not None or before.url == DEFAULT_URL)
    return address, () if is_plain else (moved(before, address, used_by),)


def _token(file: Path | None) -> str | None:
    if file is None:
        return None
    text = read_file(file).decode("utf-8", "replace").strip()
    if not re.fullmatch(r"[A-Za-z0-9._~+/=-]{8,512}", text):
        raise InputError(f"--token-file {file}: one token was expected in it, as `sidecar tokens` prints it")
    return text


def _folder(given: Path | None) -> Path:
    folder = given or Path.cwd()
    if not folder.is_dir():
        raise InputError(f"--project {folder}: there is no such folder")
    return folder
