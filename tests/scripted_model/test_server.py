"""The scripted model is faithful: the vendor's own client takes its answers strictly and its faults for real ones."""

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any, Literal, cast

import anthropic
import pytest
from anthropic import AsyncAnthropic
from anthropic.types import Message
from pydantic import ConfigDict, TypeAdapter
from pydantic.dataclasses import dataclass

from tests.scripted_model import KEY, Asked, Fault, ScriptedModel, first, randomly

MODEL = "claude-haiku-5-5"
HURRY_S = 2
"""Enough for a request to arrive, and less than the server hangs."""
PATIENCE_S = 60


@dataclass(frozen=True, slots=True, kw_only=True, config=ConfigDict(extra="forbid"))
class Part:
    name: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True, config=ConfigDict(extra="forbid"))
class Shape:
    words: str
    kind: Literal["a", "b"]
    parts: tuple[Part, ...]
    scope: str | None
    is_so: bool


@pytest.fixture
def server() -> Iterator[ScriptedModel]:
    with ScriptedModel() as running:
        yield running


@pytest.fixture
async def client(server: ScriptedModel) -> AsyncIterator[AsyncAnthropic]:
    async with AsyncAnthropic(
        api_key=KEY, base_url=server.url, max_retries=0, timeout=PATIENCE_S, _strict_response_validation=True
    ) as connected:
        yield connected


async def ask(client: AsyncAnthropic, words: str = "hello", **more: Any) -> Message:
    schema = anthropic.transform_schema(TypeAdapter(Shape).json_schema())
    fields: dict[str, Any] = {
        "model": MODEL,
        "max_tokens": 500,
        "system": [{"type": "text", "text": "s" * 8000, "cache_control": {"type": "ephemeral"}}],
        "messages": [{"role": "user", "content": words}],
        "output_config": {"format": {"type": "json_schema", "schema": schema}},
    }
    return cast(Message, await client.messages.create(**{**fields, **more}))


def value_of(message: Message) -> object:
    (block,) = message.content
    assert block.type == "text"
    return json.loads(block.text)


async def test_its_answers_have_the_shape_asked_for(client: AsyncAnthropic) -> None:
    for words in ("one", "two", "three", "four"):
        message = await ask(client, words)

        assert message.stop_reason == "end_turn"
        assert TypeAdapter(Shape).validate_python(value_of(message))


async def test_the_same_prompt_gets_the_same_answer_and_another_one_another(client: AsyncAnthropic) -> None:
    answers = [value_of(await ask(client, words)) for words in ("one", "one", "two")]

    assert answers[0] == answers[1] != answers[2]


async def test_a_script_answers_by_what_is_asked(server: ScriptedModel, client: AsyncAnthropic) -> None:
    def script(asked: Asked) -> object:
        return {"words": f"you said {asked.user}"}

    server.script = script

    assert value_of(await ask(client, "ping")) == {"words": "you said ping"}


async def test_tokens_are_metered_and_a_marked_system_part_is_cached(
    server: ScriptedModel, client: AsyncAnthropic
) -> None:
    written, read = (await ask(client)).usage, (await ask(client)).usage

    assert (written.input_tokens, written.cache_creation_input_tokens, written.cache_read_input_tokens) == (2, 2000, 0)
    assert (read.input_tokens, read.cache_creation_input_tokens, read.cache_read_input_tokens) == (2, 0, 2000)
    assert [usage.cache_read_tokens for _, usage in server.meter.billed] == [0, 2000]


async def test_tokens_can_be_counted_beforehand(client: AsyncAnthropic) -> None:
    counted = await client.messages.count_tokens(model=MODEL, messages=[{"role": "user", "content": "x" * 41}])

    assert counted.input_tokens == 11


