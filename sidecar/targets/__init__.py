"""Which files of a repository hold our rules, so that each rule reaches each agent once.

Every set of files that could hold our block is looked at, and the best one taken of those where no agent loads two: it
reaches the most agents, each in its own file where that costs no further file. No file is made that would keep an
agent from the team's own. No other name may ever be written to, and a symbolic link is followed inside the repository
only.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, combinations

from sidecar.domain import AgentName
from sidecar.errors import RulesFileError
from sidecar.rules import SCOPED_FOLDER, TARGET_PATHS, is_ledger_path, is_scoped_path, may_write
from sidecar.targets.links import fold, followed, resolved
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
    loaded_names,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptFile:
    """A plain file whose text agents are given as their system prompt, by a flag."""

    path: str
    agents: tuple[AgentName, ...] = ()
    """Agents that are given it; they need no other file. Empty for agents that load none of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Repository:
    """What the choice rests on."""

    files: frozenset[str]
    """Names in other letters as well, by the name that agents find them under on some machines."""
    links: Mapping[str, str]
    imports: Mapping[str, Collection[str]]
    needed: frozenset[AgentName]
    """Agents that must be reached."""
    prompt: PromptFile | None
    places: Mapping[str, str]
    """Name to path, of the names that may hold our block."""


def rules_paths(files: Collection[str], *, links: Mapping[str, str] | None = None) -> frozenset[str]:
    """Every path of the repository where rules or ledger entries of ours may stand now, links resolved.

    Wider than `targets`: rules stay where they are when a team's files change and another file becomes the target.
    A target that is a link out of the repository holds nothing of ours and is passed over.
    """
    links = links or {}
    found = {path for path in files if is_ledger_path(path) or (is_scoped_path(path) and not _is_linked(path, links))}
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
    at = _Repository(
        files=names | problems.keys(),
        links=followed_links,
        imports=imports or {},
        needed=_needed(names, agents),
        prompt=prompt,
        places=places,
    )
    readers = _readers(at, problems)
    return tuple(
        Target(
            path=path,
            name=next(name for name, place in places.items() if place == path),
            agents=agents_of,
            is_scoped_apart=agents_of == (CLAUDE_CODE,) and CLAUDE_CODE in scoped and _has_scoped_folder(at, path),
        )
        for path, agents_of in sorted(readers.items())
    )


def _readers(at: _Repository, problems: Mapping[str, RulesFileError]) -> dict[str, tuple[AgentName, ...]]:
    """The best set of paths, each with the agents that load it.

    Raises:
        RulesFileError: an agent is reached by none of them because of a problem with its own file.
    """
    chosen = min(_allowed(at), key=lambda paths: _cost(at, paths))
    readers = {path: tuple(sorted(one for one in at.needed if path in _loaded(at, one, chosen))) for path in chosen}
    reached = set(chain.from_iterable(readers.values()))
    for agent in sorted(at.needed - reached):
        if _own_name(agent, at) in problems:
            raise problems[_own_name(agent, at)]
    return readers


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
    for name in (claude_name(files), "AGENTS.md", "GEMINI.md", _cline_name(files, links)):
        try:
            places[name] = resolved(name, files, links)
        except RulesFileError as exc:
            problems[name] = exc
    if prompt is not None:
        if not may_write(prompt.path) or is_ledger_path(prompt.path):
            raise RulesFileError(f"the prompt file {prompt.path} is no Markdown file outside hidden folders; name one")
        places.setdefault(prompt.path, resolved(prompt.path, files, links))
    return places, problems


def _cline_name(files: Collection[str], links: Mapping[str, str]) -> str:
    """Cline's own file: ours in its folder, the plain file where the team has one."""
    landed = ".clinerules"
    with suppress(RulesFileError):
        landed = followed(".clinerules", links)
    is_folder = any(path.startswith(f"{landed}/") for path in files)
    return ".clinerules" if ".clinerules" in files and not is_folder else ".clinerules/learned.md"


def _allowed(at: _Repository) -> list[frozenset[str]]:
    """Every set of paths in which no agent loads two."""
    paths = sorted(set(at.places.values()))
    sets = (frozenset(one) for size in range(len(paths) + 1) for one in combinations(paths, size))
    return [one for one in sets if _is_allowed(at, one)]


def _is_allowed(at: _Repository, chosen: frozenset[str]) -> bool:
    made = {name for name, path in at.places.items() if path in chosen} - at.files
    hides_claude_file = "AGENTS.md" in made and "CLAUDE.md" in at.files and OPENCODE in at.needed
    hides_agents_file = "CLAUDE.md" in made and "AGENTS.md" in at.files and CLAUDE_CODE in at.needed
    has_prompt = at.prompt is None or at.places[at.prompt.path] in chosen
    is_once = all(len(_loaded(at, agent, chosen)) <= 1 for agent in at.needed)
    return has_prompt and is_once and not hides_claude_file and not hides_agents_file


def _loaded(at: _Repository, agent: AgentName, chosen: frozenset[str]) -> frozenset[str]:
    """Of the chosen paths, those that an agent loads once all of them are there."""
    present = at.files | {name for name, path in at.places.items() if path in chosen}
    loaded = {at.places.get(name, name) for name in loaded_names(agent, present)}
    if agent in (CLAUDE_CODE, GEMINI_CLI):
        loaded |= {one for path in loaded for one in at.imports.get(path, ())}
    if at.prompt is not None and agent in at.prompt.agents:
        loaded.add(at.places[at.prompt.path])
    return frozenset(loaded & chosen)


def _cost(at: _Repository, chosen: frozenset[str]) -> tuple[int, int, int, list[str]]:
    """What is least for the best set: agents missed, files and agents in another's file, files, then the names."""
    loaded = {agent: _loaded(at, agent, chosen) for agent in at.needed}
    missed = sum(not paths for paths in loaded.values())
    astray = sum(bool(paths) and at.places.get(_own_name(agent, at)) not in paths for agent, paths in loaded.items())
    return missed, len(chosen) + astray, len(chosen), sorted(chosen)


def _own_name(agent: AgentName, at: _Repository) -> str:
    """The file that is an agent's own here."""
    if at.prompt is not None and agent in at.prompt.agents:
        return at.prompt.path
    if agent == CLINE:
        return _cline_name(at.files, at.links)
    own = {CLAUDE_CODE: claude_name(at.files), GEMINI_CLI: "GEMINI.md"}.get(agent, "AGENTS.md")
    other = {CLAUDE_CODE: "AGENTS.md", OPENCODE: "CLAUDE.md"}.get(agent, own)
    return other if own not in at.files and other in at.files else own


def _has_scoped_folder(at: _Repository, path: str) -> bool:
    """Whether files of ours in the folder for path scopes are loaded beside this file, and are nobody else's."""
    name = claude_name(at.files)
    is_claude_file = name in at.files and at.places.get(name) == path
    folder = [one for one in at.files if fold(one).startswith(SCOPED_FOLDER)]
    is_other = any(not one.startswith(f"{SCOPED_FOLDER}/") for one in folder)
    return is_claude_file and not is_other and not any(_is_linked(one, at.links) for one in [SCOPED_FOLDER, *folder])


def _is_linked(path: str, links: Mapping[str, str]) -> bool:
    parts = path.split("/")
    return any("/".join(parts[: length + 1]) in links for length in range(len(parts)))
