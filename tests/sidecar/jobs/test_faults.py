"""Three of ten answers bad in twelve ways, asked in batches: each session ends judged or with a reason."""

import pytest

from sidecar.store import Store
from tests.scripted_model import ScriptedModel, randomly
from tests.sidecar.jobs.batching import HOUR_NS, Desk
from tests.sidecar.jobs.failed_sessions import settled
from tests.sidecar.jobs.faulty import SEEDS, billed, check_ends, check_faults

SESSIONS = 200


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", SEEDS)
async def test_each_session_ends_judged_or_with_a_reason(
    desk: Desk, store: Store, server: ScriptedModel, seed: int
) -> None:
    keys = settled(store, SESSIONS)
    server.plan = randomly(seed)
    runs = 0
    while (await desk.run()).in_batch or store.unjudged_sessions(desk.judge.name, desk.judge.version):
        runs += 1
        desk.later_ns += HOUR_NS  # what got no answer rests before it is asked about again

    check_ends(store, desk.judge, keys)
    check_faults(server)
    assert runs < 20
    assert sum(billed(server, is_batch=True)) <= store.spent_usd(0) + 1e-6
