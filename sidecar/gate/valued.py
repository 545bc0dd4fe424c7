"""Options that take a value: per program a closed list, each with the kind of value it may take.

None of them says what is run or where it comes from; they choose among what the repository itself defines.
"""

import re
from enum import Enum

from sidecar.gate.arguments import is_inside, is_plain, is_reviewed, pieces
from sidecar.gate.target_names import DANGEROUS_PIECES


class Value(Enum):
    """What an option may be given."""

    NAME = r"@?[A-Za-z0-9][\w.,/@+-]*|:?[A-Za-z][\w:.-]*"
    """Of a group, a package, a feature, a target."""
    PATH = r"(?:\./)?[\w@][\w./@-]*|\."
    """Inside the repository."""
    COUNT = r"[1-9]\d{0,4}"
    LENGTH = r"[1-9]\d{1,2}"
    """Of a line."""
    MODULE = r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*"
    SETTINGS = r"(?:[A-Za-z_]\w*\.)*(?:\w*settings\w*|(?:\w+_)?conf(?:ig)?(?:_\w+)?)(?:\.[A-Za-z_]\w*)*"
    """Any other module would run, too, once it is loaded."""
    RUNTIME = r"node|jsdom|happy-dom|edge-runtime"
    """Any other would be a package of anyone."""
    POOL = r"threads|forks|vmThreads|vmForks"
    ENDINGS = r"\.[a-z]{1,4}(?:,\.[a-z]{1,4})*"
    PLUGIN_LEFT_OUT = r"no:(?:cacheprovider|randomly|xdist)"
    BUILD = r"Debug|Release|RelWithDebInfo"
    MODULES_OF_GO = r"readonly|vendor"
    """Not `mod`, which gets what no file names."""
    OFF = r"false"
    TARGET = r"(?!install)[A-Za-z][\w.-]*"
    """Not what is put outside the repository."""
    DURATION = r"[1-9]\d{0,3}[smh]"
    BUILD_FOLDER = r"(?:\./)?[\w-]*(?:build|out)[\w./-]*"
    SUITE = r"(?i:unit|integration|functional|feature|acceptance|e2e|smoke|api|slow|fast|all|default)(?:[_-]?tests?)?"
    """One that every repository calls so; to run one that is not there may succeed."""

    def admits(self, value: str) -> bool:
        """Whether it may be this one."""
        if re.fullmatch(self.value, value) is None:
            return False
        if self is Value.PATH:
            return is_reviewed(value) and (is_plain(value) or not pieces(value) & DANGEROUS_PIECES)
        if self is Value.NAME:
            return ".." not in value and is_inside(value) and not pieces(value) & DANGEROUS_PIECES
        return self not in (Value.MODULE, Value.SETTINGS, Value.TARGET) or not pieces(value) & DANGEROUS_PIECES


_FILTER = dict.fromkeys(("--filter", "-F"), Value.NAME)
_FOLDER = {"-C": Value.PATH}
_RUNNER = {"--project": Value.NAME, "--maxWorkers": Value.COUNT, "--pool": Value.POOL, "--environment": Value.RUNTIME}
_MONOREPO: dict[str, Value] = dict.fromkeys(
    ("--filter", "-F", "-p", "--projects", "-t", "--target", "--targets"), Value.NAME
)
VALUED: dict[str, dict[str, Value]] = {
    "bazel": {"--config": Value.NAME, "--test_output": Value.NAME},
    "black": {"--line-length": Value.LENGTH, "-l": Value.LENGTH},
    "bun": {**_FILTER, "--cwd": Value.PATH},
    "cargo": {
        **dict.fromkeys(("--features", "-F", "--package", "-p", "--test", "--bin", "--example"), Value.NAME),
        "--manifest-path": Value.PATH,
        "--profile": Value.NAME,
    },
    "cmake": {
        **dict.fromkeys(("-S", "-B"), Value.PATH),
        **dict.fromkeys(("-G", "--preset"), Value.NAME),
        "--target": Value.TARGET,
        **dict.fromkeys(("--config", "-DCMAKE_BUILD_TYPE"), Value.BUILD),
    },
    "ctest": {"--preset": Value.NAME, "-C": Value.BUILD, "--test-dir": Value.BUILD_FOLDER},
    "dotnet": {**dict.fromkeys(("-c", "--configuration"), Value.BUILD), "--framework": Value.NAME},
    "eslint": {"--ext": Value.ENDINGS},
    "gmake": _FOLDER,
    "go": {
        "-tags": Value.NAME,
        "-mod": Value.MODULES_OF_GO,
        "-timeout": Value.DURATION,
        **dict.fromkeys(("-count", "-parallel", "-p"), Value.COUNT),
    },
    "gradle": {"-p": Value.PATH},
    "jest": {**_RUNNER, "--watchAll": Value.OFF},
    "make": _FOLDER,
    "manage.py": {"--settings": Value.SETTINGS},
    "meson": _FOLDER,
    "mvn": {"-pl": Value.NAME, "-f": Value.PATH},
    "mypy": {"-p": Value.MODULE},
    "ninja": _FOLDER,
    "npm": {
        "--watchAll": Value.OFF,
        **dict.fromkeys(("-C", "--prefix"), Value.PATH),
        **dict.fromkeys(("-w", "--workspace"), Value.NAME),
    },
    "nx": _MONOREPO,
    "pdm": dict.fromkeys(("-G", "-dG", "--group"), Value.NAME),
    "phpunit": {"--testsuite": Value.SUITE},
    "playwright": {"--project": Value.NAME},
    "pnpm": {**_FILTER, **dict.fromkeys(("-C", "--dir"), Value.PATH)},
    "poetry": dict.fromkeys(("--with", "--without", "--only", "--extras", "-E"), Value.NAME),
    "pytest": {
        **dict.fromkeys(("--maxfail", "--timeout"), Value.COUNT),
        **dict.fromkeys(("--dist", "--import-mode", "--asyncio-mode"), Value.NAME),
        "--ds": Value.SETTINGS,
        "-p": Value.PLUGIN_LEFT_OUT,
    },
    "tox": {"-e": Value.NAME},
    "turbo": _MONOREPO,
    "uv": dict.fromkeys(("--extra", "--group", "--only-group", "--package"), Value.NAME),
    "vitest": _RUNNER,
    "yarn": {"--cwd": Value.PATH},
}


def without_values(name: str, rest: list[str]) -> tuple[list[str], str | None]:
    """What follows a program without the options that take a value, and why one of the values is not allowed."""
    valued = VALUED.get(name, {})
    kept: list[str] = []
    words = iter(rest)
    for word in words:
        option, sign, value = word.partition("=")
        kind = valued.get(option)
        if kind is None:
            kept.append(word)
            continue
        given = value if sign else next(words, "")
        if not kind.admits(given):
            return kept, f"{given!r} is no value that {option} may be given"
    return kept, None
