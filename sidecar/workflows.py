"""Durable runs of flows: each has a name, and whatever has that name runs once, over restarts and replicas.

The only module that knows DBOS. Its inputs and outputs are a flow's name and a period's number, never content: packets
and replies live in our store. A run that a kill cut short is taken up again at the next start; flows are safe to run
twice, so the step that was under way may repeat.
"""

import sqlite3
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID

from sidecar.schedule import run_name

QUEUE = "flows"
POLLING_S = 1.0
SUBSECOND_SQLITE = (3, 42)
"""First with `unixepoch('subsec')`. DBOS 3.4 goes by Python's version, and Debian 12 has newer Pythons on 3.40."""
KEEP_RUNS = timedelta(days=7)
"""Finished runs are forgotten after that; the longest period is a day, so no name is forgotten that may come again."""
# What a run means may not depend on the release that began it: an upgrade must finish what the old one left.
APPLICATION_VERSION = "1"

Flow = Callable[[int], None]
"""Runs one period of a flow; the argument is the period's number."""


class Workflows:
    """The engine while it runs."""

    def __init__(self, flows: Mapping[str, Callable[[int], None]]) -> None:
        """Hold the registered flows by name; made by `launched` alone."""
        self._flows = flows

    def enqueue(self, flow: str, period: int) -> None:
        """Have a period of a flow run, unless it has run or is about to."""
        with SetWorkflowID(run_name(flow, period)):
            DBOS.enqueue_workflow(QUEUE, self._flows[flow], period)

    def state(self, flow: str, period: int) -> str | None:
        """What became of a run: PENDING, ENQUEUED, SUCCESS, ERROR; None when it was never enqueued."""
        found = DBOS.list_workflows(workflow_ids=[run_name(flow, period)])
        return found[0].status if found else None

    def forget_finished(self, now: datetime) -> int:
        """Delete runs that ended long ago; the number deleted."""
        before = (now - KEEP_RUNS).isoformat()
        done = DBOS.list_workflows(status=["SUCCESS", "ERROR", "CANCELLED"], completed_before=before, load_input=False)
        DBOS.delete_workflows([run.workflow_id for run in done])
        return len(done)


@contextmanager
def launched(url: str, executor: str, flows: Mapping[str, Flow]) -> Generator[Workflows]:
    """Run the engine while the block runs.

    Args:
        url: SQLAlchemy URL of the engine's own database.
        executor: Same name over restarts of the same place: what it left pending is taken up again.
        flows: What can be enqueued, by name.
    """
    config: DBOSConfig = {
        "name": "agent-sidecar",
        "system_database_url": url,
        "application_version": APPLICATION_VERSION,
        "executor_id": executor,
        # the default pickles, which runs code for whoever can write the database
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "WARNING",
    }
    if url.startswith("sqlite") and sqlite3.sqlite_version_info < SUBSECOND_SQLITE:
        config["db_engine_kwargs"] = {"creator": lambda: _connected_with_clock(url)}
    DBOS(config=config)
    try:
        registered = {name: _registered(name, flow) for name, flow in flows.items()}
        DBOS.launch()
        # one at a time: flows share the store, and a queue that waits is no harm
        DBOS.register_queue(QUEUE, worker_concurrency=1, polling_interval_sec=POLLING_S)
        workflows = Workflows(registered)
        workflows.forget_finished(datetime.now(UTC))
        yield workflows
    finally:
        DBOS.destroy(destroy_registry=True)


def _connected_with_clock(url: str) -> sqlite3.Connection:
    """A connection that knows `unixepoch('subsec')`, which the engine's tables take their times from."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), check_same_thread=False)
    connection.create_function("unixepoch", -1, lambda *_: round(time.time(), 3))
    return connection


def _registered(name: str, flow: Flow) -> Callable[[int], None]:
    def once(period: int) -> None:
        flow(period)  # a function of ours around it: the engine marks what it registers

    step = DBOS.step(name=f"{name}-step")(once)

    def run(period: int) -> None:
        step(period)

    run.__name__ = run.__qualname__ = name
    return DBOS.workflow(name=name)(run)
