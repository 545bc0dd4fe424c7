"""Setting a model up: keys, gateways, prices, event loops, and what is not loaded or traced."""

import asyncio
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sidecar.errors import ConfigError
from sidecar.llm import Model, ModelSettings
from sidecar.prices import Price
from sidecar.store import Store
from tests.scripted_model import KEY, ScriptedModel, open_model
from tests.scripted_model.opening import MODEL
from tests.sidecar.llm.asking import question

ROOT = Path(__file__).parents[3]


async def test_a_gateway_may_need_no_key(store: Store) -> None:
    with ScriptedModel(key="none") as gateway:
        model = Model.open(ModelSettings(model=MODEL, base_url=gateway.url), store, lambda text: text)
        reply = await model.complete(question())
        await model.close()

    assert reply.problem is None


def test_without_key_and_gateway_there_is_no_model() -> None:
    with pytest.raises(ConfigError, match="set ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN"):
        ModelSettings(model=MODEL)


def test_a_model_without_a_price_is_refused_at_the_start(store: Store) -> None:
    settings = ModelSettings(model="claude-of-our-own", api_key=KEY)

    with pytest.raises(ConfigError, match=r'add to sidecar.toml: \[model.prices."claude-of-our-own"\]'):
        Model.open(settings, store, lambda text: text)

    priced = replace(settings, prices={"claude-of-our-own": Price(input_usd=1, output_usd=2)})
    assert Model.open(priced, store, lambda text: text).name == "claude-of-our-own"


def test_keys_do_not_show_in_a_record_of_the_settings() -> None:
    settings = ModelSettings(model=MODEL, api_key="hunter2", auth_token="hunter3")

    assert "hunter" not in repr(settings)


def test_our_own_calls_leave_no_trace(server: ScriptedModel, tmp_path: Path) -> None:
    program = f"""
import asyncio
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sidecar.store import Store
from tests.scripted_model import open_model
from tests.sidecar.llm.asking import question
exporter = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)
model = open_model("{server.url}", Store.open("sqlite:///{tmp_path}/own.db"))
print(asyncio.run(model.complete(question())).problem, len(exporter.get_finished_spans()))
"""

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False, timeout=100
    )

    assert (done.stdout, done.returncode) == ("None 0\n", 0), done.stderr


def test_nothing_of_the_vendor_is_loaded_before_a_model_is_asked() -> None:
    program = "import sys, sidecar.llm, judges.failure; sys.exit('anthropic' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_a_model_closed_in_one_event_loop_can_be_asked_in_another(server: ScriptedModel, store: Store) -> None:
    model = open_model(server.url, store)

    async def once() -> object:
        reply = await model.complete(question())
        await model.close()
        return reply.problem

    assert [asyncio.run(once()), asyncio.run(once())] == [None, None]
