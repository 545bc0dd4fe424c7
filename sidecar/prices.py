"""What an answer costs: tokens times list prices, by model id.

Prices come from the genai-prices package, so they are as old as its installed version; a table given by the operator
goes first, for other contracts and for models the package does not know. No price, no call: a cost that nobody knows
cannot be held under a cap.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from sidecar.domain import ModelUsage
from sidecar.errors import ConfigError

if TYPE_CHECKING:
    from genai_prices.types import TieredPrices

PROVIDER = "anthropic"
"""As the package names it; models on other clouds have prices of their own there."""
_NS_PER_S = 1_000_000_000
_PRICE_S = 60
"""Seconds for which list prices are looked up once; they change by the day, or by the hour at most."""
_MTOK = 1_000_000
_CACHE_WRITE_FACTOR = 1.25
_CACHE_READ_FACTOR = 0.1
"""Of the input price, where the table names none: what Anthropic charges for a cache of five minutes."""
_BATCH_FACTOR = 0.5
"""Of every price, for what is asked in a batch: what Anthropic charges; the package has no prices of batches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What the operator pays for one model, in USD per million tokens."""

    input_usd: float
    output_usd: float
    cache_write_usd: float | None = None
    """None: 1.25 times the input price."""
    cache_read_usd: float | None = None
    """None: a tenth of the input price."""
    batch_factor: float | None = None
    """Of these prices, for what is asked in a batch; None: a half."""

    def __post_init__(self) -> None:
        given = (self.input_usd, self.output_usd, self.cache_write_usd, self.cache_read_usd, self.batch_factor)
        if not all(price is None or 0 <= price < float("inf") for price in given):
            raise ValueError(f"a price is a number of USD per million tokens, 0 or more; got {given}")


def cost_usd(
    model: str,
    usage: ModelUsage,
    *,
    at_ns: int,
    prices: Mapping[str, Price],
    is_batch: bool = False,
    provider: str = PROVIDER,
) -> float:
    """Cost of an answer in USD.

    Args:
        model: Model id as it is sent to the provider.
        at_ns: When it was asked; list prices change.
        prices: The operator's own prices by model id; they go first.
        is_batch: It was asked in a batch, which costs less.
        provider: Whose list is looked at, by the name that genai-prices has for it.
    Raises:
        ConfigError: nobody knows a price; the text says how to give one.
    """
    own = prices.get(model)
    if own is None:
        return _list_cost(model, usage, at_ns, provider) * (_BATCH_FACTOR if is_batch else 1)
    factor = _BATCH_FACTOR if own.batch_factor is None else own.batch_factor
    return _own_cost(own, usage) * (factor if is_batch else 1)


def _own_cost(price: Price, usage: ModelUsage) -> float:
    write = price.input_usd * _CACHE_WRITE_FACTOR if price.cache_write_usd is None else price.cache_write_usd
    read = price.input_usd * _CACHE_READ_FACTOR if price.cache_read_usd is None else price.cache_read_usd
    return (
        usage.input_tokens * price.input_usd
        + usage.cache_write_tokens * write
        + usage.cache_read_tokens * read
        + usage.output_tokens * price.output_usd
    ) / _MTOK


def _list_cost(model: str, usage: ModelUsage, at_ns: int, provider: str) -> float:
    try:
        per_token = _per_token(model, provider, at_ns // (_PRICE_S * _NS_PER_S))
        moment = datetime.fromtimestamp(at_ns // _NS_PER_S, UTC)
        return float(_looked_up(model, usage, moment, provider) if per_token is None else per_token.cost(usage))
    except LookupError as exc:
        raise ConfigError(
            f"no price is known for the model {model!r}, so its cost cannot be kept under a cap; correct the id, or "
            f'add to sidecar.toml: [model.prices."{model}"] with input_usd = … and output_usd = … per million tokens'
        ) from exc


@dataclass(frozen=True, slots=True)
class _PerToken:
    """List prices in USD per million tokens, as the package holds them: one, or one for each length of the input."""

    input_usd: "Decimal | TieredPrices"
    cache_write_usd: "Decimal | TieredPrices"
    cache_read_usd: "Decimal | TieredPrices"
    output_usd: "Decimal | TieredPrices"

    def cost(self, usage: ModelUsage) -> Decimal:
        """The same as the package's own sum, without a tenth of a millisecond for finding and checking the prices."""
        read = usage.input_tokens + usage.cache_write_tokens + usage.cache_read_tokens
        return (
            usage.input_tokens * _at(self.input_usd, read)
            + usage.cache_write_tokens * _at(self.cache_write_usd, read)
            + usage.cache_read_tokens * _at(self.cache_read_usd, read)
            + usage.output_tokens * _at(self.output_usd, read)
        ) / _MTOK


def _at(price: "Decimal | TieredPrices", read_tokens: int) -> Decimal:
    """The price of a token where so many are read in all."""
    if isinstance(price, Decimal):
        return price
    return next((tier.price for tier in reversed(price.tiers) if read_tokens > tier.start), price.base)


@lru_cache(maxsize=256)
def _per_token(model: str, provider: str, period: int) -> _PerToken | None:
    """The list prices of a period since 1970; None where more is paid for than tokens.

    Raises:
        LookupError: the package does not know the model.
    """
    from genai_prices import Usage, calc_price  # noqa: PLC0415 - as below

    moment = datetime.fromtimestamp(period * _PRICE_S, UTC)
    found = calc_price(Usage(input_tokens=0), model, provider_id=provider, genai_request_timestamp=moment)
    prices = found.model_price
    read, written = prices.input_mtok, prices.output_mtok
    if read is None or written is None or found.total_price or prices.requests_kcount is not None:
        return None
    return _PerToken(
        input_usd=read,
        cache_write_usd=read if prices.cache_write_mtok is None else prices.cache_write_mtok,
        cache_read_usd=read if prices.cache_read_mtok is None else prices.cache_read_mtok,
        output_usd=written,
    )


def _looked_up(model: str, usage: ModelUsage, moment: datetime, provider: str) -> Decimal:
    # Imported when a model is used at all: it reads a table of all providers, which takes a fifth of a second.
    from genai_prices import Usage, calc_price  # noqa: PLC0415

    # The package counts cached tokens as part of the input.
    counted = Usage(
        input_tokens=usage.input_tokens + usage.cache_write_tokens + usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        output_tokens=usage.output_tokens,
    )
    return calc_price(counted, model, provider_id=provider, genai_request_timestamp=moment).total_price
