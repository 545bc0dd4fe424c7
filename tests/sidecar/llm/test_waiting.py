"""What a provider tells one call to wait, all calls of the process wait."""

import asyncio

import pytest

from sidecar.domain import ReplyProblem
from sidecar.errors import ModelUnavailableError
from sidecar.llm import Model, ModelSettings, Quiet
from sidecar.store import Store
from tests.scripted_model import KEY, Asked, Clock, Fault, ScriptedModel, first
from tests.scripted_model.opening import MODEL, NOW_NS
from tests.sidecar.llm.asking import question


def open_quiet(server: ScriptedModel, store: Store, clock: Clock, quiet: Quiet) -> Model:
    settings = ModelSettings(model=MODEL, api_key=KEY, base_url=server.url, concurrency=8)
    return Model.open(settings, store, lambda text: text, now_ns=lambda: NOW_NS, pace=clock.pace(), quiet=quiet)


@pytest.mark.parametrize("fault", [Fault.RATE_LIMIT, Fault.OVERLOADED, Fault.UNAVAILABLE])
async def test_another_model_of_the_process_waits_too(server: ScriptedModel, store: Store, fault: Fault) -> None:
    clock, quiet = Clock(), Quiet()
    asked_at: list[float] = []

    def script(asked: Asked) -> object:
        asked_at.append(sum(clock.slept))
        return {"words": "yes", "is_so": True}

    server.script = script
    server.plan = first(fault, fault, fault, fault)
    told, other = open_quiet(server, store, clock, quiet), open_quiet(server, store, clock, quiet)
    await told.complete(question())
    until_s = sum(clock.slept) + quiet.left_s(sum(clock.slept))

    await other.complete(question())
    await told.close()
    await other.close()

    assert until_s > 0
    assert asked_at[-1] >= until_s


async def test_a_fault_of_one_call_alone_makes_nobody_else_wait(server: ScriptedModel, store: Store) -> None:
    clock, quiet = Clock(), Quiet()
    server.plan = first(Fault.SERVER_ERROR)
    model = open_quiet(server, store, clock, quiet)

    await model.complete(question())
    await model.close()

    assert quiet.left_s(0) == 0


async def test_a_wait_beyond_our_patience_stops_the_others_at_once_and_costs_nothing(
    server: ScriptedModel, store: Store
) -> None:
    quiet = Quiet()
    server.plan = first(Fault.RATE_LIMIT_LONG)
    model = open_quiet(server, store, Clock(), quiet)
    told = await model.complete(question())

    with pytest.raises(ModelUnavailableError, match="told us to ask nothing for 86400 s"):
        await model.complete(question())
    await model.close()

    assert (told.problem, len(server.meter.asked)) == (ReplyProblem.UNAVAILABLE, 1)
    assert store.spent_usd(0) == 0
    assert [one.calls for one in store.spending.by_project(0)[None]] == [1]  # as often as the provider was asked


async def test_many_workers_do_not_storm_a_provider_that_limits_them(server: ScriptedModel, store: Store) -> None:
    """Real time: eight workers, and everybody is told to wait once."""
    settings = ModelSettings(model=MODEL, api_key=KEY, base_url=server.url, concurrency=8)
    model = Model.open(settings, store, lambda text: text)
    server.plan = first(Fault.RATE_LIMIT_MS)
    await asyncio.gather(*(model.complete(question(f"{at}", key=f"k{at}")) for at in range(40)))
    await model.close()

    assert len(server.meter.asked) == 41
