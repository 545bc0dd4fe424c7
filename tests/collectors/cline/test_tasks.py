"""Tasks of Cline's older layout tell what was asked, run and edited, as its window showed it."""

import json
from pathlib import Path

import pytest

from collectors.cline import build
from sidecar.domain import Observation, StepKind
from sidecar.errors import DecodeError
from tests.collectors.messages import AT_NS, session_file

CLINE = build()
AT_MS = AT_NS // 1_000_000


def shown(number: int, kind: str, text: object, *, ask: bool = False, **more: object) -> dict[str, object]:
    about = {"ts": AT_MS + number, "type": "ask" if ask else "say", "ask" if ask else "say": kind}
    return {**about, "text": text if isinstance(text, str) else json.dumps(text), **more}


TASK = [
    shown(0, "task", "Fix it."),
    shown(1, "api_req_started", {"request": "…"}),
    shown(2, "text", "Let me see."),
    shown(3, "command", "make check", ask=True),
    shown(4, "command_output", "F."),
    shown(5, "command_output", "1 failed", ask=True),
    shown(6, "tool", {"tool": "editedExistingFile", "path": "a.py", "content": "- x\n+ y"}, ask=True),
    shown(7, "tool", {"tool": "readFile", "path": "b.py"}),
    shown(8, "text", "half", partial=True),
    shown(9, "completion_result", "Done."),
    shown(10, "user_feedback", "Now the docs."),
]


def read(messages: list[dict[str, object]]) -> list[Observation]:
    return CLINE.file_observations(session_file(json.dumps({"messages": messages}), part="ui_messages"))


def test_every_act_is_a_step() -> None:
    steps = [one.step for one in read(TASK) if one.step]

    assert [(step.kind, step.text or step.command or step.path) for step in steps] == [
        (StepKind.PROMPT, "Fix it."),
        (StepKind.MODEL_CALL, "Let me see."),
        (StepKind.TOOL_CALL, "make check"),
        (StepKind.TOOL_CALL, "a.py"),
        (StepKind.TOOL_CALL, "b.py"),
        (StepKind.PROMPT, "Now the docs."),
    ]
    assert [step.is_write for step in steps] == [False, False, False, True, False, False]


def test_output_is_all_that_follows_its_command() -> None:
    (command,) = [one.step for one in read(TASK) if one.step and one.step.command]

    assert (command.output, command.ended_ns) == ("F.\n1 failed", AT_NS + 5_000_000)
    assert (command.is_success, command.exit_code) == (None, None)


def test_result_is_an_end_that_a_persons_answer_reopens() -> None:
    end, answer = read(TASK)[-2:]

    assert (end.end_reason, end.is_activity) == ("completed", False)
    assert answer.is_activity
    assert answer.at_ns > end.at_ns


def test_task_is_named_by_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "tasks" / "1763868254000" / "ui_messages.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps([{**TASK[0], "say": "text"}, *TASK[1:]]))

    (found,) = CLINE.session_files(path, path.read_text())

    assert (found.session_id, found.part) == ("1763868254000", "ui_messages")
    assert found.body is not None
    assert json.loads(found.body) == {"messages": TASK}


@pytest.mark.parametrize("text", ["", "[", "{}"])
def test_task_that_is_cut_off_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "ui_messages.json"
    path.write_text(text)

    with pytest.raises(DecodeError, match="no JSON array of messages"):
        list(CLINE.session_files(path, text))
