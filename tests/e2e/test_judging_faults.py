"""Two thousand sessions and a provider that fails three times of ten in twelve ways, directly and in batches.

Other seeds: SIDECAR_FAULT_SEEDS=1,2,3.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from judges.failure import FailureJudge
from sidecar.errors import SpendCapError
from sidecar.jobs.judging import Judged, judge_sessions
from sidecar.llm import Model, ModelSettings
from sidecar.store import Cap, Store
from tests.judges.failure.answering import explained
from tests.scripted_model import KEY, Clock, ScriptedModel, randomly
from tests.scripted_model.opening import MODEL, NOW_NS
from tests.sidecar.jobs.batching import HOUR_NS, Desk
from tests.sidecar.jobs.failed_sessions import settled
from tests.sidecar.jobs.faulty import SEEDS, billed, check_ends, check_faults

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(3000)]

SESSIONS = 2000
WORKERS = 8
CAP_USD = 0.25
"""About half of what all of it costs."""
DAY_NS = 24 * 3600 * 1_000_000_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/store.db")
    yield opened
    opened.close()


def open_model(server: ScriptedModel, store: Store, *, day: int) -> Model:
    settings = ModelSettings(
        model=MODEL,
        api_key=KEY,
        base_url=server.url,
        cap=Cap(day_usd=CAP_USD),
        timeout_s=1.0,
        concurrency=WORKERS,
    )
    now_ns = NOW_NS + day * DAY_NS
    return Model.open(settings, store, lambda text: text, now_ns=lambda: now_ns, pace=Clock().pace())


async def judge_once(store: Store, model: Model) -> Judged:
    judge = FailureJudge(model)
    try:
        return await judge_sessions(store, judge, now_ns=lambda: NOW_NS, workers=WORKERS)
    finally:
        await model.close()


@pytest.mark.parametrize("seed", SEEDS)
def test_asked_directly_each_session_ends_and_no_day_goes_over_its_cap(store: Store, seed: int) -> None:
    keys = settled(store, SESSIONS)
    days = 0
    with ScriptedModel(explained, randomly(seed), hang_s=5) as server:
        while store.unjudged_sessions("failure", FailureJudge(open_model(server, store, day=0)).version):
            made_before = len(server.meter.billed)
            run = asyncio.run(judge_once(store, open_model(server, store, day=days)))
            billed_today = billed(server)[made_before:]
            if isinstance(run.stopped_by, SpendCapError):
                days += 1
            assert sum(billed_today) <= CAP_USD + WORKERS * max(billed_today)
        judge = FailureJudge(open_model(server, store, day=0))

    check_ends(store, judge, keys)
    check_faults(server)
    assert days >= 1
    assert sum(billed(server)) <= store.spent_usd(0) + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
async def test_asked_in_batches_each_session_ends(store: Store, seed: int) -> None:
    keys = settled(store, SESSIONS)
    with ScriptedModel(explained, randomly(seed)) as server:
        desk = Desk(store, server)
        while (await desk.run()).in_batch or store.unjudged_sessions(desk.judge.name, desk.judge.version):
            desk.later_ns += HOUR_NS  # what got no answer rests before it is asked about again
        judge = desk.judge
        await desk.close()

    check_ends(store, judge, keys)
    check_faults(server)
    assert sum(billed(server, is_batch=True)) <= store.spent_usd(0) + 1e-6
