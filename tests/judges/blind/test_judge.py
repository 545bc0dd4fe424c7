"""The judge `blind` against the scripted model: what it asks, what it says, and what it says when it cannot tell."""

from dataclasses import replace

import pytest

from judges.blind import BlindJudge, prompt_version
from judges.blind.prompt import SYSTEM, BlindReply
from sidecar.domain import BlindCall, Guess, Label, Purpose, ReplyProblem, Unjudged
from sidecar.errors import SpendCapError
from sidecar.llm import Model
from sidecar.store import Cap, Store
from tests.judges.acts import asked, checked, edited, packet_of
from tests.judges.blind.answering import REASON, guessed, record_in
from tests.judges.failure.packets import failed_packet
from tests.scripted_model import Asked, Fault, ScriptedModel, always, open_model

PROBLEMS = {
    Fault.PROSE: ReplyProblem.PROSE,
    Fault.PROSE_AROUND: ReplyProblem.PROSE,
    Fault.FENCED: ReplyProblem.PROSE,
    Fault.NOT_A_NUMBER: ReplyProblem.WRONG_SHAPE,
    Fault.OUT_OF_RANGE: ReplyProblem.WRONG_SHAPE,
    Fault.UNKNOWN_FIELD: ReplyProblem.WRONG_SHAPE,
    Fault.MISSING_FIELD: ReplyProblem.WRONG_SHAPE,
    Fault.REFUSAL: ReplyProblem.REFUSED,
    Fault.TRUNCATED: ReplyProblem.TRUNCATED,
    Fault.PAUSED: ReplyProblem.UNFINISHED,
    Fault.HUGE: ReplyProblem.OVERSIZE,
    Fault.NO_CONTENT: ReplyProblem.EMPTY,
    Fault.BLANK: ReplyProblem.EMPTY,
    Fault.PAGE: ReplyProblem.NOT_A_MESSAGE,
    Fault.WRONG_LANGUAGE: ReplyProblem.WRONG_LANGUAGE,
    Fault.SERVER_ERROR: ReplyProblem.UNAVAILABLE,
}


@pytest.fixture(autouse=True)
def answers(server: ScriptedModel) -> None:
    """The server answers the blind judge."""
    server.script = guessed


async def test_it_guesses_and_says_why_and_how_sure_it_is(model: Model) -> None:
    packet = failed_packet()

    call = await BlindJudge(model).guess(packet)

    assert isinstance(call, BlindCall)
    assert (call.guess, call.confidence, call.reason) == (Guess.FAIL, 0.8, REASON)
    assert (call.session, call.session_revision) == (packet.session, packet.session_revision)
    assert call.cost_usd > 0


async def test_the_model_is_shown_the_change_and_nothing_of_the_result(server: ScriptedModel, model: Model) -> None:
    await BlindJudge(model).guess(failed_packet(output="1 failed\nzebra-4711"))

    (request,) = server.meter.asked
    assert "return cents / 100" in record_in(request)
    assert request.is_cached
    for hidden in ("zebra-4711", "code_fail", "failed", "12.5 == 1250"):
        assert hidden not in request.user


async def test_each_call_has_marks_of_its_own(server: ScriptedModel, model: Model) -> None:
    for revision in range(1, 4):
        await BlindJudge(model).guess(replace(failed_packet(), session_revision=revision))

    marks = {request.user.split("\n", 1)[0] for request in server.meter.asked}
    assert len(marks) == 3


@pytest.mark.parametrize("fault", PROBLEMS)
async def test_an_answer_of_no_use_is_a_reason_and_never_a_guess(
    server: ScriptedModel, model: Model, fault: Fault
) -> None:
    server.plan = always(fault)

    said = await BlindJudge(model).guess(failed_packet())

    assert isinstance(said, Unjudged)
    assert said.problem is PROBLEMS[fault]
    assert said.detail


@pytest.mark.parametrize("answer", ["PASS", "passed", "unknown", "", None, True, ["fail"]])
async def test_another_answer_than_the_two_is_no_guess(server: ScriptedModel, model: Model, answer: object) -> None:
    def answering(asked: Asked) -> object:
        return {**guessed(asked), "answer": answer}

    server.script = answering

    said = await BlindJudge(model).guess(failed_packet())

    assert isinstance(said, Unjudged)
    assert said.problem is ReplyProblem.WRONG_SHAPE


@pytest.mark.parametrize("label", [Label.INFRA, Label.UNKNOWN])
async def test_it_asks_nothing_about_sessions_whose_result_nobody_knows(
    server: ScriptedModel, model: Model, label: Label
) -> None:
    packet = packet_of(asked("Do it."), edited("a.py"), checked("make check"), label=label)

    assert await BlindJudge(model).guess(packet) is None
    assert server.meter.asked == []


async def test_an_answer_that_was_paid_is_not_paid_again(server: ScriptedModel, model: Model) -> None:
    said = [await BlindJudge(model).guess(failed_packet()) for _ in range(2)]

    assert [one.guess for one in said if isinstance(one, BlindCall)] == [Guess.FAIL] * 2
    assert len(server.meter.billed) == 1


async def test_it_is_paid_under_a_purpose_of_its_own_and_under_the_cap(server: ScriptedModel, store: Store) -> None:
    free, capped = open_model(server.url, store), open_model(server.url, store, cap=Cap(day_usd=0.0))
    await BlindJudge(free).guess(failed_packet())

    with pytest.raises(SpendCapError):
        await BlindJudge(capped).guess(replace(failed_packet(), session_revision=2))

    assert [spent.purpose for spent in store.spent(0)] == [Purpose.BLIND]
    for one in (free, capped):
        await one.close()


def test_the_prompt_asks_for_the_reason_before_the_answer() -> None:
    fields = list(BlindReply.__dataclass_fields__)

    assert fields == ["reason", "answer", "confidence"]
    assert SYSTEM.index('"reason"') < SYSTEM.index('"answer"') < SYSTEM.index('"confidence"')


def test_the_version_changes_with_the_model() -> None:
    assert prompt_version("a") != prompt_version("b")
    assert len(prompt_version("a")) == 16
