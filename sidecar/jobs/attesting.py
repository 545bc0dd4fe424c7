"""Which names of code the base holds: looked for when a text mentions them, each once, and no longer than is bearable.

What was not found in time is not attested, so the gate refuses it.
"""

import time

from sidecar.errors import GitError
from sidecar.gate import SOURCE_ENDINGS, is_source, names_in, parts_of_name
from sidecar.git import Clone

_EACH_S = 10.0
"""Seconds for one name; a large repository is searched in two or three."""
_ALL_S = 60.0
"""Seconds for all names of one base."""
_MOST_NAMES = 400
"""Names of one base that are looked for."""


class SourceNames:
    """The names of code in the source at one commit."""

    def __init__(self, clone: Clone, commit: str) -> None:
        self._clone = clone
        self._commit = commit
        self._known: dict[str, bool] = {}
        self._left_s = _ALL_S

    def held_of(self, text: str) -> frozenset[str]:
        """Those of the names in `text` that stand in one source file, with all of their parts as whole words."""
        return frozenset(name for name in sorted(names_in(text)) if self._is_held(name))

    def _is_held(self, name: str) -> bool:
        if name not in self._known and self._left_s > 0 and len(self._known) < _MOST_NAMES:
            started_s = time.monotonic()
            self._known[name] = self._is_found(name)
            self._left_s -= time.monotonic() - started_s
        return self._known.get(name, False)

    def _is_found(self, name: str) -> bool:
        try:
            timeout_s = min(_EACH_S, self._left_s)
            paths = self._clone.holding(self._commit, parts_of_name(name), SOURCE_ENDINGS, timeout_s=timeout_s)
        except GitError:
            return False
        return any(is_source(path) for path in paths)
