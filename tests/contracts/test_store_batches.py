"""What the store promises of batches: planned with their money, found again, dealt with once, gone with a session."""

from collections.abc import Sequence

import pytest

from sidecar.domain import ModelUsage, Purpose, SessionState
from sidecar.store import Batch, BatchItem, Cap, Planned, Store, Wanted
from tests.contracts.records import make_decision, make_key, make_session

NOW_NS = 1_790_000_000_000_000_000
USAGE = ModelUsage(input_tokens=10, output_tokens=2)


def planned(store: Store, *names: str, usd: float = 0.1) -> list[Planned]:
    """Questions about settled sessions of these names."""
    for name in names:
        session = make_session(make_key(name), state=SessionState.SETTLED)
        store.set_session(session, make_decision(), now_ns=1)
    return [
        Planned(
            session=make_key(name),
            revision=1,
            wanted=Wanted(request_key=f"key-{name}", purpose=Purpose.JUDGE, model="m", amount_usd=usd),
        )
        for name in names
    ]


def batch(key: str = "b", *, version: str = "v1", asked_ns: int = NOW_NS) -> Batch:
    return Batch(batch_key=key, judge="failure", judge_version=version, model="m", asked_ns=asked_ns, size=0)


def plan(store: Store, questions: Sequence[Planned], *, key: str = "b", cap: Cap | None = None) -> list[BatchItem]:
    return store.batches.plan(batch(key), questions, cap=cap or Cap())


def test_a_plan_holds_its_sessions_and_their_money(store: Store) -> None:
    items = plan(store, planned(store, "a", "b"))

    (known,) = store.batches.open("failure")
    assert (known.size, known.batch_id, known.asked_ns) == (2, None, NOW_NS)
    assert store.batches.items("b") == items
    assert store.batches.waiting("failure", "v1") == {make_key("a"), make_key("b")}
    assert store.spent_usd(0) == pytest.approx(0.2)


def test_a_plan_takes_as_many_questions_as_the_cap_allows(store: Store) -> None:
    items = plan(store, planned(store, "a", "b", "c"), cap=Cap(day_usd=0.25))

    assert [item.custom_id for item in items] == ["key-a", "key-b"]
    assert store.batches.open("failure")[0].size == 2


def test_a_plan_without_room_leaves_nothing(store: Store) -> None:
    items = plan(store, planned(store, "a"), cap=Cap(month_usd=0.05))

    assert (items, store.batches.open("failure"), store.spent_usd(0)) == ([], [], 0)


def test_another_judge_version_and_another_revision_do_not_wait(store: Store) -> None:
    plan(store, planned(store, "a", "b"))
    store.set_session(
        make_session(make_key("a"), state=SessionState.SETTLED, commands=("ls",)), make_decision(), now_ns=2
    )

    assert store.batches.waiting("failure", "v1") == {make_key("b")}
    assert store.batches.waiting("failure", "v2") == set()


def test_a_dropped_plan_frees_its_money_and_its_sessions(store: Store) -> None:
    plan(store, planned(store, "a", "b"))

    store.batches.drop("b")

    assert (store.batches.open("failure"), store.batches.waiting("failure", "v1")) == ([], set())
    assert (store.spent_usd(0), store.spent(0)[0].unsettled) == (0, 0)


def test_an_ended_batch_waits_for_nothing_and_is_still_known_until_it_is_purged(store: Store) -> None:
    plan(store, planned(store, "a"))
    store.batches.set_id("b", "msgbatch_1")
    store.batches.end("b", now_ns=NOW_NS + 5)

    assert (store.batches.open("failure"), store.batches.items("b")) == ([], [])
    assert store.batches.known_ids() == {"msgbatch_1"}
    store.batches.purge(NOW_NS + 5)
    assert store.batches.known_ids() == {"msgbatch_1"}
    store.batches.purge(NOW_NS + 6)
    assert store.batches.known_ids() == set()


def test_an_answer_that_is_dealt_with_is_no_longer_waited_for(store: Store) -> None:
    plan(store, planned(store, "a", "b"))

    store.batches.done("b", "key-a")

    assert store.batches.waiting("failure", "v1") == {make_key("b")}


def test_a_question_goes_with_its_session_and_its_money_can_still_be_booked(store: Store) -> None:
    plan(store, planned(store, "a", "b"))
    store.forgetting.remove(make_key("a"), now_ns=2)

    assert [item.custom_id for item in store.batches.items("b")] == ["key-b"]
    assert store.batches.unsettled_attempt("key-a") == 1
    store.settle_spend("key-a", 1, amount_usd=0.01, usage=USAGE)
    assert store.batches.unsettled_attempt("key-a") is None


def test_an_answer_that_is_booked_twice_counts_once(store: Store) -> None:
    plan(store, planned(store, "a"))

    for amount in (0.02, 0.07):
        store.settle_spend("key-a", 1, amount_usd=amount, usage=USAGE)

    (spent,) = store.spent(0)
    assert (spent.cost_usd, spent.usage) == (pytest.approx(0.02), USAGE)
    assert store.reserve_spend(
        Wanted(request_key="k", purpose=Purpose.DRAFT, model="m", amount_usd=0.98), now_ns=NOW_NS, cap=Cap(day_usd=1)
    )


def test_a_question_asked_again_has_another_attempt(store: Store) -> None:
    questions = planned(store, "a")
    plan(store, questions)
    store.batches.drop("b")

    (again,) = plan(store, questions, key="b2")

    assert again.attempt == 2


def test_many_questions_are_planned_at_once(store: Store) -> None:
    items = plan(store, planned(store, *(f"s{number}" for number in range(505))))

    assert len(store.batches.items("b")) == len(items) == 505
