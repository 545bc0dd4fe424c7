"""What passed sessions wrote on the paths of a lesson: the other half of a contrast.

The newest passed sessions are read once a run, and only their edits are kept: what a passed session did otherwise
stands there, not in its green test run.
"""

from collections import Counter
from dataclasses import dataclass
from fnmatch import fnmatch

from judges.attempts import relative_path
from sidecar.domain import Cluster, Label, Step, TaskId
from sidecar.jobs.base_branch import Base
from sidecar.metaprompt import MOST_PASSED
from sidecar.store import Store

PASSED_LOOKED_AT = 50
"""Newest passed sessions that are searched; each is read whole."""
_MOST_LINES = 40
"""Of one edit; its beginning says what it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passed:
    """One passed session's edits."""

    task: TaskId | None
    edits: tuple[tuple[str, str], ...]
    """Path in the repository and the change as a hunk, in time order."""


class PassedSessions:
    """The newest passed sessions of a project, read when first asked for."""

    def __init__(self, store: Store, base: Base) -> None:
        """Bind the store and the project."""
        self._store = store
        self._base = base
        self._read: list[_Passed] | None = None

    def on_paths_of(self, cluster: Cluster) -> tuple[str, ...]:
        """Edits of passed sessions where the cluster's failed ones worked.

        Sessions on one of the cluster's own Tasks come first: the same work, done right; then those where most of the
        failed ones worked; then the newest.
        """
        if self._read is None:
            self._read = self._newest()
        globs = _globs(cluster)
        fitting = [(one, _shown(one, tuple(globs))) for one in self._read]
        found = [(one, text) for one, text in fitting if text]
        found.sort(key=lambda pair: (pair[0].task not in cluster.tasks, -_weight(pair[0], globs)))
        return tuple(text for _, text in found[:MOST_PASSED])

    def _newest(self) -> list[_Passed]:
        envelopes = self._store.sessions(self._base.team, project=self._base.project)
        passed = [one.session.key for one in envelopes if one.decision.label is Label.PASS][:PASSED_LOOKED_AT]
        found: list[_Passed] = []
        for key in passed:
            stored = self._store.session(key)
            if stored is not None:
                edits = (_edit(step, stored.session.cwd) for step in stored.session.steps)
                found.append(_Passed(task=stored.session.task, edits=tuple(edit for edit in edits if edit)))
        return found


def _globs(cluster: Cluster) -> Counter[str]:
    """Where the failed sessions worked, and how many of them; everywhere where nobody knows."""
    lesson = cluster.lesson
    named = Counter(one.lesson.scope for one in cluster.supports if one.lesson.scope)
    named.update(glob for glob in (lesson.scope, *lesson.paths) if glob)
    return named or Counter({"*": 1})


def _weight(passed: _Passed, globs: Counter[str]) -> int:
    """How many failed sessions worked where a passed one did."""
    return sum(count for glob, count in globs.items() if any(fnmatch(path, glob) for path, _ in passed.edits))


def _shown(passed: _Passed, globs: tuple[str, ...]) -> str:
    return "\n".join(hunk for path, hunk in passed.edits if any(fnmatch(path, glob) for glob in globs))


def _edit(step: Step, cwd: str | None) -> tuple[str, str] | None:
    """A change as its path and hunk; None for a step that changed no text."""
    if not step.is_write or step.path is None or not (step.new_text or step.old_text):
        return None
    path = relative_path(step.path, cwd)
    removed = [f"-{line}" for line in (step.old_text or "").splitlines()[:_MOST_LINES]]
    added = [f"+{line}" for line in (step.new_text or "").splitlines()[:_MOST_LINES]]
    return path, "\n".join([f"--- {path}", *removed, *added])
