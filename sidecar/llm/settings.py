"""How one model is reached and what it may cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sidecar.errors import ConfigError
from sidecar.prices import Price
from sidecar.store import Cap

NO_KEY = "none"
"""Sent where a gateway of the operator's own needs no key; the client must send something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """One model of the Anthropic Messages API, or of a gateway that speaks it."""

    model: str
    """Model id as the provider or the gateway names it."""
    api_key: str | None = field(default=None, repr=False)
    auth_token: str | None = field(default=None, repr=False)
    """Bearer token instead of a key, for gateways."""
    base_url: str | None = None
    """None: Anthropic's own."""
    cap: Cap = field(default_factory=Cap)
    prices: Mapping[str, Price] = field(default_factory=dict[str, Price])
    """The operator's own prices by model id."""
    concurrency: int = 4
    """Calls under way at once."""
    attempts: int = 4
    """Of one call, the first included."""
    timeout_s: float = 120.0
    """For one attempt; an answer of the lengths asked for takes a minute at worst."""
    patience_s: float = 300.0
    """For one call with all its waiting; a longer Retry-After ends the call at once."""

    def __post_init__(self) -> None:
        if self.api_key is None and self.auth_token is None and self.base_url is None:
            raise ConfigError(
                f"no key for the model {self.model!r}: set ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN in the "
                f"environment, or name a gateway with model.base_url; without a model use the judge 'evidence'"
            )
        if self.concurrency < 1 or self.attempts < 1 or self.timeout_s <= 0 or self.patience_s <= 0:
            raise ConfigError(
                f"the model's concurrency ({self.concurrency}), attempts ({self.attempts}), timeout_s "
                f"({self.timeout_s}) and patience_s ({self.patience_s}) must all be greater than 0"
            )
