"""What an import did: counted while it goes on, said when it is over."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from sidecar.domain import LOCAL_TEAM, AgentName, SessionId, SessionKey
from sidecar.printing import print_line

SHOWN_SKIPPED = 20


@dataclass(slots=True, kw_only=True)
class OfAgent:
    """What was found of one agent; grows while files are read."""

    files: int = 0
    new: int = 0
    """Files that were not here before in these bytes, or of which more is told now: an end, a repository."""
    sessions: set[SessionId] = field(default_factory=set[SessionId])
    steps: int = 0
    """Steps of these sessions, whichever channel told of them."""
    unknown_lines: Counter[str] = field(default_factory=Counter[str])
    """Lines of kinds that are not read, by shape."""


@dataclass(slots=True, kw_only=True)
class Imported:
    """What an import did so far."""

    agents: dict[AgentName, OfAgent]
    is_dry_run: bool
    """Nothing was stored, so nobody knows what of it is new."""
    skipped: list[tuple[Path, str]] = field(default_factory=list[tuple[Path, str]])
    unplaced: int = 0
    """Sessions of no known repository; known when all files were read."""

    @property
    def sessions(self) -> list[SessionKey]:
        """All of them."""
        return [
            SessionKey(team=LOCAL_TEAM, agent=name, session_id=session_id)
            for name, one in self.agents.items()
            for session_id in sorted(one.sessions)
        ]

    def count(self, key: SessionKey, unknown: Counter[str], *, is_new: bool) -> None:
        """Count a file that was taken, or would be."""
        one = self.agents[key.agent]
        one.files += 1
        one.new += is_new
        one.sessions.add(key.session_id)
        one.unknown_lines.update(unknown)

    def uncount(self, key: SessionKey, *, is_new: bool) -> None:
        """Take back a file that turned out to hold nothing."""
        self.agents[key.agent].files -= 1
        self.agents[key.agent].new -= is_new


def import_document(imported: Imported) -> dict[str, object]:
    """It as JSON: counts of each agent that had files, and every skipped file with its reason.

    A dry run tells nothing of what is new and of steps: it has not looked.
    """
    found = {name: one for name, one in imported.agents.items() if one.files}
    new: dict[str, object] = {} if imported.is_dry_run else {"new": sum(one.new for one in found.values())}
    return {
        "agents": {name: _agent_document(one, is_dry_run=imported.is_dry_run) for name, one in found.items()},
        "files": {name: one.files for name, one in found.items()},
        "sessions": len(imported.sessions),
        **new,
        "without_repository": imported.unplaced,
        "next": _next(imported),
        "skipped": [{"file": str(path), "reason": reason} for path, reason in imported.skipped],
    }


def _agent_document(one: OfAgent, *, is_dry_run: bool) -> dict[str, object]:
    stored = {} if is_dry_run else {"new": one.new, "steps": one.steps}
    return {
        "files": one.files,
        "sessions": len(one.sessions),
        **stored,
        "unknown_lines": one.unknown_lines.total(),
        "unknown_shapes": dict(one.unknown_lines.most_common()),
    }


def _next(imported: Imported) -> str | None:
    """What a person should do; None where nothing is to be done."""
    if not imported.unplaced:
        return None
    return "import the files of one repository at a time and say which with --repository URL"


def print_import(imported: Imported) -> None:
    """It for people: a line for each agent, then what is to be done, then the first skipped files."""
    found = {name: one for name, one in imported.agents.items() if one.files}
    for name, one in found.items():
        stored = "" if imported.is_dry_run else f", {_counted(one.new, 'file')} new, {_counted(one.steps, 'step')}"
        told = f"{name}: {_counted(one.files, 'file')} of {_counted(len(one.sessions), 'session')}{stored}"
        lines = one.unknown_lines
        shapes = ", ".join(f"{count} {shape}" for shape, count in lines.most_common(3))
        print_line(f"{told}; {lines.total()} lines not read ({shapes})" if lines else told)
    if imported.unplaced:
        unplaced = f"{_counted(imported.unplaced, 'session')} of no known repository, which teach nothing"
        print_line(f"{unplaced} (the folder is gone, or no clone with a remote): {_next(imported)}")
    if found and imported.is_dry_run:
        print_line("nothing was stored: this was a dry run; import brings in what of it is not here yet")
    for path, reason in imported.skipped[:SHOWN_SKIPPED]:
        print_line(f"skipped {path}: {reason}")
    if len(imported.skipped) > SHOWN_SKIPPED:
        print_line(f"skipped {len(imported.skipped) - SHOWN_SKIPPED} more; --json lists all")
    if not found:
        names = " or ".join(imported.agents)
        print_line(f"no session file of {names} was found there; name the folder the agent writes to")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
