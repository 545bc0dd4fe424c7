"""Checking the judges by batches: the same questions and the same records as when they are asked directly."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import count

import pytest

from sidecar.domain import Label, Purpose, ReplyProblem, Rule, SessionKey
from sidecar.jobs.check_records import Checked, CheckRecords, Judges, Surroundings
from sidecar.jobs.checking import plan
from sidecar.jobs.checking_in_batches import check_in_batches
from sidecar.llm import Model, ModelSettings
from sidecar.store import Store
from sidecar.store.checks import RERUN
from tests.scripted_model import KEY, BatchFault, Fault, ScriptedModel, batch_faults, first, open_model
from tests.scripted_model.opening import MODEL
from tests.sidecar.jobs.batching import KilledError, Mortal
from tests.sidecar.jobs.checks import ALL, RULE, answering, around, check, judge, keyed_hash, settle

KINDS = ("blind", RERUN, "adherence")


class Bench:
    """One node's checks by batches."""

    def __init__(self, store: Store, server: ScriptedModel) -> None:
        self.store = store
        self.server = server
        self.model: Model = open_model(server.url, store)
        settings = ModelSettings(model=MODEL, api_key=KEY, base_url=server.url, timeout_s=5.0)
        self.bulk = Mortal.open(settings, store, lambda text: text)
        self._keys = count(1)

    async def run(self, *rules: Rule, is_asking: bool = True) -> Checked:
        """One period, in which every session with rules had these."""
        judges = Judges.of(self.model)
        surroundings: Surroundings = replace(around(*(rules or (RULE,))), now_ns=time.time_ns)
        return await check_in_batches(
            self.store,
            CheckRecords(self.store, judges, surroundings),
            lambda: plan(self.store, judges, ALL, keyed_hash),
            self.bulk,
            draw_key=lambda: f"batch-{next(self._keys)}",
            is_asking=is_asking,
        )

    def known(self, key: SessionKey) -> tuple[int, int, int]:
        """Guesses and reruns of all sessions, and what is proven of one session's rules."""
        agreement = self.store.checks.agreement(Judges.of(self.model).version, "failure")
        return len(agreement.guesses), len(agreement.reruns), len(self.store.checks.adherence(key))


@pytest.fixture
async def bench(store: Store, server: ScriptedModel) -> AsyncIterator[Bench]:
    """The judges asking a model in batches that answers every kind of question."""
    server.script = answering
    opened = Bench(store, server)
    yield opened
    await opened.bulk.close()
    await opened.model.close()


async def settled_and_judged(bench: Bench) -> SessionKey:
    """A failed session with rules, which is judged, and a passed one without; gives the first."""
    failed = settle(bench.store, "failed", rules=(RULE,))
    settle(bench.store, "passed", is_wrong=False, label=Label.PASS)
    await judge(bench.store, bench.model)
    return failed


async def test_a_check_is_asked_in_a_batch_for_each_kind_and_kept_when_it_has_ended(bench: Bench) -> None:
    failed = await settled_and_judged(bench)
    directly = len(bench.server.meter.asked)

    sent = await bench.run()
    sizes = [len(batch.requests) for batch in bench.server.batches.begun.values()]
    came = await bench.run()

    assert (sent.in_batch, sizes) == (4, [2, 1, 1])
    assert (came.guesses, came.reruns, came.adherences, came.in_batch, came.unjudged) == (2, 1, 1, 0, [])
    assert bench.known(failed) == (2, 1, 1)
    assert len(bench.server.meter.asked) - directly == 4
    assert {one.purpose for one in bench.store.spent(0) if not one.unsettled} == set(Purpose) - {Purpose.DRAFT}


async def test_until_the_answers_come_neither_the_clock_nor_a_command_asks_again(bench: Bench) -> None:
    await settled_and_judged(bench)
    bench.server.batches.ends_at_once = False
    await bench.run()
    asked = len(bench.server.meter.asked)

    waits = await bench.run()
    directly = await check(bench.store, bench.model, around(RULE))

    assert (waits.in_batch, len(bench.server.batches.begun)) == (4, 3)
    assert (directly.guesses, directly.reruns, directly.adherences) == (0, 0, 0)
    assert len(bench.server.meter.asked) == asked


async def test_a_kill_before_the_id_of_a_batch_is_kept_repeats_no_call(bench: Bench) -> None:
    failed = await settled_and_judged(bench)
    paid = len(bench.server.meter.billed)
    bench.bulk.dies = "after"
    with pytest.raises(KilledError):
        await bench.run()
    bench.bulk.dies = None

    for _ in range(3):
        await bench.run()

    assert bench.known(failed) == (2, 1, 1)
    assert (len(bench.server.meter.billed) - paid, len(bench.server.batches.begun)) == (4, 3)


async def test_an_answer_about_other_rules_than_the_sessions_is_not_used(bench: Bench) -> None:
    failed = await settled_and_judged(bench)
    await bench.run()

    reworded = replace(RULE, text="Do not keep an amount as anything but cents.")
    came = await bench.run(reworded, is_asking=False)

    assert (came.guesses, came.adherences, bench.known(failed)) == (2, 0, (2, 1, 0))


async def test_every_bad_end_is_a_counted_reason_and_never_a_guess(bench: Bench) -> None:
    key = settle(bench.store, "failed")
    bench.server.plan = first(Fault.NOT_A_NUMBER)
    await bench.run()
    came = await bench.run(is_asking=False)

    assert [(name, one.problem) for name, _, one in came.unjudged] == [("blind", ReplyProblem.WRONG_SHAPE)]
    assert [(one.judge, one.tries) for one in bench.store.judge_problems(key)] == [("blind", 1)]
    assert bench.known(key) == (0, 0, 0)


async def test_what_stops_one_kind_keeps_the_others_from_being_asked_and_nothing_is_lost(bench: Bench) -> None:
    failed = await settled_and_judged(bench)
    bench.server.batches.plan = batch_faults(create=[BatchFault.LOST_REPLY])
    stopped = await bench.run()
    begun = len(bench.server.batches.begun)
    for _ in range(3):
        await bench.run()

    assert (stopped.stopped_by is not None, begun) == (True, 1)
    assert bench.known(failed) == (2, 1, 1)
    assert all(not bench.store.batches.open(name) for name in KINDS)
