"""What the store promises of money: nothing goes over a cap, and nothing put aside is forgotten."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sidecar.domain import ModelUsage, ProjectId, Purpose
from sidecar.store import Cap, KeptReply, Spent, Store, Wanted
from sidecar.store.database import Database
from sidecar.store.migrating import Branch
from sidecar.store.spend import day_start_ns, month_start_ns, reserve_spend, settle_spend
from tests.contracts.records import PROJECT

WORKERS = 8
SECOND_NS = 1_000_000_000
NOON_NS = int(datetime(2026, 11, 25, 12, tzinfo=UTC).timestamp()) * SECOND_NS
DAY_NS = 24 * 3600 * SECOND_NS
USAGE = ModelUsage(input_tokens=100, cache_write_tokens=20, cache_read_tokens=3, output_tokens=7)


def reserve(
    store: Store, key: str = "k", *, usd: float = 0.4, now_ns: int = NOON_NS, day: float | None = 1.0, month: float = 9
) -> int | None:
    return store.reserve_spend(
        Wanted(request_key=key, purpose=Purpose.JUDGE, model="claude-haiku-5-5", amount_usd=usd),
        now_ns=now_ns,
        cap=Cap(day_usd=day, month_usd=month),
    )


def test_what_would_go_over_the_cap_is_not_reserved(store: Store) -> None:
    reserved = [reserve(store, f"k{at}") for at in range(4)]

    assert reserved == [1, 1, None, None]
    assert store.spent_usd(0) == pytest.approx(0.8)


def test_a_cap_can_be_used_up_to_the_last_cent(store: Store) -> None:
    reserved = [reserve(store, usd=0.1) for _ in range(11)]

    assert [*range(1, 11), None] == reserved


def test_a_settled_call_frees_what_it_did_not_use(store: Store) -> None:
    attempt = reserve(store, usd=0.9)
    assert attempt is not None

    store.settle_spend("k", attempt, amount_usd=0.1, usage=USAGE)

    assert reserve(store, usd=0.9) == 2


def test_a_call_that_was_never_made_is_none_and_frees_its_money_once(store: Store) -> None:
    reserve(store, usd=0.3)
    attempt = reserve(store, usd=0.6)
    assert attempt is not None

    store.spending.release("k", attempt)
    store.spending.release("k", attempt)

    assert (store.spent(0)[0].calls, store.spent_usd(0)) == (1, pytest.approx(0.3))
    assert reserve(store, usd=0.7) == attempt


def test_an_answer_that_was_kept_is_given_in_place_of_money_even_over_the_cap(store: Store) -> None:
    wanted = Wanted(request_key="k", purpose=Purpose.JUDGE, model="m", amount_usd=0.4)
    none = Cap(day_usd=0.0)

    without = store.reserve_spend(wanted, now_ns=NOON_NS, cap=Cap(), or_kept=True)
    store.settle_spend("k", 1, amount_usd=0.1, usage=USAGE, kept=KeptReply(model="m", text="[1]"))
    given = [store.reserve_spend(wanted, now_ns=NOON_NS, cap=none, or_kept=True) for _ in range(2)]
    of_another = store.reserve_spend(replace(wanted, model="n"), now_ns=NOON_NS, cap=none, or_kept=True)

    assert (without, given, of_another) == (1, ["[1]", "[1]"], None)
    assert store.spent(0)[0].calls == 1


def test_what_was_never_settled_goes_on_counting(store: Store, database_url: str) -> None:
    reserve(store, usd=0.9)
    store.close()

    reopened = Store.open(database_url)

    assert reserve(reopened, usd=0.2) is None
    (spent,) = reopened.spent(0)
    assert (1, 1, pytest.approx(0.9), ModelUsage()) == (spent.calls, spent.unsettled, spent.cost_usd, spent.usage)
    reopened.close()


@pytest.mark.parametrize(
    ("later_ns", "is_free"), [(DAY_NS // 2 - 1, False), (DAY_NS // 2, True)], ids=["same day", "next day"]
)
def test_the_day_begins_anew_at_midnight_utc(store: Store, later_ns: int, is_free: bool) -> None:
    reserve(store, usd=0.9)

    assert (reserve(store, usd=0.9, now_ns=NOON_NS + later_ns) is not None) == is_free


@pytest.mark.parametrize(("days", "is_free"), [(5, False), (6, True)], ids=["30 November", "1 December"])
def test_the_month_has_its_own_cap(store: Store, days: int, is_free: bool) -> None:
    reserve(store, usd=0.9, day=None, month=1)

    assert (reserve(store, usd=0.9, day=None, month=1, now_ns=NOON_NS + days * DAY_NS) is not None) == is_free


def test_without_a_cap_everything_is_reserved_and_counted(store: Store) -> None:
    no_cap = Cap()
    for _ in range(3):
        store.reserve_spend(
            Wanted(request_key="k", purpose=Purpose.DRAFT, model="m", amount_usd=1e6), now_ns=NOON_NS, cap=no_cap
        )

    assert store.spent_usd(0) == pytest.approx(3e6)


def test_spending_is_told_by_purpose_and_model(store: Store) -> None:
    attempt = reserve(store, usd=0.4)
    assert attempt is not None
    store.settle_spend("k", attempt, amount_usd=0.25, usage=USAGE)
    reserve(store, usd=0.5)
    store.reserve_spend(
        Wanted(request_key="d", purpose=Purpose.DRAFT, model="m", amount_usd=0.1), now_ns=NOON_NS + DAY_NS, cap=Cap()
    )

    told = store.spent(0)

    draft = Spent(
        purpose=Purpose.DRAFT, model="m", calls=1, unsettled=1, cost_usd=0.1, reserved_usd=0.1, usage=ModelUsage()
    )
    judge = Spent(
        purpose=Purpose.JUDGE,
        model="claude-haiku-5-5",
        calls=2,
        unsettled=1,
        cost_usd=0.75,
        reserved_usd=0.5,
        usage=USAGE,
    )
    assert [draft, judge] == told
    assert [draft] == store.spent(NOON_NS + 1)


def test_spending_is_told_by_project_too(store: Store) -> None:
    for key, project, usd in (
        ("a", PROJECT, 0.1),
        ("b", PROJECT, 0.2),
        ("c", ProjectId("x/other"), 0.3),
        ("d", None, 0.4),
    ):
        wanted = Wanted(request_key=key, purpose=Purpose.BLIND, model="m", amount_usd=usd, project=project)
        store.reserve_spend(wanted, now_ns=NOON_NS, cap=Cap())

    told = store.spending.by_project(NOON_NS)

    assert {project: [(one.calls, one.cost_usd) for one in found] for project, found in told.items()} == {
        PROJECT: [(2, pytest.approx(0.3))],
        ProjectId("x/other"): [(1, pytest.approx(0.3))],
        None: [(1, pytest.approx(0.4))],
    }
    assert store.spending.by_project(NOON_NS + 1) == {}


def test_workers_together_never_reserve_more_than_the_cap(database_url: str) -> None:
    stores = [Store.open(database_url) for _ in range(WORKERS)]

    def work(at: int) -> int:
        return sum(reserve(stores[at], f"w{at}", usd=0.03) is not None for _ in range(10))

    with ThreadPoolExecutor(WORKERS) as pool:
        granted = sum(pool.map(work, range(WORKERS)))

    assert granted == 33
    assert stores[0].spent_usd(0) == pytest.approx(0.99)
    for store in stores:
        store.close()


def test_two_processes_that_settle_one_call_and_reserve_another_in_one_commit_both_come_through(
    store: Store, database_url: str
) -> None:
    databases = [Database.open(database_url, Branch.STORE) for _ in range(2)]
    half_way = threading.Barrier(2)
    for name in ("a", "b"):
        reserve(store, name, usd=0.2)

    def work(database: Database, name: str) -> list[int]:
        with database.write() as connection:
            settle_spend(connection, name, 1, amount_usd=0.1, usage=USAGE)
            with suppress(threading.BrokenBarrierError):
                half_way.wait(0.5)  # the other one may have to wait for our commit
            wanted = Wanted(request_key=f"{name}-next", purpose=Purpose.JUDGE, model="m", amount_usd=0.3)
            return reserve_spend(connection, [wanted], now_ns=NOON_NS, cap=Cap(day_usd=1.0))

    with ThreadPoolExecutor(2) as pool:
        reserved = list(pool.map(work, databases, ("a", "b")))

    for database in databases:
        database.close()
    assert reserved == [[1], [1]]
    assert store.spent_usd(0) == pytest.approx(0.8)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.floats(min_value=0, max_value=0.5), max_size=12), cap=st.floats(min_value=0, max_value=2))
def test_amounts_of_any_size_stay_under_the_cap(store: Store, amounts: list[float], cap: float) -> None:
    before = store.spent_usd(0)
    for amount in amounts:
        store.reserve_spend(
            Wanted(request_key="any", purpose=Purpose.JUDGE, model="m", amount_usd=amount),
            now_ns=NOON_NS,
            cap=Cap(day_usd=before + cap),
        )

    assert store.spent_usd(0) <= before + cap + 1e-9


@given(now_ns=st.integers(min_value=0, max_value=4_000_000_000 * SECOND_NS))
def test_days_and_months_begin_before_each_moment_and_not_long_before(now_ns: int) -> None:
    assert 0 <= now_ns - day_start_ns(now_ns) < DAY_NS
    assert 0 <= now_ns - month_start_ns(now_ns) < 31 * DAY_NS
    assert month_start_ns(month_start_ns(now_ns)) == month_start_ns(now_ns) <= day_start_ns(now_ns)
