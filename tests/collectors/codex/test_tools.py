"""Whether a command of Codex worked stands in the text above what it printed; a patch is one Step for each file."""

import pytest

from collectors.codex.tools import called, command_text, returned, split_output
from collectors.payload import Payload

HEAD = "Chunk ID: 3c5e94\nWall time: 0.9756 seconds\nProcess exited with code {}\nOriginal token count: 137\nOutput:\n"
PATCH = "*** Begin Patch\n*** Update File: a.py\n@@\n-x\n+y\n*** Add File: b.py\n+z\n*** End Patch"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD.format(1) + "F.\n1 failed\n", (1, "F.\n1 failed\n")),
        (HEAD.format(0) + "2 passed\n", (0, "2 passed\n")),
        (HEAD.format(-1) + "", (-1, "")),
        ("Exit code: 2\nWall time: 0.1 seconds\nOutput:\nno rule\n", (2, "no rule\n")),
        ("Wall time: 0 seconds\nOutput:\nExit code: 0\nWall time: 0 seconds\nOutput:\nSuccess.", (0, "Success.")),
        ("Total output lines: 9\n\nOutput:\na", (None, "a")),
        (HEAD.format(1) + HEAD.format(0) + "ok", (1, HEAD.format(0) + "ok")),
        ("Process exited with code 1", (None, "Process exited with code 1")),
        ("Output:\nExit code: 5", (None, "Output:\nExit code: 5")),
        ("", (None, "")),
    ],
)
def test_exit_code_is_read_above_the_output_only(text: str, expected: tuple[int | None, str]) -> None:
    assert split_output(text) == expected


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("make check", "make check"),
        (["/bin/bash", "-lc", "make check"], "make check"),
        (["bash", "-c", "a && b"], "a && b"),
        (["git", "status", "-s"], "git status -s"),
        ([], None),
        (None, None),
        ({"x": 1}, None),
    ],
)
def test_command_is_what_a_person_types(command: "str | list[str] | None", expected: str | None) -> None:
    assert command_text(Payload(command)) == expected


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("exec_command", '{"cmd": "make"}'),
        ("shell", '{"command": ["bash", "-lc", "make"]}'),
        ("shell_command", '{"command": "make"}'),
    ],
)
def test_every_version_of_the_shell_runs_the_same(tool: str, given: str) -> None:
    (part,) = called("call_1", tool, Payload(given))

    assert (part.command, part.is_write) == ("make", False)


def test_shell_that_a_hook_calls_bash_runs_the_same() -> None:
    (part,) = called("call_1", "Bash", Payload({"command": "make"}))

    assert part.command == "make"


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("apply_patch", PATCH),
        ("exec_command", f"apply_patch <<'EOF'\n{PATCH}\nEOF"),
        ("Bash", f"apply_patch '{PATCH}'"),
    ],
)
def test_patch_is_a_step_for_each_file(tool: str, given: str) -> None:
    parts = called("call_1", tool, Payload(given if tool == "apply_patch" else {"cmd": given}))

    assert [(part.step_id, part.path, part.old_text, part.new_text) for part in parts] == [
        ("call_1/1", "a.py", "x", "y"),
        ("call_1/2", "b.py", None, "z"),
    ]
    assert all(part.is_write and part.command is None for part in parts)


def test_command_that_speaks_of_a_patch_is_a_command() -> None:
    (part,) = called("call_1", "exec_command", Payload({"cmd": "git log -S apply_patch"}))

    assert part.command == "git log -S apply_patch"


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (HEAD.format(1) + "no", ("no", 1, False)),
        ('{"output": "no", "metadata": {"exit_code": 3, "duration_seconds": 0.1}}', ("no", 3, False)),
        ({"content": "no", "success": False}, ("no", None, False)),
        ("plain", ("plain", None, None)),
        ("Wall time: 1 seconds\nProcess running with session ID 5\nOutput:\nbegun", (None, None, None)),
    ],
)
def test_every_form_of_a_result_is_read(output: object, expected: tuple[str | None, int | None, bool | None]) -> None:
    parts = called("call_1", "exec_command", Payload({"cmd": "make"}))

    (part,) = returned(parts, Payload(output))  # pyright: ignore[reportArgumentType] - JSON of several shapes

    assert (part.output, part.exit_code, part.is_success) == expected
