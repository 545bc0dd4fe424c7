"""Cline's tools as Steps."""

import json
from collections.abc import Mapping

import pytest

from collectors.cline import build
from sidecar.domain import Observation, StepPart
from tests.collectors.messages import cline_hook

CLINE = build()


def parts(observations: list[Observation]) -> list[StepPart]:
    return [seen.step for seen in observations if seen.step is not None]


def call(tool: str, given: Mapping[str, object]) -> list[StepPart]:
    body = {"hookName": "tool_call", "tool_call": {"id": "toolu_1", "name": tool, "input": given}}
    return parts(CLINE.hook_observations(cline_hook(body)))


def result(tool: str, given: Mapping[str, object], output: object) -> list[StepPart]:
    returned = {"id": "toolu_1", "name": tool, "input": given, "output": output}
    return parts(CLINE.hook_observations(cline_hook({"hookName": "tool_result", "tool_result": returned})))


def test_one_command_keeps_the_calls_id() -> None:
    (part,) = call("run_commands", {"commands": ["make check"]})

    assert (part.step_id, part.command) == ("toolu_1", "make check")


def test_several_commands_are_several_steps_each_with_its_own_result() -> None:
    output = [
        {"query": "a", "result": "fine", "success": True},
        {
            "query": "b",
            "result": "[Command exited with code 3]\nbad",
            "error": "Command exited with code 3",
            "success": False,
        },
    ]

    first, second = result("run_commands", {"commands": ["a", "b"]}, output)

    assert _run(first) == ("toolu_1/1", "a", "fine", 0, True)
    assert _run(second) == ("toolu_1/2", "b", "bad", 3, False)


def _run(part: StepPart) -> tuple[object, ...]:
    return part.step_id, part.command, part.output, part.exit_code, part.is_success


def test_call_and_result_name_the_same_steps() -> None:
    given = {"commands": ["a", "b"]}
    output = [{"query": "a", "result": "", "success": True}, {"query": "b", "result": "", "success": True}]

    called = [part.step_id for part in call("run_commands", given)]

    assert called == [part.step_id for part in result("run_commands", given, output)]


@pytest.mark.parametrize(
    ("given", "texts"),
    [
        ({"path": "/a", "old_text": "x", "new_text": "y"}, ("x", "y")),
        ({"path": "/a", "new_text": "all"}, (None, "all")),
        ({"path": "/a", "new_text": "more", "insert_line": 3}, ("", "more")),
    ],
    ids=["replaced", "whole file", "inserted"],
)
def test_editor_writes(given: dict[str, object], texts: tuple[str | None, str]) -> None:
    (part,) = call("editor", given)

    assert ("/a", True, texts) == (part.path, part.is_write, (part.old_text, part.new_text))


def test_result_of_the_editor_is_read_as_object_and_as_text() -> None:
    output = {"query": "edit:/a", "result": "Edited /a", "success": True}
    given = {"path": "/a", "old_text": "x", "new_text": "y"}

    assert result("editor", given, output) == result("editor", given, json.dumps(output))


def test_patch_is_an_edit_for_each_file() -> None:
    moved = "*** Update File: a.py\n*** Move to: c.py\n@@\n-old\n+new\n"
    patch = f"*** Begin Patch\n{moved}*** Add File: b.py\n+line\n*** End Patch"

    first, second = call("apply_patch", {"input": patch})

    assert (first.path, first.old_text, first.new_text) == ("c.py", "old", "new")
    assert (second.path, second.old_text, second.new_text) == ("b.py", None, "line")


def test_file_that_was_read_has_no_line_numbers() -> None:
    output = [{"query": "/a", "result": "1 | def f():\n2 |     pass\n3 | ", "success": True}]

    (part,) = result("read_files", {"files": [{"path": "/a"}]}, output)

    assert (part.path, part.output, part.exit_code) == ("/a", "def f():\n    pass\n", None)
