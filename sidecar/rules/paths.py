"""The only names that this program ever writes to in a repository."""

import hashlib
import re

TARGET_PATHS = ("CLAUDE.md", ".claude/CLAUDE.md", "AGENTS.md", "GEMINI.md", ".clinerules", ".clinerules/learned.md")
"""Every name under which agents may find our rules."""
LEDGER_FOLDER = ".sidecar/rules"
"""One JSON file per rule of ours lies there."""
SCOPED_FOLDER = ".claude/rules"
"""Where Claude Code finds files that it loads only with the paths they name."""

_SCOPED_PATH = re.compile(rf"{re.escape(SCOPED_FOLDER)}/learned-[a-z0-9-]{{1,60}}\.md")
_SLUG_LENGTH = 40
_LEDGER_PATH = re.compile(rf"{re.escape(LEDGER_FOLDER)}/[0-9a-f]{{12}}\.json")


def is_target_path(path: str) -> bool:
    """Whether agents may find our rules under this name."""
    return path in TARGET_PATHS or is_scoped_path(path)


def is_scoped_path(path: str) -> bool:
    """Whether the path is that of a file of ours for the rules of one scope."""
    return _SCOPED_PATH.fullmatch(path) is not None


def scoped_path(scope: str) -> str:
    """The file for the rules of one scope: the same for the same scope, another one for another."""
    slug = re.sub(r"[^a-z0-9]+", "-", scope.lower()).strip("-")[:_SLUG_LENGTH].rstrip("-") or "paths"
    digest = hashlib.sha256(scope.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{SCOPED_FOLDER}/learned-{slug}-{digest}.md"


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
