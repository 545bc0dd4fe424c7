"""Claude Code's hooks as Observations."""

from dataclasses import replace

import pytest

from collectors.claude_code import build
from collectors.collector import HookRepository
from sidecar.domain import CorrectionKind, LoadedRules, Observation, RulesSource
from sidecar.errors import DecodeError
from tests.collectors.messages import AT_NS, hook, only_step

FULL_SHA = "99271621c9dbe7f8ab071e96f289d6199f8f19d7"
CLAUDE_CODE = build()


def tool_hook(name: str, tool: str, given: dict[str, str], **fields: object) -> list[Observation]:
    body = {"hook_event_name": name, "tool_name": tool, "tool_input": given, "tool_use_id": "toolu_1", **fields}
    return CLAUDE_CODE.hook_observations(hook(body))


def test_start_carries_what_was_measured_in_the_work_tree() -> None:
    measured = HookRepository(remote="git@host:a/b.git", head=FULL_SHA, branch="fix")
    message = hook({"hook_event_name": "SessionStart", "source": "startup"}, repository=measured)

    (start,) = CLAUDE_CODE.hook_observations(message)

    assert (start.remote, start.branch, start.base_commit) == ("git@host:a/b.git", "fix", FULL_SHA)
    assert start.start_source == "startup"


def test_end_measures_the_commit_it_ended_on_and_not_the_one_it_began_on() -> None:
    measured = HookRepository(remote="git@host:a/b.git", head=FULL_SHA, branch="fix")

    (end,) = CLAUDE_CODE.hook_observations(hook({"hook_event_name": "SessionEnd"}, repository=measured))

    assert (end.base_commit, end.head_commit) == (None, FULL_SHA)


def test_first_start_is_no_activity_so_that_it_never_reopens_a_session() -> None:
    starts = [{"hook_event_name": "SessionStart", "source": source} for source in ("startup", "resume")]

    observations = [seen for start in starts for seen in CLAUDE_CODE.hook_observations(hook(start))]

    assert [seen.is_activity for seen in observations] == [False, True]


def test_end_without_time_keeps_its_first_and_its_latest_receipt() -> None:
    end = {"hook_event_name": "SessionEnd", "reason": "clear"}

    (seen,) = CLAUDE_CODE.hook_observations(hook(end, is_timed=False, last_ns=AT_NS + 5))

    assert (seen.at_ns, seen.last_at_ns, seen.end_reason) == (AT_NS, AT_NS + 5, "clear")


def test_end_received_again_has_a_key_of_its_own() -> None:
    end = {"hook_event_name": "SessionEnd", "reason": "other"}

    once = CLAUDE_CODE.hook_observations(hook(end, is_timed=False))
    again = CLAUDE_CODE.hook_observations(hook(end, is_timed=False, last_ns=AT_NS + 5))

    assert once[0].key != again[0].key


def test_other_hook_received_again_has_the_same_key() -> None:
    stop = {"hook_event_name": "Stop", "prompt_id": "p"}

    once = CLAUDE_CODE.hook_observations(hook(stop, is_timed=False))
    again = CLAUDE_CODE.hook_observations(hook(stop, is_timed=False, last_ns=AT_NS + 5))

    assert once == again


def test_hook_without_time_leaves_the_times_of_its_step_open() -> None:
    body = {"hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_use_id": "toolu_1"}

    part = only_step(CLAUDE_CODE.hook_observations(hook(body, is_timed=False)))

    assert part.started_ns is None


def test_failed_command_has_its_exit_code_and_its_output_without_the_agents_words() -> None:
    error = "Exit code 2\nmake: *** [check] Error 2"

    part = only_step(tool_hook("PostToolUseFailure", "Bash", {"command": "make check"}, error=error))

    assert (part.exit_code, part.output, part.is_success) == (2, "make: *** [check] Error 2", False)


def test_command_that_succeeded_has_both_streams_and_exit_code_zero() -> None:
    response = {"stdout": "out", "stderr": "err", "interrupted": False}

    part = only_step(tool_hook("PostToolUse", "Bash", {"command": "x"}, tool_response=response, duration_ms=3))

    assert (part.output, part.exit_code, part.is_success) == ("out\nerr", 0, True)
    assert (part.started_ns, part.ended_ns) == (AT_NS - 3_000_000, AT_NS)


def test_command_in_the_background_has_no_result_yet() -> None:
    response = {"stdout": "", "stderr": "", "interrupted": False, "backgroundTaskId": "b1"}

    part = only_step(tool_hook("PostToolUse", "Bash", {"command": "x"}, tool_response=response))

    assert (part.output, part.exit_code, part.is_success) == (None, None, None)


@pytest.mark.parametrize(
    ("tool", "given", "texts"),
    [
        ("Edit", {"file_path": "/a", "old_string": "x", "new_string": "y"}, ("x", "y")),
        ("Edit", {"file_path": "/a", "old_string": "x", "new_string": ""}, ("x", "")),
        ("Write", {"file_path": "/a", "content": "all"}, (None, "all")),
        ("NotebookEdit", {"notebook_path": "/a", "new_source": "cell"}, ("", "cell")),
    ],
)
def test_edit_has_path_and_both_texts(tool: str, given: dict[str, str], texts: tuple[str | None, str]) -> None:
    part = only_step(tool_hook("PreToolUse", tool, given))

    assert ("/a", True, texts) == (part.path, part.is_write, (part.old_text, part.new_text))


