"""The provider's own client for a model's cloud; imported late, as its library takes more than a second.

The library's own retries and tracing are off: retries are counted and paid for in one place, and our calls must not
come in as spans of an agent.
"""

from typing import TypeAlias

from anthropic import AnthropicError, AsyncAnthropic
from anthropic.lib.bedrock import AsyncAnthropicBedrock
from anthropic.lib.vertex import AsyncAnthropicVertex

from sidecar.errors import ConfigError
from sidecar.llm.settings import NO_KEY, Cloud, ModelSettings

Client: TypeAlias = AsyncAnthropic | AsyncAnthropicBedrock | AsyncAnthropicVertex

_ANTHROPIC_URL = "https://api.anthropic.com"


def open_client(settings: ModelSettings) -> Client:
    """A client with its connections, for one event loop.

    Raises:
        ConfigError: the cloud's library, region or project is not given.
    """
    settings.cloud.require_library()
    if settings.cloud is Cloud.ANTHROPIC:
        return _anthropic(settings)
    try:
        return _on_a_cloud(settings)
    except (AnthropicError, ValueError) as exc:
        needed = {
            Cloud.BEDROCK: "AWS_REGION, and AWS credentials or AWS_BEARER_TOKEN_BEDROCK",
            Cloud.VERTEX: "CLOUD_ML_REGION, ANTHROPIC_VERTEX_PROJECT_ID and Google's application credentials",
        }[settings.cloud]
        raise ConfigError(
            f"the model {settings.model!r} on {settings.cloud.value} cannot be reached ({exc}); set {needed} in the "
            f"environment"
        ) from exc


def _anthropic(settings: ModelSettings) -> AsyncAnthropic:
    has_own_key = settings.api_key is not None or settings.auth_token is not None
    return AsyncAnthropic(
        api_key=settings.api_key if has_own_key else NO_KEY,
        auth_token=None if settings.api_key is not None else settings.auth_token,
        base_url=settings.base_url or _ANTHROPIC_URL,
        timeout=settings.timeout_s,
        max_retries=0,
        open_telemetry=False,
    )


def _on_a_cloud(settings: ModelSettings) -> AsyncAnthropicBedrock | AsyncAnthropicVertex:
    url, timeout = settings.base_url, settings.timeout_s
    if settings.cloud is Cloud.BEDROCK:
        return AsyncAnthropicBedrock(base_url=url, timeout=timeout, max_retries=0, open_telemetry=False)
    return AsyncAnthropicVertex(base_url=url, timeout=timeout, max_retries=0, open_telemetry=False)
