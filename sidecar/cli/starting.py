"""The first command on a machine: init."""

import os
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sidecar.cli.options import DataOption, DryRunOption, JsonOption, find_data, open_data
from sidecar.config import FILE_NAME, Config, find_config_file
from sidecar.printing import print_json, print_line, print_text

if TYPE_CHECKING:
    from sidecar.attach.starting import Found


def init(data: DataOption = None, dry_run: DryRunOption = False, as_json: JsonOption = False) -> None:
    """See which agents, forge and tests are here; write sidecar.toml where there is none; say what attach would do."""
    from sidecar.attach.changing import Change, apply_change
    from sidecar.attach.places import places
    from sidecar.attach.project import repository_at
    from sidecar.attach.starting import found, settings_text

    folder, settings = find_data(data, None)
    if not dry_run:
        open_data(data, None, is_made=True)
    here = places(os.environ)
    seen = found(here, repository_at(Path.cwd()))
    in_force = find_config_file(None, folder, Path(os.environ.get("XDG_CONFIG_HOME") or here.home / ".config"))
    file = (in_force or folder / FILE_NAME).resolve()
    text = settings_text(seen)
    if in_force is None and not dry_run:
        apply_change(Change(path=file, before=None, after=text.encode(), mode=0o600))
    missing = text.partition("\n\n")[2].strip() if in_force and not _knows(settings, seen.project) else None
    if as_json:
        print_json(
            {
                "agents": list(seen.agents),
                "project": seen.project,
                "forge": seen.forge,
                "test_command": seen.test_command,
                "settings": str(file),
                "written": in_force is None and not dry_run,
                "to_add": missing,
                "next": list(_next(seen, data)),
            }
        )
        return
    _print_found(seen)
    if in_force is None:
        print_text(f"{'would write' if dry_run else 'wrote'} {file}:\n{text.strip()}")
    else:
        print_line(f"{file} is there already and was left as it is")
    if missing is not None:
        print_text(f"to learn for this repository, add to it:\n{missing}")
    _print_next(seen, data)


def _knows(settings: Config, project: str | None) -> bool:
    """Whether the settings speak of a repository; True where there is none to speak of."""
    if project is None:
        return True
    return project in settings.projects or any(project in one.aliases for one in settings.projects.values())


def _next(seen: "Found", data: Path | None) -> Sequence[str]:
    place = f" --data {shlex.quote(str(data))}" if data is not None else ""
    return (f"sidecar serve{place}", *(f"sidecar attach {agent.replace('_', '-')}" for agent in seen.agents))


def _print_found(seen: "Found") -> None:
    print_line(f"agents: {', '.join(seen.agents) or 'none found on this machine'}")
    print_line(
        f"repository: {seen.project or 'none here, or without a remote'}{f' ({seen.forge})' if seen.forge else ''}"
    )
    print_line(f"tests: {seen.test_command or 'no command found; agents find theirs'}")


def _print_next(seen: "Found", data: Path | None) -> None:
    serve, *attaching = _next(seen, data)
    print_line(f"next: {serve}")
    for command in attaching:
        print_line(f"then: {command}   (see what it changes first with: {command} --dry-run)")
