"""Any agent's spans are read by both sets of conventions; what follows neither is noise."""

import json
from collections.abc import Mapping

import pytest

from collectors.genai import build
from sidecar.domain import LogRecord, Observation, Span, StepKind
from tests.collectors.messages import AT_NS, only_step

GENAI = build()
ASKED = [{"role": "system", "parts": [{"type": "text", "content": "You are"}]}, {"role": "user", "content": "Fix it."}]
ANSWERED = [{"role": "assistant", "parts": [{"type": "text", "content": "Done."}], "finish_reason": "stop"}]
OPENINFERENCE = {
    "openinference.span.kind": "LLM",
    "session.id": "s1",
    "llm.input_messages.0.message.role": "system",
    "llm.input_messages.0.message.content": "You are",
    "llm.input_messages.1.message.role": "user",
    "llm.input_messages.1.message.content": "Fix it.",
    "llm.output_messages.0.message.content": "Done.",
}
GENAI_CHAT = {
    "gen_ai.operation.name": "chat",
    "gen_ai.conversation.id": "s1",
    "gen_ai.input.messages": json.dumps(ASKED),
    "gen_ai.output.messages": json.dumps(ANSWERED),
}


def span(attributes: Mapping[str, str], *, is_error: bool = False, span_id: str = "b" * 16) -> Span:
    return Span(
        trace_id="a" * 32,
        span_id=span_id,
        name="any",
        start_ns=AT_NS,
        end_ns=AT_NS + 1_000,
        is_error=is_error,
        scope="any",
        attributes=attributes,
        resource={"service.name": "my-agent", "service.version": "1.2"},
    )


def read(attributes: Mapping[str, str], *, is_error: bool = False) -> list[Observation]:
    return GENAI.span_observations(span(attributes, is_error=is_error))


@pytest.mark.parametrize("attributes", [GENAI_CHAT, OPENINFERENCE])
def test_model_request_tells_the_persons_prompt_and_the_answer(attributes: dict[str, str]) -> None:
    prompt, answer = (one.step for one in read(attributes))

    assert prompt is not None
    assert answer is not None
    assert (prompt.kind, prompt.text, prompt.is_human) == (StepKind.PROMPT, "Fix it.", True)
    assert (answer.kind, answer.text, answer.ended_ns) == (StepKind.MODEL_CALL, "Done.", AT_NS + 1_000)


def test_prompt_that_every_request_repeats_is_one_step() -> None:
    later = [one.step for one in GENAI.span_observations(span(GENAI_CHAT, span_id="c" * 16))]

    assert len({step.step_id for step in (*later, *(one.step for one in read(GENAI_CHAT))) if step}) == 3


@pytest.mark.parametrize(
    "attributes",
    [
        {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": "shell",
            "gen_ai.tool.call.id": "c1",
            "gen_ai.tool.call.arguments": '{"command": "make"}',
            "gen_ai.tool.call.result": '{"stdout": "1 failed", "exit_code": 1}',
        },
        {
            "openinference.span.kind": "TOOL",
            "tool.name": "shell",
            "tool_call.id": "c1",
            "input.value": '{"command": "make"}',
            "output.value": '{"output": "1 failed", "metadata": {"exit": 1}}',
        },
    ],
)
def test_tool_tells_its_command_and_exit_code(attributes: dict[str, str]) -> None:
    part = only_step(read(attributes))

    assert (part.step_id, part.tool, part.command) == ("c1", "shell", "make")
    assert (part.output, part.exit_code, part.is_success) == ("1 failed", 1, False)


@pytest.mark.parametrize(
    ("result", "is_error", "expected"),
    [
        ("1 failed\nExit code: 1", False, ("1 failed\nExit code: 1", 1, False)),
        ("Process exited with code 0\nok", False, ("Process exited with code 0\nok", 0, True)),
        ("read it", False, ("read it", None, True)),
        ("no such file", True, ("no such file", None, False)),
        ('{"stdout": "a", "stderr": "b", "returncode": 0}', False, ("a\nb", 0, True)),
        ("[1, 2]", False, ("[1, 2]", None, True)),
    ],
)
def test_result_is_read_in_every_form(
    result: str, is_error: bool, expected: tuple[str, int | None, bool | None]
) -> None:
    attributes = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "run", "gen_ai.tool.call.result": result}

    part = only_step(read(attributes, is_error=is_error))

    assert (part.output, part.exit_code, part.is_success) == expected


