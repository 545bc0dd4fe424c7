"""What an import did: counted while it goes on, said when it is over."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from sidecar.domain import AgentName, SessionId, SessionKey
from sidecar.printing import print_line

SHOWN_SKIPPED = 20


@dataclass(slots=True, kw_only=True)
class OfAgent:
    """What was found of one agent; grows while files are read."""

    files: int = 0
    new: int = 0
    """Files that were not here before in these bytes."""
    sessions: set[SessionId] = field(default_factory=set[SessionId])
    steps: int = 0
    """Steps of these sessions, whichever channel told of them."""
    unknown_lines: Counter[str] = field(default_factory=Counter[str])
    """Lines of kinds that are not read, by shape."""


@dataclass(slots=True, kw_only=True)
class Imported:
    """What an import did so far."""

    agents: dict[AgentName, OfAgent]
    skipped: list[tuple[Path, str]] = field(default_factory=list[tuple[Path, str]])
    waiting: list[tuple[Path, SessionKey]] = field(default_factory=list[tuple[Path, SessionKey]])
    """Files that were stored and not yet read into sessions."""


def import_document(imported: Imported) -> dict[str, object]:
    """It as JSON: counts of each agent that had files, and every skipped file with its reason."""
    agents = {
        name: {
            "files": one.files,
            "new": one.new,
            "sessions": len(one.sessions),
            "steps": one.steps,
            "unknown_lines": one.unknown_lines.total(),
            "unknown_shapes": dict(one.unknown_lines.most_common()),
        }
        for name, one in imported.agents.items()
        if one.files
    }
    return {
        "agents": agents,
        "files": {name: one.files for name, one in imported.agents.items() if one.files},
        "sessions": sum(len(one.sessions) for one in imported.agents.values()),
        "new": sum(one.new for one in imported.agents.values()),
        "skipped": [{"file": str(path), "reason": reason} for path, reason in imported.skipped],
    }


def print_import(imported: Imported, *, is_dry_run: bool) -> None:
    """It for people: a line for each agent, then the first skipped files."""
    found = {name: one for name, one in imported.agents.items() if one.files}
    for name, one in found.items():
        told = f"{name}: {one.files} files of {len(one.sessions)} sessions, {one.new} files new, {one.steps} steps"
        lines = one.unknown_lines
        shapes = ", ".join(f"{count} {shape}" for shape, count in lines.most_common(3))
        print_line(f"{told}; {lines.total()} lines not read ({shapes})" if lines else told)
    if found and is_dry_run:
        print_line("nothing was stored: this was a dry run")
    for path, reason in imported.skipped[:SHOWN_SKIPPED]:
        print_line(f"skipped {path}: {reason}")
    if len(imported.skipped) > SHOWN_SKIPPED:
        print_line(f"skipped {len(imported.skipped) - SHOWN_SKIPPED} more; --json lists all")
    if not found:
        names = " or ".join(imported.agents)
        print_line(f"no session file of {names} was found there; name the folder the agent writes to")
