"""Bedrock and Vertex: what is said where something for them is missing, and how their clients are made."""

import importlib.util

import pytest

from sidecar.config import ModelConfig
from sidecar.domain import ModelUsage
from sidecar.errors import ConfigError
from sidecar.llm import Cloud, Model, ModelSettings
from sidecar.llm.client import open_client
from sidecar.prices import cost_usd
from sidecar.store import Store
from tests.scripted_model.opening import MODEL, NOW_NS

LIBRARIES = {Cloud.BEDROCK: "boto3", Cloud.VERTEX: "google.auth"}


def is_installed(cloud: Cloud) -> bool:
    try:
        return importlib.util.find_spec(LIBRARIES[cloud]) is not None
    except ModuleNotFoundError:
        return False


@pytest.mark.parametrize("cloud", [Cloud.BEDROCK, Cloud.VERTEX])
def test_a_cloud_without_its_library_says_what_to_install(store: Store, cloud: Cloud) -> None:
    if is_installed(cloud):
        pytest.skip(f"{LIBRARIES[cloud]} is installed here")

    with pytest.raises(ConfigError, match=rf'pip install "anthropic\[{cloud.value}\]"'):
        Model.open(ModelSettings(model=MODEL, cloud=cloud), store, lambda text: text)


@pytest.mark.parametrize("cloud", [Cloud.BEDROCK, Cloud.VERTEX])
def test_a_cloud_needs_no_key_of_anthropic(cloud: Cloud) -> None:
    assert ModelSettings(model=MODEL, cloud=cloud).api_key is None


@pytest.mark.parametrize("cloud", [Cloud.BEDROCK, Cloud.VERTEX])
def test_a_cloud_has_no_batches(cloud: Cloud) -> None:
    assert (cloud.has_batches, Cloud.ANTHROPIC.has_batches) == (False, True)


def test_every_cloud_of_the_settings_is_known() -> None:
    assert {Cloud(name) for name in ("anthropic", "bedrock", "vertex")} == set(Cloud)
    assert Cloud(ModelConfig().provider) is Cloud.ANTHROPIC


def test_a_model_on_a_cloud_has_the_prices_of_that_cloud() -> None:
    usage = ModelUsage(input_tokens=1_000_000)
    on_bedrock = "anthropic.claude-haiku-4-5-20251001-v1:0"

    assert cost_usd(on_bedrock, usage, at_ns=NOW_NS, prices={}, provider=Cloud.BEDROCK.price_list) > 0
    with pytest.raises(ConfigError, match="no price is known"):
        cost_usd(on_bedrock, usage, at_ns=NOW_NS, prices={})


async def test_anthropics_own_client_has_neither_retries_nor_traces_of_its_own() -> None:
    client = open_client(ModelSettings(model=MODEL, api_key="k"))

    assert (client.max_retries, str(client.base_url)) == (0, "https://api.anthropic.com")
    await client.close()
