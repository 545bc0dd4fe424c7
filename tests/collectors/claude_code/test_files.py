"""Claude Code's session files are found, and its channels agree."""

from pathlib import Path

import pytest

from collectors.claude_code import build
from collectors.collector import FoundFile
from sidecar.domain import Channel, SessionId
from tests.collectors.messages import SESSION, event, hook, only_step, span, transcript

CLAUDE_CODE = build()


LINE = '{"type":"user","uuid":"u1","sessionId":"s-1","message":{"content":"Fix it."}}\n'


def found(path: Path, text: str) -> list[FoundFile]:
    return list(CLAUDE_CODE.session_files(path, text))


@pytest.mark.parametrize("text", ["", LINE, '{"type":"summary","summary":"About"}\n', '{"type":"user","message":{"con'])
def test_transcript_is_known_by_its_name(text: str, tmp_path: Path) -> None:
    expected = [FoundFile(session_id=SessionId(SESSION), part="main")]

    assert expected == found(tmp_path / f"{SESSION}.jsonl", text)


def test_sub_agents_transcript_is_known_by_its_folder(tmp_path: Path) -> None:
    path = tmp_path / SESSION / "subagents" / "agent-a1.jsonl"

    assert [FoundFile(session_id=SessionId(SESSION), part="subagents/agent-a1")] == found(path, LINE)


def test_transcript_of_another_name_is_known_by_its_lines(tmp_path: Path) -> None:
    assert [FoundFile(session_id=SessionId("s-1"), part="main")] == found(tmp_path / "copy.jsonl", LINE)


def test_sub_agents_transcript_beside_the_sessions_is_a_part_of_it(tmp_path: Path) -> None:
    line = LINE.replace("{", '{"isSidechain":true,', 1)

    assert [FoundFile(session_id=SessionId("s-1"), part="subagents/agent-7")] == found(tmp_path / "agent-7.jsonl", line)


@pytest.mark.parametrize(
    "text",
    [
        LINE.replace('"message":{"content":"Fix it."}', '"message":{"parts":[{"text":"Fix it."}]}'),
        '{"type":"message","id":"1"}\n{"type":"custom","id":"2"}\n',
        "no JSON",
    ],
)
def test_lines_of_another_program_are_nobodys_whatever_their_name(text: str, tmp_path: Path) -> None:
    assert found(tmp_path / f"{SESSION}.jsonl", text) == []


def test_channels_name_one_step_alike() -> None:
    use = {"type": "tool_use", "id": "toolu_1", "name": "Bash", "input": {"command": "make"}}
    body = {"hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_use_id": "toolu_1"}
    posted = only_step(CLAUDE_CODE.hook_observations(hook(body)))
    answer = {"type": "assistant", "requestId": "req_1", "message": {"content": [use]}}
    written = CLAUDE_CODE.file_observations(transcript(answer))[-1].step
    exported = only_step(CLAUDE_CODE.span_observations(span("tool", {"tool_use_id": "toolu_1", "tool_name": "Bash"})))

    assert written is not None
    assert posted.step_id == written.step_id == exported.step_id


def test_every_observation_names_its_channel() -> None:
    observations = [
        *CLAUDE_CODE.hook_observations(hook({"hook_event_name": "Stop"})),
        *CLAUDE_CODE.file_observations(transcript({"type": "assistant"})),
        *CLAUDE_CODE.log_observations(event("tool_result", {})),
    ]

    assert list(dict.fromkeys(seen.channel for seen in observations)) == [
        Channel.HOOK,
        Channel.TRANSCRIPT,
        Channel.OTLP,
    ]
