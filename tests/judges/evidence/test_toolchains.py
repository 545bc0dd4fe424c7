"""Toolchains that nobody listed teach the four kinds of lessons, and say what a formatter or a hook does better.

Each session is told twice, as two tasks, and goes through judge, clusters and template as in the product.
"""

import asyncio
from dataclasses import replace

import pytest

from collectors.outcomes.console import read_console
from judges.evidence import judge
from sidecar.audit import better_elsewhere
from sidecar.clusters import clusters
from sidecar.domain import Label, LessonSupport, PersonId, ProjectId, SessionId, Step, StepKind, TaskId
from sidecar.writer import describe_lesson, draft_rule
from tests.judges.acts import edited, looked, packet_of, ran


def taught(*steps: Step, label: Label = Label.PASS) -> set[str]:
    """Rules, and what is said instead of one, of two tasks that did these acts."""
    verdict = asyncio.run(judge().judge(packet_of(*(_marked(step) for step in steps), label=label)))
    if verdict is None:
        return set()
    supports = [
        LessonSupport(
            session=replace(verdict.session, session_id=SessionId(task)),
            task=TaskId(task),
            person=PersonId(task),
            lesson=lesson,
        )
        for task in ("a", "b")
        for lesson in verdict.lessons
    ]
    told: set[str] = set()
    for cluster in clusters(ProjectId("forge.example/acme/any"), supports):
        rule, other = draft_rule(cluster), better_elsewhere(cluster)
        told.add(rule.text if rule else f"{other[0]}: {describe_lesson(cluster.lesson)}" if other else "nothing")
    return told


def _marked(step: Step) -> Step:
    """The step as the projector marks it: a test run where its output is one."""
    is_test = step.command is not None and read_console(step.output or "", command=step.command) is not None
    return replace(step, kind=StepKind.TEST_RUN) if is_test else step


def failed(command: str, output: str, *, code: int = 1) -> Step:
    return ran(command, output, ok=False, exit_code=code)


BAZEL_OK = (
    "INFO: Build completed successfully, 4 total actions\n//app:room_test                PASSED in 0.3s\n\n"
    "Executed 1 out of 1 test: 1 test passes.\n"
)
BAZEL_BAD = (
    "//app:room_test                FAILED in 0.3s\n  /out/app/room_test/test.log\n\n"
    "Executed 1 out of 1 test: 1 fails locally.\n"
)
DUNE_OK = (
    "Testing `room'.\nThis run has ID `X`.\n\n  [OK]          room          0   opens.\n\n"
    "Test Successful in 0.001s. 1 test run.\n"
)
ZIG_OK = "Build Summary: 3/3 steps succeeded; 4/4 tests passed\n"
MIX_OK = "Running ExUnit with seed: 1, max_cases: 8\n\n....\nFinished in 0.05 seconds\n4 tests, 0 failures\n"
GLEAM_OK = "  Compiled in 0.42s\n    Running room_test.main\n....\nFinished in 0.011 seconds\n4 tests, 0 failures\n"
JUST_OK = "busted --output TAP\n1..2\nok 1 - opens\nok 2 - closes\n"
EDIT = edited("src/room.x", "a", "b")


@pytest.mark.parametrize(
    ("wrong", "said", "right", "output"),
    [
        (
            "npx nx test",
            "npm error could not determine executable to run",
            "bazel test //app/...",
            BAZEL_OK,
        ),
        ("npm test", 'npm error Missing script: "test"', "just verify", JUST_OK),
        ("zig test", "error: expected at least one root source file; unknown command", "zig build test", ZIG_OK),
        ("make test", "make: *** No rule to make target 'test'.  Stop.", "dune runtest", DUNE_OK),
        ("rebar3 eunit", "bash: rebar3: command not found", "mix test", MIX_OK),
        (
            "npm run test",
            "npm error enoent Could not read package.json: no such file or directory",
            "gleam test",
            GLEAM_OK,
        ),
    ],
)
def test_a_wrong_test_command(wrong: str, said: str, right: str, output: str) -> None:
    (rule,) = taught(EDIT, failed(wrong, said), ran(right, output))

    assert rule.startswith(f"Run the checks with `{right}`; `{wrong}` does not work here")


