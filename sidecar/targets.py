"""Which files of a repository hold our rules, so that each rule reaches each agent once.

What was measured (Claude Code 2.1.330, Cline 3.0.65, Codex 0.169.0, Gemini CLI 0.61.0, opencode 1.18.33; 2026-11-23):
Claude Code loads CLAUDE.md, and AGENTS.md only where there is no CLAUDE.md; Cline loads the file `.clinerules` or every
Markdown file in the folder `.clinerules/`, and AGENTS.md always; Codex loads AGENTS.md; opencode loads AGENTS.md, and
CLAUDE.md only where there is no AGENTS.md; Gemini CLI loads GEMINI.md. No other name may ever be written to, and a
symbolic link is followed inside the repository only.
"""

import posixpath
import unicodedata
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass

from sidecar.domain import AgentName
from sidecar.errors import RulesFileError
from sidecar.rules import TARGET_PATHS, is_ledger_path, may_write

CLAUDE_CODE = AgentName("claude_code")
CLINE = AgentName("cline")
CODEX = AgentName("codex")
GEMINI_CLI = AgentName("gemini_cli")
OPENCODE = AgentName("opencode")

_MAX_LINKS = 8
"""Links followed for one path; more is a loop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One file that holds the block."""

    path: str
    """Where the bytes lie, links resolved; relative to the repository, forward slashes."""
    name: str
    """What agents call it, one of `TARGET_PATHS`."""
    agents: tuple[AgentName, ...]
    """Who reads it, sorted."""


def rules_paths(files: Collection[str], *, links: Mapping[str, str] | None = None) -> frozenset[str]:
    """Every path of the repository where rules or ledger entries of ours may stand now, links resolved.

    Wider than `targets`: rules stay where they are when a team's files change and another file becomes the target.
    A target that is a link out of the repository holds nothing of ours and is passed over.
    """
    found = {path for path in files if is_ledger_path(path)}
    for name in TARGET_PATHS:
        with suppress(RulesFileError):
            found.add(_followed(name, links or {}))
    return frozenset(found & set(files))


def targets(
    files: Collection[str], *, links: Mapping[str, str] | None = None, agents: Collection[AgentName] = ()
) -> tuple[Target, ...]:
    """The files that get our block, sorted by path.

    Args:
        files: Every path of the repository at the base, links included.
        links: Of those that are symbolic links: where they point, as written in the link.
        agents: Agents seen in this project; those whose own file is at the base count as well.
    Raises:
        RulesFileError: a target is a link that leaves the repository or ends where no rules belong, or its name
            stands there in other letters.
    """
    names, links = frozenset(files), links or {}
    readers: dict[str, set[AgentName]] = {}
    reached: dict[str, str] = {}
    for agent, name in _own_names(names, agents):
        path = _resolved(name, names, links)
        reached.setdefault(path, name)
        readers.setdefault(path, set()).add(agent)
    if CLINE in agents or any(_is_cline(path) for path in names):
        # Cline reads AGENTS.md as well: a second copy in its own file would reach it twice.
        name = "AGENTS.md" if _agents_file(links) in readers else _cline_name(names, links)
        path = _resolved(name, names, links)
        reached.setdefault(path, name)
        readers.setdefault(path, set()).add(CLINE)
    return tuple(Target(path=path, name=reached[path], agents=tuple(sorted(readers[path]))) for path in sorted(readers))


def _own_names(files: frozenset[str], agents: Collection[AgentName]) -> list[tuple[AgentName, str]]:
    """The file of each agent but Cline.

    No file is made that would keep an agent from the team's own: a new AGENTS.md takes CLAUDE.md from opencode, so
    where both Codex and opencode work on a repository that has only CLAUDE.md, Codex goes without.
    """
    has_claude_file, has_agents_file = "CLAUDE.md" in files, "AGENTS.md" in files
    is_claude_file_shared = OPENCODE in agents and has_claude_file and not has_agents_file
    names: list[tuple[AgentName, str]] = []
    if OPENCODE in agents:
        names.append((OPENCODE, "CLAUDE.md" if is_claude_file_shared else "AGENTS.md"))
    if CODEX in agents and not is_claude_file_shared:
        names.append((CODEX, "AGENTS.md"))
    if CLAUDE_CODE in agents or has_claude_file:
        is_agents_file = not has_claude_file and (has_agents_file or any(name == "AGENTS.md" for _, name in names))
        names.append((CLAUDE_CODE, "AGENTS.md" if is_agents_file else "CLAUDE.md"))
    if GEMINI_CLI in agents or "GEMINI.md" in files:
        names.append((GEMINI_CLI, "GEMINI.md"))
    return names


def _agents_file(links: Mapping[str, str]) -> str | None:
    """Where the bytes of AGENTS.md lie; None where it is a link that nothing of ours follows."""
    with suppress(RulesFileError):
        return _followed("AGENTS.md", links)
    return None


def _is_cline(path: str) -> bool:
    return path == ".clinerules" or path.startswith(".clinerules/")


def _cline_name(files: Collection[str], links: Mapping[str, str]) -> str:
    """Cline's own file: ours in its folder, the plain file where the team has one."""
    landed = _followed(".clinerules", links)
    is_folder = any(path.startswith(f"{landed}/") for path in files)
    return ".clinerules" if ".clinerules" in files and not is_folder else ".clinerules/learned.md"


def _resolved(name: str, files: Collection[str], links: Mapping[str, str]) -> str:
    """Where a target's bytes lie."""
    path = _followed(name, links)
    other = next((file for file in files if file != path and _fold(file) == _fold(path)), None)
    if other is not None:
        raise RulesFileError(
            f"the repository holds {other}, which is the same file as {path} on macOS and Windows; rename it to {path}"
        )
    if path != name and not (may_write(path) and not is_ledger_path(path)):
        raise RulesFileError(
            f"{name} is a symbolic link to {path}, where no rules belong; make {name} a file of its own"
        )
    return path


def _followed(name: str, links: Mapping[str, str]) -> str:
    """A path with every link in it replaced by what it points at."""
    path = name
    for _ in range(_MAX_LINKS):
        link = next((part for part in _prefixes(path) if part in links), None)
        if link is None:
            return path
        rest = path[len(link) :]
        landed = posixpath.normpath(posixpath.join(posixpath.dirname(link), links[link]))
        if links[link].startswith("/") or landed.startswith("..") or landed == "." or "\0" in landed:
            raise RulesFileError(
                f"{name} is a symbolic link to {links[link]!r}, outside the repository; "
                "make it a file inside, or remove the link"
            )
        path = landed + rest
    raise RulesFileError(f"{name} is a symbolic link that never ends at a file; make it a file")


def _prefixes(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[: length + 1]) for length in range(len(parts))]


def _fold(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()
