"""The judge knows no tool by name: what it learns must come from the shape of a session."""

import ast
import re
from pathlib import Path

import pytest

import judges
import sidecar

_TOOLS = frozenset(
    {
        "ant",
        "bazel",
        "bun",
        "bundle",
        "cargo",
        "cmake",
        "composer",
        "conda",
        "ctest",
        "deno",
        "docker",
        "dotnet",
        "eslint",
        "flake8",
        "go",
        "gradle",
        "hatch",
        "jasmine",
        "jest",
        "just",
        "karma",
        "lerna",
        "make",
        "maven",
        "meson",
        "mix",
        "mocha",
        "mvn",
        "mypy",
        "nextest",
        "ninja",
        "node",
        "npm",
        "npx",
        "nose",
        "nox",
        "nx",
        "phpunit",
        "pip",
        "pipenv",
        "pnpm",
        "poetry",
        "prettier",
        "pytest",
        "python",
        "rake",
        "rspec",
        "ruby",
        "ruff",
        "sbt",
        "swift",
        "tape",
        "tox",
        "tsc",
        "turbo",
        "unittest",
        "uv",
        "vitest",
        "xcodebuild",
        "yarn",
    }
)
_JUDGES = Path(next(iter(judges.__path__)))
_SIDECAR = Path(next(iter(sidecar.__path__)))
_SOURCES = [
    # a prompt to a model is English, where `go` and `make` are verbs
    *(path for path in sorted(_JUDGES.rglob("*.py")) if "failure" not in path.relative_to(_JUDGES).parts),
    *sorted((_SIDECAR / "clusters").rglob("*.py")),
    *(_SIDECAR / f"{name}.py" for name in ("command_line", "shell", "shell_programs", "shell_words", "writer")),
]


@pytest.mark.parametrize("path", _SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_source_names_a_build_or_test_tool(path: Path) -> None:
    words = {word for text in _literals(path) for word in re.findall(r"[a-z0-9]+", text.lower())}

    assert words & _TOOLS == set()


def _literals(path: Path) -> list[str]:
    """The strings of a module that are no docstrings, and its names."""
    tree = ast.parse(path.read_text())
    spoken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in spoken
    ]
