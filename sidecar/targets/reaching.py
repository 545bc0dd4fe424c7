"""Which targets are the first file of ours that their readers get.

An agent that joins a team, or a file that takes another one's place, finds rules that stand elsewhere already.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress

from sidecar.domain import AgentName
from sidecar.errors import RulesFileError
from sidecar.rules import is_scoped_path
from sidecar.targets import PromptFile, Target
from sidecar.targets.links import followed
from sidecar.targets.loading import CLAUDE_CODE, GEMINI_CLI, loaded_names


def first_targets(
    chosen: Sequence[Target],
    holding: Collection[str],
    files: Collection[str],
    *,
    links: Mapping[str, str],
    imports: Mapping[str, Collection[str]],
    prompt: PromptFile | None = None,
) -> frozenset[str]:
    """Paths of the targets of which no reader reads a rule of ours as the repository is now.

    Args:
        chosen: What `targets` gives for the same repository.
        holding: Paths in which rules of ours stand; without any, nothing stands that could be missed.
    """
    if not holding:
        return frozenset()
    reading = {
        agent
        for agent in {agent for target in chosen for agent in target.agents}
        if _read_now(agent, files, links, imports, prompt) & {*holding}
        or (agent == CLAUDE_CODE and any(is_scoped_path(path) for path in holding))
    }
    return frozenset(one.path for one in chosen if one.path not in holding and reading.isdisjoint(one.agents))


def _read_now(
    agent: AgentName,
    files: Collection[str],
    links: Mapping[str, str],
    imports: Mapping[str, Collection[str]],
    prompt: PromptFile | None,
) -> frozenset[str]:
    """What an agent loads of a repository, links resolved."""
    found: set[str] = set()
    for name in loaded_names(agent, files):
        with suppress(RulesFileError):
            found.add(followed(name, links))
    if agent in (CLAUDE_CODE, GEMINI_CLI):
        found |= {one for path in found for one in imports.get(path, ())}
    if prompt is not None and agent in prompt.agents:
        found.add(prompt.path)
    return frozenset(found)
