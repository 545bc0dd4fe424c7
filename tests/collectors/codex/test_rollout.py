"""Codex's rollouts of all ages tell of the session, whatever else stands in them."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from collectors.codex import build
from collectors.collector import FoundFile
from sidecar.capture import Reduction
from sidecar.capturing import capture_file
from sidecar.domain import CaptureLevel, Channel, LoadedRules, RulesSource, SessionId, StepKind
from tests.collectors.messages import AT_NS, SESSION, session_file

CODEX = build()
STAMP = "2026-11-23T03:24:14Z"
GIT = {"commit_hash": "a" * 40, "branch": "main", "repository_url": "https://forge.example/acme/shop.git"}


PERSONAL = "# AGENTS.md instructions\n\n<INSTRUCTIONS>\nmine\n</INSTRUCTIONS>"
"""How a person's own rules are shown where the project has none."""


def rollout(*lines: Mapping[str, object]) -> str:
    return "".join(json.dumps({"timestamp": STAMP, **line}) + "\n" for line in lines)


def item(**payload: object) -> dict[str, object]:
    return {"type": "response_item", "payload": payload}


def said(role: str, text: str, **more: object) -> dict[str, object]:
    return item(type="message", role=role, content=[{"type": "input_text", "text": text}], **more)


def happened(**payload: object) -> dict[str, object]:
    return {"type": "event_msg", "payload": payload}


def opened(**payload: object) -> dict[str, object]:
    return {"type": "session_meta", "payload": {"id": SESSION, "cwd": "/w", "cli_version": "0.169.0", **payload}}


def test_first_line_tells_where_the_session_worked() -> None:
    (seen,) = CODEX.file_observations(session_file(rollout(opened(git=GIT, originator="codex_exec"))))

    assert (seen.remote, seen.branch, seen.base_commit) == (GIT["repository_url"], "main", "a" * 40)
    assert (seen.agent_version, seen.cwd, seen.is_headless) == ("0.169.0", "/w", True)
    assert (seen.channel, seen.at_ns) == (Channel.TRANSCRIPT, AT_NS)


def test_rules_are_the_projects_own_as_they_were_shown() -> None:
    own = "mine\n\n--- project-doc ---\n\n# Shop\n- cents\n"
    text = f"# AGENTS.md instructions for /w\n\n<INSTRUCTIONS>\n{own}</INSTRUCTIONS>"

    (seen,) = CODEX.file_observations(session_file(rollout(said("user", text))))

    assert seen.rules == (LoadedRules(path="/w/AGENTS.md", text="# Shop\n- cents\n", source=RulesSource.LOADED_TEXT),)
    assert seen.step is None


@pytest.mark.parametrize("text", ["<environment_context>\n</environment_context>", "<user_instructions>", PERSONAL])
def test_what_the_program_wrote_is_no_prompt(text: str) -> None:
    assert CODEX.file_observations(session_file(rollout(said("user", text)))) == []


@pytest.mark.parametrize(
    "text", [PERSONAL, f"{PERSONAL[:24]} for /w{PERSONAL[24:-15]}\n--- project-doc ---\nours\n</INSTRUCTIONS>"]
)
def test_persons_own_rules_are_not_kept_by_default(text: str) -> None:
    reduction = Reduction(level=CaptureLevel.EVIDENCE, keyed_hash=lambda _: "0" * 16)

    kept = capture_file(CODEX.name, "main", rollout(said("user", text)).encode(), reduction)

    assert b"mine" not in kept.body
    assert b"user" in kept.body


def test_prompt_is_named_by_its_turn_as_hooks_name_it() -> None:
    passed_on = {"turn_id": "turn-1"}
    line = said("user", "Fix it.", internal_chat_message_metadata_passthrough=passed_on)

    (seen,) = CODEX.file_observations(session_file(rollout(line)))

    assert seen.step is not None
    assert (seen.step.step_id, seen.step.kind, seen.step.text) == ("turn-1", StepKind.PROMPT, "Fix it.")


def test_result_is_of_its_call_whichever_stands_first() -> None:
    call = item(type="function_call", name="exec_command", call_id="c1", arguments='{"cmd": "make"}')
    result = item(type="function_call_output", call_id="c1", output="Process exited with code 2\nOutput:\nno\n")

    ways = [CODEX.file_observations(session_file(rollout(*lines))) for lines in ((call, result), (result, call))]

    assert set(ways[0]) == set(ways[1])
    assert [one.step.command for one in ways[0] if one.step] == ["make", "make"]


def test_command_that_ended_tells_its_exit_code() -> None:
    ended = {"type": "CommandExecution", "id": "c1", "command": ["bash", "-lc", "make"], "exit_code": 2}
    line = happened(type="item_completed", item={**ended, "aggregated_output": "no"}, completed_at_ms=AT_NS // 10**6)

    (seen,) = CODEX.file_observations(session_file(rollout(line)))

    assert seen.step is not None
    assert (seen.step.command, seen.step.exit_code, seen.step.is_success) == ("make", 2, False)
    assert seen.step.ended_ns == AT_NS


@pytest.mark.parametrize(("originator", "reasons"), [("codex_exec", ["completed"]), ("codex_cli_rs", [])])
def test_end_of_a_turn_is_the_end_only_without_a_terminal(originator: str, reasons: list[str]) -> None:
    lines = (opened(originator=originator), happened(type="task_complete", turn_id="turn-1"))

    seen = CODEX.file_observations(session_file(rollout(*lines)))

    assert [one.end_reason for one in seen if one.end_reason] == reasons


@pytest.mark.parametrize("line", ['{"type":"session_meta"', "[]", "null", '{"timestamp":"x","type":"event_msg"}', ""])
def test_line_that_is_cut_or_odd_says_nothing_and_spoils_no_other(line: str) -> None:
    whole = rollout(said("assistant", "Done.", id="m1"))

    assert CODEX.file_observations(session_file(line + "\n" + whole)) == CODEX.file_observations(session_file(whole))


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("rollout-2026-11-23T03-44-53-4c67815b-2c2e-4bda-925e-d2548f083f08.jsonl", rollout(opened())),
        ("copy.jsonl", rollout(opened())),
        (
            "rollout-2025-05-07T17-24-21-4c67815b-2c2e-4bda-925e-d2548f083f08.jsonl",
            rollout({"id": SESSION, "git": GIT}),
        ),
        (
            "rollout-2026-11-23T03-44-53-4c67815b-2c2e-4bda-925e-d2548f083f08.jsonl",
            '{"timestamp":"2026-11-23T03:24:14Z","type":"session_meta","payload":{"instructions":"cut',
        ),
    ],
)
def test_rollout_is_known_by_its_first_line(name: str, head: str, tmp_path: Path) -> None:
    found = list(CODEX.session_files(tmp_path / name, head))

    assert found == [FoundFile(session_id=SessionId(SESSION), part="main")]
