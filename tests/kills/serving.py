"""The points of a running sidecar, and a `sidecar serve` that is killed at one of them."""

import os
import signal
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from tests.kills.flows import in_store
from tests.kills.forks import Ended, Forks
from tests.kills.mirroring import CLIENT
from tests.kills.points import Point, after, before
from tests.kills.rounds import MODEL
from tests.loop.loop import Loop
from tests.scripted_model import KEY

LEARNING = (
    before(in_store("reserve_spend")),
    before("httpcore2._async.http11:AsyncHTTP11Connection._receive_response_headers"),
    after("sidecar.llm.provider:Provider._exchange"),
    after(in_store("settle_spend")),
    after(in_store("set_verdict")),
    after("sidecar.workflows:_registered.<locals>.once"),
    after("sidecar.workflows:_registered.<locals>.run"),
    after("sidecar.jobs.base_branch:load_base"),
    after(in_store("add_refusal")),
    before(in_store("set_proposal")),
    after(in_store("set_base_rules")),
    after("sidecar.git.tree:write_commit"),
    after("sidecar.git.push:push_commit"),
    after("sidecar.forges.local:LocalForge._open"),
    after("sidecar.forges.local:LocalForge._update"),
)
"""In the order of the flows, so that each is still ahead when those before it are behind."""
SHOWING = (
    before(in_store("add_mirror_places")),
    after(f"{CLIENT}.send_spans"),
    after("sidecar.phoenix.confirming:store_spans"),
    after(f"{CLIENT}.annotate"),
    before(in_store("set_mirrored")),
)
"""While Phoenix runs; all before anything counts as shown."""
PATIENCE_S = 300


def configured(url: str) -> Mapping[str, str]:
    """A sidecar that learns from the model by itself."""
    return {
        "ANTHROPIC_API_KEY": KEY,
        "SIDECAR_MODEL__JUDGE": MODEL,
        "SIDECAR_MODEL__BASE_URL": url,
        "SIDECAR_MODEL__CONCURRENCY": "1",
        # a batch ends when it likes, and what is drafted before it has other words than what is drafted after it
        "SIDECAR_MODEL__BATCHES": "false",
        # what the judge is asked about itself has no counterpart in the undisturbed run
        **{f"SIDECAR_LEARN__{kind}_SAMPLE": "0" for kind in ("BLIND", "RERUN", "ADHERENCE")},
        "SIDECAR_LEARN__JUDGE": "failure",
        "SIDECAR_LEARN__MIN_TASKS": "1",
        "SIDECAR_SCHEDULE__IS_ON": "true",
        **{f"SIDECAR_SCHEDULE__{flow}_EVERY_S": "2" for flow in ("JUDGE", "DRAFT", "SYNC", "MIRROR")},
    }


class Serving:
    """`sidecar serve`, started until it is killed at a point or stopped."""

    def __init__(self, forks: Forks, loop: Loop, environment: Mapping[str, str]) -> None:
        """Bind what to start."""
        self._forks = forks
        self._arguments = ["serve", "--http", "127.0.0.1:0", "--grpc", "", "--data", str(loop.data)]
        self._environment = environment

    def run(self, *, point: Point | None = None, is_done: Callable[[], bool] = lambda: False) -> Ended:
        """Until it is killed, or is_done, when it is told to stop."""
        pid: Future[int] = Future()
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(
                self._forks.run,
                self._arguments,
                points=() if point is None else (point,),
                kill_at=1,
                environment=self._environment,
                started=pid.set_result,
            )
            deadline = time.monotonic() + PATIENCE_S
            while not running.done() and not is_done():
                time.sleep(0.1)
                if time.monotonic() > deadline:
                    os.kill(pid.result(), signal.SIGKILL)
                    raise AssertionError(f"serve went on and never passed {point}: {running.result().output}")
            if not running.done():
                os.kill(pid.result(), signal.SIGTERM)
            return running.result()
