"""Checks of the files that hold our rules: whether agents read them, and whether what agents read can be seen.

Of the repository that doctor is run in; and of the watched ones as a sync saw them, for there may be no work tree here.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from sidecar.doctor.finding import Finding, problem
from sidecar.domain import ProjectId
from sidecar.gate import hidden_notes, hidden_words
from sidecar.rules import SCOPED_FOLDER, TARGET_PATHS, is_scoped_path
from sidecar.store import Store
from sidecar.targets.loading import CODEX_OVERRIDE

_HIDDEN = "rules hide nothing"
_REWRITE = "type that line anew, and ask who wrote it; git blame names them"


def check_rules_files(folder: Path) -> list[Finding]:
    """What keeps an agent from our rules, or hides in them, in the repository around a folder; else nothing."""
    root = next((one for one in (folder, *folder.parents) if (one / ".git").exists()), None)
    if root is None:
        return []
    return [*_overridden(root), *(problem(_HIDDEN, note, _REWRITE) for note in _hidden(root))]


def check_standing_rules(store: Store, projects: Sequence[ProjectId]) -> list[Finding]:
    """What hides in rules that stood on the bases at the last sync."""
    found: list[Finding] = []
    for project in projects:
        _, rules = store.base_rules(project) or (None, [])
        held = {rule.rule_id: hidden_words(rule.text) for rule in rules}
        told = [f"rule {rule_id} holds {words}" for rule_id, words in held.items() if words]
        found += [problem(f"{_HIDDEN}: {project}", one, _REWRITE) for one in told]
    return found


def _hidden(root: Path) -> Iterator[str]:
    scoped = [one.relative_to(root).as_posix() for one in (root / SCOPED_FOLDER).glob("*.md")]
    for path in sorted({*TARGET_PATHS, *filter(is_scoped_path, scoped)}):
        if (root / path).is_file():
            with suppress(OSError):
                yield from hidden_notes(path, (root / path).read_bytes())


def _overridden(root: Path) -> list[Finding]:
    if not (root / CODEX_OVERRIDE).is_file():
        return []
    return [
        problem(
            "codex: our rules are loaded",
            f"Codex reads {root / CODEX_OVERRIDE} instead of AGENTS.md: no rule of ours reaches it",
            "move what it says into AGENTS.md and remove it",
        )
    ]
