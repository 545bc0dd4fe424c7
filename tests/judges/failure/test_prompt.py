"""The prompt: what it holds, that the packet cannot leave its marks, and that its version changes with it."""

import hashlib
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judges.failure.prompt import MAX_TOKENS, SYSTEM, failure_request, prompt_version
from judges.failure.reply import FailureReply
from judges.packet import render_packet
from sidecar.domain import FailureClass, Label, Purpose
from tests.judges.acts import asked, checked, edited, packet_of
from tests.judges.failure.packets import failed_packet

BY_SHAPE_ALONE = {FailureClass.CHANGE_TOGETHER, FailureClass.MECHANICAL_FIX, FailureClass.REPEATED_STEP}
ASKED_FOR = [one for one in FailureClass if one not in BY_SHAPE_ALONE]


def mark() -> str:
    return "0123456789abcdef"


def test_the_packet_stands_whole_between_two_marks_and_nowhere_else() -> None:
    packet = failed_packet()

    request = failure_request(packet, request_key="k", draw_mark=mark)

    assert request.user.startswith(f"packet {mark()}\n{render_packet(packet)}\npacket {mark()}\n")
    assert request.user.count(mark()) == 2
    assert (request.purpose, request.shape, request.max_tokens) == (Purpose.JUDGE, FailureReply, MAX_TOKENS)


def test_the_stable_part_is_the_same_for_every_packet() -> None:
    packets = [failed_packet(), failed_packet(output="another output")]

    assert {failure_request(one, request_key="k", draw_mark=mark).system for one in packets} == {SYSTEM}


@given(text=st.text(alphabet="abc\n", max_size=60))
def test_no_text_of_a_session_holds_its_own_mark(text: str) -> None:
    numbers = count()
    packet = failed_packet(output=text)

    request = failure_request(packet, request_key="k", draw_mark=lambda: "abc"[next(numbers) % 3] * (1 + next(numbers)))

    drawn = request.user.split("\n", 1)[0].removeprefix("packet ")
    assert drawn not in render_packet(packet)


@pytest.mark.parametrize("failure_class", ASKED_FOR)
def test_each_class_has_a_line_with_an_example(failure_class: FailureClass) -> None:
    (line,) = [line for line in SYSTEM.splitlines() if line.startswith(f'- "{failure_class}":')]

    assert "Example: " in line or failure_class is FailureClass.FAILING_ASSERTION


def test_the_classes_of_the_prompt_are_those_of_the_shape() -> None:
    named = [line.split('"')[1] for line in SYSTEM.splitlines() if line.startswith('- "')]

    assert sorted(named) == sorted(ASKED_FOR)


def test_it_asks_for_the_explanation_before_the_class_and_never_for_the_outcome() -> None:
    fields = list(FailureReply.__dataclass_fields__)

    assert fields.index("explanation") < fields.index("quotes") < fields.index("failure_class")
    assert not {"verdict", "passed", "score", "confidence"} & set(fields)
    assert "you are not asked whether it did" in SYSTEM


def test_a_whole_prompt_stays_under_8000_tokens() -> None:
    steps = [edited(f"src/{at}.py", "x " * 4000, "y " * 4000) for at in range(40)]
    packet = packet_of(
        asked("Do it."), *steps, checked("make check", "E boom\n" * 5000, ok=False), label=Label.CODE_FAIL
    )

    request = failure_request(packet, request_key="k", draw_mark=mark)

    assert (len(request.system) + len(request.user)) / 4 <= 8000


def test_the_version_changes_with_words_and_model() -> None:
    versions = {prompt_version(model) for model in ("claude-haiku-5-5", "claude-sonnet-5-5")}

    assert len(versions) == 2
    assert prompt_version("claude-haiku-5-5") in versions
    assert all(len(version) == 16 for version in versions)
    assert hashlib.sha256(SYSTEM.encode()).hexdigest()[:16] not in versions
