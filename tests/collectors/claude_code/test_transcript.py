"""Claude Code's transcripts as Observations."""

from collections.abc import Mapping

import pytest

from collectors.claude_code import build
from sidecar.domain import StepKind, StepPart
from tests.collectors.messages import session_file, transcript

CLAUDE_CODE = build()


def answer(*blocks: Mapping[str, object], **fields: object) -> dict[str, object]:
    return {"type": "assistant", "requestId": "req_1", "message": {"content": list(blocks)}, **fields}


def result(content: object, **fields: object) -> dict[str, object]:
    block = {"type": "tool_result", "tool_use_id": "toolu_1", "content": content, **fields}
    return {"type": "user", "message": {"content": [block]}}


def steps(*lines: Mapping[str, object], part: str = "main") -> list[StepPart]:
    file = transcript(*lines, part=part)
    return [seen.step for seen in CLAUDE_CODE.file_observations(file) if seen.step is not None]


def test_answer_is_a_model_call_and_its_tool_uses() -> None:
    use = {"type": "tool_use", "id": "toolu_1", "name": "Bash", "input": {"command": "make"}}

    call, tool = steps(answer({"type": "text", "text": "Now."}, use))

    assert (call.step_id, call.kind, call.text) == ("req_1", StepKind.MODEL_CALL, "Now.")
    assert (tool.step_id, tool.kind, tool.command) == ("toolu_1", StepKind.TOOL_CALL, "make")


def test_each_line_says_the_same_whichever_lines_stand_before_it() -> None:
    use = {"type": "tool_use", "id": "toolu_1", "name": "Read", "input": {"file_path": "/a"}}
    lines = [answer({"type": "text", "text": "Now."}), answer(use), result("1\tone\n2\ttwo")]
    whole = transcript(*lines)
    pieces = whole.text.splitlines(keepends=True)

    alone = [seen for piece in pieces for seen in CLAUDE_CODE.file_observations(session_file(piece))]

    assert CLAUDE_CODE.file_observations(whole) == alone


@pytest.mark.parametrize("cut", [1, 20, 100])
def test_cut_last_line_is_skipped(cut: int) -> None:
    file = transcript(answer({"type": "text", "text": "a"}), answer({"type": "text", "text": "b"}))

    observations = CLAUDE_CODE.file_observations(session_file(file.text[: -1 - cut]))

    assert CLAUDE_CODE.file_observations(file)[:1] == observations


@pytest.mark.parametrize("line", ["", "nonsense", "[]", "3", '{"type": "brand-new"}', '{"timestamp": 5}', '{"a": {}}'])
def test_unknown_line_says_nothing(line: str) -> None:
    assert CLAUDE_CODE.file_observations(session_file(line)) == []


def test_failed_result_has_exit_code_and_output() -> None:
    (part,) = steps(result("Exit code 137", is_error=True))

    assert (part.exit_code, part.output, part.is_success) == (137, "", False)


def test_file_that_was_read_has_no_line_numbers() -> None:
    structured = {"toolUseResult": {"type": "text", "file": {"filePath": "/a", "content": "one\n\ttwo\n"}}}

    with_form, without_form = steps(result("1\tone\n2\t\ttwo\n3\t") | structured, result("1\tone\n2\t\ttwo\n3\t"))

    assert (with_form.output, without_form.output) == ("one\n\ttwo\n", "one\n\ttwo\n")


def test_long_output_is_whole_even_where_the_model_was_shown_a_part() -> None:
    structured = {"toolUseResult": {"stdout": "a" * 99, "stderr": ""}}

    (part,) = steps(result("aaa… (output too long)") | structured)

    assert part.output == "a" * 99


def test_empty_output_is_empty() -> None:
    (part,) = steps(result("(Bash completed with no output)"))

    assert part.output == ""


def test_output_that_only_looks_numbered_stays_where_it_is_known_to_be_a_command() -> None:
    structured = {"toolUseResult": {"stdout": "1\tone\n2\ttwo", "stderr": ""}}

    (part,) = steps(result("1\tone\n2\ttwo") | structured)

    assert part.output == "1\tone\n2\ttwo"


@pytest.mark.parametrize(
    "line",
    [
        {"message": {"content": "<command-name>/clear</command-name>"}},
        {"message": {"content": "<local-command-caveat>…"}, "isMeta": True},
        {"message": {"content": [{"type": "text", "text": "[Request interrupted by user for tool use]"}]}},
        {"message": {"content": "This session is being continued …"}, "isCompactSummary": True},
    ],
)
def test_what_the_program_wrote_is_no_prompt(line: dict[str, object]) -> None:
    assert steps({"type": "user", "promptId": "p", **line}) == []


def test_prompt_of_a_sub_agent_is_not_human() -> None:
    line: dict[str, object] = {"type": "user", "isSidechain": True, "agentId": "a1", "message": {"content": "look"}}

    (part,) = steps(line, part="subagents/agent-a1")

    assert (part.is_human, part.agent_id) == (False, "a1")


def attachment(kind: str, **fields: object) -> dict[str, object]:
    return {"type": "attachment", "attachment": {"type": kind, **fields}}


def test_rules_are_the_projects_never_a_persons() -> None:
    files = [
        {"path": "/workspace/calc/CLAUDE.md", "type": "Project", "content": "a"},
        {"path": "/workspace/calc/CLAUDE.local.md", "type": "Local", "content": "b"},
        {"path": "/workspace/calc/CLAUDE.local.md", "type": "Project", "content": "c"},
        {"path": "/home/dev/.claude/CLAUDE.md", "type": "User", "content": "d"},
    ]
    nested = attachment(
        "nested_memory", content={"path": "/workspace/calc/src/CLAUDE.md", "type": "Project", "content": "e"}
    )

    file = transcript(attachment("instructions", files=files), nested)
    rules = [rule for seen in CLAUDE_CODE.file_observations(file) for rule in seen.rules]

    assert [(rule.path, rule.text) for rule in rules] == [
        ("/workspace/calc/CLAUDE.md", "a"),
        ("/workspace/calc/src/CLAUDE.md", "e"),
    ]


STATUS = """This is the git status.

Current branch: fix/x

Main branch (you will usually use this for PRs): trunk2

Status:
(clean)

Recent commits:
9782ca2 add rules
465bbef initial"""


def test_status_at_the_start_tells_branch_main_branch_and_a_prefix_of_the_commit() -> None:
    line = attachment("session_context", context={"gitStatus": STATUS})

    (seen,) = CLAUDE_CODE.file_observations(transcript(line))

    assert (seen.branch, seen.default_branch, seen.base_commit) == ("fix/x", "trunk2", "9782ca2")


def test_status_of_a_sub_agent_is_not_the_sessions() -> None:
    line = attachment("session_context", context={"gitStatus": STATUS})

    file = transcript(line, part="subagents/agent-a1")

    assert CLAUDE_CODE.file_observations(file) == []


@pytest.mark.parametrize(("entrypoint", "is_headless"), [("sdk-cli", True), ("cli", False), (None, None)])
def test_entrypoint_tells_whether_a_person_sat_before_it(entrypoint: str | None, is_headless: bool | None) -> None:
    line = answer(entrypoint=entrypoint)

    observations = CLAUDE_CODE.file_observations(transcript(line))

    assert is_headless == observations[0].is_headless
