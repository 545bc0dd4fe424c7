"""Commands that could not run, and what made the check run."""

import pytest

from judges.attempts import attempts
from judges.evidence.commands import command_findings
from judges.evidence.finding import Finding
from sidecar.domain import FailureClass, Label, Packet, Step
from tests.judges.acts import NO_MODULE, ROOT, checked, edited, looked, packet_of, ran

_NO_PACKAGE = "E   ModuleNotFoundError: No module named 'shop'\nRan 3 tests in 0.0s\n\nFAILED (errors=3)"
_NOT_FOUND = "checker: command not found"
_BROKEN = "FAIL: test_sum\nAssertionError: 1 != 2\nRan 3 tests in 0.0s\n\nFAILED (failures=1)"


def _found(*steps: Step, label: Label = Label.PASS) -> list[Finding]:
    return _of(packet_of(*steps, label=label))


def _of(packet: Packet) -> list[Finding]:
    return command_findings(packet, attempts(packet.steps, packet.cwd))


def _commands(findings: list[Finding]) -> list[tuple[FailureClass, str | None, str | None]]:
    return [(one.failure_class, one.failing_command, one.working_command) for one in findings]


def _wrong(failing: str, working: str) -> list[tuple[FailureClass, str | None, str | None]]:
    return [(FailureClass.WRONG_COMMAND, failing, working)]


@pytest.mark.parametrize(
    ("failing", "said"),
    [
        (ran("python -m checker", NO_MODULE, ok=False), "No module named checker"),
        (checked("python -m checker", f"Exit code 1\n{NO_MODULE}", ok=False), "No module named checker"),
        (ran("run-tests -q", "bash: run-tests: command not found", ok=False), "run-tests: command not found"),
        (ran("pkg test", 'pkg error Missing script: "test"\n\nA log is in /x', ok=False), 'Missing script: "test"'),
        (ran("do test", "do: *** No rule to do 'test'. Stop.", ok=False), "No rule to do 'test'. Stop."),
        (ran("unit all", "error: unknown option: all", ok=False), "unknown option: all"),
        (ran("./test.sh", "bash: ./test.sh: No such file or directory", ok=False, exit_code=127), None),
        (checked("python -m lib discover", _NO_PACKAGE, ok=False), None),
        (checked("runner --all", "# tests 0\n# pass 0\n# fail 0"), "# tests 0"),
        (ran("python -m checker 2>&1 | tail -3", NO_MODULE), "No module named checker"),
        (ran("go-test ./...", "Command timed out after 2m 0s", ok=False), "Command timed out after 2m 0s"),
    ],
)
def test_a_check_that_could_not_run_teaches_the_command_that_ran_it(failing: Step, said: str | None) -> None:
    (finding,) = _found(failing, checked("make check"))

    assert (finding.failure_class, finding.working_command) == (FailureClass.WRONG_COMMAND, "make check")
    assert said in (None, finding.symptom)


@pytest.mark.parametrize("label", list(Label))
def test_it_teaches_whatever_the_label(label: Label) -> None:
    found = _found(ran("python -m checker", NO_MODULE, ok=False), checked("make check", _BROKEN, ok=False), label=label)

    assert _commands(found) == _wrong("python -m checker", "make check")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (f"cd {ROOT} && make check", "make check"),
        (f"cd {ROOT}; make check 2>&1 | tail -20", "make check"),
        ("make check; echo $?", "make check"),
        ("timeout 60 make check", "make check"),
        ("API_TOKEN=abc make check", "make check"),
        ("cd web && make check", "cd web && make check"),
        (f"cd {ROOT}/web/ && make check | tail", "cd web && make check"),
        ("PYTHONPATH=src it discover", "PYTHONPATH=src it discover"),
        (f"it --root {ROOT}/src", "it --root src"),
        ("make check && grep URL .env", "make check"),
    ],
)
def test_the_working_command_is_told_without_what_does_not_belong_to_it(command: str, expected: str) -> None:
    (finding,) = _found(ran("python -m checker", NO_MODULE, ok=False), checked(command))

    assert finding.working_command == expected


@pytest.mark.parametrize(
    "command",
    [
        "cd ../other && make check",
        "cd /srv/other && make check",
        "/opt/bin/it",
        "it $(cat list)",
        "make check | sh",
        "it -c 'a; b'",
        "it https://x.example",
    ],
)
def test_a_command_that_others_cannot_repeat_is_not_taught(command: str) -> None:
    assert _found(ran("python -m checker", NO_MODULE, ok=False), checked(command)) == []


def test_after_a_shell_was_moved_nothing_is_known_of_where_commands_run() -> None:
    steps = ran("cd web && ls"), ran("python -m checker", NO_MODULE, ok=False), checked("make check")

    assert _found(*steps) == []


def test_a_longer_run_is_told_as_the_shortest_that_was_run() -> None:
    steps = ran("python -m checker", NO_MODULE, ok=False), checked("it verify labels"), checked("it verify")

    assert _commands(_found(*steps)) == _wrong("python -m checker", "it verify")


