"""Judging by the clock over a whole installation: batches where there are any, direct calls where there are none."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from sidecar.config import Config, Credentials, LearnConfig, ModelConfig
from sidecar.data_dir import DataDir
from sidecar.engine import judge_all
from sidecar.flows import flows
from sidecar.installation import Installation
from sidecar.standings import version_in_force
from tests.judges.failure.answering import explained
from tests.scripted_model import KEY, Fault, ScriptedModel, batch_faults
from tests.scripted_model.opening import MODEL
from tests.sidecar.jobs.checks import answering, settle
from tests.sidecar.jobs.failed_sessions import judged, settled


@pytest.fixture
def server() -> Iterator[ScriptedModel]:
    with ScriptedModel(explained) as running:
        yield running


@pytest.fixture
def installation(server: ScriptedModel, tmp_path: Path) -> Iterator[Installation]:
    """One that judges by the scripted model."""
    config = Config(learn=LearnConfig(judge="failure"), model=ModelConfig(judge=MODEL, base_url=server.url))
    with ExitStack() as stack:
        yield stack.enter_context(
            Installation.open(DataDir.open(tmp_path), config, owner="clock", credentials=Credentials(api_key=KEY))
        )


def tick(installation: Installation) -> None:
    """One period of the flow."""
    flows(installation).shared["judge"](1)


def without_batches(installation: Installation) -> Installation:
    return replace(
        installation, config=replace(installation.config, model=replace(installation.config.model, batches=False))
    )


def test_by_the_clock_a_model_is_asked_in_batches(server: ScriptedModel, installation: Installation) -> None:
    keys = settled(installation.store, 3)

    tick(installation)
    tick(installation)

    assert (judged(installation.store, keys), len(server.batches.begun)) == (keys, 1)


def test_by_command_a_model_is_asked_directly(server: ScriptedModel, installation: Installation) -> None:
    keys = settled(installation.store, 3)

    asyncio.run(judge_all(installation, "failure"))

    assert (judged(installation.store, keys), server.batches.acts) == (keys, [])


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_provider_without_batches_is_asked_directly_and_that_is_said_once(
    server: ScriptedModel, installation: Installation, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    server.batches.is_there, server.batches.missing_status = False, status
    judging = flows(installation).shared["judge"]
    keys = settled(installation.store, 2)
    with caplog.at_level(logging.WARNING):
        judging(1)
        keys += settled(installation.store, 2, first=2)
        judging(2)

    assert judged(installation.store, keys) == keys
    assert sum("takes no batches" in record.message for record in caplog.records) == 1


def test_batches_can_be_switched_off_and_those_under_way_are_still_taken(
    server: ScriptedModel, installation: Installation
) -> None:
    keys = settled(installation.store, 2)
    tick(installation)
    keys += settled(installation.store, 1, first=2)

    tick(without_batches(installation))

    assert (judged(installation.store, keys), len(server.batches.begun)) == (keys, 1)


def test_two_nodes_at_once_begin_one_batch(server: ScriptedModel, installation: Installation) -> None:
    keys = settled(installation.store, 5)
    server.batches.ends_at_once = False
    nodes = [replace(installation, owner=f"node-{number}") for number in range(3)]

    async def all_at_once() -> None:
        await asyncio.gather(*(judge_all(node, "failure", by_clock=True) for node in nodes))

    asyncio.run(all_at_once())
    server.end_batches()
    tick(installation)

    assert [len(batch.requests) for batch in server.batches.begun.values()] == [5]
    assert judged(installation.store, keys) == keys


def test_an_outage_of_the_batches_is_waited_for(server: ScriptedModel, installation: Installation) -> None:
    keys = settled(installation.store, 2)
    server.batches.plan = batch_faults(create=[Fault.OVERLOADED], retrieve=[Fault.SERVER_ERROR])
    for _ in range(4):
        tick(installation)

    assert (judged(installation.store, keys), len(server.batches.begun)) == (keys, 1)


def check(installation: Installation) -> None:
    """One period of the checks."""
    flows(installation).shared["check"](1)


def guesses(installation: Installation) -> int:
    """Blind calls that are kept of the version in force."""
    version = version_in_force(installation.config)
    assert version is not None
    return len(installation.store.checks.agreement(version, "failure").guesses)


def test_a_check_by_the_clock_is_asked_in_batches_and_taken_with_the_next_judging(
    server: ScriptedModel, installation: Installation
) -> None:
    server.script = answering
    for name in ("a", "b"):
        settle(installation.store, name)

    check(installation)
    waiting = guesses(installation)
    tick(installation)

    assert (waiting, guesses(installation)) == (0, 2)
    assert [len(batch.requests) for batch in server.batches.begun.values()] == [2, 2]


def test_without_batches_a_check_asks_directly_and_that_is_said_once(
    server: ScriptedModel, installation: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    server.script = answering
    server.batches.is_there, server.batches.missing_status = False, 404
    settle(installation.store, "a")
    shared = flows(installation).shared
    with caplog.at_level(logging.WARNING):
        shared["check"](1)
        settle(installation.store, "b")
        shared["check"](2)

    assert guesses(installation) == 2
    assert sum("takes no batches" in record.message for record in caplog.records) == 1
