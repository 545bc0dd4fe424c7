"""Whether a command that was accounted for finds faults in anything, or only brings in and prepares what checks need.

It reads like `invocations` through settings and wrappers; a program whose every use may check is no part of it.
"""

import shlex
from itertools import dropwhile

from sidecar.gate.assignments import assignments_of
from sidecar.gate.calls import program_name
from sidecar.gate.programs import SCRIPTED, WRAPPERS
from sidecar.gate.set_up import is_set_up
from sidecar.gate.valued import without_values

_SETTING_UP = {
    **dict.fromkeys(SCRIPTED, "ci i install start"),
    "alembic": "current heads history upgrade",
    "buf": "generate",
    "build": "",
    "bundle": "install",
    "coverage": "combine html report xml",
    "cypress": "verify",
    "dotnet": "restore",
    "go": "fmt generate mod",
    "manage.py": "makemigrations migrate",
    "pdm": "install lock",
    "pipenv": "sync",
    "pixi": "install",
    "playwright": "install",
    "poetry": "build install lock",
    "prisma": "format generate",
    "rails": "db:migrate db:prepare db:test:prepare g generate",
    "sqlc": "generate",
    "uv": "build lock sync",
}
_ALWAYS = frozenset(("build", "docker", "tail"))
"""Programs that check nothing in any way that a rule may call them."""


def only_sets_up(command: str) -> bool:
    """Whether no step of a command that was accounted for checks anything."""
    steps = [step.strip() for step in command.split("&&")]
    if steps[0].startswith("cd ") and len(steps) > 1:
        del steps[0]
    return all(is_set_up(step) or _prepares(shlex.split(step)) for step in steps)


def _prepares(words: list[str]) -> bool:
    words = words[len(assignments_of(words)) :]
    wrapper = next((one for one in WRAPPERS if tuple(words[: len(one)]) == one), None)
    if wrapper is not None:
        behind, _ = without_values(wrapper[0], words[len(wrapper) :])
        behind = list(dropwhile(lambda word: word.startswith("-"), behind))
        return _prepares(behind[1:] if wrapper[0] == "docker" else behind)
    if not words:
        return False
    name, rest = program_name(words[0]), words[1:]
    if name == "python" and rest[:1] == ["-m"]:
        return _prepares(rest[1:])
    if name == "python" and rest[:1] != [] and rest[0].endswith("manage.py"):
        name, rest = "manage.py", rest[1:]
    verbs = [word for word in without_values(name, rest)[0] if not word.startswith("-")]
    if verbs[:1] == ["workspace"]:
        verbs = verbs[2:]
    verb = verbs[0] if verbs else "install"  # what `yarn` does alone
    return name in _ALWAYS or verb in _SETTING_UP.get(name, "").split()
