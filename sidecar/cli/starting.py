"""The first command on a machine: init."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sidecar.cli.options import DataOption, DryRunOption, JsonOption, open_data
from sidecar.config import FILE_NAME
from sidecar.printing import print_json, print_line

if TYPE_CHECKING:
    from sidecar.attach.starting import Found


def init(data: DataOption = None, dry_run: DryRunOption = False, as_json: JsonOption = False) -> None:
    """See which agents, forge and tests are here; write sidecar.toml where there is none; say what attach would do."""
    from sidecar.attach.changing import Change, apply_change
    from sidecar.attach.places import places
    from sidecar.attach.project import repository_at
    from sidecar.attach.starting import found, settings_text

    data_dir, _ = open_data(data, None)
    seen = found(places(os.environ), repository_at(Path.cwd()))
    file = data_dir.path / FILE_NAME
    is_new = not file.exists()
    text = settings_text(seen)
    if is_new and not dry_run:
        apply_change(Change(path=file, before=None, after=text.encode(), mode=0o600))
    if as_json:
        print_json(
            {
                "agents": list(seen.agents),
                "project": seen.project,
                "forge": seen.forge,
                "test_command": seen.test_command,
                "settings": str(file),
                "written": is_new and not dry_run,
            }
        )
        return
    _print(seen, file, text, is_new=is_new, is_dry_run=dry_run)


def _print(seen: "Found", file: Path, text: str, *, is_new: bool, is_dry_run: bool) -> None:
    print_line(f"agents: {', '.join(seen.agents) or 'none found on this machine'}")
    print_line(
        f"repository: {seen.project or 'none here, or without a remote'}{f' ({seen.forge})' if seen.forge else ''}"
    )
    print_line(f"tests: {seen.test_command or 'no command found; agents find theirs'}")
    if not is_new:
        print_line(f"{file} is there already and was left as it is")
        if seen.project and seen.project not in file.read_text(encoding="utf-8", errors="replace"):
            print_line(f"to learn for this repository, add to it:\n{text.partition(chr(10) * 2)[2].strip()}")
    else:
        print_line(f"{'would write' if is_dry_run else 'wrote'} {file}:\n{text.strip()}")
    print_line("next: sidecar serve")
    for agent in seen.agents:
        name = agent.replace("_", "-")
        print_line(f"then: sidecar attach {name}   (see what it changes first with: sidecar attach {name} --dry-run)")
