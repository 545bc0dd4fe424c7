"""Gemini CLI's chat files of both forms tell of the session; whether a command worked stands below its output."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from collectors.collector import FoundFile, HookRepository
from collectors.gemini_cli import build
from collectors.gemini_cli.tools import split_output
from sidecar.capture import Reduction
from sidecar.capturing import capture_file
from sidecar.domain import CaptureLevel, LoadedRules, RulesSource, SessionId, Span, StepKind
from tests.collectors.messages import AT_NS, SESSION, hook, only_step, session_file

GEMINI = build()
STAMP = "2026-11-23T03:24:14Z"
HEAD = {"sessionId": SESSION, "projectHash": "ab", "startTime": STAMP, "lastUpdated": STAMP}


def frame(output: str) -> str:
    return f"<untrusted_context>\n{output}\n</untrusted_context>"


def message(kind: str, content: object, **more: object) -> dict[str, object]:
    return {"id": "m1", "timestamp": STAMP, "type": kind, "content": content, **more}


def call(output: str, status: str = "success", arguments: Mapping[str, object] | None = None) -> dict[str, object]:
    response = {"functionResponse": {"id": "c1", "name": "run_shell_command", "response": {"output": output}}}
    given = arguments or {"command": "make"}
    about = {"id": "c1", "name": "run_shell_command", "args": given, "timestamp": STAMP}
    return {**about, "status": status, "result": [response]}


def chat(*lines: Mapping[str, object]) -> str:
    return "".join(json.dumps(line) + "\n" for line in lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (frame("Output: F.\n1 failed\nExit Code: 1\nProcess Group PGID: 5"), (1, "F.\n1 failed")),
        (frame("Output: 2 passed\nProcess Group PGID: 5"), (0, "2 passed")),
        (frame("Output: (empty)\nExit Code: 2\nProcess Group PGID: 5"), (2, "")),
        (frame("Output: Exit Code: 3\ndone\nProcess Group PGID: 5"), (0, "Exit Code: 3\ndone")),
        (
            "Command: make\nDirectory: (root)\nStdout: out\nStderr: err\nError: (none)\nExit Code: 2\nSignal: (none)",
            (2, "out\nerr"),
        ),
        ("Command: make\nDirectory: (root)\nStdout: (empty)\nStderr: (empty)\nError: (none)\nExit Code: 0", (0, "")),
        ("", (0, "")),
    ],
)
def test_exit_code_is_read_below_the_output_only(text: str, expected: tuple[int, str]) -> None:
    assert split_output(text) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [("success", (1, False)), ("error", (None, False)), ("cancelled", (None, False)), ("executing", (None, None))],
)
def test_command_has_failed_when_it_exited_so_whatever_the_status(
    status: str, expected: tuple[int | None, bool | None]
) -> None:
    answer = message("gemini", "Let me see.", toolCalls=[call(frame("Output: no\nExit Code: 1"), status)])

    model, ran = (one.step for one in GEMINI.file_observations(session_file(chat(answer))))

    assert model is not None
    assert ran is not None
    assert (model.kind, ran.command) == (StepKind.MODEL_CALL, "make")
    assert (ran.exit_code, ran.is_success) == expected


def test_older_document_and_newer_lines_tell_the_same_steps() -> None:
    said = [message("user", "Fix it."), message("gemini", "Done.", id="m2")]
    document = json.dumps({**HEAD, "messages": said}, indent=2)

    older = GEMINI.file_observations(session_file(document))
    newer = GEMINI.file_observations(session_file(chat(HEAD, {"$set": {"messages": said[:1]}}, *said[1:])))

    assert set(older) == set(newer)
    assert [one.step.text for one in older if one.step] == ["Fix it.", "Done."]


def test_rules_are_the_projects_own_as_they_were_shown() -> None:
    text = "\n".join(
        [
            "<session_context>",
            "- **Workspace Directories:**",
            "  - /w",
            "--- Context from: /home/dev/.gemini/GEMINI.md ---",
            "mine",
            "--- End of Context from: /home/dev/.gemini/GEMINI.md ---",
            "--- Context from: /w/GEMINI.md ---",
            "# Shop",
            "--- End of Context from: /w/GEMINI.md ---",
            "</session_context>",
        ]
    )

    (seen,) = GEMINI.file_observations(session_file(chat(message("user", [{"text": text}]))))

    assert seen.rules == (LoadedRules(path="/w/GEMINI.md", text="# Shop\n", source=RulesSource.LOADED_TEXT),)
    assert (seen.cwd, seen.step) == ("/w", None)


@pytest.mark.parametrize(
    ("tool", "given", "old", "new"),
    [
        ("replace", {"file_path": "/w/a.py", "old_string": "x", "new_string": "y"}, "x", "y"),
        ("replace", {"file_path": "/w/a.py", "old_string": "x", "new_string": ""}, "x", ""),
        ("write_file", {"file_path": "/w/a.py", "content": "z"}, None, "z"),
    ],
)
def test_edits_tell_what_they_wrote(tool: str, given: dict[str, object], old: str | None, new: str) -> None:
    answer = message("gemini", "", toolCalls=[{**call("ok", arguments=given), "name": tool}])

    steps = [one.step for one in GEMINI.file_observations(session_file(chat(answer))) if one.step]

    assert (steps[1].path, steps[1].old_text, steps[1].new_text, steps[1].is_write) == ("/w/a.py", old, new, True)


def test_hooks_carry_their_own_time_and_what_was_measured() -> None:
    rules = tuple(LoadedRules(path=path, sha="1", source=RulesSource.EXACT) for path in ("GEMINI.md", "AGENTS.md"))
    repository = HookRepository(remote="https://forge.example/a/b", head="c" * 40, branch="main")
    start = {"hook_event_name": "SessionStart", "timestamp": STAMP}

    (seen,) = GEMINI.hook_observations(hook(start, at_ns=5, is_timed=False, repository=repository, rules=rules))

    assert (seen.at_ns, seen.is_timed, seen.base_commit) == (AT_NS, True, repository.head)
    assert [rule.path for rule in seen.rules] == ["GEMINI.md"]


def test_end_is_no_activity() -> None:
    (seen,) = GEMINI.hook_observations(hook({"hook_event_name": "SessionEnd", "reason": "exit", "timestamp": STAMP}))

    assert (seen.end_reason, seen.is_activity) == ("exit", False)


def span(name: str, **attributes: str) -> Span:
    return Span(
        trace_id="a" * 32,
        span_id="b" * 16,
        name=name,
        start_ns=AT_NS,
        end_ns=AT_NS + 1,
        is_error=False,
        scope="gemini-cli",
        attributes={"gen_ai.conversation.id": SESSION, **attributes},
        resource={},
    )


def test_span_of_a_call_tells_the_step_that_the_chat_tells() -> None:
    answer = {"status": "success", "response": {"responseParts": call(frame("Output: no\nExit Code: 1"))["result"]}}
    told = {
        "gen_ai.tool.call_id": "c1",
        "gen_ai.tool.name": "run_shell_command",
        "gen_ai.input.messages": json.dumps({"args": {"command": "make"}}),
        "gen_ai.output.messages": json.dumps(answer),
    }

    part = only_step(GEMINI.span_observations(span("tool_call", **told)))

    assert (part.step_id, part.command, part.exit_code, part.is_success) == ("c1", "make", 1, False)


@pytest.mark.parametrize("name", ["llm_call", "schedule_tool_calls"])
def test_other_spans_are_noise(name: str) -> None:
    assert GEMINI.span_observations(span(name)) == []


@pytest.mark.parametrize("is_sorted", [True, False])
def test_older_document_is_taken_as_one_line(is_sorted: bool, tmp_path: Path) -> None:
    document = {**HEAD, "messages": [message("user", "x" * 100)]}
    path = tmp_path / "session-2025.json"
    path.write_text(json.dumps(document, indent=2, sort_keys=is_sorted))

    (found,) = GEMINI.session_files(path, path.read_text()[:200])

    assert (found.session_id, found.part) == (SESSION, "main")
    assert found.body is not None
    assert json.loads(found.body) == document
    assert found.body.count(b"\n") == 1


def test_newer_file_is_known_by_its_first_line(tmp_path: Path) -> None:
    found = list(GEMINI.session_files(tmp_path / "any.jsonl", chat(HEAD, message("user", "x"))))

    assert found == [FoundFile(session_id=SessionId(SESSION), part="main")]


def test_a_note_of_the_program_may_come_in_parts() -> None:
    sent = chat(HEAD, message("info", [{"text": "Request cancelled."}])).encode()

    kept = capture_file(GEMINI.name, "main", sent, Reduction(level=CaptureLevel.EVIDENCE, keyed_hash=str))

    assert b"Request cancelled." not in kept.body
