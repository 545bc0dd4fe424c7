"""Three tasks that Cline had too, given to each of the other agents: a wrong command, a failing end, a second file."""

from dataclasses import replace

from tests.recordings.script import Agent, Scenario
from tests.recordings.shop_cline import SHOP_CLINE

TASKS = frozenset({"average-price", "currency-sign", "pair-price"})
_TEAM_RULES = "# Shop\n\n- Money is a whole number of cents.\n"
RULES_FILES = {Agent.CODEX: "AGENTS.md", Agent.GEMINI_CLI: "GEMINI.md", Agent.OPENCODE: "AGENTS.md"}
"""What each loads; `shop` has none of its own, so one lies in the work tree without being in git."""

MORE_AGENTS: tuple[Scenario, ...] = tuple(
    replace(scenario, agent=agent, files=((path, _TEAM_RULES),), upload_bytes=1 << 20)
    for agent, path in RULES_FILES.items()
    for scenario in SHOP_CLINE
    if scenario.name in TASKS
)
"""Recorded for tests only; the demo has the lessons of Claude Code and Cline."""
