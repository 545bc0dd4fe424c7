"""Commands that put an agent's hooks and telemetry in place, or take every trace of them away: attach, detach."""

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import SplitResult, urlsplit

import typer

from sidecar.addresses import LOOPBACK_HOSTS
from sidecar.cli.options import DryRunOption, JsonOption, read_file
from sidecar.errors import InputError
from sidecar.printing import EXIT_COULD_NOT_RUN, print_json, print_line

if TYPE_CHECKING:
    from sidecar.attach.attaching import Plan
    from sidecar.attach.changing import Change

AgentArgument = Annotated[str, typer.Argument(metavar="AGENT", help="claude-code or cline.")]
ProjectFolder = Annotated[Path | None, typer.Option("--project", metavar="DIR", help="Repository; else this one.")]
DEFAULT_URL = "http://127.0.0.1:4318"


def attach(
    agent: AgentArgument,
    project: ProjectFolder = None,
    user: Annotated[bool, typer.Option("--user", help="For every repository of this user.")] = False,
    shared: Annotated[bool, typer.Option("--shared", help="In files that the team commits.")] = False,
    url: Annotated[str, typer.Option(metavar="URL", help="Where the sidecar receives.")] = DEFAULT_URL,
    token_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Holds a token, for a sidecar on another machine.")
    ] = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """Let an agent's sessions come here: hooks, session files, telemetry. Again is nothing; detach takes it back."""
    from sidecar.attach.attaching import carry_out_attach, plan_wishes
    from sidecar.attach.places import places
    from sidecar.attach.programs import programs
    from sidecar.attach.project import repository_at
    from sidecar.attach.record import read_record
    from sidecar.attach.registry import AGENTS, agent_named
    from sidecar.attach.wish import Asked, Reach

    if user and shared:
        raise InputError("--user and --shared exclude each other: a team shares its repository, not a home folder")
    name = agent_named(agent)
    address = checked_url(url)
    token = _token(token_file)
    here = places(os.environ)
    record_file = here.record(name)
    record = read_record(record_file)
    repository = None if user else repository_at(_folder(project))
    reach = Reach(is_user=user, is_shared=shared)
    asked = Asked(places=here, url=address, repository=repository, reach=reach, record=record, token=token)
    wished = AGENTS[name](asked)
    plan = plan_wishes(wished.files, record, beside=(record_file, here.scripts / "url"))
    plan = replace(plan, notes=(*wished.notes, *plan.notes))
    scripts = programs(here, address, token) if plan.record.files else ()
    if not dry_run and plan.record.files:
        carry_out_attach(plan, scripts, record_file)
    _print_attached(name, plan, scripts, is_dry_run=dry_run, as_json=as_json)


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
    unsent = unsent_hooks(here)
    if not dry_run and record.files:
        carry_out_detach(plan, record, record_file)
        if not attached_agents(here, tuple(AGENTS)):
            remove_programs(here)
            remove_empty_folders(record.folders)
            if unsent:
                plan = replace(plan, notes=(*plan.notes, f"{unsent} hooks had never reached a sidecar and are gone"))
    _print_detached(name, plan, was_attached=bool(record.files), is_dry_run=dry_run, as_json=as_json)
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


def _print_attached(agent: str, plan: "Plan", scripts: "Sequence[Change]", *, is_dry_run: bool, as_json: bool) -> None:
    if as_json:
        _print_plan_json(agent, plan, scripts, is_dry_run=is_dry_run)
        return
    if is_dry_run:
        _print_diffs(plan, scripts)
    else:
        for change in (*scripts, *plan.changes):
            print_line(f"{'changed' if change.before is not None else 'wrote'} {change.path}")
    for note in plan.notes:
        print_line(f"note: {note}")
    if not plan.changes and not scripts:
        print_line(f"{agent} is attached already; nothing to do" if plan.record.files else "nothing was attached")
    elif is_dry_run:
        print_line("nothing was written: this was a dry run")
    else:
        print_line(f"{agent} is attached; start it anew, then: sidecar doctor")


def _print_detached(agent: str, plan: "Plan", *, was_attached: bool, is_dry_run: bool, as_json: bool) -> None:
    if as_json:
        _print_plan_json(agent, plan, (), is_dry_run=is_dry_run)
        return
    if is_dry_run:
        _print_diffs(plan, ())
    for note in plan.notes:
        print_line(note)
    if not was_attached:
        print_line(f"{agent} is not attached; nothing to do")
    elif is_dry_run:
        print_line("nothing was written: this was a dry run")
    elif not plan.record.files:
        print_line(f"{agent} is detached; sessions that run still call hooks that are gone, which does them no harm")


def _print_diffs(plan: "Plan", scripts: "Sequence[Change]") -> None:
    from sidecar.attach.changing import unified_diff

    for change in scripts:
        lines = (change.after or b"").count(b"\n")
        print_line(
            f"{'would replace' if change.before else 'would write'} {change.path} ({lines} lines of this program)"
        )
    for change in plan.changes:
        print_line(_shown(unified_diff(change)).removesuffix("\n"))


def _print_plan_json(agent: str, plan: "Plan", scripts: "Sequence[Change]", *, is_dry_run: bool) -> None:
    from sidecar.attach.changing import unified_diff

    print_json(
        {
            "agent": agent,
            "dry_run": is_dry_run,
            "changes": [{"path": str(one.path), "diff": _shown(unified_diff(one))} for one in plan.changes],
            "scripts": [str(one.path) for one in scripts],
            "notes": list(plan.notes),
            "attached": bool(plan.record.files),
        }
    )


def _shown(diff: str) -> str:
    """A diff for people and logs: a token in it is no more than its place."""
    return re.sub(r"(Authorization=Bearer )[^\"]+", r"\1[REDACTED]", diff)
