"""Which paths a scope means, and which paths a rule speaks of that are not there."""

import pytest

from sidecar.domain import Rule, RuleKind
from sidecar.rules import is_in_scope, missing_paths, rule_id


@pytest.mark.parametrize(
    ("scope", "inside", "outside"),
    [
        ("src/**", ["src/a.py", "src/a/b.py"], ["src", "source/a.py", "lib/src/a.py"]),
        ("src", ["src", "src/a.py"], ["srcs", "a/src"]),
        ("src/", ["src/a.py"], ["srcs/a.py"]),
        ("./src/*.py", ["src/a.py", "./src/a.py"], ["src/a/b.py", "src/a.pyc"]),
        ("**/*.py", ["a.py", "a/b/c.py"], ["a.pyi"]),
        ("src/**/test_?.py", ["src/test_a.py", "src/a/b/test_c.py"], ["src/test_ab.py"]),
        ("src/*.{ts,tsx}", ["src/a.ts", "src/a.tsx"], ["src/a.js"]),
        ("{a,b}/**", ["a/x", "b/x/y"], ["c/x"]),
        ("a+b/[x].py", ["a+b/[x].py"], ["aab/x.py"]),
        ("src/a.py", ["src/a.py"], ["src/aXpy"]),
    ],
)
def test_scope_holds_these_paths(scope: str, inside: list[str], outside: list[str]) -> None:
    assert [path for path in inside if not is_in_scope(path, scope)] == []
    assert [path for path in outside if is_in_scope(path, scope)] == []


FILES = frozenset({"src/api.py", "tools/build.py", "Makefile", "README.md"})


@pytest.mark.parametrize(
    ("text", "scope", "expected"),
    [
        ("Do not edit `src/api.py`.", "src/**", ()),
        ("Do not edit `./src/api.py` in `src/`.", None, ()),
        ("Do not edit `src/old.py`.", None, ("src/old.py",)),
        ("Run `python tools/gone.py --all`.", None, ("tools/gone.py",)),
        ("Run `make check`; `pytest` fails.", None, ()),
        ("Never import src/gone.py.", None, ()),
        ("Read `CHANGES.md`.", None, ("CHANGES.md",)),
        ("Any `*.pyc` and `a/*.py`.", None, ()),
        ("Anything.", "lib/**/*.py", ("lib",)),
        ("Anything.", "lib", ("lib",)),
        ("Anything.", "*.rb", ()),
        ("See `src/old.py` and `src/old.py`.", "lib/x/*.py", ("lib/x", "src/old.py")),
    ],
)
def test_missing_paths_are_those_a_rule_names_as_code(text: str, scope: str | None, expected: tuple[str, ...]) -> None:
    of = Rule(rule_id=rule_id(text, scope), text=text, scope=scope, kind=RuleKind.FACT)

    assert missing_paths(of, FILES) == expected
