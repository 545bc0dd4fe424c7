"""Which files of a repository hold our rules, so that each rule reaches each agent once.

No other name than that of a rules file may ever be written to, and a symbolic link is followed inside the repository
only.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass

from sidecar.domain import AgentName
from sidecar.errors import RulesFileError
from sidecar.rules import TARGET_PATHS, is_ledger_path, is_scoped_path, may_write
from sidecar.targets.choosing import PromptFile, Repository, chosen_readers, cline_name, has_scoped_folder
from sidecar.targets.links import followed, is_linked, resolved
from sidecar.targets.loading import (
    AGENTS,
    CLAUDE_CODE,
    CLINE,
    CODEX,
    GEMINI_CLI,
    OPENCODE,
    claude_name,
    honours_scope,
    imported_paths,
)

__all__ = [
    "AGENTS",
    "CLAUDE_CODE",
    "CLINE",
    "CODEX",
    "GEMINI_CLI",
    "OPENCODE",
    "PromptFile",
    "Target",
    "honours_scope",
    "imported_paths",
    "rules_paths",
    "targets",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One file that holds the block."""

    path: str
    """Where the bytes lie, links resolved; relative to the repository, forward slashes."""
    name: str
    """What agents call it: one of `TARGET_PATHS`, or the prompt file."""
    agents: tuple[AgentName, ...]
    """Who reads it, sorted."""
    is_scoped_apart: bool = False
    """Rules with a scope get files of their own, which all who read this one load with the paths they name."""


def rules_paths(files: Collection[str], *, links: Mapping[str, str] | None = None) -> frozenset[str]:
    """Every path of the repository where rules or ledger entries of ours may stand now, links resolved.

    Wider than `targets`: rules stay where they are when a team's files change and another file becomes the target.
    A target that is a link out of the repository holds nothing of ours and is passed over.
    """
    links = links or {}
    found = {path for path in files if is_ledger_path(path) or (is_scoped_path(path) and not is_linked(path, links))}
    for name in TARGET_PATHS:
        with suppress(RulesFileError):
            found.add(followed(name, links))
    return frozenset(found & set(files))


def targets(
    files: Collection[str],
    *,
    links: Mapping[str, str] | None = None,
    agents: Collection[AgentName] = (),
    imports: Mapping[str, Collection[str]] | None = None,
    scoped: Collection[AgentName] = (),
    prompt: PromptFile | None = None,
) -> tuple[Target, ...]:
    """The files that get our block, sorted by path.

    Args:
        files: Every path of the repository at the base, links included.
        links: Of those that are symbolic links: where they point, as written in the link.
        agents: Agents seen in this project; those whose own file is at the base count as well.
        imports: What `imported_paths` gives.
        scoped: Agents of which every version in use honours a path scope (`honours_scope`).
        prompt: The file given by flag, where the team has one.
    Raises:
        RulesFileError: the only file that would reach an agent is a link that leaves the repository or ends where no
            rules belong, or stands there in other letters; or the prompt file cannot be written to.
    """
    names, followed_links = frozenset(files), links or {}
    places, problems = _places(names, followed_links, prompt)
    at = Repository(
        files=names | problems.keys(),
        links=followed_links,
        imports=imports or {},
        needed=_needed(names, agents),
        prompt=prompt,
        places=places,
    )
    readers = chosen_readers(at, problems)
    return tuple(_target(at, path, read_by, scoped) for path, read_by in sorted(readers.items()))


def _target(at: Repository, path: str, agents: tuple[AgentName, ...], scoped: Collection[AgentName]) -> Target:
    return Target(
        path=path,
        name=next(name for name, place in at.places.items() if place == path),
        agents=agents,
        is_scoped_apart=agents == (CLAUDE_CODE,) and CLAUDE_CODE in scoped and has_scoped_folder(at, path),
    )


def _needed(files: frozenset[str], agents: Collection[AgentName]) -> frozenset[AgentName]:
    by_file = {CLAUDE_CODE: claude_name(files) in files, GEMINI_CLI: "GEMINI.md" in files, CLINE: _has_cline(files)}
    return AGENTS & {*agents, *(agent for agent, is_there in by_file.items() if is_there)}


def _has_cline(files: Collection[str]) -> bool:
    return any(path == ".clinerules" or path.startswith(".clinerules/") for path in files)


def _places(
    files: frozenset[str], links: Mapping[str, str], prompt: PromptFile | None
) -> tuple[dict[str, str], dict[str, RulesFileError]]:
    """Names with where their bytes lie, and those that cannot be used with the reason."""
    places: dict[str, str] = {}
    problems: dict[str, RulesFileError] = {}
    for name in (claude_name(files), "AGENTS.md", "GEMINI.md", cline_name(files, links)):
        try:
            places[name] = resolved(name, files, links)
        except RulesFileError as exc:
            problems[name] = exc
    if prompt is not None:
        if not may_write(prompt.path) or is_ledger_path(prompt.path):
            raise RulesFileError(f"the prompt file {prompt.path} is no Markdown file outside hidden folders; name one")
        places.setdefault(prompt.path, resolved(prompt.path, files, links))
    return places, problems
