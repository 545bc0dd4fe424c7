"""Durable runs: a name runs once, over restarts, and what a kill cut short is taken up again."""

import gc
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sidecar.errors import StoreError
from sidecar.workflows import Flow, Flows, Workflows, launched


@pytest.fixture(autouse=True)
def collected() -> Generator[None]:
    """What the engine drops without closing is collected here, and not in a later test that did not drop it."""
    yield
    gc.collect()


PROGRAM = """
import sys, time
from sidecar.workflows import Flows, launched

def slow(period):
    print("began", period, flush=True)
    time.sleep(float(sys.argv[2]))
    print("ended", period, flush=True)

with launched(sys.argv[1], "serve", Flows(shared={"slow": slow}, local={})) as workflows:
    workflows.enqueue("slow", 7)
    deadline = time.monotonic() + 20
    while workflows.state("slow", 7) != "SUCCESS" and time.monotonic() < deadline:
        time.sleep(0.05)
"""


def shared(name: str, flow: Flow) -> Flows:
    return Flows(shared={name: flow}, local={})


def waited(state: str, workflows: Workflows, flow: str, period: int) -> bool:
    deadline = time.monotonic() + 20
    while workflows.state(flow, period) != state:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_name_runs_once_over_restarts(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'engine.db'}"
    ran: list[int] = []

    for _ in range(2):
        with launched(url, "serve", shared("judge", ran.append)) as workflows:
            workflows.enqueue("judge", 1)
            workflows.enqueue("judge", 1)
            assert waited("SUCCESS", workflows, "judge", 1)

    assert ran == [1]


def test_run_that_fails_is_an_error_and_does_not_stop_the_next(tmp_path: Path) -> None:
    def fail_first(period: int) -> None:
        if period == 1:
            raise ValueError("no")

    with launched(f"sqlite:///{tmp_path / 'engine.db'}", "serve", shared("judge", fail_first)) as workflows:
        workflows.enqueue("judge", 1)
        workflows.enqueue("judge", 2)

        assert waited("SUCCESS", workflows, "judge", 2)
        assert workflows.state("judge", 1) == "ERROR"
        assert workflows.state("judge", 3) is None


@pytest.mark.parametrize("after_s", [0.0, 0.3])
def test_killed_run_is_taken_up_at_the_next_start(tmp_path: Path, after_s: float) -> None:
    command = [sys.executable, "-c", PROGRAM, f"sqlite:///{tmp_path / 'engine.db'}"]
    killed = subprocess.Popen([*command, "60"], stdout=subprocess.PIPE, text=True)
    assert killed.stdout is not None
    assert killed.stdout.readline() == "began 7\n"
    time.sleep(after_s)
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()

    finished = subprocess.run([*command, "0"], capture_output=True, text=True, check=True)

    assert finished.stdout == "began 7\nended 7\n"


def test_local_flow_is_run_by_the_node_that_asked_and_once_by_each(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'engine.db'}"
    ran: list[str] = []

    for node in ("one", "two", "two"):
        flows = Flows(shared={}, local={"mirror": lambda period, node=node: ran.append(f"{node}:{period}")})
        with launched(url, node, flows) as workflows:
            workflows.enqueue("mirror", 1)
            assert waited("SUCCESS", workflows, "mirror", 1)

    assert ran == ["one:1", "two:1"]


def test_dead_nodes_run_is_adopted_once_and_not_from_who_has_it_since(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, f"sqlite:///{tmp_path / 'engine.db'}"]
    killed = subprocess.Popen([*command, "60"], stdout=subprocess.PIPE, text=True)
    assert killed.stdout is not None
    assert killed.stdout.readline() == "began 7\n"
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    ran: list[int] = []

    with launched(f"sqlite:///{tmp_path / 'engine.db'}", "other", shared("slow", ran.append)) as workflows:
        adopted = [workflows.adopt("serve"), workflows.adopt("serve")]
        assert waited("SUCCESS", workflows, "slow", 7)
        adopted.append(workflows.adopt("serve"))

    assert adopted == [1, 0, 0]
    assert ran == [7]


def test_old_runs_are_forgotten_but_for_the_newest(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'engine.db'}"
    with launched(url, "serve", shared("judge", lambda _: None)) as workflows:
        for period in range(3):
            workflows.enqueue("judge", period)
        assert waited("SUCCESS", workflows, "judge", 2)
        in_a_year = datetime.now(UTC) + timedelta(days=365)

        kept = workflows.forget_finished(in_a_year, keep_newest=2)
        again = workflows.forget_finished(in_a_year, keep_newest=2)
        young = workflows.forget_finished(datetime.now(UTC), keep_newest=0)

        assert (kept, again, young) == (1, 0, 0)
        assert [workflows.state("judge", period) for period in range(3)] == [None, "SUCCESS", "SUCCESS"]


def test_what_the_engine_says_of_a_failure_is_one_line_without_its_stack(tmp_path: Path) -> None:
    with (
        told_by("dbos") as told,
        pytest.raises(StoreError, match="whole and writable"),
        launched(f"sqlite:///{tmp_path}", "node", Flows(shared={}, local={})),
    ):
        pass

    failures = [record for record in told if record.levelno >= logging.ERROR]
    assert failures
    assert not any(record.exc_info or "Traceback" in record.getMessage() for record in failures)
    assert "unable to open database file" in failures[0].getMessage()


LOGGING = """
import logging, sys
from sidecar.errors import StoreError
from sidecar.printing import log_to_standard_error
from sidecar.workflows import Flows, launched

log_to_standard_error("LOG %(name)s: %(message)s", logging.INFO)
try:
    with launched(sys.argv[1], "node", Flows(shared={}, local={})):
        pass
except StoreError:
    logging.getLogger("sidecar").error("over")
"""


def test_the_engine_logs_in_the_form_of_the_program(tmp_path: Path) -> None:
    line = [sys.executable, "-c", LOGGING, f"sqlite:///{tmp_path}"]
    said = subprocess.run(line, capture_output=True, text=True, check=True, timeout=60).stderr.splitlines()

    assert [one for one in said if not one.startswith("LOG ")] == []
    assert "unable to open database file" in next(one for one in said if one.startswith("LOG dbos: "))
    assert said[-1] == "LOG sidecar: over"


@contextmanager
def told_by(name: str) -> Generator[list[logging.LogRecord]]:
    """What a logger hands to its own handlers, whether or not it passes records on to the root's."""
    told: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.addFilter(lambda record: told.append(record) or False)
    logger = logging.getLogger(name)
    logger.addHandler(handler)
    try:
        yield told
    finally:
        logger.removeHandler(handler)
