"""The table of collectors: names and the modules that hold them; nothing is built before it is asked for."""

from collections.abc import Mapping
from importlib import import_module

from collectors.collector import Collector
from sidecar.errors import UnknownAgentError

COLLECTORS: Mapping[str, str] = {
    "claude_code": "collectors.claude_code",
    "cline": "collectors.cline",
    "codex": "collectors.codex",
    "gemini_cli": "collectors.gemini_cli",
    "opencode": "collectors.opencode",
    "genai": "collectors.genai",
}
"""Agent name to the module whose `build()` gives its collector."""
ANY_AGENT = "genai"
"""The member that takes what no other claims."""


def collector(name: str) -> Collector:
    """The collector of an agent; `claude-code` and `claude_code` are one.

    Raises:
        UnknownAgentError: there is none of that name.
    """
    module = COLLECTORS.get(name.strip().lower().replace("-", "_"))
    if module is None:
        known = ", ".join(sorted(COLLECTORS))
        raise UnknownAgentError(f"no collector for agent {name[:60]!r}; known agents: {known}")
    built: Collector = import_module(module).build()
    return built


def claimant(service_name: str) -> Collector:
    """The collector of OTLP with this `service.name`: that of the agent it names, else the one for all others."""
    named = (collector(name) for name in COLLECTORS if name != ANY_AGENT)
    return next((found for found in named if found.claims(service_name)), collector(ANY_AGENT))
