"""One program with what follows it: whether every word of that is accounted for."""

import re

from sidecar.gate.arguments import is_plain, is_reviewed, is_script, is_target, is_work, pieces
from sidecar.gate.following import OF_PACKAGE, rest_fault
from sidecar.gate.programs import (
    CHECKER_VERBS,
    CHECKERS,
    FURTHER,
    INTERPRETERS,
    MANAGER_VERBS,
    MODULES,
    SCRIPTED,
    TARGETED,
    VERBS,
)
from sidecar.gate.valued import without_values

_FOLDERS = frozenset(("app", "apps", "charts", "docs", "lib", "packages", "spec", "src", "test", "tests"))
_BUILDS = frozenset(("bdist_wheel", "build", "build_ext", "build_py", "check", "develop", "sdist", "test"))
"""Commands of `setup.py`; others of them install what they are given by name."""
_SCRIPT_NAME = re.compile(r"(?:\./)?[\w./-]*(?:/[\w.-]+|\w\.(?:py|sh|rb|pl|js|mjs|cjs|ts|php|lua|R|jl))")
_VERSION = re.compile(r"[\d.]+$")
_DIRECT_TOOLS = re.compile(r"\./(?:gradlew|mvnw)|(?:\./)?(?:vendor/bin|node_modules/\.bin|bin)/[\w-]+")
_VENV = re.compile(r"(?:\./)?\.?v?env/bin/(?=[\w.-]+$)")
_CLOJURE = re.compile(r"-[MX](?::[a-z][\w/-]*)+")
_COMPOSE_FILE = re.compile(r"[\w./-]*(?:compose|docker)[\w./-]*\.ya?ml")
_GOAL = re.compile(r"[\w-]+(?::[\w-]+)?")
"""Of Maven; with more colons it would name a plugin of anyone."""
_INSTALLERS = frozenset(("bundle", "pdm", "pipenv", "pixi", "poetry", "uv"))
_TASK_RUNNERS = frozenset(("mise", "moon", "pixi"))


def program_fault(words: list[str]) -> str | None:
    """Why no rule may name this argument vector, which begins with the program; None when it may."""
    if not words:
        return "nothing follows the program that runs it"
    name, rest = program_name(words[0]), words[1:]
    if name == "docker":
        return _compose_fault(rest)
    rest, fault = without_values(name, rest)
    if fault is not None:
        return fault
    if name in INTERPRETERS:
        return _interpreter_fault(name, rest)
    if name in CHECKERS:
        return _checker_fault(name, rest)
    if name in TARGETED:
        return targets_fault(name, rest)
    if name in SCRIPTED:
        return _manager_fault(name, rest)
    if name == "cargo" and rest[:1] == ["xtask"]:
        return targets_fault(name, rest[1:])  # what the repository itself defines, as targets of make are
    if name in VERBS:
        return _verb_fault(name, rest)
    if name in ("clojure", "clj"):
        is_known = len(rest) == 1 and _CLOJURE.fullmatch(rest[0]) is not None and is_work(rest[0])
        return None if is_known else "only a test or a build by its alias is known of clojure"
    if _SCRIPT_NAME.fullmatch(words[0]) and is_script(words[0]):
        return rest_fault("", rest)
    return f"no rule may name the program {words[0]!r}; it is on no list of tools that check or build"


def program_name(word: str) -> str:
    """What a program is called, wherever the repository or its environment keeps it."""
    word = _VENV.sub("", word)
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
        program = "pre-commit" if module == "pre_commit" else module
        if program in CHECKERS or program in TARGETED or program in VERBS:
            return program_fault([program, *rest[2:]])
        behind, fault = without_values(module, rest[2:])
        return fault or rest_fault(module, behind)
    if name == "node" and rest[:1] == ["--test"]:
        return rest_fault(name, rest)
    if name == "php" and rest[:1] == ["artisan"]:
        return rest_fault("", rest[2:]) if rest[1:2] == ["test"] else "only the tests of artisan are known"
    if name == "julia" and rest[:1] in (["--project"], ["--project=."]):
        rest = rest[1:]
    if not rest or not is_script(rest[0]) or not re.search(r"[./]", rest[0]):
        return f"{name} may run a script of the repository and nothing else"
    script = rest[0].rsplit("/", 1)[-1]
    if script == "manage.py":
        return _manage_fault(rest[1:])
    if script == "setup.py" and not _BUILDS.issuperset(word for word in rest[1:] if not word.startswith("-")):
        return "only builds and checks of setup.py are known"
    return rest_fault("", rest[1:])


def _checker_fault(name: str, rest: list[str]) -> str | None:
    verbs = CHECKER_VERBS.get(name)
    bare = [] if verbs is None else [word for word in rest if re.fullmatch(r"\w[\w-]*", word)]
    odd = next((word for word in bare if verbs is not None and word not in verbs and word not in _FOLDERS), None)
    return rest_fault(name, rest) if odd is None else f"{odd!r} is no check of {name} and no usual folder"


def _manage_fault(rest: list[str]) -> str | None:
    rest, fault = without_values("manage.py", rest)
    if fault is not None:
        return fault
    if rest[:1] == ["migrate"] and len([word for word in rest if not word.startswith("-")]) > 2:
        return "a rule goes back to no earlier migration"
    if rest[:1] and rest[0] in ("check", "test", "makemigrations", "migrate"):
        return rest_fault("manage.py", rest[1:])
    return "only checks and migrations of manage.py are known"