@pytest.mark.parametrize(
    ("check", "said", "setup", "output"),
    [
        (
            "bazel test //app/...",
            "ERROR: An error occurred during the fetch: deps.lock is missing",
            "bazel run //tools:pin",
            BAZEL_OK,
        ),
        ("just verify", "cannot open lua_modules: no such file or directory", "just deps", JUST_OK),
        ("zig build test", "error: unable to load package: hash not fetched", "zig build --fetch", ZIG_OK),
        ("dune runtest", 'Error: Library "alcotest" not found.', "opam install . --deps-only --with-test", DUNE_OK),
        ("mix test", "** (Mix) Can't continue due to errors on dependencies", "mix deps.get", MIX_OK),
        ("gleam test", "error: Dependencies are not downloaded", "gleam deps download", GLEAM_OK),
    ],
)
def test_a_missing_set_up_step(check: str, said: str, setup: str, output: str) -> None:
    (rule,) = taught(EDIT, failed(check, said), ran(setup, "done"), ran(check, output))

    assert rule.startswith(f"Run `{setup}` before `{check}`; the check fails otherwise")


@pytest.mark.parametrize(
    ("check", "bad", "good"),
    [
        ("bazel test //app/...", BAZEL_BAD, BAZEL_OK),
        ("just verify", "1..2\nok 1 - opens\nnot ok 2 - closes\n", JUST_OK),
        ("zig build test", "error: 'main.test.closes' failed\n3/4 tests passed; 1 failed\n", ZIG_OK),
        (
            "dune runtest",
            'File "test/room.ml", line 3\n  [FAIL]        room          0   closes.\n1 failure! 2 tests run.\n',
            DUNE_OK,
        ),
        ("mix test", "  1) test closes (RoomTest)\n     Assertion with == failed\n4 tests, 1 failure\n", MIX_OK),
        ("gleam test", "panic: closes failed\n4 tests, 1 failure\n", GLEAM_OK),
    ],
)
def test_files_that_change_together(check: str, bad: str, good: str) -> None:
    first = edited("lib/room.x", "Open", "Open\nArchived")
    second = edited("lib/label.x", "Open -> open", "Open -> open\nArchived -> archived")

    assert taught(first, failed(check, bad), second, ran(check, good)) == {
        "When you change `lib/room.x`, change `lib/label.x` with it; the check fails otherwise."
    }


@pytest.mark.parametrize(
    ("generator", "said", "check", "good"),
    [
        ("bazel run //tools:gen", "wrote lib/table.x", "bazel test //app/...", BAZEL_OK),
        ("just gen", "generated lib/table.x", "just verify", JUST_OK),
        ("zig build gen", "", "zig build test", ZIG_OK),
        ("dune build @gen --auto-promote", "", "dune runtest", DUNE_OK),
        ("mix gen.table", "* creating lib/table.x\nwrote lib/table.x", "mix test", MIX_OK),
        ("gleam run -m gen", "", "gleam test", GLEAM_OK),
    ],
)
def test_a_generated_file(generator: str, said: str, check: str, good: str) -> None:
    steps = (
        looked("lib/table.x", "// Code generated from data/table.csv, do not edit.\nlet one = 1"),
        edited("lib/table.x", "one = 1", "one = 2"),
        failed(check, "lib/table.x is out of date\n1 failed"),
        edited("data/table.csv", "1", "2"),
        ran(generator, said),
        ran(check, good),
    )

    (rule,) = taught(*steps)

    assert rule == f"Do not edit `lib/table.x` by hand: it is generated; edit `data/table.csv` and run `{generator}`."


@pytest.mark.parametrize(
    ("check", "said", "fix", "output"),
    [
        ("cargo fmt --check", "Diff in /home/dev/shop/src/room.x:41:\n-a\n+b", "cargo fmt", ""),
        ("ruff check .", "src/room.x:1:8: F401 [*] unused\nFound 1 error.", "ruff check --fix .", "1 fixed"),
        (
            "npx prettier --check .",
            "[warn] src/room.x\n[warn] Code style issues found.",
            "npx prettier --write .",
            "src/room.x 31ms\nsrc/b.x 2ms",
        ),
        (
            "npm run lint",
            "/home/dev/shop/src/room.x\n  1:1  error  quotes\n\n✖ 1 problem (1 error)",
            "npm run lint:fix",
            "",
        ),
        (
            "./gradlew spotlessCheck",
            "> The following files had format violations:\n    src/room.x",
            "./gradlew spotlessApply",
            "BUILD SUCCESSFUL in 2s",
        ),
        ("mix format --check-formatted", "The following files are not formatted:\n\n  * src/room.x", "mix format", ""),
        ("zig fmt --check src", "src/room.x", "zig fmt src", "src/room.x"),
        (
            "dune build @fmt",
            'File "src/room.x", line 1:\n--- src/room.x\n+++ src/.formatted/room.x',
            "dune fmt",
            "Promoting src/.formatted/room.x to src/room.x.",
        ),
        ("just fmt-check", "would change: src/room.x\nerror: Recipe `fmt-check` failed", "just fmt", ""),
        ("bazel run //:tidy.check", "src/room.x # reformat", "bazel run //:tidy.fix", ""),
        ("make lint", "would reformat src/room.x", "make pretty", "reformatted src/room.x"),
    ],
)
def test_a_formatter_is_named_instead_of_a_rule(check: str, said: str, fix: str, output: str) -> None:
    assert taught(EDIT, failed(check, said), ran(fix, output), ran(check)) == {
        f"better as a lint rule: `{check}` fails until `{fix}` has run, and nothing else is needed"
    }


