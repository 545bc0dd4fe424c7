"""Steps as merged from every channel."""

from dataclasses import replace

import pytest

from sidecar.domain import (
    Channel,
    Observation,
    Step,
    StepId,
    StepKind,
    StepPart,
)
from sidecar.sessions import with_test_runs
from tests.sidecar.sessions.observed import command, seen, session_of


def part(**fields: str | bool | None) -> StepPart:
    return replace(StepPart(step_id=StepId("t"), kind=StepKind.TOOL_CALL), **fields)  # pyright: ignore[reportArgumentType] # names of its fields


def step_of(*observations: Observation) -> Step:
    (step,) = session_of(observations).steps
    return step


def test_session_file_is_believed_before_hook_before_telemetry() -> None:
    told = [seen(n, channel=channel, step=part(output=channel.value)) for n, channel in enumerate(Channel)]

    assert step_of(*reversed(told)).output == "transcript"
    assert step_of(*told[1:]).output == "hook"


def test_less_trusted_channel_fills_what_the_other_left_open() -> None:
    file, hook = part(output="text"), part(output="other", command="make")

    step = step_of(seen(1, channel=Channel.TRANSCRIPT, step=file), seen(2, channel=Channel.HOOK, step=hook))

    assert (step.output, step.command) == ("text", "make")


def test_time_of_the_session_file_wins_over_a_hooks_receipt() -> None:
    file = replace(part(), started_ns=10)

    step = step_of(seen(10, channel=Channel.TRANSCRIPT, step=file), seen(99, is_timed=False, step=part()))

    assert step.at_ns == 10


def test_answer_of_several_blocks_is_one_text() -> None:
    blocks = [StepPart(step_id=StepId("r"), kind=StepKind.MODEL_CALL, text=text) for text in ("One.", "Two.")]
    told = [seen(n, channel=Channel.TRANSCRIPT, step=block) for n, block in enumerate(blocks)]
    whole = replace(blocks[0], text="One.Two.")

    assert step_of(seen(9, channel=Channel.OTLP, step=whole), *told).text == "One.\nTwo."


def test_whole_file_that_was_written_has_no_old_text_of_another_channel() -> None:
    file, exported = part(new_text="all", is_write=True), part(new_text="all", old_text="some", is_write=True)

    step = step_of(seen(1, channel=Channel.TRANSCRIPT, step=file), seen(1, channel=Channel.OTLP, step=exported))

    assert (step.old_text, step.new_text) == (None, "all")


@pytest.mark.parametrize(
    ("is_success", "kind"), [(True, StepKind.EDIT), (None, StepKind.EDIT), (False, StepKind.TOOL_CALL)]
)
def test_write_is_an_edit_unless_it_failed(is_success: bool | None, kind: StepKind) -> None:
    assert step_of(seen(1, step=part(is_write=True, new_text="x", is_success=is_success))).kind is kind


@pytest.mark.parametrize(
    ("path", "cwd", "expected"),
    [
        ("/w/calc/src/a.py", "/w/calc", "src/a.py"),
        ("/w/calc/src/a.py", "/w/calc/", "src/a.py"),
        ("/w/calculator/a.py", "/w/calc", "/w/calculator/a.py"),
        ("/w/calc/../secret", "/w/calc", "/w/calc/../secret"),
        ("./src/a.py", "/w/calc", "src/a.py"),
        ("src\\a.py", "C:\\w", "src/a.py"),
        ("C:\\w\\src\\a.py", "C:\\w", "src/a.py"),
        ("/w/calc/a.py", None, "/w/calc/a.py"),
    ],
)
def test_path_is_relative_to_the_sessions_first_folder(path: str, cwd: str | None, expected: str) -> None:
    assert step_of(seen(1, cwd=cwd, step=part(path=path)), seen(2, cwd="/elsewhere")).path == expected


def test_steps_stand_in_time_order_and_what_was_said_before_what_was_done() -> None:
    call = StepPart(step_id=StepId("z"), kind=StepKind.MODEL_CALL, started_ns=5)
    tool = StepPart(step_id=StepId("a"), kind=StepKind.TOOL_CALL, started_ns=5)
    first = StepPart(step_id=StepId("m"), kind=StepKind.TOOL_CALL, started_ns=1)

    session = session_of([seen(5, step=tool), seen(5, step=call), seen(1, step=first)])

    assert [step.step_id for step in session.steps] == ["m", "z", "a"]


def test_command_that_ran_tests_is_a_test_run_even_if_it_committed() -> None:
    both = command(1, "make check && git commit -m x", "ok\n[main 1234567] x\n")
    session = session_of([both, command(2, "ls", "a")])

    kinds = [step.kind for step in with_test_runs(session, lambda step: "check" in (step.command or "")).steps]

    assert kinds == [StepKind.TEST_RUN, StepKind.TOOL_CALL]
