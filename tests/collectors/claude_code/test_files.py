"""Claude Code's session files are found, and its channels agree."""

from pathlib import Path

from collectors.claude_code import build
from sidecar.domain import Channel, SessionId
from tests.collectors.messages import SESSION, event, hook, only_step, span, transcript

CLAUDE_CODE = build()


def test_transcripts_are_found_with_their_sub_agents(tmp_path: Path) -> None:
    project = tmp_path / "-workspace-calc"
    subagents = project / SESSION / "subagents"
    subagents.mkdir(parents=True)
    (project / f"{SESSION}.jsonl").touch()
    (subagents / "agent-a1.jsonl").touch()
    (project / "history.jsonl").touch()

    found = list(CLAUDE_CODE.find_session_files(tmp_path))

    assert {
        (SESSION, "main", project / f"{SESSION}.jsonl"),
        (SESSION, "subagents/agent-a1", subagents / "agent-a1.jsonl"),
    } == set(found)


def test_one_transcript_is_found_by_its_own_path(tmp_path: Path) -> None:
    path = tmp_path / f"{SESSION}.jsonl"
    path.touch()

    assert [(SessionId(SESSION), "main", path)] == list(CLAUDE_CODE.find_session_files(path))


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
