"""Durable runs of flows: each has a name, and whatever has that name runs once, over restarts and nodes.

The only module that knows DBOS. Its inputs and outputs are a flow's name and a period's number, never content: packets
and replies live in our store. A run that a kill cut short is taken up again, by the same node at its next start or by
another one before that; flows are safe to run twice, so the step that was under way may repeat.
"""

import logging
import sqlite3
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID
from dbos import error as engine_error
from sqlalchemy.exc import SQLAlchemyError

from sidecar.errors import StoreBusyError, StoreError
from sidecar.schedule import run_name

QUEUE = "flows"
POLLING_S = 1.0
SUBSECOND_SQLITE = (3, 42)
"""First with `unixepoch('subsec')`. DBOS 3.4 goes by Python's version, and Debian 12 has newer Pythons on 3.40."""
STOP_S = 2.0
"""Grace for a run that is under way at a stop; one that takes longer is taken up at the next start, or by another."""
KEEP_RUNS = timedelta(days=7)
"""Finished runs are forgotten after that; see KEEP_NEWEST for those that are not."""
KEEP_NEWEST = 100
"""Runs of a flow that are never forgotten: periods may be months, and a clock may show next year for an hour."""
# What a run means may not depend on the release that began it: an upgrade must finish what the old one left.
APPLICATION_VERSION = "1"

