"""What calls cost: counted as the provider counts, put aside before, never over the cap, and never paid twice."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from sidecar.domain import ModelReply, ModelUsage, Purpose, ReplyProblem
from sidecar.errors import SpendCapError
from sidecar.llm import Model
from sidecar.prices import cost_usd
from sidecar.store import Cap, KeptReply, Store
from sidecar.store.engines import BUSY_TIMEOUT_S
from tests.scripted_model import Asked, Fault, ScriptedModel, always, first, open_model
from tests.scripted_model.opening import MODEL, NOW_NS
from tests.sidecar.llm.asking import Shape, question


async def test_a_call_over_the_cap_is_not_made(server: ScriptedModel, store: Store) -> None:
    model = open_model(server.url, store, cap=Cap(day_usd=0.0001, month_usd=5))

    with pytest.raises(SpendCapError, match=r"0\.0000 of 0\.0001 USD this day.*more than all of it"):
        await model.complete(question())

    assert (server.meter.asked, store.spent(0)) == ([], [])


async def test_a_call_that_may_have_been_paid_counts_at_its_estimate(
    server: ScriptedModel, store: Store, model: Model
) -> None:
    server.plan = first(Fault.DROP, Fault.SERVER_ERROR)

    reply = await model.complete(question())

    (spent,) = store.spent(0)
    paid = sum(cost_usd(MODEL, usage, at_ns=NOW_NS, prices={}) for _, usage in server.meter.billed)
    assert (spent.calls, spent.unsettled, len(server.meter.billed)) == (3, 1, 2)
    assert paid < reply.cost_usd == pytest.approx(spent.cost_usd, abs=1e-9)


async def test_a_call_that_is_cancelled_stays_reserved(server: ScriptedModel, store: Store, model: Model) -> None:
    server.plan = always(Fault.TIMEOUT)
    call = asyncio.create_task(model.complete(question()))
    while not server.meter.billed:  # noqa: ASYNC110 - the other side is a thread
        await asyncio.sleep(0.01)

    call.cancel()
    await asyncio.gather(call, return_exceptions=True)

    (spent,) = store.spent(0)
    assert (spent.calls, spent.unsettled, spent.cost_usd > 0) == (1, 1, True)


async def test_a_kept_answer_is_paid_once_and_outlives_the_process(server: ScriptedModel, store: Store) -> None:
    asked = replace(question(), is_kept=True)
    replies: list[ModelReply[Shape]] = []
    for _ in range(2):
        model = open_model(server.url, store)
        replies.append(await model.complete(asked))
        await model.close()

    assert replies[0].value == replies[1].value
    assert (len(server.meter.asked), replies[1].cost_usd, replies[1].usage) == (1, 0.0, ModelUsage())


async def test_an_answer_that_comes_while_the_store_is_locked_is_not_lost(
    server: ScriptedModel, store: Store, model: Model, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None, check_same_thread=False)) as other:

        def answer(_: Asked) -> object:
            other.execute("BEGIN IMMEDIATE")
            # longer than a writer waits by itself
            threading.Timer(BUSY_TIMEOUT_S + 1, other.rollback).start()
            return {"words": "So.", "is_so": True}

        server.script = answer
        reply = await model.complete(question())

    assert reply.problem is None
    assert [(one.calls, one.unsettled) for one in store.spent(0)] == [(1, 0)]


async def test_only_a_useful_answer_is_kept(server: ScriptedModel, model: Model) -> None:
    server.plan = first(Fault.REFUSAL)
    asked = replace(question(), is_kept=True)

    problems = [(await model.complete(asked)).problem for _ in range(3)]

    assert (problems, len(server.meter.asked)) == ([ReplyProblem.REFUSED, None, None], 2)


async def test_a_kept_answer_of_another_shape_or_model_is_asked_for_anew(
    server: ScriptedModel, store: Store, model: Model
) -> None:
    other_model, other_shape = (KeptReply(model=name, text='{"words":"kept"}') for name in ("claude-other", MODEL))
    for kept in (other_model, other_shape):
        store.settle_spend("k", 1, amount_usd=0, usage=ModelUsage(), kept=kept)

    reply = await model.complete(replace(question(), is_kept=True))

    assert (reply.problem, len(server.meter.asked)) == (None, 1)


async def test_nobody_listening_costs_nothing(store: Store) -> None:
    model = open_model("http://127.0.0.1:9", store)

    reply = await model.complete(question())
    await model.close()

    assert (reply.problem, reply.cost_usd, reply.usage) == (ReplyProblem.UNAVAILABLE, 0.0, ModelUsage())
    assert store.spent_usd(0) == 0.0


async def test_usage_and_cost_are_those_that_the_provider_counted(
    server: ScriptedModel, store: Store, model: Model
) -> None:
    reply = await model.complete(question())

    ((_, billed),) = server.meter.billed
    assert reply.usage == billed
    assert reply.cost_usd == pytest.approx(cost_usd(MODEL, billed, at_ns=NOW_NS, prices={}))
    (spent,) = store.spent(0)
    assert (spent.purpose, spent.calls, spent.unsettled, spent.usage) == (Purpose.JUDGE, 1, 0, billed)
    assert spent.cost_usd == pytest.approx(reply.cost_usd, abs=1e-9)


async def test_the_stable_part_is_read_from_the_cache_the_second_time(model: Model) -> None:
    long = "You say whether it is so. " * 300

    replies = [await model.complete(question(user, system=long)) for user in ("one", "two")]

    assert [reply.usage.cache_read_tokens > 0 for reply in replies] == [False, True]
    assert replies[1].cost_usd < replies[0].cost_usd
