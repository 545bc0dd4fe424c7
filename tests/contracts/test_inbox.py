"""What receivers and projectors rely on of the inbox, on SQLite and on PostgreSQL."""

import asyncio
import os
import random
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sidecar.domain import TeamId
from sidecar.errors import StoreError
from sidecar.store import Inbox, InboxEntry, InboxReceipt, InboxRow
from sidecar.store.inbox import MAX_CLAIM_BYTES
from tests.contracts.records import make_entry

fresh_ids = count()
LEASE_NS = 10


def add(inbox: Inbox, *entries: InboxEntry) -> list[InboxReceipt]:
    async def add_all() -> list[InboxReceipt]:
        return list(await asyncio.gather(*(inbox.add(entry) for entry in entries)))

    return asyncio.run(add_all())


def claim(inbox: Inbox, owner: str = "a", *, now_ns: int = 0, limit: int = 1000) -> list[InboxRow]:
    return inbox.claim(owner=owner, now_ns=now_ns, lease_ns=LEASE_NS, limit=limit)


def finish(inbox: Inbox, rows: Sequence[InboxRow], owner: str = "a") -> None:
    inbox.finish([row.row_id for row in rows], owner=owner)


def test_an_entry_comes_back_as_it_was_added(inbox: Inbox) -> None:
    body = bytes(range(256)) * 100

    receipts = add(inbox, make_entry("h", channel="transcript", body=body, observed_ns=7, is_timed=True))

    assert [InboxReceipt(is_new=True)] == receipts
    [row] = claim(inbox)
    entry = make_entry("h", channel="transcript", body=body, observed_ns=7, is_timed=True)
    assert entry == InboxEntry(
        team=row.team,
        body_hash=row.body_hash,
        channel=row.channel,
        agent=row.agent,
        parameters=row.parameters,
        body=row.body,
        received_ns=row.received_ns,
        observed_ns=row.observed_ns,
        is_timed=row.is_timed,
    )
    assert (row.last_observed_ns, row.attempts) == (7, 1)


def test_an_empty_body_and_no_agent_are_fine(inbox: Inbox) -> None:
    add(inbox, replace(make_entry(body=b""), agent=None, parameters={}))

    [row] = claim(inbox)

    assert (row.body, row.agent, row.parameters) == (b"", None, {})


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9)), min_size=1, max_size=20))
def test_each_body_is_stored_once_with_its_latest_time(inbox: Inbox, sent: list[tuple[int, int]]) -> None:
    example = next(fresh_ids)
    entries = [make_entry(f"{example}.{body}", observed_ns=at_ns) for body, at_ns in sent]

    receipts = add(inbox, *entries)

    rows = claim(inbox)
    finish(inbox, rows)
    latest = {f"{example}.{body}": max(at for other, at in sent if other == body) for body, _ in sent}
    assert latest == {row.body_hash: row.last_observed_ns for row in rows}
    assert len(latest) == len(rows) == sum(receipt.is_new for receipt in receipts)


def test_equal_bodies_of_two_teams_are_two(inbox: Inbox) -> None:
    receipts = add(inbox, make_entry(), replace(make_entry(), team=TeamId("other")))

    assert [InboxReceipt(is_new=True)] * 2 == receipts


@pytest.mark.parametrize(
    ("channel", "is_timed", "second_ns", "is_due_again"),
    [
        pytest.param("hook", False, 2, True, id="an untimed hook may be a second event"),
        pytest.param("hook", False, 1, False, id="the same time again"),
        pytest.param("hook", False, 0, False, id="an earlier time"),
        pytest.param("hook", True, 2, False, id="a timed hook is the same event"),
        pytest.param("traces", False, 2, False, id="other channels carry their own times"),
    ],
)
def test_what_comes_again_after_it_was_done(
    inbox: Inbox, channel: str, is_timed: bool, second_ns: int, is_due_again: bool
) -> None:
    add(inbox, make_entry(channel=channel, is_timed=is_timed, observed_ns=1))
    finish(inbox, claim(inbox))

    receipts = add(inbox, make_entry(channel=channel, is_timed=is_timed, observed_ns=second_ns))

    assert [InboxReceipt(is_new=False)] == receipts
    assert ([second_ns] if is_due_again else []) == [row.last_observed_ns for row in claim(inbox)]


def test_a_hook_that_comes_again_while_it_is_claimed_is_not_finished_by_the_claim(inbox: Inbox) -> None:
    add(inbox, make_entry(observed_ns=1))
    rows = claim(inbox)
    add(inbox, make_entry(observed_ns=5))

    finish(inbox, rows)

    assert [(row.observed_ns, row.last_observed_ns) for row in claim(inbox)] == [(1, 5)]


def test_rows_are_claimed_earliest_first_and_up_to_the_limit(inbox: Inbox) -> None:
    add(inbox, *(make_entry(f"{at_ns}", observed_ns=at_ns) for at_ns in (3, 1, 2)))

    assert [[row.body_hash for row in claim(inbox, limit=2)] for _ in range(3)] == [["1", "2"], ["3"], []]


