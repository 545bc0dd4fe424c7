"""On every agent: what a person did is told as that, and what a machine wrote is no person's word.

Each case is read twice, from the file as it was sent and from what is kept of it by default.
"""

import pytest

from collectors.collector import SessionFile
from collectors.registry import collector
from sidecar.capture import Reduction
from sidecar.capturing import capture_file
from sidecar.domain import CaptureLevel, Correction, CorrectionKind, Session, SessionKey, StepKind, TeamId
from sidecar.sessions import MergeContext, merge
from tests.collectors.messages import AT_NS, SESSION
from tests.collectors.sessions_with_people import (
    REFUSED,
    STALE,
    STOP,
    claude,
    claude_result,
    claude_said,
    cline,
    cline_result,
    cline_said,
    cline_window,
    codex,
    codex_opened,
    codex_output,
    codex_said,
    gemini,
    gemini_call,
    opencode,
    opencode_failed,
)
from tests.sidecar.sessions.observed import keyed_hash

INTERRUPT, HUMAN_EDIT = CorrectionKind.INTERRUPT, CorrectionKind.HUMAN_EDIT
LEVELS = [CaptureLevel.FULL, CaptureLevel.EVIDENCE]
STOPPED = "The user stopped the agent here."
PARTS = {"claude_code": "main", "codex": "main", "cline": "messages", "gemini_cli": "main", "opencode": "export"}


def session(agent: str, text: str, level: CaptureLevel, part: str | None = None) -> Session:
    one, name = collector(agent), part or PARTS[agent]
    reduction = Reduction(level=level, keyed_hash=keyed_hash)
    kept = capture_file(one.name, name, text.encode(), reduction).body.decode()
    file = SessionFile(session_id=SESSION, part=name, text=kept, received_ns=AT_NS)
    key = SessionKey(team=TeamId("local"), agent=one.name, session_id=SESSION)
    return merge(key, one.file_observations(file), context=MergeContext(keyed_hash=keyed_hash))


def corrections(
    agent: str, text: str, level: CaptureLevel, part: str | None = None
) -> list[tuple[CorrectionKind, str]]:
    found: tuple[Correction, ...] = session(agent, text, level, part).corrections
    return [(one.kind, one.text) for one in found]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("agent", "text", "words"),
    [
        ("claude_code", claude(claude_result(REFUSED + STOP)), STOPPED),
        (
            "claude_code",
            claude(claude_result(REFUSED + "To tell you how to proceed, the user said:\nuse pnpm, not npm")),
            "use pnpm, not npm",
        ),
        ("claude_code", claude(claude_said([{"type": "text", "text": "[Request interrupted by user]"}])), STOPPED),
        ("claude_code", claude(claude_said("[Request interrupted by user for tool use]")), STOPPED),
        (
            "claude_code",
            claude(claude_result("", is_error=False, structured={"stdout": "", "interrupted": True})),
            STOPPED,
        ),
        ("codex", codex(codex_output("exec command rejected by user")), STOPPED),
        ("codex", codex(codex_output("patch rejected by user")), STOPPED),
        ("codex", codex({"type": "event_msg", "payload": {"type": "turn_aborted", "reason": "interrupted"}}), STOPPED),
        (
            "codex",
            codex(codex_said("<turn_aborted>\nThe user interrupted the previous turn.\n</turn_aborted>")),
            STOPPED,
        ),
        ("cline", cline(cline_result("The user denied this operation.")), STOPPED),
        (
            "cline",
            cline(
                cline_result(
                    "[editor] Result:\nThe user denied this operation and provided the following feedback:\n"
                    "<feedback>\nthat file is generated\n</feedback>"
                )
            ),
            "that file is generated",
        ),
        ("gemini_cli", gemini(gemini_call("cancelled", "[Operation Cancelled] Reason: User did not allow")), STOPPED),
        (
            "gemini_cli",
            gemini(gemini_call("success", "ok"), {"type": "info", "content": "Request cancelled."}),
            STOPPED,
        ),
        (
            "opencode",
            opencode(opencode_failed("The user rejected permission to use this specific tool call.")),
            STOPPED,
        ),
        (
            "opencode",
            opencode(
                opencode_failed(
                    "The user rejected permission to use this specific tool call with the following feedback: use pnpm"
                )
            ),
            "use pnpm",
        ),
        ("opencode", opencode(info={"error": {"name": "MessageAbortedError", "data": {"message": "a"}}}), STOPPED),
    ],
)
def test_a_person_who_stops_the_agent_corrects_it(agent: str, text: str, words: str, level: CaptureLevel) -> None:
    assert corrections(agent, text, level) == [(INTERRUPT, words)]


