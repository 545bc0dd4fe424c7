"""A model: what comes of a question, what is tried again and when, what stops everything, and what it costs."""

import asyncio
from pathlib import Path

import pytest

from sidecar.domain import ReplyProblem
from sidecar.errors import ModelRefusedError, ModelUnavailableError
from sidecar.llm import Model, ModelSettings
from sidecar.llm.model import MOST_IN_VAIN
from sidecar.store import Store
from tests.scripted_model import KEY, Asked, Clock, Fault, ScriptedModel, always, first, open_model
from tests.scripted_model.opening import MODEL
from tests.sidecar.llm.asking import Shape, question

ROOT = Path(__file__).parents[3]
PASSING = [
    Fault.REQUEST_TIMEOUT,
    Fault.CONFLICT,
    Fault.RATE_LIMIT,
    Fault.SERVER_ERROR,
    Fault.BAD_GATEWAY,
    Fault.UNAVAILABLE,
    Fault.GATEWAY_TIMEOUT,
    Fault.OVERLOADED,
    Fault.DROP,
]
FOR_ALL = [Fault.UNAUTHORISED, Fault.NO_CREDIT, Fault.NO_CREDIT_IN_WORDS, Fault.FORBIDDEN, Fault.NOT_FOUND]
USELESS = {
    Fault.REFUSAL: ReplyProblem.REFUSED,
    Fault.TRUNCATED: ReplyProblem.TRUNCATED,
    Fault.PAUSED: ReplyProblem.UNFINISHED,
    Fault.PROSE: ReplyProblem.PROSE,
    Fault.PROSE_AROUND: ReplyProblem.PROSE,
    Fault.FENCED: ReplyProblem.PROSE,
    Fault.NOT_A_NUMBER: ReplyProblem.WRONG_SHAPE,
    Fault.OUT_OF_RANGE: ReplyProblem.WRONG_SHAPE,
    Fault.UNKNOWN_FIELD: ReplyProblem.WRONG_SHAPE,
    Fault.MISSING_FIELD: ReplyProblem.WRONG_SHAPE,
    Fault.NO_CONTENT: ReplyProblem.EMPTY,
    Fault.BLANK: ReplyProblem.EMPTY,
    Fault.HUGE: ReplyProblem.OVERSIZE,
    Fault.PAGE: ReplyProblem.NOT_A_MESSAGE,
    Fault.BAD_REQUEST: ReplyProblem.REJECTED,
    Fault.TOO_LARGE: ReplyProblem.REJECTED,
}


async def test_an_answer_comes_as_the_shape_asked_for(server: ScriptedModel, model: Model) -> None:
    def script(asked: Asked) -> object:
        return {"words": asked.user, "is_so": True}

    server.script = script

    reply = await model.complete(question("Is it?"))

    assert reply.value == Shape(words="Is it?", is_so=True)
    assert (reply.problem, reply.stop_reason, reply.model) == (None, "end_turn", MODEL)
    assert reply.request_id is not None


async def test_secrets_are_taken_out_of_what_is_sent(server: ScriptedModel, store: Store) -> None:
    settings = ModelSettings(model=MODEL, api_key=KEY, base_url=server.url)
    model = Model.open(settings, store, lambda text: text.replace("hunter2", "[REDACTED]"))

    await model.complete(question("the password is hunter2"))
    await model.close()

    assert [asked.user for asked in server.meter.asked] == ["the password is [REDACTED]"]


@pytest.mark.parametrize("fault", PASSING)
async def test_what_passes_is_tried_again(server: ScriptedModel, model: Model, clock: Clock, fault: Fault) -> None:
    server.plan = first(fault, fault)

    reply = await model.complete(question())

    assert (reply.problem, len(server.meter.asked), len(clock.slept)) == (None, 3, 2)


@pytest.mark.parametrize(
    ("fault", "told_s"), [(Fault.RATE_LIMIT, 2.0), (Fault.RATE_LIMIT_MS, 0.25)], ids=["seconds", "milliseconds"]
)
async def test_a_wait_is_as_long_as_told(
    server: ScriptedModel, model: Model, clock: Clock, fault: Fault, told_s: float
) -> None:
    server.plan = first(fault)

    await model.complete(question())

    (slept,) = clock.slept
    assert told_s <= slept <= told_s * 1.25


async def test_a_wait_beyond_our_patience_is_not_waited(server: ScriptedModel, model: Model, clock: Clock) -> None:
    server.plan = first(Fault.RATE_LIMIT_LONG)

    reply = await model.complete(question())

    assert (reply.problem, clock.slept, len(server.meter.asked)) == (ReplyProblem.UNAVAILABLE, [], 1)


