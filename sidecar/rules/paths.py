"""The only names that this program ever writes to in a repository."""

import re

TARGET_PATHS = ("CLAUDE.md", "AGENTS.md", "GEMINI.md", ".clinerules", ".clinerules/learned.md")
"""Every name under which agents may find our rules."""
LEDGER_FOLDER = ".sidecar/rules"
"""One JSON file per rule of ours lies there."""

_LEDGER_PATH = re.compile(rf"{re.escape(LEDGER_FOLDER)}/[0-9a-f]{{12}}\.json")


def is_target_path(path: str) -> bool:
    """Whether agents may find our rules under this name."""
    return path in TARGET_PATHS


def is_ledger_path(path: str) -> bool:
    """Whether the path is that of a rule's ledger file."""
    return _LEDGER_PATH.fullmatch(path) is not None


def may_write(path: str) -> bool:
    """Whether a commit of ours may touch the path: a target, where a link to one ends, or the ledger."""
    parts = path.split("/")
    is_markdown = path.lower().endswith(".md") and not any(_is_unsafe(part) for part in parts)
    return is_target_path(path) or is_ledger_path(path) or is_markdown


def _is_unsafe(part: str) -> bool:
    """A part that may lead elsewhere on some machine; hidden folders hold settings, workflows and git itself."""
    has_odd_character = any(not character.isprintable() or character in '\\:*?"<>|' for character in part)
    return not part or part.startswith(".") or part.endswith((".", " ")) or has_odd_character or "~" in part