def test_a_formatter_in_the_line_of_the_tests_is_no_set_up_of_the_tests() -> None:
    line = "cargo fmt --check && cargo test"

    assert taught(EDIT, failed(line, "Diff in src/room.x:41:\n-a\n+b"), ran("cargo fmt"), ran(line, "1 passed")) == {
        "better as a lint rule: `cargo fmt --check` fails until `cargo fmt` has run, and nothing else is needed"
    }


@pytest.mark.parametrize(
    ("check", "step"), [("just verify", "just gen"), ("bazel test //app/...", "bazel run //:pack")]
)
def test_a_step_that_every_edit_needs_again_is_better_as_a_hook(check: str, step: str) -> None:
    once = (EDIT, failed(check, "the pack is behind"), ran(step, "done"), ran(check, "all is well"))

    assert taught(*once, *once) == {f"better as a hook: `{check}` fails after each edit until `{step}` has run again"}


@pytest.mark.parametrize(
    ("check", "said", "setup"),
    [
        ("npm run typecheck", "src/room.x(3,10): error TS2305: './gen' has no member 'Room'.", "npm run codegen"),
        ("just verify", "connection refused: the database is not up", "just database"),
    ],
)
def test_what_was_missing_once_stays_a_rule(check: str, said: str, setup: str) -> None:
    assert taught(EDIT, failed(check, said), ran(setup, "Generated gen/room.x"), ran(check, "all is well")) == {
        f"Run `{setup}` before `{check}`; the check fails otherwise."
    }


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param((ran("tsc --skipLibCheck"), failed("tsc", "src/room.x(3,10): error TS2305")), id="an evasion"),
        pytest.param((ran("tsc --skipLibCheck"), EDIT, ran("tsc")), id="an edit helped"),
        pytest.param((ran("tsc"),), id="it passed by itself"),
    ],
)
def test_other_ways_to_pass_name_no_formatter(steps: tuple[Step, ...]) -> None:
    assert taught(EDIT, failed("tsc", "src/room.x(3,10): error TS2305"), *steps) == set()


def test_tests_that_pass_with_other_arguments_were_not_formatted() -> None:
    bad = "FAIL room\nTests: 1 failed, 3 passed"

    assert taught(EDIT, failed("vt", bad), ran("vt --update", "4 passed"), ran("vt", "4 passed")) == set()


def test_a_forbidden_edit_is_a_matter_for_a_test_where_nothing_writes_the_file() -> None:
    head = "# Generated by the schema compiler. DO NOT EDIT!\nx = 1"

    assert taught(looked("lib/schema.x", head), edited("lib/schema.x", "x = 1", "x = 2")) == {
        "better as a test: `lib/schema.x` says that it is generated and was edited by hand"
    }


def test_what_was_generated_once_for_people_to_go_on_with_is_nobodys_mistake() -> None:
    assert taught(looked("m/0001.x", "# Generated on Monday"), edited("m/0001.x", "a", "b")) == set()


@pytest.mark.parametrize(
    ("after", "label", "is_said"),
    [
        pytest.param((), Label.CODE_FAIL, True, id="nothing ran"),
        pytest.param((ran("git status --short", " M src/room.x"),), Label.CODE_FAIL, True, id="a look"),
        pytest.param((ran("just verify", JUST_OK),), Label.CODE_FAIL, False, id="it ran"),
        pytest.param((ran("just check-types", "fine"),), Label.CODE_FAIL, False, id="another check ran"),
        pytest.param((ran("$(pick) all", "fine"),), Label.CODE_FAIL, False, id="something not understood ran"),
        pytest.param((), Label.PASS, False, id="the tests passed"),
    ],
)
def test_a_check_left_out_at_the_end_is_better_as_a_hook(
    after: tuple[Step, ...], label: Label, *, is_said: bool
) -> None:
    said = {"better as a hook: `just verify` was not run after the last edit, and the tests failed"}

    assert taught(EDIT, ran("just verify", JUST_OK), EDIT, *after, label=label) == (said if is_said else set())
