"""Prices: list prices by model id, the operator's own first, and no cost that nobody knows."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from genai_prices import Usage, calc_price
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain import ModelUsage
from sidecar.errors import ConfigError
from sidecar.prices import Price, cost_usd

NOW_NS = 1_790_000_000_000_000_000
COUNTS = st.integers(min_value=0, max_value=50_000)
USAGES = st.builds(
    ModelUsage, input_tokens=COUNTS, cache_write_tokens=COUNTS, cache_read_tokens=COUNTS, output_tokens=COUNTS
)
MILLION = 1_000_000


@pytest.mark.parametrize(
    ("usage", "cost"),
    [
        (ModelUsage(input_tokens=MILLION), 2.0),
        (ModelUsage(output_tokens=MILLION), 10.0),
        (ModelUsage(cache_read_tokens=MILLION), 0.1),
        (ModelUsage(cache_write_tokens=MILLION), 2.5),
        (ModelUsage(input_tokens=1000, cache_write_tokens=500, cache_read_tokens=200, output_tokens=100), 0.00427),
    ],
)
def test_each_token_has_the_list_price_of_its_kind(usage: ModelUsage, cost: float) -> None:
    assert cost_usd("claude-sonnet-5-5", usage, at_ns=NOW_NS, prices={}) == pytest.approx(cost)


def test_long_prompts_of_a_tiered_model_cost_more() -> None:
    short, long = (
        cost_usd("claude-haiku-5-5", ModelUsage(input_tokens=tokens), at_ns=NOW_NS, prices={}) / tokens
        for tokens in (50_000, 150_000)
    )

    assert long == pytest.approx(5 * short)


@pytest.mark.parametrize("model", ["claude-sonnet-5-5", "claude-haiku-5-5"])
@given(usage=USAGES, tier=st.integers(min_value=0, max_value=400_000))
def test_a_price_looked_up_once_gives_what_the_list_gives(model: str, usage: ModelUsage, tier: int) -> None:
    long = replace(usage, input_tokens=usage.input_tokens + tier)
    listed = calc_price(
        Usage(
            input_tokens=long.input_tokens + long.cache_write_tokens + long.cache_read_tokens,
            cache_write_tokens=long.cache_write_tokens,
            cache_read_tokens=long.cache_read_tokens,
            output_tokens=long.output_tokens,
        ),
        model,
        provider_id="anthropic",
        genai_request_timestamp=datetime.fromtimestamp(NOW_NS // 10**9, UTC),
    )

    assert cost_usd(model, long, at_ns=NOW_NS, prices={}) == float(listed.total_price)


def test_the_operators_own_price_goes_first() -> None:
    own = {"claude-sonnet-5-5": Price(input_usd=1, output_usd=4)}
    usage = ModelUsage(
        input_tokens=MILLION, output_tokens=MILLION, cache_write_tokens=MILLION, cache_read_tokens=MILLION
    )

    assert cost_usd("claude-sonnet-5-5", usage, at_ns=NOW_NS, prices=own) == pytest.approx(1 + 4 + 1.25 + 0.1)


@pytest.mark.parametrize("model", ["claude-of-our-own", "gpt-5", "", "anthropic/claude-haiku-5-5x"])
def test_an_unknown_model_is_an_error_that_says_how_to_give_a_price(model: str) -> None:
    with pytest.raises(ConfigError, match=r"\[model\.prices\..*\] with input_usd = … and output_usd"):
        cost_usd(model, ModelUsage(), at_ns=NOW_NS, prices={})


@pytest.mark.parametrize("price", [-1.0, float("nan"), float("inf")])
def test_a_price_is_a_number_from_0_on(price: float) -> None:
    with pytest.raises(ValueError, match="USD per million tokens"):
        Price(input_usd=1, output_usd=price)


@given(usage=USAGES, more=USAGES)
def test_more_tokens_never_cost_less(usage: ModelUsage, more: ModelUsage) -> None:
    both = ModelUsage(
        input_tokens=usage.input_tokens + more.input_tokens,
        cache_write_tokens=usage.cache_write_tokens + more.cache_write_tokens,
        cache_read_tokens=usage.cache_read_tokens + more.cache_read_tokens,
        output_tokens=usage.output_tokens + more.output_tokens,
    )

    one, two = (cost_usd("claude-haiku-5-5", each, at_ns=NOW_NS, prices={}) for each in (usage, both))

    assert 0 <= one <= two + 1e-12


def test_a_count_of_tokens_is_not_below_0() -> None:
    with pytest.raises(ValueError, match="below 0"):
        ModelUsage(output_tokens=-1)


@given(usage=USAGES)
def test_a_batch_costs_half_of_the_list_price(usage: ModelUsage) -> None:
    direct, batched = (
        cost_usd("claude-haiku-5-5", usage, at_ns=NOW_NS, prices={}, is_batch=is_batch) for is_batch in (False, True)
    )

    assert batched == pytest.approx(direct / 2)


@pytest.mark.parametrize(("factor", "cost"), [(None, 2.0), (1.0, 4.0), (0.25, 1.0)])
def test_the_operators_own_table_says_what_its_batches_cost(factor: float | None, cost: float) -> None:
    own = {"m": Price(input_usd=4, output_usd=4, batch_factor=factor)}
    usage = ModelUsage(input_tokens=MILLION)

    assert cost_usd("m", usage, at_ns=NOW_NS, prices=own, is_batch=True) == pytest.approx(cost)
    assert cost_usd("m", usage, at_ns=NOW_NS, prices=own) == pytest.approx(4.0)