def test_tool_without_a_result_tells_no_success() -> None:
    part = only_step(read({"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "run"}))

    assert (part.output, part.is_success, part.step_id) == (None, None, "b" * 16)


@pytest.mark.parametrize(
    ("tool", "given", "expected"),
    [
        ("str_replace_editor", {"path": "a.py", "old_str": "x", "new_str": "y"}, ("a.py", True, "x", "y")),
        ("write_file", {"file_path": "a.py", "content": "z"}, ("a.py", True, None, "z")),
        ("writeFile", {"path": "a.py", "content": "z"}, ("a.py", True, None, "z")),
        ("Edit", {"file_path": "a.py", "old_string": "x", "new_string": "y"}, ("a.py", True, "x", "y")),
        ("read_file", {"path": "a.py", "content": "z"}, ("a.py", False, None, None)),
        ("search", {"text": "x"}, (None, False, None, None)),
    ],
)
def test_edit_is_a_tool_that_writes_and_what_it_wrote(
    tool: str, given: dict[str, str], expected: tuple[str | None, bool, str | None, str | None]
) -> None:
    told = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": tool}

    part = only_step(read({**told, "gen_ai.tool.call.arguments": json.dumps(given)}))

    assert (part.path, part.is_write, part.old_text, part.new_text) == expected


@pytest.mark.parametrize(
    ("attributes", "session"),
    [
        ({"gen_ai.conversation.id": "c", "session.id": "s"}, "c"),
        ({"session.id": "s"}, "s"),
        ({"session.id": ""}, "a" * 32),
        ({}, "a" * 32),
    ],
)
def test_session_is_the_conversation_else_the_trace(attributes: dict[str, str], session: str) -> None:
    (seen,) = read({"gen_ai.operation.name": "execute_tool", **attributes})

    assert seen.session_id == session


@pytest.mark.parametrize(
    "attributes", [{"gen_ai.operation.name": "invoke_agent"}, {"openinference.span.kind": "AGENT"}]
)
def test_end_of_an_agent_ends_the_session_unless_it_goes_on(attributes: dict[str, str]) -> None:
    (seen,) = read(attributes)

    assert (seen.end_reason, seen.is_activity, seen.agent_version) == ("agent ended", False, "1.2")


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"http.request.method": "GET"},
        {"gen_ai.operation.name": "embeddings"},
        {"openinference.span.kind": "RETRIEVER", "gen_ai.operation.name": "chat"},
        {"session.id": "s1"},
    ],
)
def test_other_spans_are_noise(attributes: dict[str, str]) -> None:
    assert read(attributes) == []


@pytest.mark.parametrize("text", ["", "[", "{}", "null", '[{"role": 5}]', '[{"role": "user"}]', '["user"]'])
def test_messages_that_cannot_be_read_are_left_out(text: str) -> None:
    (seen,) = read({**GENAI_CHAT, "gen_ai.input.messages": text})

    assert seen.step is not None
    assert seen.step.kind is StepKind.MODEL_CALL


def test_event_of_a_request_tells_the_prompt_that_the_span_tells() -> None:
    attributes = {**GENAI_CHAT, "event.name": "gen_ai.client.inference.operation.details"}
    record = LogRecord(at_ns=AT_NS, name="", scope="", attributes=attributes, resource={})

    part = only_step(GENAI.log_observations(record))

    assert part == read(GENAI_CHAT)[0].step


@pytest.mark.parametrize("missing", ["gen_ai.conversation.id", "event.name"])
def test_event_that_cannot_be_placed_is_noise(missing: str) -> None:
    attributes = {**GENAI_CHAT, "event.name": "gen_ai.client.inference.operation.details"}
    del attributes[missing]

    assert GENAI.log_observations(LogRecord(at_ns=AT_NS, name="", scope="", attributes=attributes, resource={})) == []


@pytest.mark.parametrize(
    ("text", "is_human"),
    [
        ("Fix it.", True),
        ("<environment_context>\n<cwd>/w</cwd>", False),
        ("<system-reminder>Be brief.</system-reminder>", False),
        ("[Request interrupted by user]", False),
    ],
)
def test_a_text_that_agents_write_themselves_is_no_persons(text: str, is_human: bool) -> None:
    asked = json.dumps([{"role": "user", "content": text}])

    prompt = read({**GENAI_CHAT, "gen_ai.input.messages": asked})[0].step

    assert prompt is not None
    assert prompt.is_human is is_human
