"""opencode's objects tell the same whether they lie in its database, an export, folders, or come as events."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from collectors.collector import HookMessage, HookRepository
from collectors.opencode import build
from sidecar.domain import LoadedRules, RulesSource, Span, StepKind, StepPart
from sidecar.errors import DecodeError
from tests.collectors.messages import AT_NS, only_step, session_file

OPENCODE = build()
AT_MS = AT_NS // 1_000_000
INFO = {"id": "ses_1", "directory": "/w", "version": "1.18.33", "time": {"created": AT_MS, "updated": AT_MS + 9}}
ASKED = {"id": "msg_1", "role": "user", "sessionID": "ses_1", "time": {"created": AT_MS}}
ANSWERED = {
    "id": "msg_2",
    "role": "assistant",
    "sessionID": "ses_1",
    "time": {"created": AT_MS, "completed": AT_MS + 5},
}
WORDS = {"id": "prt_1", "messageID": "msg_1", "sessionID": "ses_1", "type": "text", "text": "Fix it."}


def tool(name: str, given: Mapping[str, object], *, status: str = "completed", **state: object) -> dict[str, object]:
    about = {"status": status, "input": given, "time": {"start": AT_MS, "end": AT_MS + 3}, **state}
    return {
        "id": "prt_2",
        "messageID": "msg_2",
        "sessionID": "ses_1",
        "type": "tool",
        "tool": name,
        "callID": "c1",
        "state": about,
    }


RAN = tool("bash", {"command": "make"}, output="cut…", metadata={"output": "1 failed", "exit": 1})


def exported(*parts: Mapping[str, object]) -> str:
    messages = [{"info": ASKED, "parts": [WORDS]}, {"info": ANSWERED, "parts": list(parts)}]
    return json.dumps({"info": INFO, "messages": messages})


def event(
    kind: str, measured: HookRepository | None = None, rules: tuple[str, ...] = (), **more: object
) -> HookMessage:
    body = {"id": "evt_1", "type": kind, "properties": {"sessionID": "ses_1", **more}}
    loaded = tuple(LoadedRules(path=path, sha="1", source=RulesSource.EXACT) for path in rules)
    return HookMessage(
        body=json.loads(json.dumps(body)),
        observed_ns=AT_NS,
        is_timed=True,
        last_observed_ns=AT_NS,
        repository=measured,
        rules=loaded,
    )


def steps_of(text: str) -> list[StepPart]:
    return [one.step for one in OPENCODE.file_observations(session_file(text, part="export")) if one.step]


def test_export_tells_prompt_answer_and_command_with_its_exit_code() -> None:
    prompt, answer, ran = steps_of(exported(RAN))

    assert (prompt.kind, prompt.text, prompt.is_human) == (StepKind.PROMPT, "Fix it.", True)
    assert (answer.kind, answer.ended_ns) == (StepKind.MODEL_CALL, AT_NS + 5_000_000)
    assert (ran.command, ran.output, ran.exit_code, ran.is_success) == ("make", "1 failed", 1, False)


def test_event_of_a_part_tells_the_step_that_the_export_tells() -> None:
    part = only_step(OPENCODE.hook_observations(event("message.part.updated", part=RAN)))

    assert part == steps_of(exported(RAN))[2]


def test_person_is_heard_through_the_plugin() -> None:
    body = {"type": "chat.message", "input": {"sessionID": "ses_1"}, "output": {"message": ASKED, "parts": [WORDS]}}
    message = HookMessage(body=json.loads(json.dumps(body)), observed_ns=1, is_timed=True, last_observed_ns=1)

    assert only_step(OPENCODE.hook_observations(message)) == steps_of(exported())[0]


def test_synthetic_words_are_nobodys() -> None:
    told = json.loads(exported())
    told["messages"][0]["parts"].append({**WORDS, "id": "prt_9", "text": "Called the read tool", "synthetic": True})

    assert steps_of(json.dumps(told))[0].text == "Fix it."


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("edit", {"filePath": "/w/a.py", "oldString": "x", "newString": "y"}, [("/w/a.py", "x", "y")]),
        ("write", {"filePath": "/w/a.py", "content": "z"}, [("/w/a.py", None, "z")]),
        (
            "apply_patch",
            {"patchText": "*** Begin Patch\n*** Update File: a.py\n-x\n+y\n*** Add File: b.py\n+z\n*** End Patch"},
            [("a.py", "x", "y"), ("b.py", None, "z")],
        ),
        (
            "multiedit",
            {
                "filePath": "/w/a.py",
                "edits": [{"oldString": "x", "newString": "y"}, {"oldString": "p", "newString": "q"}],
            },
            [("/w/a.py", "x", "y"), ("/w/a.py", "p", "q")],
        ),
    ],
)
def test_edits_tell_what_they_wrote(
    name: str, given: dict[str, object], expected: list[tuple[str, str | None, str]]
) -> None:
    written = steps_of(exported(tool(name, given, output="ok", metadata={})))[2:]

    assert [(one.path, one.old_text, one.new_text) for one in written] == expected
    assert all(one.is_write and one.is_success for one in written)
    assert len({one.step_id for one in written}) == len(expected)


def test_call_that_failed_tells_why_and_one_that_runs_tells_no_success() -> None:
    failed = steps_of(exported(tool("edit", {"filePath": "a"}, status="error", error="not found")))[2]
    running = steps_of(exported(tool("bash", {"command": "make"}, status="running")))[2]

    assert (failed.output, failed.is_success) == ("not found", False)
    assert (running.output, running.is_success) == (None, None)


def test_file_is_told_without_numbers_and_brings_the_rules_beside_it() -> None:
    reminder = "<system-reminder>\nInstructions from: /w/sub/AGENTS.md\n# Sub\n\n</system-reminder>"
    output = f"<path>/w/sub/a.py</path>\n<type>file</type>\n<content>\n1: x = 1\n2: y\n</content>\n\n{reminder}"
    read = tool("read", {"filePath": "/w/sub/a.py"}, output=output, metadata={})

    seen = OPENCODE.file_observations(session_file(exported(read), part="export"))

    assert [one.step.output for one in seen if one.step and one.step.tool == "read"] == ["x = 1\ny"]
    rules = LoadedRules(path="/w/sub/AGENTS.md", text="# Sub\n", source=RulesSource.LOADED_TEXT)
    assert [one.rules for one in seen if one.rules] == [(rules,)]


@pytest.mark.parametrize(
    ("files", "loaded"),
    [(("AGENTS.md", "CLAUDE.md"), ["AGENTS.md"]), (("CLAUDE.md",), ["CLAUDE.md"]), (("GEMINI.md", ".clinerules"), [])],
)
def test_start_brings_what_was_measured_and_the_files_it_loads(files: tuple[str, ...], loaded: list[str]) -> None:
    repository = HookRepository(remote="https://forge.example/a/b", head="c" * 40, branch="main")

    (seen,) = OPENCODE.hook_observations(event("session.created", repository, files, info=INFO))

    assert (seen.cwd, seen.agent_version, seen.base_commit) == ("/w", "1.18.33", repository.head)
    assert [rule.path for rule in seen.rules] == loaded


def test_idle_is_the_end_until_something_happens_again() -> None:
    (seen,) = OPENCODE.hook_observations(event("session.idle"))

    assert (seen.end_reason, seen.is_activity, seen.at_ns) == ("idle", False, AT_NS)


def test_span_of_a_call_tells_the_same_step() -> None:
    attributes = {
        "session.id": "ses_1",
        "ai.toolCall.id": "c1",
        "ai.toolCall.name": "bash",
        "ai.toolCall.args": '{"command": "make"}',
        "ai.toolCall.result": '{"output": "1 failed", "metadata": {"output": "1 failed", "exit": 1}}',
    }
    about = {"trace_id": "a" * 32, "span_id": "b" * 16, "start_ns": AT_NS, "end_ns": AT_NS + 1, "is_error": False}
    span = Span(name="ai.toolCall", scope="opencode", attributes=attributes, resource={}, **about)  # pyright: ignore[reportArgumentType] - one record of several types
    noise = Span(name="sql.execute", scope="opencode", attributes=attributes, resource={}, **about)  # pyright: ignore[reportArgumentType] - as above

    part = only_step(OPENCODE.span_observations(span))

    assert (part.step_id, part.command, part.exit_code, part.is_success) == ("c1", "make", 1, False)
    assert OPENCODE.span_observations(noise) == []


def database(path: Path) -> Path:
    """A database as opencode lays it out, with one session that is still being written to."""
    with closing(sqlite3.connect(path)) as made:
        made.executescript(
            "PRAGMA journal_mode = WAL;"
            "CREATE TABLE session (id, project_id, parent_id, directory, title, version, time_created, time_updated);"
            "CREATE TABLE message (id, session_id, time_created, data);"
            "CREATE TABLE part (id, message_id, session_id, data);"
        )
        made.execute("INSERT INTO session VALUES ('ses_1', 'p', NULL, '/w', 't', '1.18.33', ?, ?)", (AT_MS, AT_MS + 9))
        for message in (ASKED, ANSWERED):
            kept = {name: value for name, value in message.items() if name not in {"id", "sessionID"}}
            made.execute("INSERT INTO message VALUES (?, 'ses_1', ?, ?)", (message["id"], AT_MS, json.dumps(kept)))
        for part in (WORDS, RAN):
            made.execute(
                "INSERT INTO part VALUES (?, ?, 'ses_1', ?)", (part["id"], part["messageID"], json.dumps(part))
            )
        made.commit()
    return path


def test_database_gives_each_session_as_its_export(tmp_path: Path) -> None:
    path = database(tmp_path / "opencode.db")
    before = path.read_bytes()

    (found,) = OPENCODE.session_files(path, "SQLite format 3\0")

    assert found.body is not None
    assert (found.session_id, found.part, found.written_ns) == ("ses_1", "export", AT_NS + 9_000_000)
    assert steps_of(found.body.decode()) == steps_of(exported(RAN))
    assert path.read_bytes() == before


def test_damaged_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "opencode.db"
    path.write_bytes(b"SQLite format 3\0" + b"x" * 5000)

    with pytest.raises(DecodeError, match="cannot be read as opencode's database"):
        list(OPENCODE.session_files(path, "SQLite format 3\0"))


def test_other_database_is_nobodys(tmp_path: Path) -> None:
    path = tmp_path / "opencode.db"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE other (id)")

    assert list(OPENCODE.session_files(path, "SQLite format 3\0")) == []


def test_folders_of_older_versions_give_each_session_as_its_export(tmp_path: Path) -> None:
    files = {
        "session/p/ses_1.json": INFO,
        "message/ses_1/msg_1.json": ASKED,
        "message/ses_1/msg_2.json": ANSWERED,
        "part/msg_1/prt_1.json": WORDS,
        "part/msg_2/prt_2.json": RAN,
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(json.dumps(content))

    (found,) = OPENCODE.session_files(tmp_path / "session/p/ses_1.json", json.dumps(INFO))

    assert found.body is not None
    assert json.loads(found.body) == json.loads(exported(RAN))


@pytest.mark.parametrize("name", ["../../outside", "{outside}", "..", "."])
def test_id_that_leads_out_of_the_folders_brings_nothing_in(name: str, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.json").write_text(json.dumps(ASKED))
    path = tmp_path / "storage" / "session" / "p" / "ses_1.json"
    path.parent.mkdir(parents=True)
    (tmp_path / "storage" / "message").mkdir()
    path.write_text(json.dumps({**INFO, "id": name.format(outside=outside)}))

    (found,) = OPENCODE.session_files(path, path.read_text())

    assert found.body is not None
    assert json.loads(found.body)["messages"] == []
