"""Who has stopped beating is told by the watcher's own steady clock, and is buried by one watcher alone."""

import threading
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.heartbeat import Heart, Watch, known_as, own_name
from sidecar.owner import this_process
from sidecar.store import Node, Store

SILENCE_S = 30.0
FAR = "elsewhere:1:aa"


@pytest.fixture
def store(tmp_path: Path) -> Generator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path / 'store.db'}")
    yield opened
    opened.close()


def node(beats: int, name: str = "other") -> Node:
    return Node(name=name, owner=FAR, beats=beats, is_stopped=False, seen_ns=0)


def heart(store: Store, name: str, adopted: list[str]) -> Heart:
    def adopt(dead: str) -> int:
        adopted.append(dead)
        return 1

    return Heart(store, name, owner=this_process(), silence_s=SILENCE_S, adopt=adopt)


@given(st.lists(st.tuples(st.floats(0, 20), st.booleans()), max_size=40))
def test_node_is_silent_when_its_count_has_not_grown_for_long_enough(looks: list[tuple[float, bool]]) -> None:
    watch, now_s, beats, grown_s = Watch(SILENCE_S), 0.0, 1, 0.0
    watch.silent([node(1)], 0.0)

    for pause_s, is_alive in looks:
        now_s += pause_s
        beats += is_alive
        grown_s = now_s if is_alive else grown_s

        assert bool(watch.silent([node(beats)], now_s)) == (now_s - grown_s >= SILENCE_S)


def test_nobody_is_silent_at_the_first_look_however_old_its_beat_is() -> None:
    assert Watch(SILENCE_S).silent([node(1)], 10.0**6) == []


def test_node_that_came_back_is_watched_from_anew() -> None:
    watch = Watch(SILENCE_S)
    watch.silent([node(5)], 0.0)
    watch.silent([], 10.0)

    assert watch.silent([node(5)], 100.0) == []


def test_work_of_a_silent_node_is_taken_up_once_and_its_leases_are_free(store: Store) -> None:
    store.nodes.beat("other", owner=FAR, now_ns=0)
    store.take_lease("judge:evidence", owner=f"{FAR}/x", now_ns=0, ttl_ns=10**18)
    store.take_lease("mirror", owner="elsewhere:11:aa/x", now_ns=0, ttl_ns=10**18)
    adopted: list[str] = []
    ours = heart(store, "ours", adopted)

    for now_s in (0.0, SILENCE_S - 1, SILENCE_S, SILENCE_S + 1, 3 * SILENCE_S):
        ours.beat(now_ns=0, now_s=now_s)

    assert adopted == ["other"]
    assert [one.name for one in store.nodes.all()] == ["ours"]
    assert store.lease_owner("judge:evidence") is None
    assert store.lease_owner("mirror") == "elsewhere:11:aa/x"


def test_process_that_is_gone_from_this_machine_is_not_waited_for(store: Store) -> None:
    machine, _, _ = this_process().partition(":")
    store.nodes.beat("other", owner=f"{machine}:{2**22 + 1}:aa", now_ns=0)
    adopted: list[str] = []

    heart(store, "ours", adopted).beat(now_ns=0, now_s=0.0)

    assert adopted == ["other"]


def test_node_that_beats_again_while_it_is_taken_for_dead_is_not_buried(store: Store) -> None:
    store.nodes.beat("other", owner=FAR, now_ns=0)
    (seen,) = store.nodes.all()
    store.nodes.beat("other", owner=FAR, now_ns=0)

    assert store.nodes.bury(seen) is False
    assert [one.beats for one in store.nodes.all()] == [2]


def test_own_row_is_never_taken_for_dead(store: Store) -> None:
    adopted: list[str] = []
    ours = heart(store, "ours", adopted)

    ours.beat(now_ns=0, now_s=0.0)
    ours.beat(now_ns=0, now_s=10 * SILENCE_S)

    assert adopted == []


def test_woken_node_that_was_buried_is_known_again_with_its_next_beat(store: Store) -> None:
    ours = heart(store, "ours", [])
    ours.beat(now_ns=0, now_s=0.0)
    assert store.nodes.bury(store.nodes.all()[0])

    ours.beat(now_ns=0, now_s=1.0)

    assert [one.name for one in store.nodes.all()] == ["ours"]


def named(store: Store, silence_s: float = 0.5) -> str:
    return own_name(store, "ours", lambda: "another", silence_s=silence_s, ended=threading.Event())


def test_node_keeps_its_name_after_it_stopped_or_died(store: Store) -> None:
    with known_as(store, "ours", owner=FAR, now_ns=lambda: 0):
        pass
    after_stop = named(store, silence_s=60)
    store.nodes.beat("ours", owner=FAR, now_ns=0)

    assert (after_stop, named(store)) == ("ours", "ours")


def test_name_at_which_another_process_is_at_work_is_left_to_it(store: Store) -> None:
    store.nodes.beat("ours", owner=FAR, now_ns=0)
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(0.02):
            store.nodes.beat("ours", owner=FAR, now_ns=0)

    other = threading.Thread(target=beat)
    other.start()
    found = named(store, silence_s=5)
    ended.set()
    other.join()

    assert found == "another"
