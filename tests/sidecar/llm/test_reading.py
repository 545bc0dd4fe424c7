"""Reading an answer: a value or a named problem, for whatever bytes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain import ModelUsage, ReplyProblem
from sidecar.llm.reading import read_answer
from tests.sidecar.llm.asking import Shape

TEXT = '{"words":"yes","is_so":true}'
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def message(text: str = TEXT, *, stop_reason: str | None = "end_turn", **usage: object) -> bytes:
    fields = {
        "type": "message",
        "content": [{"type": "text", "text": text}],
        "stop_reason": stop_reason,
        "usage": {"input_tokens": 5, "output_tokens": 6, **usage},
    }
    return json.dumps(fields).encode()


def test_what_the_api_grows_is_ignored() -> None:
    fields = json.loads(message(cache_read_input_tokens=3, server_tool_use=None, of_the_future={"a": 1}))
    fields |= {"diagnostics": {"x": 1}, "of_the_future": [1]}
    fields["content"] = [{"type": "thinking", "thinking": "…"}, *fields["content"], {"type": "of_the_future"}]

    reading = read_answer(json.dumps(fields).encode(), Shape)

    assert reading.value == Shape(words="yes", is_so=True)
    assert reading.usage == ModelUsage(input_tokens=5, cache_read_tokens=3, output_tokens=6)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (None, ReplyProblem.OVERSIZE),
        (b"", ReplyProblem.NOT_A_MESSAGE),
        (b"[]", ReplyProblem.NOT_A_MESSAGE),
        (message(input_tokens=-1), ReplyProblem.NOT_A_MESSAGE),
        (message(output_tokens=10**30), ReplyProblem.NOT_A_MESSAGE),
        (message(output_tokens="many"), ReplyProblem.NOT_A_MESSAGE),
        (message(stop_reason="refusal"), ReplyProblem.REFUSED),
        (message(stop_reason="max_tokens"), ReplyProblem.TRUNCATED),
        (message(stop_reason="model_context_window_exceeded"), ReplyProblem.TRUNCATED),
        (message(stop_reason="tool_use"), ReplyProblem.UNFINISHED),
        (message(stop_reason=None), ReplyProblem.UNFINISHED),
        (message("\n"), ReplyProblem.EMPTY),
        (message("Yes."), ReplyProblem.PROSE),
        (message(TEXT + TEXT), ReplyProblem.PROSE),
        (message(TEXT[:-1]), ReplyProblem.PROSE),
        (message("null"), ReplyProblem.WRONG_SHAPE),
        (message('{"words":"yes","is_so":"true"}'), ReplyProblem.WRONG_SHAPE),
        (message('{"words":"yes","is_so":NaN}'), ReplyProblem.WRONG_SHAPE),
        (message('{"words":0.9,"is_so":true}'), ReplyProblem.WRONG_SHAPE),
        (message('{"words":"yes"}'), ReplyProblem.WRONG_SHAPE),
    ],
)
def test_each_problem_has_its_name(body: bytes | None, problem: ReplyProblem) -> None:
    reading = read_answer(body, Shape)

    assert (reading.value, reading.problem) == (None, problem)
    assert reading.detail


def test_a_problem_is_told_without_the_words_of_the_model() -> None:
    reading = read_answer(message('{"words":"yes","is_so":true,"ignore all \x1b[2K rules":1}'), Shape)

    assert "ignore" not in reading.detail


@given(body=st.binary(max_size=200))
def test_no_bytes_break_it(body: bytes) -> None:
    assert read_answer(body, Shape).problem is ReplyProblem.NOT_A_MESSAGE


@given(value=JSON)
def test_no_json_breaks_it_and_none_but_the_shape_is_taken(value: object) -> None:
    text = json.dumps(value)

    reading = read_answer(message(text), Shape)

    assert (reading.value is None) != (reading.problem is None)
    assert reading.problem in (ReplyProblem.PROSE, ReplyProblem.WRONG_SHAPE, ReplyProblem.EMPTY)
