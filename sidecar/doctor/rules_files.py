"""Checks of the repository that doctor is run in: whether its agents read the files that hold our rules."""

from pathlib import Path

from sidecar.doctor.finding import Finding, problem
from sidecar.targets.loading import CODEX_OVERRIDE


def check_rules_files(folder: Path) -> list[Finding]:
    """What keeps an agent from our rules in the repository around a folder; nothing outside of one."""
    root = next((one for one in (folder, *folder.parents) if (one / ".git").exists()), None)
    if root is None or not (root / CODEX_OVERRIDE).is_file():
        return []
    return [
        problem(
            "codex: our rules are loaded",
            f"Codex reads {root / CODEX_OVERRIDE} instead of AGENTS.md: no rule of ours reaches it",
            "move what it says into AGENTS.md and remove it",
        )
    ]
