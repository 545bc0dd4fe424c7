"""The table of agents that can be attached."""

from collections.abc import Callable, Mapping

from sidecar.attach import claude_code, cline
from sidecar.attach.wish import Asked, Wishes
from sidecar.errors import UnknownAgentError

WishesOf = Callable[[Asked], Wishes]

AGENTS: Mapping[str, WishesOf] = {claude_code.NAME: claude_code.wishes, cline.NAME: cline.wishes}

TELEMETRY: Mapping[str, WishesOf] = {claude_code.NAME: claude_code.telemetry}
"""Agents whose own settings name the sidecar's address, so that they change when it does."""


def agent_named(name: str) -> str:
    """An agent's name as it stands in the table.

    Raises:
        UnknownAgentError: there is no such agent.
    """
    known = name.replace("-", "_")
    if known not in AGENTS:
        names = ", ".join(one.replace("_", "-") for one in AGENTS)
        raise UnknownAgentError(f"no agent {name[:60]!r} can be attached; there are: {names}")
    return known
