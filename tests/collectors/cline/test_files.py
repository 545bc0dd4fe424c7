"""Cline's session files as Observations."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from collectors.cline import build
from collectors.collector import FoundFile
from sidecar.domain import Observation, SessionId, StepKind, StepPart
from tests.collectors.messages import AT_NS, SESSION, cline_hook, session_file

CLINE = build()
SHA = "2a9a198a4bdb7eefe3dfc93d43be0f0214cb2f04"


def parts(observations: list[Observation]) -> list[StepPart]:
    return [seen.step for seen in observations if seen.step is not None]


def session_json(**fields: object) -> str:
    return json.dumps({"started_at": "2026-11-23T03:24:14Z", "interactive": False, "status": "running", **fields})


def test_session_file_tells_version_remote_and_end() -> None:
    metadata = {"sessionHistoryOrigin": {"version": "3.0.65"}, "git": {"url": "https://host/a/b.git", "branch": "main"}}
    text = session_json(metadata=metadata, ended_at="2026-11-23T03:25:14Z", status="completed")

    opening, end = CLINE.file_observations(session_file(text, part="session"))

    told = (opening.agent_version, opening.remote, opening.branch, opening.is_headless)
    assert told == ("3.0.65", "https://host/a/b.git", "main", True)
    assert (end.end_reason, end.at_ns) == ("completed", AT_NS + 60 * 10**9)


def test_running_session_has_no_end() -> None:
    observations = CLINE.file_observations(session_file(session_json(), part="session"))

    assert [seen.end_reason for seen in observations] == [None]


def test_first_checkpoint_is_the_commit_it_began_on() -> None:
    history = [
        {"ref": SHA, "createdAt": AT_NS // 10**6, "kind": "commit"},
        {"ref": "0" * 40, "createdAt": 1, "kind": "commit"},
    ]
    text = session_json(metadata={"checkpoint": {"history": history}})

    observations = CLINE.file_observations(session_file(text, part="session"))

    assert [seen.base_commit for seen in observations] == [None, SHA]


def messages_json(*messages: Mapping[str, object]) -> str:
    numbered = [{"id": f"m{number}", "ts": AT_NS // 10**6 + number, **one} for number, one in enumerate(messages)]
    return json.dumps({"messages": numbered, "origin": {"version": "3.0.65"}})


PROMPT = {"role": "user", "content": [{"type": "text", "text": '<user_input mode="act">Fix it.</user_input>'}]}
ANSWER = {
    "role": "assistant",
    "content": [
        {"type": "text", "text": "Now."},
        {"type": "tool_use", "id": "toolu_1", "name": "run_commands", "input": {"commands": ["make"]}},
    ],
}
RETURNED = {
    "role": "user",
    "content": [
        {
            "type": "tool_result",
            "tool_use_id": "toolu_1",
            "content": [{"query": "make", "result": "ok", "success": True}],
        }
    ],
}


def test_messages_are_prompt_model_call_and_tool_call() -> None:
    file = session_file(messages_json(PROMPT, ANSWER, RETURNED), part="messages")

    prompt, answer, called, returned = parts(CLINE.file_observations(file))

    assert (prompt.text, prompt.is_human, prompt.kind) == ("Fix it.", True, StepKind.PROMPT)
    assert (answer.text, answer.kind) == ("Now.", StepKind.MODEL_CALL)
    assert (called.command, returned.output, returned.exit_code) == ("make", "ok", 0)


def test_hook_and_message_name_one_step_alike() -> None:
    file = session_file(messages_json(ANSWER), part="messages")
    call = {"id": "toolu_1", "name": "run_commands", "input": {"commands": ["make"]}}
    (called,) = parts(CLINE.hook_observations(cline_hook({"hookName": "tool_call", "tool_call": call})))

    assert parts(CLINE.file_observations(file))[-1].step_id == called.step_id


@pytest.mark.parametrize("part", ["session", "messages"])
@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"messages": 3}', '{"messages": [{"role": "user"}]}', '{"started_at": 1}']
)
def test_cut_or_foreign_file_says_nothing(part: str, text: str) -> None:
    assert CLINE.file_observations(session_file(text, part=part)) == []


def test_longer_version_of_a_file_keeps_the_keys_of_the_shorter_one() -> None:
    shorter = CLINE.file_observations(session_file(messages_json(PROMPT, ANSWER), part="messages"))

    longer = CLINE.file_observations(session_file(messages_json(PROMPT, ANSWER, RETURNED), part="messages"))

    assert shorter == longer[: len(shorter)]


@pytest.mark.parametrize(
    ("name", "head", "part"),
    [
        ("sessions/179_abc/179_abc.json", '{"started_at": "…"}', "session"),
        ("sessions/179_abc/179_abc.messages.json", '{"messages": []}', "messages"),
        ("copies/one.json", '{"session_id": "179_abc", "started_at": "…", "status": "completed"}', "session"),
        ("copies/one.messages.json", '{"sessionId": "179_abc", "messages": []}', "messages"),
    ],
)
def test_both_files_of_a_session_are_known(name: str, head: str, part: str, tmp_path: Path) -> None:
    expected = [FoundFile(session_id=SessionId("179_abc"), part=part)]

    assert expected == list(CLINE.session_files(tmp_path / name, head))


@pytest.mark.parametrize(
    "name", ["sessions/179_abc/other.json", "copies/basic.compaction.json", ".config/opencode/opencode.json"]
)
def test_other_files_beside_them_are_not(name: str, tmp_path: Path) -> None:
    assert list(CLINE.session_files(tmp_path / name, '{"sessionId": "179_abc", "messages": []}')) == []


def test_session_of_a_hook_is_the_root_session() -> None:
    (seen,) = CLINE.hook_observations(cline_hook({"hookName": "agent_start", "taskId": "conv_1"}))

    assert seen.session_id == SESSION
