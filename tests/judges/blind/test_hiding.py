"""What the blind judge is shown: the session, and no word of how it ended, wherever such a word was planted."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judges.blind import render_blind
from judges.cutting import token_estimate
from judges.packet import build_packet, render_packet
from sidecar.domain import Correction, CorrectionKind, Label, LabelDecision, Packet, StepId, TestResult, TestStatus
from tests.judges.acts import asked, checked, edited, packet_of, ran, session_of

STATUS = re.compile(
    r"\b(?:passed|passes|passing|fail(?:s|ed|ing|ure|ures)?|errored|skipped|code_fail|succeeded|success(?:ful|fully)?|worked"
    r"|exit(?:ed)? (?:code|status|with)[ =:]*\d+)\b|[✓✗✔✘✅❌]",
    re.IGNORECASE,
)
CANARIES = [
    "3 failed, 12 passed in 0.31s",
    "FAILED tests/test_sum.py::test_total - assert 12.5 == 1250",
    "exit code 1",
    "exited with status 2",
    "Process finished with exit code 0",
    "✗ adds totals",
    "✅ all good",
    "not ok 3 - totals",
    "test result: FAILED. 3 passed; 1 failed",
    "BUILD FAILURE",
    "--- FAIL: TestTotal (0.00s)",
    "the tests fail",
    "everything passes now",
    "it succeeded",
    "the run was successful",
    "label: code_fail",
    "1 error during collection",
    "Errors: 4, Skipped: 1",
    "ERROR tests/test_sum.py",
    "returncode=1",
]
TEST = TestResult(
    id="tests/test_sum.py::test_total", status=TestStatus.FAILED, message="assert 12.5 == 1250\nmore", path="t.py"
)


def packet_with(canary: str, label: Label = Label.CODE_FAIL) -> Packet:
    """A session with a canary in every place that a packet draws from, code and file names left alone."""
    session = session_of(
        asked(f"Add the total. {canary}"),
        ran("python -m checker", f"No module named checker\n{canary}", ok=False, exit_code=1),
        checked("make check", f"early 3 passed {canary}"),
        asked(f"No, use integers. {canary}"),
        edited("src/money.py", "return cents", f"# {canary}\nreturn cents / 100"),
        asked(f"Thanks, that is what I wanted. {canary}"),
        checked("make check", f"{canary}\nthe last line", ok=False),
    )
    corrections = (
        Correction(kind=CorrectionKind.USER_WORDS, step_id=StepId("step-3"), text=f"No, use integers. {canary}"),
        Correction(kind=CorrectionKind.USER_WORDS, step_id=StepId("step-5"), text=f"That is it. {canary}"),
        Correction(kind=CorrectionKind.LATER_EDIT, step_id=StepId("step-3"), text=f"It was pushed again. {canary}"),
    )
    decision = LabelDecision(label=label, reason=f"1 of 3 tests failed: {canary}", tests=(TEST,))
    return build_packet(replace(session, corrections=corrections), decision, [f"a note: {canary}", "score: 0"])


@pytest.mark.parametrize("canary", CANARIES)
def test_no_word_of_the_result_survives_wherever_it_stood(canary: str) -> None:
    packet = packet_with(canary)

    shown = render_blind(packet)

    assert STATUS.search(render_packet(packet))
    assert not STATUS.search(shown), STATUS.search(shown)
    assert canary not in shown


@pytest.mark.parametrize("canary", ["zebra-quagga-4711", "assert 12.5 == 1250"])
def test_what_tests_and_people_said_of_the_work_is_left_out_whole(canary: str) -> None:
    packet = packet_with("")
    steps = tuple(replace(step, output=f"{step.output} {canary}") if step.output else step for step in packet.steps)
    session = replace(session_of(), steps=steps)
    test = replace(TEST, id=f"t::{canary}", message=canary)
    told = LabelDecision(label=Label.CODE_FAIL, reason=canary, tests=(test,))

    shown = render_blind(build_packet(session, told, [f"note {canary}"]))

    assert "return cents / 100" in shown
    assert canary not in shown


def test_words_after_the_last_change_are_not_shown_and_those_before_it_are() -> None:
    shown = render_blind(packet_with(""))

    assert "No, use integers." in shown
    assert "Add the total." in shown
    assert "Thanks" not in shown
    assert "That is it" not in shown
    assert "a note" not in shown
    assert "score" not in shown


def test_the_last_test_run_is_shown_as_its_command_alone_and_other_commands_not_at_all() -> None:
    packet = packet_with("")
    shown = render_blind(packet)

    assert "## failed, then worked" in render_packet(packet)
    assert shown.count("$ make check") == 1
    assert "python -m checker" not in shown
    assert "No module named" not in shown
    assert "the last line" not in shown


def test_a_message_of_the_failing_test_is_hidden_where_code_repeats_it() -> None:
    session = session_of(edited("src/money.py", "", "# assert 12.5 == 1250 is what we get\nreturn 12.5"))
    told = LabelDecision(label=Label.CODE_FAIL, reason="1 of 1", tests=(TEST,))

    shown = render_blind(build_packet(session, told))

    assert "1250" not in shown
    assert "return 12.5" in shown


@pytest.mark.parametrize(
    "line",
    ["    pass", "except KeyError: pass", "raise ValueError(name)", "bypass = password", "logger.error(text)", "else:"],
)
def test_code_that_tells_no_result_stays_as_it_is(line: str) -> None:
    assert line in render_blind(packet_of(edited("src/money.py", "", line)))


def test_the_same_change_looks_the_same_whatever_its_result() -> None:
    def shown(label: Label, output: str, *, ok: bool) -> str:
        tests = [TEST] if label is Label.CODE_FAIL else []
        return render_blind(
            packet_of(
                asked("Add the total."),
                edited("a.py", "x", "y"),
                checked("make check", output, ok=ok),
                label=label,
                tests=tests,
            )
        )

    assert shown(Label.CODE_FAIL, "1 failed", ok=False) == shown(Label.PASS, "3 passed", ok=True) != ""


@pytest.mark.parametrize("label", [Label.PASS, Label.CODE_FAIL])
def test_without_a_change_to_show_nothing_is_shown(label: Label) -> None:
    assert render_blind(packet_of(asked("Do it."), checked("make check"), label=label)) == ""


@given(st.text(alphabet=st.sampled_from("pasfilokerd ✓1\n:")), st.sampled_from(CANARIES))
def test_hiding_never_makes_a_packet_longer_and_leaves_nothing_to_hide(noise: str, canary: str) -> None:
    packet = packet_of(asked(f"{noise} {canary}"), edited("a.py", noise, f"{canary} {noise}"))

    shown = render_blind(packet)

    assert token_estimate(shown) <= token_estimate(render_packet(packet))
    assert canary not in shown