def test_a_claimed_row_is_nobody_elses_until_the_lease_has_passed(inbox: Inbox) -> None:
    add(inbox, make_entry())
    claim(inbox, "a", now_ns=0)

    assert claim(inbox, "b", now_ns=LEASE_NS - 1) == []
    assert [row.attempts for row in claim(inbox, "b", now_ns=LEASE_NS)] == [2]


@pytest.mark.parametrize("act", ["finish", "reject"])
def test_an_owner_that_lost_its_lease_changes_nothing(inbox: Inbox, act: str) -> None:
    add(inbox, make_entry())
    rows = claim(inbox, "a", now_ns=0)
    claim(inbox, "b", now_ns=LEASE_NS)
    acts = {
        "finish": lambda: finish(inbox, rows, "a"),
        "reject": lambda: inbox.reject(rows[0].row_id, owner="a", reason="late"),
    }

    acts[act]()

    assert inbox.counts() == {"new": 0, "claimed": 1, "done": 0, "failed": 0}
    finish(inbox, rows, "b")
    assert inbox.counts() == {"new": 0, "claimed": 0, "done": 1, "failed": 0}


def test_a_rejected_row_is_kept_and_not_claimed_again(inbox: Inbox) -> None:
    add(inbox, make_entry())
    [row] = claim(inbox)

    inbox.reject(row.row_id, owner="a", reason="not JSON at byte 3")

    assert inbox.counts() == {"new": 0, "claimed": 0, "done": 0, "failed": 1}
    assert claim(inbox, now_ns=LEASE_NS) == []
    assert [InboxReceipt(is_new=False)] == add(inbox, make_entry())


def test_many_claimers_at_once_share_the_rows(inbox: Inbox) -> None:
    add(inbox, *(make_entry(f"{number}") for number in range(100)))
    start = threading.Barrier(4)

    def drain(owner: str) -> list[str]:
        start.wait()
        found: list[str] = []
        while rows := claim(inbox, owner, limit=7):
            found.extend(row.body_hash for row in rows)
            finish(inbox, rows, owner)
        return found

    with ThreadPoolExecutor(4) as pool:
        claimed = [body_hash for found in pool.map(drain, "abcd") for body_hash in found]

    assert Counter(f"{number}" for number in range(100)) == Counter(claimed)
    assert inbox.counts() == {"new": 0, "claimed": 0, "done": 100, "failed": 0}


def test_entries_from_several_event_loops_are_all_stored(inbox: Inbox) -> None:
    def add_from_own_loop(loop: int) -> list[InboxReceipt]:
        return add(inbox, *(make_entry(f"{loop}.{number}") for number in range(50)))

    with ThreadPoolExecutor(4) as pool:
        receipts = [receipt for found in pool.map(add_from_own_loop, range(4)) for receipt in found]

    assert [InboxReceipt(is_new=True)] * 200 == receipts
    assert inbox.counts()["new"] == 200


async def test_an_entry_whose_sender_went_away_is_stored(inbox: Inbox) -> None:
    task = asyncio.create_task(inbox.add(make_entry("gone")))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    await inbox.add(make_entry("next"))

    assert [row.body_hash for row in claim(inbox)] == ["gone", "next"]


async def test_closing_commits_what_waits_and_then_takes_no_more(inbox_url: str) -> None:
    inbox = Inbox.open(inbox_url)
    tasks = [asyncio.create_task(inbox.add(make_entry(f"{number}"))) for number in range(20)]
    await asyncio.sleep(0)

    await asyncio.to_thread(inbox.close)

    assert [InboxReceipt(is_new=True)] * 20 == await asyncio.gather(*tasks)
    with pytest.raises(StoreError, match="closed"):
        await inbox.add(make_entry("late"))


async def test_rows_of_an_owner_known_to_be_dead_are_new_again(inbox: Inbox) -> None:
    await inbox.add(make_entry())
    inbox.claim(owner="dead", now_ns=0, lease_ns=1_000, limit=9)
    owners = inbox.owners()

    inbox.release("dead")
    (row,) = inbox.claim(owner="alive", now_ns=1, lease_ns=1_000, limit=9)

    assert owners == ["dead"]
    assert row.attempts == 2
    assert inbox.owners() == ["alive"]


def test_a_claim_holds_no_more_bytes_than_fit_into_memory_and_at_least_one_row(inbox: Inbox) -> None:
    half = MAX_CLAIM_BYTES // 2 + 1
    sizes = (half, half, 3 * half, 10)
    for number, size in enumerate(sizes):
        asyncio.run(inbox.add(make_entry(f"h{number}", body=os.urandom(size), observed_ns=number)))

    claims = [inbox.claim(owner="a", now_ns=9, lease_ns=9, limit=10) for _ in range(5)]

    assert [[row.body_hash for row in claim] for claim in claims] == [["h0"], ["h1"], ["h2"], ["h3"], []]


@pytest.mark.parametrize("size", [1, 300_000])
def test_of_a_batch_with_one_known_entry_the_others_are_new(inbox: Inbox, size: int) -> None:
    body = random.Random(size).randbytes(size)
    add(inbox, make_entry("b", body=body))

    receipts = add(inbox, *(make_entry(name, body=body) for name in ("a", "b", "c")))

    assert [receipt.is_new for receipt in receipts] == [True, False, True]
    assert inbox.counts()["new"] == 3