@pytest.mark.parametrize("level", LEVELS)
def test_a_request_that_was_cancelled_in_clines_window_is_an_interruption(level: CaptureLevel) -> None:
    by_person = cline_window({"say": "api_req_started", "text": '{"cancelReason": "user_cancelled", "request": "x"}'})
    by_itself = cline_window({"say": "api_req_started", "text": '{"cancelReason": "streaming_failed"}'})

    assert corrections("cline", by_person, level, "ui_messages") == [(INTERRUPT, STOPPED)]
    assert corrections("cline", by_itself, level, "ui_messages") == []


CHANGED = "The user changed the agent's edit of {} before it was written."
BY_SOMEBODY = "{} was changed outside the session after the agent had read it, by a person or a program."


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("agent", "text", "words"),
    [
        (
            "claude_code",
            claude(claude_result(f"<tool_use_error>{STALE}</tool_use_error>")),
            BY_SOMEBODY.format("/w/a.py"),
        ),
        (
            "claude_code",
            claude(claude_result("Updated.", is_error=False, structured={"userModified": True})),
            CHANGED.format("/w/a.py"),
        ),
        (
            "claude_code",
            claude({"type": "attachment", "attachment": {"type": "edited_text_file", "filename": "/w/a.py"}}),
            BY_SOMEBODY.format("/w/a.py"),
        ),
        (
            "cline",
            cline(cline_result("The user made the following updates to your content:\n\n@@ -1 +1 @@\n-y\n+z")),
            CHANGED.format("a.py"),
        ),
        (
            "gemini_cli",
            gemini(gemini_call("success", "Successfully modified. User modified the `new_string` content to be: z.")),
            CHANGED.format("a.py"),
        ),
        (
            "gemini_cli",
            gemini(gemini_call("success", "Successfully modified.", arguments={"modified_by_user": True})),
            CHANGED.format("a.py"),
        ),
        (
            "opencode",
            opencode(opencode_failed("File a.py has been modified since it was last read.\nLast modification: x")),
            BY_SOMEBODY.format("a.py"),
        ),
    ],
)
def test_an_edit_by_a_person_corrects_the_agent(agent: str, text: str, words: str, level: CaptureLevel) -> None:
    assert corrections(agent, text, level) == [(HUMAN_EDIT, words)]


@pytest.mark.parametrize("level", LEVELS)
def test_a_diff_that_a_person_made_in_clines_window_is_an_edit(level: CaptureLevel) -> None:
    text = cline_window(
        {"say": "user_feedback_diff", "text": '{"tool": "editedExistingFile", "path": "a.py", "diff": "+z"}'}
    )

    assert corrections("cline", text, level, "ui_messages") == [(HUMAN_EDIT, CHANGED.format("a.py"))]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("agent", "text"),
    [
        ("claude_code", claude(claude_result("Permission to use Edit has been denied."))),
        ("claude_code", claude(claude_result("String to replace not found in file."))),
        ("claude_code", claude(claude_result("ok", is_error=False, structured={"userModified": False}))),
        ("codex", codex(codex_output("Exit code: 1\nOutput:\nlogin denied by user database"))),
        ("codex", codex({"type": "event_msg", "payload": {"type": "turn_aborted", "reason": "replaced"}})),
        ("cline", cline(cline_result("File not found: a.py"))),
        ("gemini_cli", gemini(gemini_call("error", "Tool execution denied by policy."))),
        ("opencode", opencode(opencode_failed("oldString not found in content"))),
    ],
)
def test_what_no_person_did_is_no_correction(agent: str, text: str, level: CaptureLevel) -> None:
    assert corrections(agent, text, level) == []