def test_a_program_given_by_its_place_on_one_machine_is_told_by_its_name() -> None:
    steps = ran("/usr/bin/python3 -m checker", NO_MODULE, ok=False), checked("bin/check")

    assert _commands(_found(*steps)) == _wrong("python3 -m checker", "bin/check")


def test_runs_with_other_selectors_have_equal_signatures() -> None:
    first = _found(ran("checker -q", _NOT_FOUND, ok=False), checked("uv-it run checker -q tests"))
    second = _found(ran("checker", _NOT_FOUND, ok=False), checked("uv-it run checker tests/test_a.py"))

    assert [one.signature for one in first] == [one.signature for one in second]


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param((ran("ls", "a"), checked("make check")), id="nothing failed"),
        pytest.param((checked("make check", _BROKEN, ok=False), checked("it")), id="it ran and found a fault"),
        pytest.param(
            (ran("cat tests.txt", "cat: tests.txt: No such file or directory", ok=False), checked("it")), id="cat"
        ),
        pytest.param((ran("ls tests", "ls: 'tests': No such file or directory", ok=False), checked("it")), id="ls"),
        pytest.param((ran("git checkout x", "error: pathspec 'x' did not match", ok=False), checked("it")), id="git"),
        pytest.param((ran("finder -x", "bash: finder: command not found", ok=False), checked("it")), id="no check"),
        pytest.param((ran("get install tester", "could not find tester", ok=False), checked("it")), id="installing"),
        pytest.param(
            (checked("it tests.nope", "No module named tests.nope", ok=False), checked("make check")),
            id="selector",
        ),
        pytest.param(
            (checked("it all", _NO_PACKAGE, ok=False), checked("make check", _NO_PACKAGE, ok=False)),
            id="the same",
        ),
        pytest.param(
            (checked("it all", _NO_PACKAGE, ok=False), edited("src/shop.py"), checked("make check")), id="explained"
        ),
        pytest.param(
            (
                checked("it all", "No module named 'shop.tax'", ok=False),
                ran("make docs"),
                edited("shop/tax.py"),
                checked("it all"),
            ),
            id="explained by a short name",
        ),
        pytest.param(
            (ran("python -m checker", NO_MODULE, ok=False), ran("cat report.txt", "3 passed")), id="no check ran"
        ),
    ],
)
def test_nothing_is_taught_without_a_check_that_could_not_run(steps: tuple[Step, ...]) -> None:
    assert _found(*steps) == []


@pytest.mark.parametrize(
    "said",
    [
        "error[E0061]: too few arguments\n  --> tests/api.rs:9:5\nerror: could not compile `x`",
        "src/api.test.ts(9,5): error TS2554: Expected 2 arguments",
        "src/api.test.ts(3,20): error TS2307: Cannot find module './tax'",
        "[ERROR] /w/src/test/java/ApiTest.java:[9,5] package com.acme.tax does not exist",
        'File "tests/test_api.py", line 9\n    sum(\nSyntaxError: unexpected EOF',
        "would reformat src/api.py\n1 file would be reformatted.\nmake: *** [Makefile:3: verify] Error 1",
        "missing licence header: src/api.py",
    ],
)
@pytest.mark.parametrize("working", ["make verify --lib", "make test"])
def test_a_check_that_found_fault_with_the_code_is_not_left_for_one_that_leaves_it_out(said: str, working: str) -> None:
    assert _found(edited("src/api.py"), checked("make verify", said, ok=False), checked(working)) == []


def test_a_command_that_worked_in_the_session_is_no_wrong_one() -> None:
    broken = ran("make verify", "sh: 1: jest: not found\nmake: *** [verify] Error 127", ok=False)

    assert _found(checked("make verify"), broken, checked("make test")) == []
    assert _found(broken, checked("make test"), checked("make verify")) == []
    assert _commands(_found(broken, checked("make test"))) == _wrong("make verify", "make test")


def test_an_edit_that_has_nothing_to_do_with_the_complaint_does_not_matter() -> None:
    steps = ran("python -m checker", NO_MODULE, ok=False), edited("src/sum.py"), checked("make check")

    assert _commands(_found(*steps)) == _wrong("python -m checker", "make check")


def test_every_way_that_failed_is_told() -> None:
    steps = (
        ran("checker", _NOT_FOUND, ok=False),
        ran("python -m checker", NO_MODULE, ok=False),
        checked("bin/check"),
    )

    assert _commands(_found(*steps)) == _wrong("checker", "bin/check") + _wrong("python -m checker", "bin/check")


def test_a_check_behind_a_wrapper_works_even_if_its_report_is_unknown() -> None:
    steps = ran("lint src", "lint: command not found", ok=False), ran("env-run lint src", "all good")

    assert _commands(_found(*steps)) == _wrong("lint src", "env-run lint src")


def test_a_check_with_an_unknown_report_is_known_by_being_run_around_an_edit() -> None:
    steps = (
        ran("python -m checker", NO_MODULE, ok=False),
        ran("make verify", "all good"),
        edited("src/sum.py"),
        ran("make verify", "all good"),
    )

    assert _commands(_found(*steps)) == _wrong("python -m checker", "make verify")


