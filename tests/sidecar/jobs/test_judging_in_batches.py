"""Judging by batches: what is sent, what comes back, and what every bad end of a batch or of a question comes to."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from judges.failure import FailureJudge
from judges.failure.reply import FailureReply
from sidecar.domain import (
    Label,
    ModelReply,
    ModelRequest,
    Packet,
    ReplyProblem,
    SessionKey,
    SessionState,
    Unjudged,
    Verdict,
)
from sidecar.errors import ModelRefusedError, ModelUnavailableError, SpendCapError
from sidecar.jobs.judging import judge_sessions, packet_of
from sidecar.store import Cap, Store
from tests.contracts.records import make_decision, make_key, make_session
from tests.scripted_model import BatchFault, Fault, ScriptedModel, always, batch_faults, first, never, open_model
from tests.sidecar.jobs.batching import HOUR_NS, Desk, KilledError
from tests.sidecar.jobs.failed_sessions import billed_usd, judged, settled

USELESS = {
    Fault.REFUSAL: ReplyProblem.REFUSED,
    Fault.TRUNCATED: ReplyProblem.TRUNCATED,
    Fault.PROSE: ReplyProblem.PROSE,
    Fault.WRONG_IDS: ReplyProblem.WRONG_IDS,
    Fault.NOT_A_NUMBER: ReplyProblem.WRONG_SHAPE,
    Fault.HUGE: ReplyProblem.OVERSIZE,
    Fault.NO_CONTENT: ReplyProblem.EMPTY,
    Fault.WRONG_LANGUAGE: ReplyProblem.WRONG_LANGUAGE,
    Fault.BAD_REQUEST: ReplyProblem.REJECTED,
    Fault.SERVER_ERROR: ReplyProblem.UNAVAILABLE,
    Fault.TIMEOUT: ReplyProblem.UNAVAILABLE,
    Fault.DROP: ReplyProblem.UNAVAILABLE,
}


async def test_what_waits_is_sent_in_one_batch_and_judged_when_it_has_ended(
    desk: Desk, store: Store, server: ScriptedModel
) -> None:
    keys = settled(store, 5)

    sent = await desk.run()
    came = await desk.run()

    assert (sent.in_batch, sent.verdicts) == (5, ())
    assert ({one.session for one in came.verdicts}, came.in_batch) == (set(keys), 0)
    assert (judged(store, keys), desk.created) == (keys, 1)
    assert len(server.meter.billed) == 5


async def test_a_batch_costs_half_and_every_token_of_it_is_counted(
    desk: Desk, store: Store, server: ScriptedModel
) -> None:
    settled(store, 4)
    await desk.run()
    reserved = store.spent_usd(0)
    await desk.run()

    (spent,) = store.spent(0)
    assert (spent.calls, spent.unsettled) == (4, 0)
    assert spent.cost_usd == pytest.approx(billed_usd(server, is_batch=True), abs=1e-8)
    assert spent.cost_usd < reserved
    assert sum(usage.output_tokens for _, usage in server.meter.billed) == spent.usage.output_tokens


async def test_custom_ids_are_of_the_session_and_the_judge_version_and_fit_the_api(desk: Desk, store: Store) -> None:
    settled(store, 3)

    await desk.run()

    (batch,) = store.batches.open("failure")
    ids = [item.custom_id for item in store.batches.items(batch.batch_key)]
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", one) for one in ids)
    assert (len(set(ids)), batch.judge_version) == (3, desk.judge.version)


async def test_a_batch_under_way_is_waited_for_and_nothing_is_asked_twice(
    desk: Desk, store: Store, server: ScriptedModel
) -> None:
    keys = settled(store, 3)
    server.batches.ends_at_once = False
    waits = [(await desk.run()).in_batch for _ in range(3)]
    server.end_batches()
    await desk.run()

    assert (waits, desk.created, judged(store, keys)) == ([3, 3, 3], 1, keys)


async def test_sessions_that_settle_meanwhile_go_into_a_batch_of_their_own(
    desk: Desk, store: Store, server: ScriptedModel
) -> None:
    settled(store, 2)
    server.batches.ends_at_once = False
    await desk.run()
    settled(store, 1, first=2)
    await desk.run()

    assert [len(batch.requests) for batch in server.batches.begun.values()] == [2, 1]


async def test_a_command_asks_nothing_that_a_batch_is_asked(desk: Desk, store: Store, server: ScriptedModel) -> None:
    settled(store, 2)
    server.batches.ends_at_once = False
    await desk.run()
    model = open_model(server.url, store)

    direct = await judge_sessions(store, desk.judge, now_ns=desk.now_ns)
    await model.close()

    assert (direct.in_batch, direct.verdicts, server.meter.asked) == (2, (), [])


@pytest.mark.parametrize("dies", ["before", "after"])
async def test_a_kill_around_the_creation_costs_no_repeated_call(desk: Desk, store: Store, dies: str) -> None:
    keys = settled(store, 4)
    desk.bulk.dies = dies
    with pytest.raises(KilledError):
        await desk.run()
    desk.bulk.dies = None
    await desk.run()  # finds it, or waits for it to appear
    desk.later_ns = HOUR_NS
    await desk.run()
    await desk.run()

    assert (judged(store, keys), desk.created) == (keys, 1)
    assert (len(desk.server.meter.billed), store.spent(0)[0].unsettled) == (4, 0)


async def test_a_creation_whose_answer_is_lost_is_found_among_others(
    desk: Desk, store: Store, server: ScriptedModel, tmp_path: Path
) -> None:
    keys = settled(store, 4)
    server.batches.plan = batch_faults(create=[BatchFault.LOST_REPLY])
    stopped = (await desk.run()).stopped_by
    other_store = Store.open(f"sqlite:///{tmp_path}/other.db")
    settled(other_store, 4, first=100)
    others = Desk(other_store, server)
    await others.run()  # another team's batch of the same size, by the same key

    await desk.run()
    await others.close()
    other_store.close()

    assert isinstance(stopped, ModelUnavailableError)
    assert (judged(store, keys), desk.created) == (keys, 2)


async def test_what_was_never_begun_is_asked_again_when_that_is_certain(desk: Desk, store: Store) -> None:
    keys = settled(store, 2)
    desk.server.batches.plan = batch_faults(create=[Fault.GATEWAY_TIMEOUT])
    await desk.run()
    early = await desk.run()
    desk.later_ns = HOUR_NS
    await desk.run()
    await desk.run()

    assert (early.in_batch, desk.created, judged(store, keys)) == (2, 1, keys)
    assert store.spent(0)[0].unsettled == 0


async def test_money_of_a_batch_that_others_pushed_out_of_the_list_goes_on_counting(desk: Desk, store: Store) -> None:
    keys = settled(store, 2)
    desk.bulk.dies = "after"
    with pytest.raises(KilledError):
        await desk.run()
    desk.bulk.dies = None
    put_aside_usd = store.spent_usd(0)
    begun = desk.server.batches.begun
    (ours,) = begun.values()
    begun |= {f"other-{number}": replace(ours, requests={}, lines=[]) for number in range(100)}
    desk.later_ns = HOUR_NS

    again = await desk.run()

    assert again.in_batch == len(keys)
    assert store.spent_usd(0) == pytest.approx(2 * put_aside_usd)


async def test_results_that_break_off_are_read_on_without_a_new_call(
    desk: Desk, store: Store, server: ScriptedModel
) -> None:
    keys = settled(store, 6)
    await desk.run()
    server.batches.plan = batch_faults(results=[BatchFault.CUT, BatchFault.CUT])
    partly = await desk.run()
    await desk.run()
    await desk.run()

    assert 0 < len(partly.verdicts) < 6
    assert (judged(store, keys), len(server.meter.billed), desk.created) == (keys, 6, 1)
    assert store.spent_usd(0) == pytest.approx(billed_usd(server, is_batch=True), abs=1e-8)


@pytest.mark.parametrize("fault", [BatchFault.TWICE, BatchFault.FOREIGN])
async def test_lines_that_are_no_result_of_ours_change_nothing(desk: Desk, store: Store, fault: BatchFault) -> None:
    keys = settled(store, 5)
    await desk.run()
    desk.server.batches.plan = batch_faults(results=[fault])
    await desk.run()

    assert judged(store, keys) == keys
    assert not any(store.judge_problems(key) for key in keys)


@pytest.mark.parametrize(
    ("fault", "problem", "count"),
    [(BatchFault.MISSING, ReplyProblem.UNAVAILABLE, 2), (BatchFault.HUGE, ReplyProblem.OVERSIZE, 1)],
)
async def test_a_result_that_cannot_be_had_is_a_reason_and_stays_reserved(
    desk: Desk, store: Store, fault: BatchFault, problem: ReplyProblem, count: int
) -> None:
    keys = settled(store, 5)
    await desk.run()
    desk.server.batches.plan = batch_faults(results=[fault])
    came = await desk.run(is_asking=False)

    assert [one.problem for _, one in came.unjudged] == [problem] * count
    assert len(judged(store, keys)) == 5 - count
    assert store.spent(0)[0].unsettled == count


@pytest.mark.parametrize("fault", USELESS)
async def test_every_bad_end_of_a_question_is_a_counted_reason(desk: Desk, store: Store, fault: Fault) -> None:
    (key,) = settled(store, 1)
    desk.server.plan = first(fault)
    await desk.run()
    came = await desk.run(is_asking=False)
    desk.later_ns = HOUR_NS
    await desk.run()
    await desk.run()

    assert [one.problem for _, one in came.unjudged] == [USELESS[fault]]
    assert [(one.problem, one.tries) for one in store.judge_problems(key)] == [(USELESS[fault], 1)]
    assert judged(store, [key]) == [key]


@pytest.mark.parametrize("status", [404, 405, 501])
async def test_a_provider_without_batches_is_said_and_nothing_stays_planned(
    desk: Desk, store: Store, status: int
) -> None:
    settled(store, 2)
    desk.server.batches.is_there, desk.server.batches.missing_status = False, status

    run = await desk.run()

    assert run.no_batches is not None
    assert str(status) in run.no_batches
    assert (run.in_batch, store.spent_usd(0), store.batches.open("failure")) == (0, 0.0, [])


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.UNAUTHORISED, ModelRefusedError),
        (Fault.NO_CREDIT, ModelRefusedError),
        (Fault.NO_CREDIT_IN_WORDS, ModelRefusedError),
        (Fault.RATE_LIMIT, ModelUnavailableError),
        (Fault.OVERLOADED, ModelUnavailableError),
    ],
)
async def test_a_refused_creation_stops_the_run_and_keeps_the_backlog(
    desk: Desk, store: Store, fault: Fault, error: type[Exception]
) -> None:
    keys = settled(store, 2)
    desk.server.batches.plan = batch_faults(create=[fault])
    stopped = await desk.run()
    await desk.run()
    await desk.run()

    assert isinstance(stopped.stopped_by, error)
    assert (stopped.in_batch, judged(store, keys), desk.created) == (0, keys, 1)


async def test_a_batch_that_the_provider_no_longer_knows_is_asked_again(
    desk: Desk, store: Store, server: ScriptedModel
) -> None:
    keys = settled(store, 2)
    await desk.run()
    server.batches.begun.clear()
    await desk.run()
    await desk.run()

    assert judged(store, keys) == keys
    assert store.spent(0)[0].unsettled == 2  # whether it was paid nobody knows


async def test_a_batch_that_does_not_end_is_not_waited_for_for_ever(
    desk: Desk, store: Store, server: ScriptedModel
) -> None:
    keys = settled(store, 1)
    server.batches.ends_at_once = False
    await desk.run()
    desk.later_ns = 49 * HOUR_NS
    server.batches.ends_at_once = True
    await desk.run()
    await desk.run()

    assert (judged(store, keys), desk.created) == (keys, 2)


async def test_the_cap_holds_over_all_questions_of_a_batch(store: Store, server: ScriptedModel) -> None:
    keys = settled(store, 20)
    desk = Desk(store, server, cap=Cap(day_usd=0.004))
    first_run = await desk.run()
    reserved_usd = store.spent_usd(0)
    await desk.close()

    assert isinstance(first_run.stopped_by, SpendCapError)
    assert 0 < first_run.in_batch < len(keys)
    assert reserved_usd <= 0.004


async def test_a_session_that_is_forgotten_while_it_is_asked_about_gets_no_verdict(
    desk: Desk, store: Store, server: ScriptedModel
) -> None:
    gone, stays = settled(store, 2)
    await desk.run()
    store.forgetting.remove(gone, now_ns=2)
    came = await desk.run()

    assert [one.session for one in came.verdicts] == [stays]
    assert (store.forgetting.present(), store.count_observations(gone)) == ([stays], 0)
    assert store.forgetting.counted(gone) == {}
    assert (store.spent(0)[0].unsettled, store.forgetting.count_replies()) == (0, 0)
    assert store.spent_usd(0) == pytest.approx(billed_usd(server, is_batch=True), abs=1e-8)


async def test_an_answer_about_an_older_revision_is_paid_and_not_used(
    desk: Desk, store: Store, server: ScriptedModel
) -> None:
    (key,) = settled(store, 1)
    await desk.run()
    settled(store, 1, words="It went on.")
    outdated = await desk.run()
    await desk.run()

    assert (outdated.verdicts, outdated.in_batch) == ((), 1)
    (verdict,) = store.verdicts(key)
    assert (verdict.session_revision, len(server.meter.billed)) == (2, 2)


async def test_an_answer_that_was_paid_directly_is_not_asked_for_in_a_batch(
    desk: Desk, store: Store, server: ScriptedModel
) -> None:
    (key,) = settled(store, 1)
    stored = store.session(key)
    assert stored is not None
    await desk.judge.judge(packet_of(store, stored))  # and killed before it was saved
    run = await desk.run()

    assert ([one.session for one in run.verdicts], desk.created, len(server.meter.billed)) == ([key], 0, 1)


async def test_sessions_that_need_no_model_are_dealt_with_at_once(desk: Desk, store: Store) -> None:
    store.set_session(make_session(make_key("p"), state=SessionState.SETTLED), make_decision(Label.PASS), now_ns=1)

    run = await desk.run()

    assert ([key.session_id for key in run.silent], desk.created) == (["p"], 0)


async def test_the_next_single_session_costs_one_question(desk: Desk, store: Store, server: ScriptedModel) -> None:
    settled(store, 150)
    await desk.run()
    await desk.run()
    before = len(server.meter.asked)
    (key,) = settled(store, 1, first=150)
    for _ in range(3):
        await desk.run()

    assert (judged(store, [key]), len(server.meter.asked) - before) == ([key], 1)


class Breaking(FailureJudge):
    """Breaks on one session, when it is asked about or when its answer is read."""

    breaks_on: SessionKey | None = None
    is_reading = False

    def request(self, packet: Packet, *, is_rerun: bool = False) -> ModelRequest[FailureReply] | None:
        if packet.session == self.breaks_on and not self.is_reading:
            raise RuntimeError("no packet of this shape was foreseen")
        return super().request(packet, is_rerun=is_rerun)

    def read(self, packet: Packet, reply: ModelReply[FailureReply]) -> Verdict | Unjudged:
        if packet.session == self.breaks_on and self.is_reading:
            raise RuntimeError("no reply of this shape was foreseen")
        return super().read(packet, reply)


@pytest.mark.parametrize("is_reading", [False, True])
async def test_a_session_that_the_judge_itself_breaks_on_keeps_no_other_from_its_turn(
    desk: Desk, store: Store, *, is_reading: bool
) -> None:
    keys = settled(store, 3)
    desk.judge = judge = Breaking(open_model(desk.server.url, store))
    judge.breaks_on, judge.is_reading = keys[1], is_reading
    for _ in range(8):
        await desk.run()

    assert judged(store, keys) == [keys[0], keys[2]]
    assert [(one.problem, one.tries) for one in store.judge_problems(keys[1])] == [(ReplyProblem.JUDGE_FAILED, 3)]


async def test_a_provider_that_errors_on_everything_is_given_up_by_the_reasons(desk: Desk, store: Store) -> None:
    (key,) = settled(store, 1)
    desk.server.plan = always(Fault.REFUSAL)
    for _ in range(6):
        await desk.run()
    desk.server.plan = never

    assert [(one.problem, one.tries) for one in store.judge_problems(key)] == [(ReplyProblem.REFUSED, 3)]
    assert (await desk.run()).in_batch == 0


async def test_a_session_that_got_no_answer_rests_and_keeps_no_other_from_its_turn(desk: Desk, store: Store) -> None:
    settled(store, 1)
    desk.server.plan = first(Fault.SERVER_ERROR)
    await desk.run()
    resting = await desk.run()
    keys = settled(store, 2)
    beside = await desk.run()
    await desk.run()
    judged_at_once = judged(store, keys)
    desk.later_ns = HOUR_NS
    rested = await desk.run()
    await desk.run()

    assert [run.in_batch for run in (resting, beside, rested)] == [0, 1, 1]
    assert (judged_at_once, judged(store, keys)) == (keys[1:], keys)
