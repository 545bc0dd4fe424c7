"""Results of a batch: any bytes in any pieces give bounded lines, and any line a value or a named problem."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain import ReplyProblem
from sidecar.llm.attempt import Failure
from sidecar.llm.batch_lines import LONGEST_LINE_BYTES, Ending, Line, Lines, missing, read_line
from sidecar.llm.batch_state import read_page, read_state
from tests.sidecar.llm.asking import Shape

TEXT = '{"words":"yes","is_so":true}'


def message(text: str = TEXT) -> dict[str, object]:
    usage = {"input_tokens": 5, "output_tokens": 6}
    return {"type": "message", "content": [{"type": "text", "text": text}], "stop_reason": "end_turn", "usage": usage}


def line(result: object, custom_id: object = "a") -> Line:
    return Line(body=json.dumps({"custom_id": custom_id, "result": result}).encode(), is_whole=True)


def fed(*chunks: bytes) -> list[Line]:
    lines = Lines()
    return [*(one for chunk in chunks for one in lines.fed(chunk)), *lines.ended()]


@given(
    bodies=st.lists(st.binary(min_size=1, max_size=30).filter(lambda body: b"\n" not in body and body.strip() == body)),
    cut=st.integers(1, 7),
)
def test_lines_are_the_same_however_the_bytes_come(bodies: list[bytes], cut: int) -> None:
    whole = b"\n".join(bodies)

    lines = fed(*(whole[at : at + cut] for at in range(0, len(whole), cut)))

    assert [one.body for one in lines] == bodies
    assert all(one.is_whole for one in lines)


def test_a_line_that_is_too_long_is_named_and_the_next_one_is_read() -> None:
    long = b'{"custom_id":"long","result":"' + b"x" * LONGEST_LINE_BYTES * 3 + b'"}'

    lines = fed(long[:1000], long[1000:], b"\n", line({"type": "expired"}).body + b"\n")

    assert [one.is_whole for one in lines] == [False, True]
    assert len(lines[0].body) < 10_000
    result = read_line(lines[0], Shape)
    assert (result.custom_id, result.reading.problem, result.is_unpaid) == ("long", ReplyProblem.OVERSIZE, False)


def test_a_success_is_read_as_a_direct_answer_would_be() -> None:
    result = read_line(line({"type": "succeeded", "message": message()}), Shape)

    assert (result.custom_id, result.ending, result.is_unpaid) == ("a", Ending.SUCCEEDED, False)
    assert result.reading.value == Shape(words="yes", is_so=True)
    assert result.reading.usage is not None


@pytest.mark.parametrize(
    ("result", "problem", "ending"),
    [
        ({"type": "succeeded", "message": message("no")}, ReplyProblem.PROSE, Ending.SUCCEEDED),
        ({"type": "succeeded", "message": None}, ReplyProblem.NOT_A_MESSAGE, Ending.SUCCEEDED),
        ({"type": "succeeded"}, ReplyProblem.NOT_A_MESSAGE, Ending.SUCCEEDED),
        ({"type": "errored"}, ReplyProblem.UNAVAILABLE, Ending.ERRORED),
        ({"type": "errored", "error": {"error": {"type": "api_error"}}}, ReplyProblem.UNAVAILABLE, Ending.ERRORED),
        (
            {"type": "errored", "error": {"error": {"type": "invalid_request_error"}}},
            ReplyProblem.REJECTED,
            Ending.ERRORED,
        ),
        ({"type": "canceled"}, ReplyProblem.UNAVAILABLE, Ending.CANCELED),
        ({"type": "expired"}, ReplyProblem.UNAVAILABLE, Ending.EXPIRED),
        ({"type": "of the future"}, ReplyProblem.UNAVAILABLE, Ending.UNREADABLE),
        (None, ReplyProblem.UNAVAILABLE, Ending.UNREADABLE),
    ],
)
def test_each_ending_has_its_reason(result: object, problem: ReplyProblem, ending: Ending) -> None:
    read = read_line(line(result), Shape)

    assert (read.custom_id, read.reading.value, read.reading.problem, read.ending) == ("a", None, problem, ending)
    assert read.reading.detail


@given(body=st.binary(max_size=200))
def test_no_bytes_break_it(body: bytes) -> None:
    assert read_line(Line(body=body, is_whole=True), Shape).reading.value is None
    assert isinstance(read_state(body), Failure)
    assert isinstance(read_page(body), Failure)


def test_deep_nesting_does_not_break_it() -> None:
    deep = Line(body=b'{"custom_id":"a","result":' + b"[" * 100_000, is_whole=True)

    assert read_line(deep, Shape).ending is Ending.UNREADABLE


def test_a_missing_result_is_a_reason_too() -> None:
    assert missing("a").reading.problem is ReplyProblem.UNAVAILABLE


@pytest.mark.parametrize("name", ["../../v1/files", "a b", "", "x" * 201, "a%2fb"])
def test_an_id_that_could_lead_elsewhere_is_no_batch(name: str) -> None:
    counts = dict.fromkeys(("processing", "succeeded", "errored", "canceled", "expired"), 0)
    fields = {
        "id": name,
        "type": "message_batch",
        "processing_status": "ended",
        "created_at": "2026-11-26T00:00:00Z",
        "request_counts": counts,
    }

    assert isinstance(read_state(json.dumps(fields).encode()), Failure)
    assert not isinstance(read_state(json.dumps(fields | {"id": "msgbatch_01"}).encode()), Failure)
