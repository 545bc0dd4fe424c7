"""From sidecar.toml and the environment to what one model is reached with."""

from dataclasses import asdict

from sidecar.config import Credentials, ModelConfig
from sidecar.llm.settings import Cloud, ModelSettings
from sidecar.prices import Price
from sidecar.store import Cap


def configured_settings(config: ModelConfig, credentials: Credentials, model: str) -> ModelSettings:
    """How `model` is reached; an address in sidecar.toml goes before the environment's."""
    return ModelSettings(
        model=model,
        api_key=credentials.api_key,
        auth_token=credentials.auth_token,
        base_url=config.base_url or credentials.base_url,
        cloud=Cloud(config.provider),
        cap=Cap(day_usd=config.max_usd_per_day, month_usd=config.max_usd_per_month),
        prices={name: Price(**asdict(price)) for name, price in config.prices.items()},
        concurrency=config.concurrency,
        timeout_s=config.timeout_s,
    )