async def test_an_answer_ends_at_the_limit_of_tokens(client: AsyncAnthropic) -> None:
    message = await ask(client, max_tokens=3)

    assert (message.stop_reason, message.usage.output_tokens) == ("max_tokens", 3)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"extra_body": {"temperature": 0.5}}, "temperature: Extra inputs are not permitted"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"messages": []}, "at least one message"),
        ({"messages": [{"role": "assistant", "content": "{"}]}, "the first by the user"),
        ({"messages": [{"role": "user", "content": " "}]}, "non-empty"),
        ({"output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}}}, "additionalProperties"),
        (
            {"output_config": {"format": {"type": "json_schema", "schema": {"type": "integer", "minimum": 1}}}},
            "'minimum' is not supported",
        ),
    ],
    ids=["temperature", "no tokens", "no message", "prefill", "blank", "open object", "bound"],
)
async def test_what_the_api_does_not_take_is_a_bad_request(
    client: AsyncAnthropic, more: dict[str, Any], words: str
) -> None:
    with pytest.raises(anthropic.BadRequestError, match=words):
        await ask(client, **more)


async def test_a_wrong_key_is_refused(server: ScriptedModel) -> None:
    async with AsyncAnthropic(api_key="wrong", base_url=server.url, max_retries=0) as stranger:
        with pytest.raises(anthropic.AuthenticationError):
            await ask(stranger)

    assert server.meter.asked == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.BAD_REQUEST, anthropic.BadRequestError),
        (Fault.UNAUTHORISED, anthropic.AuthenticationError),
        (Fault.NO_CREDIT, anthropic.PaymentRequiredError),
        (Fault.FORBIDDEN, anthropic.PermissionDeniedError),
        (Fault.NOT_FOUND, anthropic.NotFoundError),
        (Fault.REQUEST_TIMEOUT, anthropic.RequestTimeoutError),
        (Fault.CONFLICT, anthropic.ConflictError),
        (Fault.TOO_LARGE, anthropic.ContentTooLargeError),
        (Fault.RATE_LIMIT, anthropic.RateLimitError),
        (Fault.SERVER_ERROR, anthropic.InternalServerError),
        (Fault.BAD_GATEWAY, anthropic.InternalServerError),
        (Fault.UNAVAILABLE, anthropic.ServiceUnavailableError),
        (Fault.GATEWAY_TIMEOUT, anthropic.GatewayTimeoutError),
        (Fault.OVERLOADED, anthropic.OverloadedError),
        (Fault.TIMEOUT, anthropic.APITimeoutError),
        (Fault.DROP, anthropic.APIConnectionError),
    ],
)
async def test_the_client_sees_a_fault_as_the_real_one(
    server: ScriptedModel, client: AsyncAnthropic, fault: Fault, error: type[Exception]
) -> None:
    server.plan = first(fault)
    asking = client.with_options(timeout=HURRY_S) if fault is Fault.TIMEOUT else client

    with pytest.raises(error) as caught:
        await ask(asking)

    assert not isinstance(caught.value, anthropic.APIStatusError) or caught.value.request_id
    assert server.meter.faults == [fault]
    assert (await ask(client)).stop_reason == "end_turn"


@pytest.mark.parametrize(
    "fault", [Fault.REFUSAL, Fault.TRUNCATED, Fault.PAUSED, Fault.NO_CONTENT, Fault.PROSE, Fault.WRONG_LANGUAGE]
)
async def test_a_spoiled_answer_is_still_a_message_of_the_vendor(
    server: ScriptedModel, client: AsyncAnthropic, fault: Fault
) -> None:
    server.plan = first(fault)

    message = await ask(client)

    assert message.stop_reason == {"refusal": "refusal", "max_tokens": "max_tokens", "pause_turn": "pause_turn"}.get(
        fault, "end_turn"
    )


def test_random_faults_come_as_often_as_asked_and_alike_for_one_seed() -> None:
    asked = Asked(model=MODEL, system="", user="x", schema=None, max_tokens=1, is_cached=False)

    drawn = [[plan(asked) for _ in range(2000)] for plan in (randomly(7), randomly(7), randomly(8))]

    assert drawn[0] == drawn[1] != drawn[2]
    faults = [fault for fault in drawn[0] if fault is not None]
    assert 0.27 < len(faults) / 2000 < 0.33
    assert len(set(faults)) == 12