SUMMARY = "This session is being continued from a previous conversation that ran out of context. The conversation is …"
IDE = "# Context from my IDE setup:\n\n## Active file: secret/plan.md\n\n## My request for Codex:\nAdd Austria.\n"


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("agent", "text"),
    [
        ("claude_code", claude(claude_said("<command-name>/clear</command-name>\n<command-args></command-args>"))),
        (
            "claude_code",
            claude(
                claude_said("<command-message>fix is running…</command-message>\n<command-name>/fix</command-name>")
            ),
        ),
        ("claude_code", claude(claude_said("<local-command-stdout>done</local-command-stdout>"))),
        (
            "claude_code",
            claude(claude_said("Caveat: The messages below were generated by the user while running local")),
        ),
        ("claude_code", claude(claude_said(SUMMARY))),
        ("claude_code", claude(claude_said(SUMMARY, isCompactSummary=True))),
        ("claude_code", claude(claude_said("Stop hook feedback:\nRun the tests first."))),
        ("claude_code", claude(claude_said("Continue from where you left off."))),
        ("claude_code", claude(claude_said("<task-notification>\n<status>completed</status>\n</task-notification>"))),
        ("claude_code", claude(claude_said("Inspect a.py", isSidechain=True))),
        ("codex", codex(codex_said("<user_instructions>\nBe brief.\n</user_instructions>"))),
        ("codex", codex(codex_said("Another language model started to solve this problem and produced a summary."))),
        ("codex", codex(codex_opened(source={"subagent": {"thread_spawn": {}}}), codex_said("Inspect a.py"))),
        ("codex", codex(codex_opened(thread_source="subagent"), codex_said("Inspect a.py"))),
        ("cline", cline(cline_said("<SYSTEM_NOTICE>\nEarlier context was compacted.\n</SYSTEM_NOTICE>"))),
        ("cline", cline(cline_said("## Goal\nAlign it.", metadata={"kind": "compaction"}))),
        ("gemini_cli", gemini({"type": "user", "content": "Please continue."})),
        ("gemini_cli", gemini({"type": "user", "content": "System: Please continue."})),
        ("gemini_cli", gemini({"type": "user", "content": "<state_snapshot>\n…\n</state_snapshot>"})),
        ("gemini_cli", gemini({"type": "user", "content": "Inspect a.py"}, kind="subagent")),
        ("opencode", opencode(parentID="ses_0")),
    ],
)
def test_what_a_machine_wrote_names_no_task(agent: str, text: str, level: CaptureLevel) -> None:
    told = session(agent, text, level)

    assert (told.first_prompt, told.task) == (None, None)
    assert not any(step.is_human for step in told.steps if step.kind is StepKind.PROMPT)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("agent", "text"),
    [
        (
            "claude_code",
            claude(
                claude_said(
                    [
                        {"type": "text", "text": "<ide_opened_file>The user opened /secret/plan.md.</ide_opened_file>"},
                        {"type": "text", "text": "Add Austria."},
                    ]
                )
            ),
        ),
        (
            "claude_code",
            claude(
                claude_said(
                    "<command-message>fix</command-message>\n<command-name>/fix</command-name>\n"
                    "<command-args>Add Austria.</command-args>"
                )
            ),
        ),
        ("codex", codex(codex_said(IDE))),
        ("cline", cline(cline_said('<user_input mode="act">Add Austria.</user_input>'))),
        (
            "cline",
            cline(cline_said("Add Austria.", "<SYSTEM_NOTICE>\nEarlier context was compacted.\n</SYSTEM_NOTICE>")),
        ),
        ("gemini_cli", gemini({"type": "user", "content": "Add Austria."})),
    ],
)
def test_a_persons_words_name_the_task_without_what_stands_around_them(
    agent: str, text: str, level: CaptureLevel
) -> None:
    assert session(agent, text, level).task == f"prompt:{keyed_hash('add austria')}"


@pytest.mark.parametrize(
    ("agent", "text", "part", "expected"),
    [
        ("codex", codex(codex_opened(originator="codex_exec")), "main", True),
        ("codex", codex(codex_opened(originator="codex_sdk_ts")), "main", True),
        ("codex", codex(codex_opened(originator="codex_cli_rs", source="cli")), "main", False),
        ("codex", codex(codex_opened(source="exec")), "main", True),
        ("codex", codex(), "main", None),
        ("cline", '{"started_at": "2026-11-23T03:24:14Z", "interactive": false}', "session", True),
        ("cline", '{"started_at": "2026-11-23T03:24:14Z", "interactive": true}', "session", False),
        ("claude_code", claude(claude_said("Fix it.", entrypoint="sdk-py")), "main", True),
        ("claude_code", claude(claude_said("Fix it.", entrypoint="cli")), "main", False),
    ],
)
@pytest.mark.parametrize("level", [*LEVELS, CaptureLevel.METADATA])
def test_a_session_without_a_person_before_it_says_so(
    agent: str, text: str, part: str, expected: bool | None, level: CaptureLevel
) -> None:
    assert session(agent, text, level, part).is_headless is expected


@pytest.mark.parametrize(
    ("agent", "text"),
    [
        ("codex", codex(codex_opened(source={"subagent": "review"}))),
        ("gemini_cli", gemini({"type": "user", "content": "Inspect a.py"}, kind="subagent")),
        ("opencode", opencode(parentID="ses_0")),
    ],
)
@pytest.mark.parametrize("level", [*LEVELS, CaptureLevel.METADATA])
def test_a_session_that_another_agent_began_says_so(agent: str, text: str, level: CaptureLevel) -> None:
    assert session(agent, text, level).is_subagent is True
