"""What holds for many sessions and a bad provider: each ends judged or with a reason, and money stays under its cap."""

from collections import Counter
from dataclasses import replace

import pytest

from judges.failure import FailureJudge
from judges.packet import build_packet
from sidecar.domain import Label, LabelDecision, SessionKey, TaskId
from sidecar.errors import ModelRefusedError, ModelUnavailableError, SpendCapError
from sidecar.prices import cost_usd
from sidecar.store import Cap, Store
from sidecar.store.problems import MAX_TRIES
from tests.judges.acts import asked, checked, edited, session_of
from tests.judges.failure.answering import explained, packet_in
from tests.judges.failure.packets import BAD, OUTPUT
from tests.judges.failure.running import WORKERS, judge_waiting, judged
from tests.scripted_model import TWELVE, Clock, Fault, ScriptedModel, always, never, open_model, randomly
from tests.scripted_model.opening import NOW_NS

SESSIONS = 500


def settled(store: Store, count: int) -> list[SessionKey]:
    """So many settled sessions that failed by their code."""
    decision = LabelDecision(label=Label.CODE_FAIL, reason="1 of 3 tests failed", tests=(BAD,))
    keys: list[SessionKey] = []
    for number in range(count):
        session = session_of(
            asked(f"Task {number}."),
            edited("src/shop/money.py", "return cents", f"return cents / {number}"),
            checked("make check", f"{OUTPUT}\nrun {number}", ok=False),
            name=f"session-{number:03d}",
        )
        store.set_session(replace(session, task=TaskId(f"key:T-{number}")), decision, now_ns=1)
        keys.append(session.key)
    return keys


def billed_usd(server: ScriptedModel) -> float:
    return sum(cost_usd(model, usage, at_ns=NOW_NS, prices={}) for model, usage in server.meter.billed)


def dearest_usd(server: ScriptedModel) -> float:
    return max(cost_usd(model, usage, at_ns=NOW_NS, prices={}) for model, usage in server.meter.billed)


@pytest.mark.timeout(300)
async def test_with_a_third_of_all_answers_faulty_each_session_ends_judged_or_with_a_reason(store: Store) -> None:
    keys = settled(store, SESSIONS)
    with ScriptedModel(explained, randomly(2026)) as server:
        model = open_model(server.url, store, clock=Clock(), timeout_s=0.5)
        judge = FailureJudge(model)
        runs = [await judge_waiting(store, judge) for _ in range(MAX_TRIES)]
        waiting = store.unjudged_sessions(judge.name, judge.version)
        await model.close()

    with_verdict = judged(store, keys)
    with_reason = [key for key in keys if key not in set(with_verdict)]
    assert [run.stopped_by for run in runs] == [None] * MAX_TRIES
    assert all(store.judge_problems(key) for key in with_reason)
    assert all(sum(one.tries for one in store.judge_problems(key)) == MAX_TRIES for key in with_reason)
    assert waiting == []
    assert len(with_verdict) >= 0.9 * SESSIONS
    assert set(server.meter.faults) == set(TWELVE)
    assert max(Counter(packet_in(asked) for asked in server.meter.asked).values()) <= 4 * MAX_TRIES
    # Every token of every answer is counted, those whose bytes never arrived at their estimate.
    assert billed_usd(server) <= store.spent_usd(0)


@pytest.mark.timeout(300)
async def test_spending_stays_under_the_cap_with_many_workers_and_faults(store: Store) -> None:
    keys = settled(store, 200)
    cap_usd = 0.02
    with ScriptedModel(explained, randomly(7)) as server:
        model = open_model(server.url, store, clock=Clock(), cap=Cap(day_usd=cap_usd), timeout_s=0.5)
        judge = FailureJudge(model)
        run = await judge_waiting(store, judge)
        await model.close()

    assert isinstance(run.stopped_by, SpendCapError)
    assert 0 < len(judged(store, keys)) < len(keys)
    assert store.unjudged_sessions(judge.name, judge.version) != []
    assert store.spent_usd(0) <= cap_usd
    assert billed_usd(server) <= cap_usd + WORKERS * dearest_usd(server)


@pytest.mark.parametrize(
    ("fault", "error", "most_asked"),
    [
        (Fault.UNAUTHORISED, ModelRefusedError, WORKERS),
        (Fault.NO_CREDIT, ModelRefusedError, WORKERS),
        (Fault.OVERLOADED, ModelUnavailableError, 4 * (WORKERS + 5)),
    ],
)
async def test_a_provider_that_takes_nothing_stops_the_run_and_the_backlog_stays(
    store: Store, fault: Fault, error: type[Exception], most_asked: int
) -> None:
    keys = settled(store, 40)
    with ScriptedModel(explained, always(fault)) as server:
        model = open_model(server.url, store)
        judge = FailureJudge(model)
        stopped = await judge_waiting(store, judge)
        asked_in_vain = len(server.meter.asked)
        server.plan = never
        after = await judge_waiting(store, judge)
        await model.close()

    assert isinstance(stopped.stopped_by, error)
    assert asked_in_vain <= most_asked
    assert after.stopped_by is None
    assert judged(store, keys) == keys


async def test_a_reply_that_was_paid_before_a_kill_gives_the_verdict_and_is_not_paid_again(store: Store) -> None:
    (key,) = settled(store, 1)
    stored = store.session(key)
    assert stored is not None
    with ScriptedModel(explained) as server:
        model = open_model(server.url, store)
        judge = FailureJudge(model)
        # A process killed here has paid and leaves no verdict.
        await judge.judge(build_packet(stored.session, stored.decision))
        await judge_waiting(store, judge)
        await judge_waiting(store, judge)
        await model.close()

    (spent,) = store.spent(0)
    assert (len(server.meter.asked), spent.calls, spent.unsettled) == (1, 1, 0)
    assert spent.cost_usd == pytest.approx(billed_usd(server), abs=1e-8)
    assert judged(store, [key]) == [key]
