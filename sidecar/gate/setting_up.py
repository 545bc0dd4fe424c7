"""Whether a command that was accounted for checks or tests anything, or only brings in and prepares what checks need.

It reads like `invocations` through settings and wrappers; a program whose every use may check is no part of it.
"""

import shlex
from itertools import dropwhile

from sidecar.gate.arguments import pieces
from sidecar.gate.assignments import assignments_of
from sidecar.gate.calls import program_name
from sidecar.gate.programs import CHECKERS, SCRIPTED, TARGETED, VERBS, WRAPPERS
from sidecar.gate.set_up import is_set_up
from sidecar.gate.target_names import PREPARING
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
_TESTERS = frozenset(
    (
        *("ava", "bats", "behave", "busted", "ctest", "cucumber", "gotestsum", "jasmine", "jest", "mocha", "nose2"),
        *("pest", "phpunit", "prove", "py.test", "pytest", "rspec", "tsd", "vitest"),
    )
)
"""Of the checkers those that run tests."""
_TESTS_NOTHING = frozenset(
    ("analyze", "build", "clippy", "compile", "doc", "fmt", "format", "generate", "lint", "template", "validate", "vet")
)


def only_sets_up(command: str) -> bool:
    """Whether no step of a command that was accounted for checks anything."""
    return all(is_set_up(step) or _prepares(*_call(shlex.split(step))) for step in _steps(command))


def runs_no_tests(command: str) -> bool:
    """Whether no step of a command that was accounted for can run a test, because of what its program is for."""
    return all(
        is_set_up(step) or _prepares(*call) or _only_reads(*call)
        for step in _steps(command)
        for call in [_call(shlex.split(step))]
    )


def is_of_unknown_program(command: str) -> bool:
    """Whether no step calls a program that is known to check or to run what the repository defines."""
    known = CHECKERS | TARGETED | SCRIPTED | VERBS.keys()
    return all(_call(shlex.split(step))[0] not in known for step in _steps(command))


def _steps(command: str) -> list[str]:
    steps = [step.strip() for step in command.split("&&")]
    return steps[1:] if steps[0].startswith("cd ") and len(steps) > 1 else steps


def _prepares(name: str, verb: str) -> bool:
    return name in _ALWAYS or (verb or "install") in _SETTING_UP.get(name, "").split()  # `yarn` alone installs


def _only_reads(name: str, verb: str) -> bool:
    if name in CHECKERS:
        return name not in _TESTERS
    if name in TARGETED or name in SCRIPTED:
        return verb != "" and pieces(verb) <= PREPARING
    is_check = verb == "check" and name in ("biome", "cargo", "ruff", "ty")
    return name == "compileall" or (
        VERBS.get(name, frozenset()) != frozenset() and (verb in _TESTS_NOTHING or is_check)
    )


def _call(words: list[str]) -> tuple[str, str]:
    """The program that a step comes to, and its first word that is no option; empty where there is none."""
    words = words[len(assignments_of(words)) :]
    wrapper = next((one for one in WRAPPERS if tuple(words[: len(one)]) == one), None)
    if wrapper is not None:
        behind, _ = without_values(wrapper[0], words[len(wrapper) :])
        behind = list(dropwhile(lambda word: word.startswith("-"), behind))
        return _call(behind[1:] if wrapper[0] == "docker" else behind)
    if not words:
        return "", ""
    name, rest = program_name(words[0]), words[1:]
    if name == "python" and rest[:1] == ["-m"]:
        return _call(rest[1:])
    if name == "python" and rest[:1] != [] and rest[0].endswith("manage.py"):
        name, rest = "manage.py", rest[1:]
    verbs = [word for word in without_values(name, rest)[0] if not word.startswith("-")]
    if verbs[:1] == ["workspace"]:
        verbs = verbs[2:]
    if name in SCRIPTED and verbs[:1] in (["run"], ["run-script"], ["task"]):
        verbs = verbs[1:]
    return name, verbs[0] if verbs else ""