def _compose_fault(rest: list[str]) -> str | None:
    if rest[:2] == ["build", "-t"] and len(rest) == 4 and rest[3] == "." and is_plain(rest[2]):
        return None
    if rest[:2] == ["compose", "-f"] and len(rest) > 3 and _COMPOSE_FILE.fullmatch(rest[2]) and is_reviewed(rest[2]):
        if pieces(rest[2]) & {"live", "prod", "production"}:
            return f"{rest[2]!r} may be of what people use"
        rest = [rest[0], *rest[3:]]
    if rest[:1] != ["compose"] or rest[1:2] not in (["up"], ["build"], ["start"]):
        return "only compose's up, build and start are known of docker"
    return rest_fault("docker", rest[2:])


def targets_fault(name: str, rest: list[str]) -> str | None:
    """The same of what follows a program that runs what the repository defines under a name."""
    targets = [word for word in rest if not word.startswith("-") and not word.isdigit()]
    odd = next((word for word in targets if not _is_target_of(name, word)), None)
    if odd is not None:
        return f"{odd!r} is no name of a check or a build"
    return rest_fault(name, rest)


def _is_target_of(name: str, word: str) -> bool:
    if name == "tox":
        return word in ("run", "run-parallel")  # environments stand behind an option, and other words list or set up
    if name == "ninja" and word.startswith("install"):
        return False  # outside the repository
    return is_target(word) and (name != "doit" or is_work(word))  # `doit forget`, `doit ignore`


def _manager_fault(name: str, rest: list[str]) -> str | None:
    if len(rest) > 1 and rest[0] == "workspace":
        if not OF_PACKAGE.fullmatch(rest[1]):
            return f"{rest[1]!r} is no package of the repository"
        rest = rest[2:]
    words = [word for word in rest if word not in ("run", "run-script", "--", "task", "-r", "--recursive", "--silent")]
    if not words:
        return None if rest == [] and name == "yarn" else "it runs nothing"
    script, following = words[0], words[1:]
    is_named = rest[:1] in (["run"], ["run-script"], ["task"]) or script in MANAGER_VERBS
    if name == "deno" and rest[0] == "run":
        return (
            rest_fault("", words) if _SCRIPT_NAME.fullmatch(script) and is_script(script) else "deno may run a script"
        )
    is_known = script in CHECKERS or script in VERBS
    if name in ("bun", "yarn") and rest[0] in ("run", "run-script") and not is_known and not is_work(script):
        return f"{script!r} may be no script of the repository, but a program"
    if ((not is_named and name != "npm") or name in ("bun", "yarn")) and is_known:
        return program_fault(words)
    if not is_named and (name == "npm" or not is_work(script)):
        return f"{script!r} is no script that checks or builds"
    if not is_target(script) or (name == "pnpm" and rest[0] == "setup"):  # which writes to the shell's own files
        return f"{script!r} is no name of a check or a build"
    if script in ("ci", "install", "i") and any(not word.startswith("-") for word in following):
        return "a rule installs no package by name"
    return rest_fault(name, following)


def _verb_fault(name: str, rest: list[str]) -> str | None:
    verbs = VERBS[name]
    words = [word for word in rest if not word.startswith("-")]
    if not verbs:
        odd = next((word for word in words if not is_work(word) and not word.isdigit()), None)
        if odd is not None or (not words and name not in ("cmake", "webpack")):
            return f"{odd or name!r} says nothing of a check or a build"
    elif not words or words[0] not in verbs:
        return f"of {name} a rule may name {', '.join(sorted(verbs))} only"
    if name in _INSTALLERS and words[0] != "run" and len(words) > 1:
        return "a rule installs no package by name"
    if name == "R" and words[1:2] not in (["build"], ["check"]):
        return "of R CMD a rule may name build and check only"
    if name in _TASK_RUNNERS and words[0] == "run" and not (words[1:] and is_target(words[1]) and is_work(words[1])):
        return f"{name} may run what says that it checks or builds, and nothing else"
    fault = _further_fault(name, rest, words)
    if fault is not None:
        return fault
    if name == "go" and words[0] == "mod":
        return None  # as a whole
    if verbs:
        rest = [word for word in rest if word != words[0]]
    return rest_fault(name, rest)


def _further_fault(name: str, rest: list[str], words: list[str]) -> str | None:
    """The fault of what follows the verbs of single programs."""
    if name in FURTHER and not all(_is_known_further(name, word) for word in words[1:]):
        return f"what follows {words[0]} may choose nothing, or something from elsewhere"
    if name == "mvn" and not all(_GOAL.fullmatch(word) for word in words):
        return "a goal may be of anyone's plugin"
    if name == "mix" and words[0] == "credo" and not all("/" in word for word in words[1:]):
        return "of credo only a check of paths is known"
    if name == "go" and words[0] == "mod":
        is_known = rest[1:] in (["download"], ["tidy"], ["vendor"], ["verify"])
        return None if is_known else "of go mod a rule may name download, tidy, vendor and verify only"
    if name == "rails" and words[0] in ("g", "generate") and words[1:2] != ["migration"]:
        return "of rails' generators a rule may name that of migrations only"
    if name == "alembic" and words[1:] not in ([], ["head"], ["heads"]):
        return "only an upgrade to head is known of alembic"
    return None


def _is_known_further(name: str, word: str) -> bool:
    is_test = name == "cargo" and "::" in word  # by its full name, which nobody types for nothing
    return is_test or word.isdigit() or word in FURTHER[name]
