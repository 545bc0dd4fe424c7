"""What the store promises of leases, counts and being opened again, on SQLite and on PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from sidecar.domain import (
    Label,
    ProposalState,
    SessionState,
)
from sidecar.errors import StoreBusyError
from sidecar.store import Store
from tests.contracts.records import (
    TEAM,
    make_decision,
    make_key,
    make_outcome,
    make_proposal,
    make_session,
    make_verdict,
)

OPEN, CLOSED, SETTLED = SessionState.OPEN, SessionState.CLOSED, SessionState.SETTLED


def take(store: Store, owner: str, *, now_ns: int) -> int | None:
    return store.take_lease("sync", owner=owner, now_ns=now_ns, ttl_ns=10)


def test_a_lease_has_one_owner_until_its_time_has_passed(store: Store) -> None:
    assert take(store, "a", now_ns=0) == 1
    assert take(store, "b", now_ns=9) is None
    assert take(store, "b", now_ns=10) == 2
    assert take(store, "a", now_ns=11) is None


def test_an_owner_prolongs_under_the_same_token(store: Store) -> None:
    assert take(store, "a", now_ns=0) == 1
    assert take(store, "a", now_ns=9) == 1
    assert take(store, "b", now_ns=12) is None


def test_an_owner_that_comes_too_late_gets_a_new_token(store: Store) -> None:
    assert take(store, "a", now_ns=0) == 1
    assert take(store, "a", now_ns=10) == 2


def test_a_dropped_lease_is_free_and_its_tokens_go_on(store: Store) -> None:
    take(store, "a", now_ns=0)

    store.drop_lease("sync", owner="b")
    assert take(store, "b", now_ns=1) is None
    store.drop_lease("sync", owner="a")

    assert take(store, "b", now_ns=1) == 2


def test_of_many_that_want_a_lease_at_once_one_gets_it(store: Store) -> None:
    start = threading.Barrier(8)

    def want(owner: int) -> int | None:
        start.wait()
        return take(store, f"{owner}", now_ns=0)

    with ThreadPoolExecutor(8) as pool:
        tokens = list(pool.map(want, range(8)))

    assert [token for token in tokens if token is not None] == [1]


def test_counts_say_how_much_there_is(store: Store) -> None:
    store.set_session(make_session(state=SETTLED), make_decision(), now_ns=1)
    store.set_verdict(make_key(), revision=1, judge="evidence", judge_version="1", verdict=make_verdict())
    store.add_outcome(make_outcome())
    store.add_proposal(make_proposal())

    counts = store.counts()

    assert counts.sessions == {OPEN: 0, CLOSED: 0, SETTLED: 1}
    assert counts.labels == {Label.PASS: 0, Label.CODE_FAIL: 1, Label.INFRA: 0, Label.UNKNOWN: 0}
    assert (counts.outcomes, counts.verdicts, counts.refusals, counts.tombstones) == (1, 1, 0, 0)
    assert counts.proposals[ProposalState.DRAFTED] == 1


def test_what_was_stored_is_there_after_opening_again(database_url: str) -> None:
    first = Store.open(database_url)
    first.set_session(make_session(), make_decision(), now_ns=1)
    first.close()

    second = Store.open(database_url)

    assert len(second.sessions(TEAM)) == 1
    second.close()


def test_worker_that_lost_its_lease_writes_nothing(store: Store) -> None:
    first = store.take_lease("project:shop", owner="paused", now_ns=0, ttl_ns=10)
    assert first is not None
    paused = store.fenced("project:shop", owner="paused", token=first)
    paused.set_proposal(make_proposal("00" * 8))

    assert store.take_lease("project:shop", owner="other", now_ns=10, ttl_ns=10) is not None
    with pytest.raises(StoreBusyError, match=r"project:shop.*taken over"):
        paused.set_proposal(make_proposal("11" * 8))

    assert [one.proposal_id for one in paused.proposals()] == ["00" * 8]


def test_worker_whose_lease_has_passed_and_that_nobody_relieved_goes_on(store: Store) -> None:
    token = store.take_lease("project:shop", owner="slow", now_ns=0, ttl_ns=10)
    assert token is not None

    store.fenced("project:shop", owner="slow", token=token).set_proposal(make_proposal())

    assert len(store.proposals()) == 1
