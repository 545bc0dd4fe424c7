"""What each agent loads of a repository, as measured.

Measured on 2026-11-23 (Claude Code 2.1.330, Cline 3.0.65, Codex 0.169.0, Gemini CLI 0.61.0, opencode 1.18.33): Claude
Code loads CLAUDE.md and .claude/CLAUDE.md, and AGENTS.md only where there is neither; Cline loads the file
`.clinerules` or every Markdown file in the folder `.clinerules/`, and AGENTS.md always; Codex loads AGENTS.md, or
AGENTS.override.md where that stands, even an empty one; opencode loads AGENTS.md, and CLAUDE.md only where there is no
AGENTS.md; Gemini CLI loads GEMINI.md. Claude Code and Gemini CLI load what their file imports with `@path`. Claude Code
loads a file in `.claude/rules` that names `paths:` only when such a path is read; Cline strips `paths:` and loads the
file always.
"""

import posixpath
import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress

from sidecar.domain import AgentName
from sidecar.errors import RulesFileError
from sidecar.rules import without_code
from sidecar.targets.links import followed

CLAUDE_CODE = AgentName("claude_code")
CLINE = AgentName("cline")
CODEX = AgentName("codex")
GEMINI_CLI = AgentName("gemini_cli")
OPENCODE = AgentName("opencode")
AGENTS = frozenset({CLAUDE_CODE, CLINE, CODEX, GEMINI_CLI, OPENCODE})

_SCOPE_SINCE: Mapping[AgentName, tuple[int, ...]] = {CLAUDE_CODE: (2, 1, 330)}
"""Oldest version that was seen to honour `paths:`; older ones may, and words for the scope reach them all."""
CODEX_OVERRIDE = "AGENTS.override.md"
_CLAUDE_FILES = frozenset({"CLAUDE.md", ".claude/CLAUDE.md"})
_IMPORTERS = (*sorted(_CLAUDE_FILES), "AGENTS.md", "GEMINI.md")
_IMPORT = re.compile(r"(?<![^\s(])@((?:\./|\.\./)*[\w.-][\w./-]*)")
_MAX_HOPS = 5
"""Imports of imports that Claude Code follows."""


def honours_scope(agent: AgentName, versions: Collection[str]) -> bool:
    """Whether every one of an agent's versions is known to load a file only with its paths; no version says no."""
    since = _SCOPE_SINCE.get(agent)
    return since is not None and bool(versions) and all(_numbers(version) >= since for version in versions)


def loaded_names(agent: AgentName, present: Collection[str]) -> frozenset[str]:
    """Names that an agent loads where these files are present, imports aside."""
    if agent == CLAUDE_CODE:
        return _CLAUDE_FILES.intersection(present) or frozenset({"AGENTS.md"})
    if agent == OPENCODE:
        return frozenset({"CLAUDE.md" if "CLAUDE.md" in present and "AGENTS.md" not in present else "AGENTS.md"})
    if agent == CLINE:
        return frozenset({".clinerules", ".clinerules/learned.md", "AGENTS.md"})
    return frozenset({"AGENTS.md"}) if agent == CODEX else frozenset({"GEMINI.md"} if agent == GEMINI_CLI else ())


def claude_name(files: Collection[str]) -> str:
    """Claude Code's own file: the one in its folder where a team has that one alone."""
    return ".claude/CLAUDE.md" if ".claude/CLAUDE.md" in files and "CLAUDE.md" not in files else "CLAUDE.md"


def overridden(files: Collection[str], agents: Collection[AgentName], names: Collection[str]) -> str | None:
    """What to tell a team whose Codex reads no rule of ours, in one sentence; None where nothing keeps it from them.

    Args:
        agents: Seen in the project.
        names: Files that hold, or will hold, our block.
    """
    if CODEX_OVERRIDE not in files or not (CODEX in agents or "AGENTS.md" in names):
        return None
    return (
        f"{CODEX_OVERRIDE} stands in the repository, and Codex reads it instead of AGENTS.md: no rule of ours reaches "
        "Codex; move what it says into AGENTS.md and remove it"
    )


def imported_paths(
    files: Collection[str], links: Mapping[str, str], read: Callable[[str], bytes | None]
) -> dict[str, frozenset[str]]:
    """What agents load beside a rules file because it says `@path`, links resolved: path to paths, itself left out.

    Args:
        read: Bytes of a file of the repository; None where it is none.
    """
    found: dict[str, frozenset[str]] = {}
    for name in _IMPORTERS:
        with suppress(RulesFileError):
            path = followed(name, links)
            found[path] = _closure(path, frozenset(files), links, read) - {path}
    return found


def _closure(
    path: str, files: frozenset[str], links: Mapping[str, str], read: Callable[[str], bytes | None]
) -> frozenset[str]:
    reached, newest = {path}, {path}
    for _ in range(_MAX_HOPS):
        newest = {one for each in newest for one in _imports_of(each, files, links, read)} - reached
        reached |= newest
    return frozenset(reached)


def _imports_of(
    path: str, files: frozenset[str], links: Mapping[str, str], read: Callable[[str], bytes | None]
) -> set[str]:
    text = without_code((read(path) or b"").decode("utf-8", "replace"))
    found: set[str] = set()
    for written in _IMPORT.findall(text):
        for name in (written, written.rstrip(".")):
            landed = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
            with suppress(RulesFileError):
                found.update({followed(landed, links)} & files)
    return found


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.split(r"[^0-9.]", version, maxsplit=1)[0].split(".") if number)
