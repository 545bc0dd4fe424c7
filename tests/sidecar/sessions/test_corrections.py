"""What people did in a session that corrects the agent is told once, with the step it belongs to."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.capture.words import marked
from sidecar.domain import Channel, Correction, CorrectionKind, Intervention, Observation, StepId, StepKind, StepPart
from tests.sidecar.sessions.observed import command, keyed_hash, prompted, seen, session_of

WORDS, INTERRUPT, HUMAN_EDIT = CorrectionKind.USER_WORDS, CorrectionKind.INTERRUPT, CorrectionKind.HUMAN_EDIT
STOPPED = "The user stopped the agent here."


def told(*observations: Observation) -> list[tuple[CorrectionKind, str, str]]:
    return [(one.kind, one.step_id, one.text) for one in session_of(observations).corrections]


def intervened(at_ns: int, intervention: Intervention, step: StepPart | None = None) -> Observation:
    return replace(seen(at_ns, f"intervention {at_ns} {intervention}", step=step), intervention=intervention)


def edited(at_ns: int, path: str, step_id: str = "") -> StepPart:
    return StepPart(
        step_id=StepId(step_id or f"edit-{at_ns}"),
        kind=StepKind.TOOL_CALL,
        path=path,
        is_write=True,
        new_text="x",
        started_ns=at_ns,
    )


def refused(at_ns: int, words: str | None = None) -> Observation:
    part = StepPart(step_id=StepId(f"call-{at_ns}"), kind=StepKind.TOOL_CALL, started_ns=at_ns, is_success=False)
    return intervened(at_ns, Intervention(kind=INTERRUPT, words=words), part)


def model(at_ns: int) -> Observation:
    return seen(at_ns, step=StepPart(step_id=StepId(f"m-{at_ns}"), kind=StepKind.MODEL_CALL, started_ns=at_ns))


def test_words_after_the_first_prompt_correct_and_the_first_prompt_does_not() -> None:
    first = prompted(1, "p1", "Never use floats for money. Fix the rounding.")
    later = prompted(9, "p2", "Thanks. But don't touch rates.py!")

    assert told(first, command(5, "make"), later) == [(WORDS, "p2", "But don't touch rates.py!")]


@pytest.mark.parametrize("is_human", [False, None])
def test_a_prompt_that_no_person_is_known_to_have_written_does_not_correct(is_human: bool | None) -> None:
    machine = prompted(9, "p2", "No, use make test.")
    assert machine.step is not None

    assert told(prompted(1, "p1"), replace(machine, step=replace(machine.step, is_human=is_human))) == []


def test_what_a_sub_agent_is_told_does_not_correct() -> None:
    observations = [prompted(1, "p1"), prompted(9, "p2", "No, use make test.")]

    session = session_of([replace(one, is_subagent=True) for one in observations])

    assert session.corrections == ()
    assert (session.is_subagent, session.first_prompt, session.task) == (True, None, None)


def test_of_a_prompt_that_was_not_kept_its_correction_is_the_same() -> None:
    words = "The salary list is secret. No, use make test."
    kept = marked(words, keyed_hash, has_corrections=True)

    assert told(prompted(1, "p1"), prompted(9, "p2", kept)) == told(prompted(1, "p1"), prompted(9, "p2", words))


def test_an_interruption_belongs_to_what_was_under_way() -> None:
    stop = intervened(6, Intervention(kind=INTERRUPT))

    assert told(prompted(1, "p1"), command(5, "make deploy"), stop, command(7, "ls")) == [
        (INTERRUPT, "toolu_5", STOPPED)
    ]


def test_a_refused_call_tells_the_persons_own_words() -> None:
    assert told(prompted(1, "p1"), refused(5, "use pnpm")) == [(INTERRUPT, "call-5", "use pnpm")]


def test_calls_refused_together_are_one_interruption() -> None:
    stop = intervened(8, Intervention(kind=INTERRUPT))

    assert told(prompted(1, "p1"), model(4), refused(5), refused(6), refused(7), stop) == [
        (INTERRUPT, "call-5", STOPPED)
    ]


def test_refusals_in_two_answers_are_two() -> None:
    assert [at for _, at, _ in told(model(4), refused(5), model(6), refused(7))] == ["call-5", "call-7"]


def test_two_channels_that_tell_of_one_refusal_are_one_and_the_words_stay() -> None:
    hook = replace(refused(5), key="hook")
    transcript = replace(refused(5, "use pnpm"), key="transcript", channel=Channel.TRANSCRIPT)

    assert told(model(4), hook, transcript) == [(INTERRUPT, "call-5", "use pnpm")]


def test_a_changed_edit_is_a_human_one() -> None:
    assert told(intervened(5, Intervention(kind=HUMAN_EDIT), edited(5, "/w/a.py"))) == [
        (HUMAN_EDIT, "edit-5", "The user changed the agent's edit of /w/a.py before it was written.")
    ]


STALE = Intervention(kind=HUMAN_EDIT, is_certain=False)


@pytest.mark.parametrize(
    ("line", "is_told"),
    [
        ("pytest -q 2>&1 | tail", True),
        ("git status", True),
        ("ruff format .", False),
        ("npm run lint:fix", False),
        ("git -C . checkout a.py", False),
        ("sed -i s/a/b/ a.py", False),
        ("python gen.py > a.py", False),
    ],
)
def test_a_file_that_a_command_may_have_changed_says_nothing_of_a_person(line: str, is_told: bool) -> None:
    found = told(
        seen(1, step=edited(1, "a.py")), command(3, line), intervened(5, STALE, edited(5, "a.py", "edit-again"))
    )

    text = "a.py was changed outside the session after the agent had read it, by a person or a program."
    assert found == ([(HUMAN_EDIT, "edit-again", text)] if is_told else [])


def test_a_command_before_the_agent_had_the_file_changes_nothing() -> None:
    before = command(1, "ruff format .")

    assert told(before, seen(2, step=edited(2, "a.py")), intervened(5, STALE, edited(5, "a.py", "again")))


def test_an_edit_that_names_its_file_belongs_to_the_last_step_on_it() -> None:
    note = intervened(8, replace(STALE, path="a.py"))

    found = told(seen(1, step=edited(1, "a.py")), seen(2, step=edited(2, "b.py")), note)

    assert [at for _, at, _ in found] == ["edit-1"]


def test_a_session_of_nothing_but_an_interruption_has_no_correction() -> None:
    assert told(intervened(5, Intervention(kind=INTERRUPT))) == []


ALL = [
    prompted(1, "p1"),
    model(2),
    refused(3),
    refused(4, "use pnpm"),
    prompted(5, "p2", "no, use make test"),
    model(6),
    seen(7, step=edited(7, "a.py")),
    intervened(8, replace(STALE, path="a.py")),
    intervened(9, Intervention(kind=INTERRUPT)),
]


@given(st.randoms(use_true_random=False), st.integers(0, 3))
def test_order_and_repetition_change_nothing(shuffler: random.Random, repeats: int) -> None:
    shuffled = [*ALL, *ALL[:repeats]]
    shuffler.shuffle(shuffled)

    assert session_of(shuffled).corrections == session_of(ALL).corrections
    assert Correction(kind=WORDS, step_id=StepId("p2"), text="no, use make test") in session_of(ALL).corrections


@pytest.mark.parametrize("words", ["Continue", "please continue.", "继续", "weiter!"])
@pytest.mark.parametrize("is_kept", [True, False])
def test_a_prompt_that_only_goes_on_names_no_task(words: str, is_kept: bool) -> None:
    text = words if is_kept else marked(words, keyed_hash, has_corrections=True)

    session = session_of([prompted(1, "p1", text), prompted(2, "p2", "Add Austria.")])

    assert session.first_prompt == "Add Austria."
    assert session.task == f"prompt:{keyed_hash('add austria')}"
