"""Packets: the same bytes for the same session, most telling first, within the budget."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from judges.cutting import cut, size, token_estimate
from judges.packet import build_packet, quote_is_in, render_packet
from sidecar.domain import (
    Correction,
    CorrectionKind,
    Label,
    LabelDecision,
    Packet,
    Session,
    StepId,
    StepKind,
    TestResult,
    TestStatus,
)
from sidecar.redact import Redactor
from tests.judges.acts import NO_MODULE, answered, asked, checked, edited, looked, packet_of, ran, session_of

_ROOT = Path(__file__).parents[2]
_DECISION = LabelDecision(
    label=Label.CODE_FAIL,
    reason="1 of 3 tests failed",
    tests=(
        TestResult(id="t::good", status=TestStatus.PASSED),
        TestResult(id="t::bad", status=TestStatus.FAILED, message="assert 1 == 2\nmore", path="t.py", line=3),
    ),
)


def _session() -> Session:
    return session_of(
        asked("Fix the sum."),
        ran("python -m checker", NO_MODULE, ok=False),
        ran("ls", "src"),
        checked("make check", "1 failed", ok=False),
        answered("Now the change."),
        edited("src/sum.py", "a - b", "a + b"),
        asked("No, use integers."),
        asked("A task ended.", is_human=False),
        edited("src/sum.py", "a + b", "int(a + b)"),
        checked("make check", "FAILED t::bad - assert 1 == 2", ok=False),
    )


def _titles(packet: Packet) -> list[str]:
    return [section.title for section in packet.sections]


def test_sections_come_most_telling_first_and_newest_first() -> None:
    packet = build_packet(_session(), _DECISION, ["the sum is wrong"])

    assert _titles(packet) == [
        "outcome",
        "failing tests",
        "last test run",
        "task",
        "feedback",
        "failed, then worked",
        "user said",
        "edit",
        "edit",
        "paths touched",
    ]
    assert [section.step_id for section in packet.sections if section.title == "edit"] == ["step-8", "step-5"]


def test_sections_point_at_their_steps() -> None:
    packet = build_packet(_session(), _DECISION)
    ids = {step.step_id for step in packet.steps}

    assert {section.step_id for section in packet.sections} - {None} <= ids


def test_an_edit_is_shown_as_a_hunk() -> None:
    packet = packet_of(edited("src/sum.py", "a - b\nc", "a + b"))

    assert next(section.text for section in packet.sections if section.title == "edit") == (
        "--- src/sum.py\n-a - b\n-c\n+a + b"
    )


def test_the_first_prompt_and_machine_made_ones_are_no_corrections() -> None:
    packet = build_packet(_session(), _DECISION)

    assert [section.text for section in packet.sections if section.title == "user said"] == ["No, use integers."]


def test_failing_tests_are_named_with_place_and_first_line() -> None:
    packet = build_packet(_session(), _DECISION)

    assert packet.sections[1].text == "t::bad (t.py:3): failed assert 1 == 2"
    assert [test.id for test in packet.tests] == ["t::bad"]


def test_words_of_the_model_are_left_out_of_the_steps() -> None:
    packet = build_packet(_session(), _DECISION)

    assert all(step.kind is not StepKind.MODEL_CALL for step in packet.steps)


@pytest.mark.parametrize("budget", [50, 300, 1000, 6000])
def test_the_rendered_packet_stays_within_the_budget(budget: int) -> None:
    steps = [edited(f"src/file_{at}.py", "x" * 900, "y" * 900) for at in range(40)]
    session = session_of(*steps, checked("make check", "line\n" * 20_000, ok=False))

    packet = build_packet(session, _DECISION, budget_tokens=budget)

    assert token_estimate(render_packet(packet)) <= budget
    assert packet.omitted_tokens > 0


def test_a_packet_with_room_leaves_nothing_out() -> None:
    assert build_packet(_session(), _DECISION).omitted_tokens == 0


def test_head_and_tail_of_a_long_output_are_kept_for_judges() -> None:
    packet = packet_of(ran("cat log", "HEAD" + "x" * 50_000 + "TAIL"))
    output = packet.steps[0].output or ""

    assert len(output) <= 8000
    assert output.startswith("HEAD")
    assert output.endswith("TAIL")


def test_the_tail_of_the_last_test_run_is_shown() -> None:
    packet = packet_of(checked("make check", "x\n" * 50_000 + "THE END", ok=False))

    assert "THE END" in render_packet(packet)


def test_a_failed_check_is_shown_with_the_check_that_ran() -> None:
    packet = packet_of(
        ran("python -m checker", NO_MODULE, ok=False), ran("cat Makefile", "check:"), checked("make check")
    )

    (section,) = [one for one in packet.sections if one.title == "failed, then worked"]
    assert "$ python -m checker\nfailed\n" in section.text
    assert section.text.endswith("$ make check\nworked")


def test_a_session_without_steps_has_a_packet() -> None:
    assert _titles(packet_of()) == ["outcome"]


def test_the_same_session_gives_the_same_bytes_under_any_hash_seed() -> None:
    program = (
        "import hashlib; from tests.judges.test_packet import _session, _DECISION;"
        "from judges.packet import build_packet, render_packet;"
        "print(hashlib.sha256(render_packet(build_packet(_session(), _DECISION, ['a', 'b'])).encode()).hexdigest())"
    )

    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=_ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }

    here = render_packet(build_packet(_session(), _DECISION, ["a", "b"]))
    assert digests == {hashlib.sha256(here.encode()).hexdigest()}


@pytest.mark.parametrize("quote", [NO_MODULE, "int(a + b)", "src/sum.py", "python -m checker", "1 of 3 tests failed"])
def test_words_of_the_packet_are_quotes(quote: str) -> None:
    assert quote_is_in(build_packet(_session(), _DECISION), quote)


@pytest.mark.parametrize("quote", ["", "  ", "Now the change.", "no module named checker", "a - b\nmake check"])
def test_other_words_are_no_quotes(quote: str) -> None:
    assert not quote_is_in(build_packet(_session(), _DECISION), quote)


def test_corrections_of_people_come_before_what_they_said_otherwise() -> None:
    session = replace(
        session_of(
            asked("Fix it."), edited("a.py"), asked("No, use integers."), asked("Now the docs."), edited("a.py")
        ),
        corrections=(
            Correction(kind=CorrectionKind.USER_WORDS, step_id=StepId("step-2"), text="No, use integers."),
            Correction(kind=CorrectionKind.HUMAN_EDIT, step_id=StepId("step-4"), text="a.py was changed by somebody"),
        ),
    )

    packet = build_packet(session, _DECISION)

    said = [(section.title, section.step_id, section.text) for section in packet.sections if section.step_id]
    assert said[1:4] == [
        ("changed by a person", "step-4", "a.py was changed by somebody"),
        ("user said", "step-2", "No, use integers."),
        ("user said", "step-3", "Now the docs."),
    ]


_TEXTS = st.text(max_size=1500) | st.text(alphabet="aé猫\n\U0001f600", min_size=500, max_size=6000)


@settings(max_examples=60)
@given(_TEXTS, st.integers(min_value=0, max_value=1200))
def test_any_text_fits_any_budget(text: str, budget: int) -> None:
    session = session_of(
        *(ran("a", text, ok=False), looked("b", text), edited("c", text, text), asked(text), asked(text)),
        checked(text, text, ok=False),
    )

    packet = build_packet(session, LabelDecision(label=Label.UNKNOWN, reason="none"), [text], budget_tokens=budget)

    assert token_estimate(render_packet(packet)) <= budget


@settings(max_examples=60)
@given(_TEXTS, st.integers(min_value=50, max_value=400), st.data())
def test_what_the_packet_shows_of_an_output_is_a_verbatim_quote_of_it(
    text: str, budget: int, data: st.DataObject
) -> None:
    packet = build_packet(session_of(checked("make check", text, ok=False)), _DECISION, budget_tokens=budget)
    shown = [section.text for section in packet.sections if section.title == "last test run"]

    lines = [line for one in shown for line in one.split("\n")[2:] if line.strip() and "characters in all" not in line]
    quote = data.draw(st.sampled_from(lines)) if lines else ""

    assert quote in text
    assert not quote or quote_is_in(packet, quote)


@given(st.permutations(range(10)))
def test_the_order_in_which_steps_are_given_does_not_matter(order: list[int]) -> None:
    session = _session()
    shuffled = replace(session, steps=tuple(session.steps[at] for at in order))

    assert build_packet(shuffled, _DECISION, ["a"]) == build_packet(session, _DECISION, ["a"])


def test_whatever_is_shown_is_redacted_again_before_it_is_cut() -> None:
    secret = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    half = len(secret) // 2
    long = "x" * (960 - len("--- src/sum.py\n+") - half) + " " + secret + "y " * 3000
    session = replace(
        session_of(
            asked(f"Use {secret}."),
            ran(f"run --with {secret}", f"{secret} denied\n" + "z" * 5000, ok=False),
            ran(f"run --key {secret}"),
            edited("src/sum.py", None, long),
            asked(f"No, use {secret}."),
            checked(f"make check TOKEN={secret}", f"{'o' * 2000}{secret}{'p ' * 9000}{secret}", ok=False),
        ),
        corrections=(Correction(kind=CorrectionKind.USER_WORDS, step_id=StepId("step-4"), text=f"use {secret}"),),
    )
    test = TestResult(id="t::bad", status=TestStatus.FAILED, message=f"{secret} is wrong", path="t.py", line=3)
    decision = LabelDecision(label=Label.CODE_FAIL, reason=f"because of {secret}", tests=(test,))

    shown = render_packet(build_packet(session, decision, [secret], redact=Redactor(key=b"k" * 32).redact))

    assert secret[:12] not in shown
    assert shown.count("[REDACTED:") >= 8


@pytest.mark.parametrize(("text", "most"), [("é" * 100, 51), ("猫" * 100, 100), ("\ud83d" * 50, 70), ("a猫" * 40, 41)])
def test_a_text_is_cut_between_characters(text: str, most: int) -> None:
    shown = cut(text, most, head=0.5)

    first, _, last = shown.partition("\n[…")
    assert size(shown) <= most
    assert text.startswith(first)
    assert text.endswith(last.partition("…]\n")[2])


def test_of_words_that_were_not_kept_only_the_corrections_are_shown() -> None:
    mark = "[prompt 0123456789abcdef 52]"
    session = session_of(asked(f"{mark} Fix it."), asked(mark), asked(f"{mark} No, use integers."))

    packet = build_packet(session, _DECISION)

    assert [section.text for section in packet.sections if section.title == "user said"] == ["No, use integers."]
