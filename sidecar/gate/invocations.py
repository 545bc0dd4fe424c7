"""What an attested command does, read from its argument vector: only checks, builds and scripts of the repository pass.

That a command succeeded says nothing about what it does: `git push` succeeds as well as `make check` does. So every
word of it is accounted for, like every word of a sentence: a program of `programs`, a verb, target or script of the
repository, options of a closed list, plain paths inside the repository. Assignments (`CC=…`), configuration by option,
inline code, other folders' configuration, operators except `&&`, and everything nobody thought of are refused.

Not promised: that the repository's own targets and scripts are harmless; that is decided where they are reviewed.
"""

import re
import shlex

from sidecar.gate.paths import is_forbidden_path, is_foreign_path
from sidecar.gate.programs import (
    CHECKERS,
    DANGEROUS_PIECES,
    INTERPRETERS,
    MANAGER_VERBS,
    MODULES,
    OPTIONS,
    OWN_OPTIONS,
    SCRIPTED,
    TARGETED,
    VERBS,
    WORK,
    WRAPPERS,
)

_PLAIN = re.compile(r"(?:\./)?[A-Za-z0-9_*][\w.:/*\[\],-]*|\.|\./\.\.\.|\.\[[\w,]+\]")
_LABEL = re.compile(r"//[\w/-]*(?:\.\.\.)?(?::[\w-]+)?|:[\w-]+|\+[a-z][\w-]*")
"""A target of Bazel or Earthly in this repository."""
_PACKAGE = re.compile(r"(?:@[\w-]+/)?[\w-]+")
_TARGET = re.compile(r"[A-Za-z][\w:.-]*")
_VALUE = re.compile(r"[\w.,-]+")
_SCRIPT = re.compile(r"(?:\./)?[\w-][\w/.-]*")
_SCRIPT_NAME = re.compile(r"(?:\./)?[\w./-]*(?:/[\w.-]+|\w\.(?:py|sh|rb|pl|js|mjs|cjs|ts|php|lua|R|jl))")
_FREE = re.compile(r"[|;<>`$(){}\n\\#!~^]|(?<!&)&(?!&)|&&&")
_JOBS = re.compile(r"(?<=^-[jnT])\d{1,3}$")
_VERSION = re.compile(r"[\d.]+$")
_TAIL = re.compile(r"tail -n \d{1,3}")
_DIRECT_TOOLS = re.compile(r"\./(?:gradlew|mvnw)|(?:\./)?(?:vendor/bin|node_modules/\.bin|bin)/[\w-]+")
_PIP = re.compile(
    r"pip3? install(?: --upgrade| -U)?"
    r"(?: (?:-e|--editable) \.(?:\[[\w,-]+\])?| \.\[[\w,-]+\]| -r [\w./-]+\.txt| --require-hashes)+"
)
_MARKERS = frozenset(("unit", "integration", "e2e", "slow", "smoke"))


def command_fault(command: str) -> str | None:
    """Why no rule may name `command`, attested or not; None when every word of it is accounted for."""
    if _TAIL.fullmatch(command):
        return None
    if _FREE.search(command):
        return "it holds an operator, an expansion or a comment"
    steps = command.split("&&")
    if steps[0].split()[:1] == ["cd"] and len(steps) > 1:
        folder = steps.pop(0).split()[1:]
        if len(folder) != 1 or not _is_inside(folder[0]):
            return "it leaves the repository"
    return next((fault for step in steps if (fault := _step_fault(step.strip())) is not None), None)


def _step_fault(step: str) -> str | None:
    try:
        words = shlex.split(step)
    except ValueError:
        return "its quotes do not close"
    if not words:
        return "it is empty"
    if _PIP.fullmatch(step):
        outside = next((word for word in words if "/" in word and not _is_inside(word)), None)
        return f"{outside!r} is not inside the repository" if outside else None
    for wrapper in WRAPPERS:
        if tuple(words[: len(wrapper)]) == wrapper:
            rest = words[len(wrapper) :]
            if wrapper[0] == "hatch" and len(rest) == 1 and ":" in rest[0]:
                return _targets_fault("hatch", rest)
            return _program_fault(rest[1:] if wrapper[0] == "docker" else rest)
    return _program_fault(words)


def _program_fault(words: list[str]) -> str | None:
    if not words:
        return "nothing follows the program that runs it"
    name, rest = _name(words[0]), words[1:]
    if name == "docker":
        return _compose_fault(rest)
    if name in INTERPRETERS:
        return _interpreter_fault(name, rest)
    if name in CHECKERS:
        return _rest_fault(name, rest)
    if name in TARGETED:
        return _targets_fault(name, rest)
    if name in SCRIPTED:
        return _manager_fault(name, rest)
    if name == "cargo" and rest[:1] == ["xtask"]:
        return _targets_fault(name, rest[1:])  # what the repository itself defines, as targets of make are
    if name in VERBS:
        return _verb_fault(name, rest)
    if _SCRIPT_NAME.fullmatch(words[0]) and _is_inside(words[0]):
        return _rest_fault("", rest)
    return f"no rule may name the program {words[0]!r}; it is on no list of tools that check or build"


def _name(word: str) -> str:
    if _DIRECT_TOOLS.fullmatch(word):
        base = word.rsplit("/", 1)[-1]
        name = {"gradlew": "gradle", "mvnw": "mvn"}.get(base, base)
        return name if name in CHECKERS or name in VERBS else word
    return _VERSION.sub("", word) if _VERSION.sub("", word) in INTERPRETERS else word


