"""Codex's hooks tell start, end and calls, its OTLP the same calls; neither guesses at a code it was not told."""

import pytest

from collectors.codex import build
from collectors.collector import HookRepository
from sidecar.domain import LoadedRules, LogRecord, RulesSource, Span
from tests.collectors.messages import AT_NS, SESSION, hook, only_step

CODEX = build()


def test_start_brings_what_was_measured_and_the_files_it_loads() -> None:
    rules = tuple(LoadedRules(path=path, sha="1", source=RulesSource.EXACT) for path in ("AGENTS.md", "CLAUDE.md"))
    repository = HookRepository(remote="https://forge.example/a/b", head="c" * 40, branch="main")

    (seen,) = CODEX.hook_observations(hook({"hook_event_name": "SessionStart"}, repository=repository, rules=rules))

    assert (seen.remote, seen.base_commit, seen.head_commit) == (repository.remote, repository.head, None)
    assert [rule.path for rule in seen.rules] == ["AGENTS.md"]
    assert not seen.is_activity


def test_end_tells_the_commit_it_ended_on() -> None:
    repository = HookRepository(remote=None, head="c" * 40, branch="main")

    (seen,) = CODEX.hook_observations(hook({"hook_event_name": "SessionEnd", "reason": "other"}, repository=repository))

    assert (seen.end_reason, seen.base_commit, seen.head_commit) == ("other", None, repository.head)


def test_call_that_came_back_tells_its_output_and_no_success() -> None:
    body = {
        "hook_event_name": "PostToolUse",
        "tool_name": "Bash",
        "tool_input": {"command": "make"},
        "tool_use_id": "c1",
        "tool_response": "1 failed",
    }

    part = only_step(CODEX.hook_observations(hook(body)))

    assert (part.command, part.output, part.exit_code, part.is_success) == ("make", "1 failed", None, None)


def event(name: str, **attributes: str) -> LogRecord:
    common = {"event.name": name, "conversation.id": SESSION, "event.timestamp": "2026-11-23T03:24:14Z"}
    return LogRecord(at_ns=0, name="", scope="codex_otel.log_only", attributes={**common, **attributes}, resource={})


def test_event_of_a_tool_reads_the_exit_code_in_its_text_and_not_its_success() -> None:
    output = "Chunk ID: 1\nWall time: 1 seconds\nProcess exited with code 1\nOutput:\n1 failed\n"
    told = {"tool_name": "exec_command", "arguments": '{"cmd": "make"}', "success": "true", "output": output}

    (seen,) = CODEX.log_observations(event("codex.tool_result", call_id="c1", **told))

    assert seen.at_ns == AT_NS
    assert seen.step is not None
    assert (seen.step.step_id, seen.step.exit_code, seen.step.is_success) == ("c1", 1, False)


@pytest.mark.parametrize("name", ["codex.sse_event", "codex.api_request", "codex.startup_phase", ""])
def test_other_events_are_noise(name: str) -> None:
    assert CODEX.log_observations(event(name)) == []


def test_spans_are_noise() -> None:
    span = Span(
        trace_id="a" * 32,
        span_id="b" * 16,
        name="run_turn",
        start_ns=1,
        end_ns=2,
        is_error=False,
        scope="codex_exec",
        attributes={"conversation.id": SESSION},
        resource={},
    )

    assert CODEX.span_observations(span) == []


@pytest.mark.parametrize(
    ("decision", "source", "is_by_person"),
    [("denied", "user", True), ("abort", "user", True), ("denied", "config", False), ("approved", "user", False)],
)
def test_a_call_that_a_person_refused_is_an_interruption(decision: str, source: str, is_by_person: bool) -> None:
    told = event("codex.tool_decision", call_id="c1", tool_name="shell", decision=decision, source=source)

    (seen,) = CODEX.log_observations(told)

    assert (seen.intervention is not None) is is_by_person
    assert (seen.step is not None) is is_by_person
