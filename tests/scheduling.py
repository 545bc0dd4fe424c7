"""Which tests two workers run beside each other, and in what order: whole files, some files as one, the dearest first.

A file's fixtures are made once so. pytest-xdist's own groups are marks, which it writes into node ids; pytest 9 lets no
plugin change these, so the marks did nothing.
"""

from collections import Counter
from collections.abc import Sequence

import pytest
from xdist.scheduler import LoadScopeScheduling  # pyright: ignore[reportMissingTypeStubs] # it has none

_E2E = "tests/e2e/test_{}.py"
_TOGETHER = {
    "phoenix": ("demo", "phoenix", "real_agents", "kill_points_phoenix", "kill_points_serve", "forgetting_phoenix"),
    "recorded": ("rerecord", "rerecord_more"),
}
"""Files of e2e that never run beside each other: one Phoenix at a time is enough, and one folder is recorded in."""
UNITS = {_E2E.format(name): unit for unit, names in _TOGETHER.items() for name in names}
DEAREST = (
    "phoenix",
    *(_E2E.format(name) for name in ("kill_points", "report_fuzz", "nodes", "judging_faults", "attached_agents")),
    *("tests/loop/test_killed.py", _E2E.format("receiving_killed"), "recorded", _E2E.format("planted_lessons")),
    *("tests/loop/test_foreign_sessions.py", "tests/loop/test_wrong_input.py"),
)
"""Begun first, in this order, so that no worker is left with one of them at the end; then by number of tests."""


class FileScheduling(LoadScopeScheduling):
    """Gives a worker a unit at a time."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def unit_of(nodeid: str) -> str:
    """What stays on one worker: a test's file, or several as one."""
    file = nodeid.partition("::")[0]
    return UNITS.get(file, file)


def ordered(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The tests of each unit beside each other, the dearest units first; within one the order stays."""
    counts = Counter(unit_of(item.nodeid) for item in items)
    ranks = {unit: DEAREST.index(unit) if unit in DEAREST else len(DEAREST) for unit in counts}

    def rank(item: pytest.Item) -> tuple[int, int, str]:
        unit = unit_of(item.nodeid)
        return ranks[unit], -counts[unit], unit

    return sorted(items, key=rank)