def _interpreter_fault(name: str, rest: list[str]) -> str | None:
    if name == "python" and rest[:1] == ["-m"] and len(rest) > 1:
        module = rest[1]
        if module not in MODULES:
            return f"the module {module!r} is on no list of tools that check or build"
        return _rest_fault(module, rest[2:])
    if name == "node" and rest[:1] == ["--test"]:
        return _rest_fault(name, rest)
    if name == "python" and [word.rsplit("/", 1)[-1] for word in rest[:1]] == ["manage.py"]:
        is_known = rest[1:2] and rest[1] in ("check", "test", "makemigrations", "migrate")
        return _rest_fault(name, rest[2:]) if is_known else "only checks and migrations of manage.py are known"
    if not rest or not _SCRIPT.fullmatch(rest[0]) or not _is_inside(rest[0]) or not re.search(r"[./]", rest[0]):
        return f"{name} may run a script of the repository and nothing else"
    return _rest_fault("", rest[1:])


def _compose_fault(rest: list[str]) -> str | None:
    if rest[:2] == ["build", "-t"] and len(rest) == 4 and rest[3] == "." and _PLAIN.fullmatch(rest[2]):
        return None
    if rest[:1] != ["compose"] or rest[1:2] not in (["up"], ["build"], ["start"]):
        return "only compose's up, build and start are known of docker"
    return _rest_fault("docker", rest[2:])


def _targets_fault(name: str, rest: list[str]) -> str | None:
    targets = [word for word in rest if not word.startswith("-") and not word.isdigit()]
    odd = next((word for word in targets if not _is_target(word)), None)
    if odd is not None:
        return f"{odd!r} is no name of a check or a build"
    return _rest_fault(name, rest)


def _manager_fault(name: str, rest: list[str]) -> str | None:
    while len(rest) > 1 and rest[0] in ("--filter", "workspace", "-w", "-F"):
        if not _PACKAGE.fullmatch(rest[1]):
            return f"{rest[1]!r} is no package of the repository"
        rest = rest[2:]
    words = [word for word in rest if word not in ("run", "run-script", "--", "task", "-r", "--recursive", "--silent")]
    if not words:
        return None if rest == [] and name == "yarn" else "it runs nothing"
    script, following = words[0], words[1:]
    if rest[:1] not in (["run"], ["run-script"], ["task"]) and script not in MANAGER_VERBS:
        is_work = bool(_pieces(script) & WORK) or (script in CHECKERS and name != "npm")
        if name == "npm" or not is_work:
            return f"{script!r} is no script that checks or builds"
    if not _is_target(script):
        return f"{script!r} is no name of a check or a build"
    if script in ("ci", "install", "i") and any(not word.startswith("-") for word in following):
        return "a rule installs no package by name"
    return _rest_fault(name, following)


def _verb_fault(name: str, rest: list[str]) -> str | None:
    verbs = VERBS[name]
    words = [word for word in rest if not word.startswith("-")]
    if not verbs:
        odd = next((word for word in words if not _pieces(word) & WORK and not word.isdigit()), None)
        if odd is not None or (not words and name != "webpack"):
            return f"{odd or name!r} says nothing of a check or a build"
    elif not words or words[0] not in verbs:
        return f"of {name} a rule may name {', '.join(sorted(verbs))} only"
    if name in ("bundle", "poetry", "pdm", "uv", "pipenv") and len(words) > 1:
        return "a rule installs no package by name"
    if name == "go" and words[0] == "mod":
        is_known = rest[1:] in (["tidy"], ["vendor"], ["verify"])
        return None if is_known else "of go mod a rule may name tidy, vendor and verify only"
    if name == "rails" and words[0] in ("g", "generate") and words[1:2] != ["migration"]:
        return "of rails' generators a rule may name that of migrations only"
    if name == "alembic" and words[1:] not in ([], ["head"], ["heads"]):
        return "only an upgrade to head is known of alembic"
    if verbs:
        rest = [word for word in rest if word != words[0]]
    return _rest_fault(name, rest)


def _rest_fault(name: str, rest: list[str]) -> str | None:
    """The fault of what follows a program that is known: options of the lists, plain words, paths inside."""
    options = OPTIONS | OWN_OPTIONS.get(name, frozenset())
    before = ""
    for word in rest:
        option, _, value = word.partition("=")
        if word.startswith("-"):
            option = _JOBS.sub("", option)
            is_known = word == "--" or (option in options and (not value or _VALUE.fullmatch(value)))
            if not is_known and not (name == "pytest" and word == "-m"):
                return f"the option {word!r} is on no list of harmless ones"
        elif name == "pytest" and before == "-m":
            if word not in _MARKERS:
                return f"the marker {word!r} may select nothing"
        elif not _is_plain(word):
            return f"{word!r} is no plain word or path inside the repository"
        before = word
    return None


def _is_plain(word: str) -> bool:
    if _LABEL.fullmatch(word):
        return True
    return _PLAIN.fullmatch(word) is not None and not _pieces(word) & DANGEROUS_PIECES and _is_inside(word)


def _is_target(word: str) -> bool:
    return _TARGET.fullmatch(word) is not None and not _pieces(word) & DANGEROUS_PIECES


def _pieces(word: str) -> frozenset[str]:
    """`ktlintFormat` and `db:test` are two words each; the ending of a glob says nothing."""
    name = re.sub(r"(?<=\*)\.[a-z]{1,4}$", "", word)
    return (
        frozenset(re.split(r"[-:_./]", name.lower()))
        | frozenset(re.findall(r"[a-z]+|[A-Z][a-z]+", name))
        | frozenset(piece.lower() for piece in re.findall(r"[A-Z][a-z]+", name))
    )


def _is_inside(path: str) -> bool:
    return not is_forbidden_path(path.removesuffix("/...")) and not is_foreign_path(path)