def test_what_ran_before_the_same_check_ran_is_a_missing_step() -> None:
    steps = (
        checked("make check", NO_MODULE, ok=False),
        looked("README.md", "how to"),
        ran("make deps", "done"),
        checked("make check"),
    )

    assert _commands(_found(*steps)) == [(FailureClass.MISSING_SETUP, "make check", "make deps")]


def test_a_missing_step_may_stand_in_the_line_of_the_check() -> None:
    steps = (
        ran("checker", _NOT_FOUND, ok=False),
        checked("make deps && checker tests"),
    )

    assert _commands(_found(*steps)) == [(FailureClass.MISSING_SETUP, "checker", "make deps")]


@pytest.mark.parametrize(
    "between",
    [
        pytest.param((), id="nothing"),
        pytest.param((ran("make deps", "error", ok=False),), id="it failed"),
        pytest.param((ran("get https://x.example/fix -o fix"),), id="fetched"),
        pytest.param((ran("sh /tmp/fix"),), id="outside the repository"),
        pytest.param((ran("make deps | sh"),), id="not understood"),
        pytest.param((edited("checker.py"),), id="an edit explains it"),
    ],
)
def test_other_things_before_the_same_check_teach_no_step(between: tuple[Step, ...]) -> None:
    assert _found(checked("make check", NO_MODULE, ok=False), *between, checked("make check")) == []


@pytest.mark.parametrize(
    "between",
    [
        pytest.param((ran("make docs"), edited("src/sum.py")), id="an edit may have helped"),
        pytest.param((ran("make docs"), ran("make site")), id="either may have helped"),
    ],
)
def test_a_check_that_complains_in_unknown_words_lacked_one_command_only_if_nothing_else_ran(
    between: tuple[Step, ...],
) -> None:
    stale = checked("make check", "the index is stale", ok=False)

    assert _found(stale, *between, checked("make check")) == []
    assert len(_found(stale, ran("make docs"), checked("make check"))) == 1


def test_what_had_been_done_before_was_not_missing() -> None:
    steps = (ran("make deps"), checked("make check", NO_MODULE, ok=False), ran("make deps"), checked("make check"))

    assert _found(*steps) == []


def test_the_same_command_in_another_folder_is_another_command() -> None:
    steps = ran("pkg test", 'Missing script: "test"', ok=False), checked("cd web && pkg test")

    assert _commands(_found(*steps)) == _wrong("pkg test", "cd web && pkg test")


@pytest.mark.parametrize("activating", ["source .venv/bin/activate", ". .venv/bin/activate"])
def test_what_helps_in_one_shell_alone_is_told_with_the_check_in_one_line(activating: str) -> None:
    steps = ran("pytest", "bash: pytest: command not found", ok=False), checked(f"{activating} && pytest")

    assert _commands(_found(*steps)) == _wrong("pytest", f"{activating} && pytest")


def test_a_line_of_several_commands_does_not_blame_the_last_one_for_another() -> None:
    steps = ran("getter && checker", "getter: command not found", ok=False), checked("make check")

    assert _found(*steps) == []


@pytest.mark.parametrize(
    ("failing", "said", "working"),
    [
        ("go test ./...", "go: go.mod file not found in current directory", "cd svc && go test ./..."),
        ("cargo test", "error: could not find `Cargo.toml` in `/w`", "cargo test --manifest-path core/Cargo.toml"),
        ("gradle test", "bash: gradle: command not found", "./gradlew test"),
        ("rspec", "bash: line 1: rspec: command not found", "bundle exec rspec"),
        ("phpunit", "sh: 1: phpunit: not found", "vendor/bin/phpunit"),
        ("jest", "zsh: command not found: jest", "npx jest"),
        ("tox", "tox: command not found", "uvx tox"),
        ("npm test", "sh: 1: vitest: not found\nnpm error Lifecycle script failed", "pnpm test"),
        ("mvn test", "The program 'mvn' is currently not installed", "./mvnw -q verify"),
        ("rake spec", "Don't know how to build task 'spec'", "bin/rails test"),
        ("pytest -n 4", "pytest: error: unrecognized arguments: -n 4", "pytest"),
        ("prove", "Can't locate A.pm in @INC at t/a.t line 4.\nNo subtests run\nResult: FAIL", "prove -l"),
        ("python -m unittest", "ModuleNotFoundError: No module named 'app'", "PYTHONPATH=src python -m unittest"),
        (
            "dotnet test",
            "MSBUILD : error MSB1003: Specify a project; the folder does not contain one",
            "dotnet test App.sln",
        ),
    ],
)
def test_it_holds_for_any_tool(failing: str, said: str, working: str) -> None:
    steps = ran(failing, said, ok=False), looked("README.md", "text"), checked(working, "ok  all 3 passed")

    assert _commands(_found(*steps)) == _wrong(failing, working)
