"""The choice of the files that get our block.

Every set of files that could hold it is looked at, and the best one taken of those where no agent loads two: it reaches
the most agents, each in its own file where that costs no further file. No file is made that would keep an agent from
the team's own.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, combinations

from sidecar.domain import AgentName
from sidecar.errors import RulesFileError
from sidecar.rules import SCOPED_FOLDER
from sidecar.targets.links import fold, followed, is_linked
from sidecar.targets.loading import CLAUDE_CODE, CLINE, GEMINI_CLI, OPENCODE, claude_name, loaded_names


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptFile:
    """A plain file whose text agents are given as their system prompt, by a flag."""

    path: str
    agents: tuple[AgentName, ...] = ()
    """Agents that are given it; they need no other file. Empty for agents that load none of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
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


def chosen_readers(at: Repository, problems: Mapping[str, RulesFileError]) -> dict[str, tuple[AgentName, ...]]:
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


def _allowed(at: Repository) -> list[frozenset[str]]:
    """Every set of paths in which no agent loads two."""
    paths = sorted(set(at.places.values()))
    sets = (frozenset(one) for size in range(len(paths) + 1) for one in combinations(paths, size))
    return [one for one in sets if _is_allowed(at, one)]


def _is_allowed(at: Repository, chosen: frozenset[str]) -> bool:
    made = {name for name, path in at.places.items() if path in chosen} - at.files
    hides_claude_file = "AGENTS.md" in made and "CLAUDE.md" in at.files and OPENCODE in at.needed
    hides_agents_file = "CLAUDE.md" in made and "AGENTS.md" in at.files and CLAUDE_CODE in at.needed
    has_prompt = at.prompt is None or at.places[at.prompt.path] in chosen
    is_once = all(len(_loaded(at, agent, chosen)) <= 1 for agent in at.needed)
    return has_prompt and is_once and not hides_claude_file and not hides_agents_file


def _loaded(at: Repository, agent: AgentName, chosen: frozenset[str]) -> frozenset[str]:
    """Of the chosen paths, those that an agent loads once all of them are there."""
    present = at.files | {name for name, path in at.places.items() if path in chosen}
    loaded = {at.places.get(name, name) for name in loaded_names(agent, present)}
    if agent in (CLAUDE_CODE, GEMINI_CLI):
        loaded |= {one for path in loaded for one in at.imports.get(path, ())}
    if at.prompt is not None and agent in at.prompt.agents:
        loaded.add(at.places[at.prompt.path])
    return frozenset(loaded & chosen)


def _cost(at: Repository, chosen: frozenset[str]) -> tuple[int, int, int, list[str]]:
    """What is least for the best set: agents missed, files and agents in another's file, files, then the names."""
    loaded = {agent: _loaded(at, agent, chosen) for agent in at.needed}
    missed = sum(not paths for paths in loaded.values())
    astray = sum(bool(paths) and at.places.get(_own_name(agent, at)) not in paths for agent, paths in loaded.items())
    return missed, len(chosen) + astray, len(chosen), sorted(chosen)


def _own_name(agent: AgentName, at: Repository) -> str:
    """The file that is an agent's own here."""
    if at.prompt is not None and agent in at.prompt.agents:
        return at.prompt.path
    if agent == CLINE:
        return cline_name(at.files, at.links)
    own = {CLAUDE_CODE: claude_name(at.files), GEMINI_CLI: "GEMINI.md"}.get(agent, "AGENTS.md")
    other = {CLAUDE_CODE: "AGENTS.md", OPENCODE: "CLAUDE.md"}.get(agent, own)
    return other if own not in at.files and other in at.files else own


def cline_name(files: Collection[str], links: Mapping[str, str]) -> str:
    """Cline's own file: ours in its folder, the plain file where the team has one."""
    landed = ".clinerules"
    with suppress(RulesFileError):
        landed = followed(".clinerules", links)
    is_folder = any(path.startswith(f"{landed}/") for path in files)
    return ".clinerules" if ".clinerules" in files and not is_folder else ".clinerules/learned.md"


def has_scoped_folder(at: Repository, path: str) -> bool:
    """Whether files of ours in the folder for path scopes are loaded beside this file, and are nobody else's."""
    name = claude_name(at.files)
    is_claude_file = name in at.files and at.places.get(name) == path
    folder = [one for one in at.files if fold(one).startswith(SCOPED_FOLDER)]
    is_other = any(not one.startswith(f"{SCOPED_FOLDER}/") for one in folder)
    return is_claude_file and not is_other and not any(is_linked(one, at.links) for one in [SCOPED_FOLDER, *folder])
