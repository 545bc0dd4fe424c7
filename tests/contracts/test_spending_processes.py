"""Eight processes spend at once: what the provider bills goes over the cap by at most one call of each."""

import subprocess
import sys
from pathlib import Path

import pytest

from sidecar.prices import cost_usd
from sidecar.store import Store
from tests.scripted_model import ScriptedModel
from tests.scripted_model.opening import NOW_NS

ROOT = Path(__file__).parents[2]
WORKERS = 8
MOST_CALLS = 90


pytestmark = pytest.mark.e2e


@pytest.mark.timeout(300)
def test_eight_processes_together_stay_within_the_cap_and_one_call_each(database_url: str) -> None:
    store = Store.open(database_url)
    # Enough for 660 calls: who waits for a SQLite file looks again by chance, and must not find the money gone.
    cap_usd = 0.006
    with ScriptedModel() as server:
        command = [sys.executable, "-m", "tests.contracts.spending", database_url, server.url, str(cap_usd)]
        workers = [
            subprocess.Popen(
                [*command, f"w{at}", str(MOST_CALLS)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for at in range(WORKERS)
        ]
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write("go\n")
            worker.stdin.flush()
        calls = [int(worker.communicate(timeout=200)[0]) for worker in workers]
    billed = [cost_usd(model, usage, at_ns=NOW_NS, prices={}) for model, usage in server.meter.billed]
    spent_usd = store.spent_usd(0)
    (spent,) = store.spent(0)
    store.close()

    assert len(billed) == sum(calls) == spent.calls
    assert all(calls)
    assert min(calls) < MOST_CALLS  # the cap stopped them
    assert cap_usd - WORKERS * 0.0005 < spent_usd <= cap_usd  # they used it up, and put nothing more aside
    assert sum(billed) <= cap_usd + WORKERS * max(billed)
    assert spent.unsettled == 0