async def test_attempts_are_bounded_and_waits_grow(server: ScriptedModel, model: Model, clock: Clock) -> None:
    server.plan = always(Fault.OVERLOADED)

    reply = await model.complete(question())

    assert (reply.problem, len(server.meter.asked)) == (ReplyProblem.UNAVAILABLE, 4)
    assert "overloaded" in reply.detail
    assert clock.slept == sorted(clock.slept)
    assert len(clock.slept) == 3


@pytest.mark.parametrize("fault", [Fault.TIMEOUT, Fault.DRIP])
async def test_an_attempt_ends_in_time_however_slowly_bytes_come(
    server: ScriptedModel, store: Store, fault: Fault
) -> None:
    server.plan = first(fault)
    model = open_model(server.url, store, timeout_s=2)  # enough for the answer that comes then

    reply = await model.complete(question())
    await model.close()

    assert (reply.problem, len(server.meter.asked)) == (None, 2)


@pytest.mark.parametrize("fault", USELESS)
async def test_a_useless_answer_is_a_problem_and_is_not_asked_for_again(
    server: ScriptedModel, model: Model, fault: Fault
) -> None:
    server.plan = always(fault)

    reply = await model.complete(question())

    assert (reply.value, reply.problem, len(server.meter.asked)) == (None, USELESS[fault], 1)
    assert reply.detail
    assert "I looked at the packet" not in reply.detail


@pytest.mark.parametrize("fault", FOR_ALL)
async def test_what_no_call_will_survive_stops_everything_at_once(
    server: ScriptedModel, store: Store, model: Model, fault: Fault
) -> None:
    server.plan = always(fault)

    with pytest.raises(ModelRefusedError, match="check the key in the environment") as caught:
        await model.complete(question())

    assert not caught.value.transient
    assert (len(server.meter.asked), store.spent_usd(0)) == (1, 0.0)


async def test_an_outage_stops_everything_after_a_few_calls(server: ScriptedModel, model: Model) -> None:
    server.plan = always(Fault.SERVER_ERROR)
    replies = [await model.complete(question()) for _ in range(MOST_IN_VAIN - 1)]

    with pytest.raises(ModelUnavailableError, match="5 calls in a row in vain") as caught:
        await model.complete(question())

    assert caught.value.transient
    assert {reply.problem for reply in replies} == {ReplyProblem.UNAVAILABLE}


async def test_one_answer_ends_the_row_of_calls_in_vain(server: ScriptedModel, model: Model) -> None:
    in_vain = [Fault.SERVER_ERROR] * 4
    server.plan = first(*in_vain * 4, None, *in_vain * 4, None)

    problems = [(await model.complete(question())).problem for _ in range(10)]

    assert problems == [*[ReplyProblem.UNAVAILABLE] * 4, None] * 2


async def test_requests_that_are_all_rejected_stop_everything(server: ScriptedModel, model: Model) -> None:
    server.plan = always(Fault.BAD_REQUEST)
    for _ in range(MOST_IN_VAIN - 1):
        await model.complete(question())

    with pytest.raises(ModelRefusedError, match=r"check model and model\.base_url"):
        await model.complete(question())


async def test_no_more_calls_are_under_way_than_allowed(server: ScriptedModel, store: Store) -> None:
    settings = ModelSettings(model=MODEL, api_key=KEY, base_url=server.url, concurrency=3)
    model = Model.open(settings, store, lambda text: text)
    server.plan = first(*[None] * 12)

    await asyncio.gather(*(model.complete(question(f"number {at}")) for at in range(12)))
    await model.close()

    assert len(server.meter.asked) == 12
    assert server.meter.most_at_once <= 3


@pytest.mark.parametrize(("calls", "ahead"), [(1, 0), (4, 1), (20, 4)])
async def test_killed_it_leaves_money_put_aside_for_few_more_calls_than_were_under_way(
    server: ScriptedModel, store: Store, calls: int, ahead: int
) -> None:
    settings = ModelSettings(model=MODEL, api_key=KEY, base_url=server.url, concurrency=calls, timeout_s=60)
    model = Model.open(settings, store, lambda text: text)
    server.plan = always(Fault.TIMEOUT)
    asking = [asyncio.ensure_future(model.complete(question(f"number {at}"))) for at in range(30)]

    for _ in range(2000):
        await asyncio.sleep(0.01)
        if len(server.meter.asked) >= calls and unsettled(store) >= calls + ahead:
            break
    await asyncio.sleep(0.1)  # one more would come now

    assert (len(server.meter.asked), unsettled(store)) == (calls, calls + ahead)
    for call in asking:
        call.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    await model.close()
    assert unsettled(store) == calls  # interrupted, it puts back what no call was made for


def unsettled(store: Store) -> int:
    return sum(spent.unsettled for spent in store.spent(0))
