"""Comparing argument vectors: what names a command, what only chooses tests, what may be repeated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.command_line import (
    agreed_command,
    bare_stem,
    is_repeatable,
    is_selector,
    is_slip,
    is_test_path,
    options,
    parse_command,
    render_command,
    stem,
    without_folder,
)


@pytest.mark.parametrize(
    "path",
    [
        "tests/test_tax.py",
        "test_tax.py",
        "src/tax_test.go",
        "src/tax.spec.ts",
        "checks/labels.check.mjs",
        "app/__tests__/tax.js",
        "src/test/java/TaxTest.java",
        "tests/test_tax.py::TaxTest::test_sum",
        "tests/",
    ],
)
def test_paths_of_tests_are_known_by_their_words(path: str) -> None:
    assert is_test_path(path) or is_selector(path)


@pytest.mark.parametrize("path", ["src/tax.py", "contest/entry.py", "src/latest.ts", "data/rates.json", "testing.md"])
def test_other_paths_are_not_of_tests(path: str) -> None:
    assert not is_test_path(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("runner", "runner"),
        ("runner -q", "runner"),
        ("runner tests", "runner"),
        ("runner -q tests/test_a.py::test_b", "runner"),
        ("python -m runner tests.test_a", "python runner"),
        ("runner discover -s tests", "runner discover"),
        ("tool run check", "tool run check"),
        ("node scripts/verify.mjs", "node scripts/verify.mjs"),
        ("bin/test", "bin/test"),
        ("tool test", "tool test"),
        ("MODE=a runner", "MODE=a runner"),
    ],
)
def test_the_stem_is_what_names_a_command(text: str, expected: str) -> None:
    assert tuple(expected.split()) == stem(parse_command(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("MODE=a bin/test", "bin/test"), ("cd web && MODE=a it -q", "cd web && it"), ("it MODE=a", "it MODE=a")],
)
def test_the_bare_stem_leaves_out_settings(text: str, expected: str) -> None:
    assert tuple(expected.split()) == bare_stem(parse_command(text))


def test_options_are_a_set_without_the_bare_separator() -> None:
    assert {"-q", "--all=1"} == options(("runner", "-q", "--", "--all=1", "x"))


@pytest.mark.parametrize(
    "argv",
    [("make", "check"), ("node", "scripts/verify.mjs"), ("PYTHONPATH=src", "runner", "-k", "a and b"), ("./gradlew",)],
)
def test_plain_commands_may_be_repeated(argv: tuple[str, ...]) -> None:
    assert is_repeatable(argv)


@pytest.mark.parametrize(
    "argv",
    [
        (),
        ("",),
        ("/usr/bin/runner",),
        ("runner", "/tmp/x"),
        ("~/bin/runner",),
        ("fetch", "https://x.example/i"),
        ("PATH=$HOME/bin", "runner"),
        ("python", "-c", "import os; os.remove('x')"),
        ("runner", "a\nb"),
        ("runner", "`id`"),
        ("runner", "x" * 81),
        ("login", "[REDACTED:token:0a1b2c3d]"),
    ],
)
def test_what_is_fetched_inline_private_or_of_one_machine_is_not_repeated(argv: tuple[str, ...]) -> None:
    assert not is_repeatable(argv)


@given(st.lists(st.text(min_size=1), min_size=1, max_size=5))
def test_a_rendered_command_parses_to_the_same_vector(words: list[str]) -> None:
    assert tuple(words) == parse_command(render_command(words))


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        ([("a", "make check"), ("b", "make check")], "make check"),
        ([("a", "uv run it -q tests"), ("b", "uv run it tests/test_a.py -v")], "uv run it"),
        ([("a", "bin/test pkg/tests/test_a.py"), ("b", "bin/test pkg/tests/test_b.py")], "bin/test"),
        ([("a", "it -v"), ("b", "it -v"), ("c", "it")], "it -v"),
        ([("a", "it"), ("b", "it -v")], "it"),
        ([("a", "tox -e py -- tests/test_a.py"), ("b", "tox -e py -- tests/test_a.py")], "tox -e py"),
        ([("a", "bin/test pkg/tests/test_a.py"), ("b", "bin/test pkg/tests/test_a.py")], "bin/test"),
        ([("a", "node tests/run.js"), ("b", "node tests/run.js")], "node tests/run.js"),
        ([("a", "./mvnw test"), ("b", "./mvnw -q test -Dtest=A")], "./mvnw test"),
        ([("a", "CI=1 npm test -- --run"), ("b", "npm test")], "npm test"),
        ([("a", "cd web && it"), ("b", "cd web && it -v")], "cd web && it"),
        ([("a", "make deps && it run"), ("b", "it run")], "it run"),
        ([("a", "it discover -s tests"), ("b", "it discover -s checks")], "it discover"),
    ],
)
def test_tasks_agree_on_the_command_without_their_own_selectors(commands: list[tuple[str, str]], expected: str) -> None:
    assert expected == agreed_command(commands)


@pytest.mark.parametrize(
    "commands",
    [
        [],
        [("a", "make check"), ("a", "make check"), ("b", "npm test")],
        [("a", "python -m tests.test_a"), ("b", "python -m tests.test_b")],
        [("a", "make one && it tests/a"), ("b", "make one && it tests/b")],
        [("a", "check"), ("b", "tool run check")],
    ],
)
def test_tasks_that_ran_different_things_agree_on_nothing(commands: list[tuple[str, str]]) -> None:
    assert agreed_command(commands) is None


@pytest.mark.parametrize(
    ("wrong", "right", "expected"),
    [
        ("carg test", "cargo test", True),
        ("make chekc", "make check", True),
        ("make checks", "make check", True),
        ("mkae check", "make check -v", True),
        ("pytest", "uv run pytest", False),
        ("mvn test", "./mvnw test", False),
        ("npm test", "pnpm test", False),
        ("python -m it", "python3 -m it", False),
        ("go test", "go vet", False),
        ("make check", "make check", False),
    ],
)
def test_a_slip_differs_by_a_letter_in_one_word(wrong: str, right: str, expected: bool) -> None:
    assert expected == is_slip(parse_command(wrong), parse_command(right))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cd web && it -v", ("it -v", "web")),
        ("it", ("it", None)),
        ("cd web && a && b", ("cd web && a && b", None)),
        ("cd web", ("cd web", None)),
    ],
)
def test_the_folder_is_taken_out_of_a_command(text: str, expected: tuple[str, str | None]) -> None:
    assert expected == without_folder(text)


@given(st.permutations([("a", "it -v"), ("b", "it -v"), ("c", "it"), ("d", "it"), ("e", "it tests")]))
def test_agreement_does_not_depend_on_order(commands: list[tuple[str, str]]) -> None:
    assert agreed_command(commands) == "it"