Flow = Callable[[int], None]
"""Runs one period of a flow; the argument is the period's number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """What can be enqueued, by name."""

    shared: Mapping[str, Flow]
    """Run by any node, once for all of them."""
    local: Mapping[str, Flow]
    """Run by the node that asked, as they work on what only it has."""


class Workflows:
    """The engine while it runs."""

    def __init__(self, node: str, flows: Mapping[str, Flow], local: frozenset[str]) -> None:
        """Hold the registered flows by name; made by `launched` alone."""
        self._node = node
        self._flows = flows
        self._local = local

    def enqueue(self, flow: str, period: int) -> None:
        """Have a period of a flow run, unless it has run or is about to.

        Raises:
            StoreBusyError: the engine's database does not take it.
        """
        queue = _own_queue(self._node) if flow in self._local else QUEUE
        try:
            with SetWorkflowID(self._run_name(flow, period)):
                DBOS.enqueue_workflow(queue, self._flows[flow], period)
        except (SQLAlchemyError, engine_error.DBOSException) as exc:
            raise StoreBusyError(f"the engine's database did not take {run_name(flow, period)}: {exc}") from exc

    def state(self, flow: str, period: int) -> str | None:
        """What became of a run: PENDING, ENQUEUED, SUCCESS, ERROR; None when it was never enqueued."""
        found = DBOS.list_workflows(workflow_ids=[self._run_name(flow, period)])
        return found[0].status if found else None

    def adopt(self, node: str) -> int:
        """Give the runs that a dead node was at to whoever is alive; the number of them.

        Asked for twice, or by two nodes at once, each run is given away once: with the first the engine notes whose it
        is now. What the dead node has still to say of them, should it wake, is not taken.

        Raises:
            StoreBusyError: the engine's database does not answer.
        """
        try:
            # The public way to resume a run would also take one that somebody has begun since.
            return len(DBOS._recover_pending_workflows([node]))  # pyright: ignore[reportPrivateUsage] # see above
        except (SQLAlchemyError, engine_error.DBOSException) as exc:
            raise StoreBusyError(f"the engine's database did not tell what {node} left: {exc}") from exc

    def forget_finished(self, now: datetime, *, keep_newest: int = KEEP_NEWEST) -> int:
        """Delete runs that ended long ago, but for the newest of each flow; the number deleted."""
        before = (now - KEEP_RUNS).isoformat()
        done = [run for flow in self._flows for run in _finished_but_newest(flow, before, keep_newest)]
        DBOS.delete_workflows(done)
        return len(done)

    def _run_name(self, flow: str, period: int) -> str:
        return run_name(f"{flow}@{self._node}" if flow in self._local else flow, period)


@contextmanager
def launched(url: str, node: str, flows: Flows) -> Generator[Workflows]:
    """Run the engine while the block runs.

    Args:
        url: SQLAlchemy URL of the engine's own database.
        node: Same name over restarts of the same place: what it left pending is taken up again.
        flows: What can be enqueued.
    Raises:
        StoreError: the engine's database cannot be used.
    """
    config: DBOSConfig = {
        "name": "agent-sidecar",
        "system_database_url": url,
        "application_version": APPLICATION_VERSION,
        "executor_id": node,
        # the default pickles, which runs code for whoever can write the database
        "serializer": DBOSPortableJSONSerializer(),
        "log_level": "WARNING",
    }
    if url.startswith("sqlite") and sqlite3.sqlite_version_info < SUBSECOND_SQLITE:
        config["db_engine_kwargs"] = {"creator": lambda: _connected_with_clock(url)}
    engine_log = logging.getLogger("dbos")
    engine_log.addFilter(_in_one_line)
    # without a handler it would log beside the rest of the program, in a form of its own
    if not engine_log.handlers:
        engine_log.addHandler(logging.NullHandler())
    DBOS(config=config)
    under_way = set[str]()
    try:
        # what a local flow means may differ from node to node, so the run of one is told apart by its queue alone
        registered = {
            name: _registered(name, flow, under_way) for name, flow in {**flows.shared, **flows.local}.items()
        }
        DBOS.listen_queues([QUEUE, _own_queue(node)])
        try:
            DBOS.launch()
            for queue in (QUEUE, _own_queue(node)):
                # one at a time: flows share the store, and a queue that waits is no harm
                DBOS.register_queue(queue, worker_concurrency=1, polling_interval_sec=POLLING_S)
        except (SQLAlchemyError, engine_error.DBOSException) as exc:
            raise StoreError(f"the engine's database cannot be used; is it whole and writable? ({exc})") from exc
        yield Workflows(node, registered, frozenset(flows.local))
    finally:
        _let_end(under_way)
        DBOS.destroy(destroy_registry=True)


def _in_one_line(record: logging.LogRecord) -> bool:
    """Have the engine say what failed without its stack: whoever runs us reads the log for what to do."""
    said = record.getMessage()
    if record.exc_info:
        said = f"{said} {record.exc_info[1]}"
    head, mark, stack = said.partition("Traceback (most recent call last):")
    record.msg = f"{head.strip()} {_last_line(stack)}" if mark else said
    record.args, record.exc_info, record.exc_text = (), None, None
    return True


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2].strip()


def _own_queue(node: str) -> str:
    return f"{QUEUE}@{node}"


def _finished_but_newest(flow: str, before: str, keep_newest: int) -> list[str]:
    """Names of a flow's runs that ended before a time, without the newest ones of them."""
    found = DBOS.list_workflows(
        name=flow,
        status=["SUCCESS", "ERROR", "CANCELLED"],
        completed_before=before,
        sort_desc=True,
        offset=keep_newest,
        load_input=False,
        load_output=False,
    )
    return [run.workflow_id for run in found]


def _connected_with_clock(url: str) -> sqlite3.Connection:
    """A connection that knows `unixepoch('subsec')`, which the engine's tables take their times from."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), check_same_thread=False)
    connection.create_function("unixepoch", -1, lambda *_: round(time.time(), 3))
    return connection


def _let_end(under_way: set[str]) -> None:
    deadline = time.monotonic() + STOP_S
    while under_way and time.monotonic() < deadline:
        time.sleep(0.05)


def _registered(name: str, flow: Flow, under_way: set[str]) -> Flow:
    def once(period: int) -> None:
        flow(period)  # a function of ours around it: the engine marks what it registers

    step = DBOS.step(name=f"{name}-step")(once)

    def run(period: int) -> None:
        under_way.add(name)
        try:
            step(period)
        finally:
            under_way.discard(name)

    run.__name__ = run.__qualname__ = name
    return DBOS.workflow(name=name)(run)