def test_several_edits_of_one_call_are_one_edit() -> None:
    edits = [{"old_string": "a", "new_string": "b"}, {"old_string": "c", "new_string": "d"}]
    body = {
        "hook_event_name": "PreToolUse",
        "tool_name": "MultiEdit",
        "tool_use_id": "toolu_1",
        "tool_input": {"file_path": "/a", "edits": edits},
    }

    part = only_step(CLAUDE_CODE.hook_observations(hook(body)))

    assert (part.old_text, part.new_text) == ("a\nc", "b\nd")


def test_batch_gives_each_call_its_output() -> None:
    calls = [
        {"tool_name": "Read", "tool_use_id": "toolu_1", "tool_response": "1\tone\n2\ttwo"},
        {
            "tool_name": "Bash",
            "tool_input": {"command": "x"},
            "tool_use_id": "toolu_2",
            "tool_response": "Exit code 1\no",
        },
    ]
    body = {"hook_event_name": "PostToolBatch", "tool_calls": calls}

    observations = CLAUDE_CODE.hook_observations(hook(body))

    told = [(seen.step.output, seen.step.exit_code) for seen in observations if seen.step is not None]
    assert told == [("one\ntwo", None), ("o", 1)]


def test_notification_is_a_prompt_of_its_own_that_no_person_wrote() -> None:
    prompts = ["Do it.", "<task-notification>\n<task-id>1</task-id></task-notification>"]
    bodies = [{"hook_event_name": "UserPromptSubmit", "prompt_id": "p", "prompt": prompt} for prompt in prompts]

    human, machine = (only_step(CLAUDE_CODE.hook_observations(hook(body))) for body in bodies)

    assert (human.step_id, human.is_human, machine.is_human) == ("p", True, False)
    assert human.step_id != machine.step_id


def test_start_hook_counts_only_rules_files_that_the_agent_loads() -> None:
    paths = ["AGENTS.md", "CLAUDE.md", ".clinerules/team.md", ".claude/rules/a.md", "GEMINI.md"]
    rules = tuple(LoadedRules(path=path, sha="0" * 40, source=RulesSource.EXACT) for path in paths)
    start = {"hook_event_name": "SessionStart", "source": "startup"}

    (both,) = CLAUDE_CODE.hook_observations(hook(start, rules=rules))
    (alone,) = CLAUDE_CODE.hook_observations(hook(start, rules=rules[:1]))
    inside = (rules[0], replace(rules[1], path=".claude/CLAUDE.md"))
    (in_folder,) = CLAUDE_CODE.hook_observations(hook(start, rules=inside))

    assert [rule.path for rule in both.rules] == ["CLAUDE.md", ".claude/rules/a.md"]
    assert [rule.path for rule in alone.rules] == ["AGENTS.md"]
    assert [rule.path for rule in in_folder.rules] == [".claude/CLAUDE.md"]


def test_hook_without_session_is_refused_with_what_to_do() -> None:
    message = replace(hook({}), body={"hook_event_name": "Stop"})

    with pytest.raises(DecodeError, match="no session_id"):
        CLAUDE_CODE.hook_observations(message)


@pytest.mark.parametrize(
    ("event", "fields", "expected"),
    [
        ("PostToolUseFailure", {"error": "x", "is_interrupt": True}, (CorrectionKind.INTERRUPT, None)),
        (
            "PostToolUseFailure",
            {
                "error": "The user doesn't want to proceed with this tool use. It was rejected. To tell you how "
                "to proceed, the user said:\nuse pnpm"
            },
            (CorrectionKind.INTERRUPT, "use pnpm"),
        ),
        ("PostToolUse", {"tool_response": {"userModified": True}}, (CorrectionKind.HUMAN_EDIT, None)),
    ],
)
def test_a_person_who_steps_in_is_told_with_the_call(
    event: str, fields: dict[str, object], expected: tuple[CorrectionKind, str | None]
) -> None:
    (seen,) = tool_hook(event, "Edit", {"file_path": "/a.py"}, **fields)

    assert seen.intervention is not None
    assert (seen.intervention.kind, seen.intervention.words) == expected


@pytest.mark.parametrize("error", ["Exit code 1", "Permission to use Bash has been denied.", "Hook denied it"])
def test_a_call_that_failed_by_itself_tells_of_no_person(error: str) -> None:
    (seen,) = tool_hook("PostToolUseFailure", "Bash", {"command": "make"}, error=error, is_interrupt=False)

    assert seen.intervention is None


@pytest.mark.parametrize(
    ("prompt", "is_human"),
    [("Fix it.", True), ("/fix SHOP-12", True), ("/review", False), ("/usr/bin/env is missing", True)],
)
def test_a_bare_slash_command_is_no_persons_words(prompt: str, is_human: bool) -> None:
    body = {"hook_event_name": "UserPromptSubmit", "prompt_id": "p", "prompt": prompt}

    assert only_step(CLAUDE_CODE.hook_observations(hook(body))).is_human is is_human
