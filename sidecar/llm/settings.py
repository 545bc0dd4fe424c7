"""How one model is reached and what it may cost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib.util import find_spec
from urllib.parse import urlsplit

from sidecar.errors import ConfigError, ModelRefusedError
from sidecar.prices import Price
from sidecar.store import Cap

NO_KEY = "none"
"""Sent where a gateway of the operator's own needs no key; the client must send something."""


class Cloud(StrEnum):
    """Where a model is reached."""

    ANTHROPIC = "anthropic"
    """Anthropic's own, or a gateway that speaks its API."""
    BEDROCK = "bedrock"
    VERTEX = "vertex"

    @property
    def has_batches(self) -> bool:
        """Whether it may have the Message Batches API."""
        return self is Cloud.ANTHROPIC

    @property
    def price_list(self) -> str:
        """Whose prices are looked at, by the name that genai-prices has for it."""
        return {Cloud.ANTHROPIC: "anthropic", Cloud.BEDROCK: "aws", Cloud.VERTEX: "google"}[self]

    def require_library(self) -> None:
        """Refuse a cloud whose own library is not installed.

        Raises:
            ConfigError: it is not; the text says what to install.
        """
        needed = {Cloud.BEDROCK: "boto3", Cloud.VERTEX: "google.auth"}.get(self)
        if needed is not None and not _is_installed(needed):
            raise ConfigError(
                f'model.provider = "{self.value}" needs {needed}, which is not installed here; install it into this '
                f'environment with: pip install "anthropic[{self.value}]"'
            )


def _is_installed(module: str) -> bool:
    parent = module.rpartition(".")[0]
    return (not parent or _is_installed(parent)) and find_spec(module) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """One model of the Anthropic Messages API, or of a gateway that speaks it."""

    model: str
    """Model id as the provider or the gateway names it."""
    api_key: str | None = field(default=None, repr=False)
    auth_token: str | None = field(default=None, repr=False)
    """Bearer token instead of a key, for gateways."""
    base_url: str | None = None
    """None: the cloud's own."""
    cloud: Cloud = Cloud.ANTHROPIC
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
        is_ours = self.cloud is Cloud.ANTHROPIC
        if is_ours and self.api_key is None and self.auth_token is None and self.base_url is None:
            raise ConfigError(
                f"no key for the model {self.model!r}: set ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN in the "
                f"environment, or name a gateway with model.base_url; without a model use the judge 'evidence'"
            )
        if self.concurrency < 1 or self.attempts < 1 or self.timeout_s <= 0 or self.patience_s <= 0:
            raise ConfigError(
                f"the model's concurrency ({self.concurrency}), attempts ({self.attempts}), timeout_s "
                f"({self.timeout_s}) and patience_s ({self.patience_s}) must all be greater than 0"
            )

    def refused(self, words: str) -> ModelRefusedError:
        """That the provider takes no call at all, with what it said."""
        # an address may hold a password, so only its host is told
        where = urlsplit(self.base_url).hostname if self.base_url else "Anthropic"
        return ModelRefusedError(
            f"{where} takes no call for the model {self.model!r} ({words}); check the key in the environment, its "
            f"credit and permissions, and the model id in sidecar.toml; nothing is lost, the next run goes on"
        )
