"""The scripted model's batches are faithful: the vendor's own client creates, follows, lists and reads them."""

from collections.abc import AsyncIterator, Iterator
from typing import cast

import anthropic
import pytest
from anthropic import AsyncAnthropic
from anthropic.types.message_create_params import MessageCreateParamsNonStreaming
from anthropic.types.messages import MessageBatch, MessageBatchIndividualResponse
from anthropic.types.messages.batch_create_params import Request

from tests.scripted_model import KEY, BatchFault, Fault, ScriptedModel, batch_faults, first

PARAMS: MessageCreateParamsNonStreaming = {
    "model": "claude-haiku-5-5",
    "max_tokens": 50,
    "messages": [{"role": "user", "content": "hello"}],
}


@pytest.fixture
def server() -> Iterator[ScriptedModel]:
    with ScriptedModel() as running:
        yield running


@pytest.fixture
async def client(server: ScriptedModel) -> AsyncIterator[AsyncAnthropic]:
    async with AsyncAnthropic(
        api_key=KEY, base_url=server.url, max_retries=0, timeout=5, _strict_response_validation=True
    ) as connected:
        yield connected


async def begin(client: AsyncAnthropic, *names: str, params: MessageCreateParamsNonStreaming = PARAMS) -> MessageBatch:
    requests: list[Request] = [{"custom_id": name, "params": params} for name in names]
    return await client.messages.batches.create(requests=requests)


async def results_of(client: AsyncAnthropic, batch: MessageBatch) -> list[MessageBatchIndividualResponse]:
    return [one async for one in await client.messages.batches.results(batch.id)]


async def test_a_batch_ends_and_has_a_result_for_each_request(client: AsyncAnthropic) -> None:
    batch = await begin(client, "a", "b", "c")

    ended = await client.messages.batches.retrieve(batch.id)
    results = await results_of(client, batch)

    assert (batch.processing_status, batch.request_counts.processing) == ("in_progress", 3)
    assert (ended.processing_status, ended.request_counts.succeeded) == ("ended", 3)
    assert {one.custom_id for one in results} == {"a", "b", "c"}
    messages = [one.result.message for one in results if one.result.type == "succeeded"]
    assert [message.usage.service_tier for message in messages] == ["batch"] * 3


async def test_a_batch_under_way_has_no_results_and_can_be_cancelled(
    server: ScriptedModel, client: AsyncAnthropic
) -> None:
    server.batches.ends_at_once = False
    batch = await begin(client, "a", "b")

    with pytest.raises(anthropic.AnthropicError, match="results_url"):
        await results_of(client, batch)
    await client.messages.batches.cancel(batch.id)

    assert [one.result.type for one in await results_of(client, batch)] == ["canceled", "canceled"]


async def test_batches_are_listed_the_newest_first_page_by_page(client: AsyncAnthropic) -> None:
    begun = [await begin(client, "a") for _ in range(3)]

    page = await client.messages.batches.list(limit=2)

    assert [one.id for one in page.data] == [begun[2].id, begun[1].id]
    assert page.has_more


async def test_an_ended_batch_can_be_deleted(client: AsyncAnthropic) -> None:
    batch = await begin(client, "a")

    await client.messages.batches.delete(batch.id)

    with pytest.raises(anthropic.NotFoundError):
        await client.messages.batches.retrieve(batch.id)


@pytest.mark.parametrize("names", [(), ("with space",), ("x" * 65,), ("twice", "twice")])
async def test_custom_ids_that_the_api_does_not_take_are_a_bad_request(
    client: AsyncAnthropic, names: tuple[str, ...]
) -> None:
    with pytest.raises(anthropic.BadRequestError):
        await begin(client, *names)


async def test_a_request_that_the_api_does_not_take_is_an_errored_result(client: AsyncAnthropic) -> None:
    batch = await begin(client, "a", params=cast("MessageCreateParamsNonStreaming", {**PARAMS, "temperature": 1}))

    (one,) = await results_of(client, batch)

    assert one.result.type == "errored"
    assert one.result.error.error.type == "invalid_request_error"


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.SERVER_ERROR, "errored"),
        (Fault.TIMEOUT, "expired"),
        (Fault.DROP, "canceled"),
        (Fault.REFUSAL, "succeeded"),
    ],
)
async def test_a_fault_of_one_request_is_one_line(
    server: ScriptedModel, client: AsyncAnthropic, fault: Fault, kind: str
) -> None:
    server.plan = first(fault)
    batch = await begin(client, "a")

    (one,) = await results_of(client, batch)

    assert (one.result.type, server.meter.faults) == (kind, [fault])


async def test_a_lost_reply_leaves_a_batch_behind(server: ScriptedModel, client: AsyncAnthropic) -> None:
    server.batches.plan = batch_faults(create=[BatchFault.LOST_REPLY])

    with pytest.raises(anthropic.APIConnectionError):
        await begin(client, "a")

    assert len((await client.messages.batches.list()).data) == 1


async def test_a_gateway_may_have_no_batches(server: ScriptedModel, client: AsyncAnthropic) -> None:
    server.batches.is_there = False

    with pytest.raises(anthropic.NotFoundError):
        await begin(client, "a")
