"""Nodes, their leases, and the one key of a store: the same on both databases."""

from sidecar.store import Store


def test_node_counts_its_beats_and_a_new_process_counts_on(store: Store) -> None:
    store.nodes.beat("b", owner="far:1:x", now_ns=5)
    store.nodes.beat("a", owner="far:2:x", now_ns=6)

    store.nodes.beat("b", owner="far:3:x", now_ns=7)

    found = [(one.name, one.owner, one.beats, one.is_stopped, one.seen_ns) for one in store.nodes.all()]
    assert found == [("a", "far:2:x", 1, False, 6), ("b", "far:3:x", 2, False, 7)]


def test_stopped_node_is_at_work_again_with_its_next_beat(store: Store) -> None:
    store.nodes.beat("a", owner="far:1:x", now_ns=5)
    store.nodes.stop("a", owner="far:2:x")
    before = [one.is_stopped for one in store.nodes.all()]
    store.nodes.stop("a", owner="far:1:x")
    stopped = [one.is_stopped for one in store.nodes.all()]
    store.nodes.beat("a", owner="far:1:x", now_ns=6)

    assert (before, stopped, [one.is_stopped for one in store.nodes.all()]) == ([False], [True], [False])


def test_node_is_buried_once_and_only_as_it_was_read(store: Store) -> None:
    store.nodes.beat("a", owner="far:1:x", now_ns=5)
    (early,) = store.nodes.all()
    store.nodes.beat("a", owner="far:1:x", now_ns=6)
    (late,) = store.nodes.all()

    assert [store.nodes.bury(early), store.nodes.bury(late), store.nodes.bury(late)] == [False, True, False]
    assert store.nodes.all() == []


def test_every_lease_of_a_dead_process_is_dropped_and_its_writes_are_refused(store: Store) -> None:
    for name, owner in (("one", "far:1:x/a"), ("two", "far:1:x/b"), ("three", "far:1:xy/c"), ("four", "far_1:x/d")):
        store.take_lease(name, owner=owner, now_ns=0, ttl_ns=10)

    store.drop_leases_of("far:1:x")

    held = {name: store.lease_owner(name) for name in ("one", "two", "three", "four")}
    assert held == {"one": None, "two": None, "three": "far:1:xy/c", "four": "far_1:x/d"}


def test_lease_that_ran_out_untaken_is_held_on_to_with_its_token(store: Store) -> None:
    token = store.take_lease("one", owner="a", now_ns=0, ttl_ns=10)
    assert token is not None

    is_ours = store.prolong_lease("one", owner="a", token=token, until_ns=1000)

    assert is_ours
    assert store.take_lease("one", owner="b", now_ns=999, ttl_ns=10) is None
    store.fenced("one", owner="a", token=token).check_lease()


def test_lease_that_was_taken_is_not_held_on_to_even_when_it_came_back(store: Store) -> None:
    token = store.take_lease("one", owner="a", now_ns=0, ttl_ns=10)
    assert token is not None
    store.take_lease("one", owner="b", now_ns=20, ttl_ns=10)
    before = store.prolong_lease("one", owner="a", token=token, until_ns=1000)
    store.take_lease("one", owner="a", now_ns=40, ttl_ns=10)

    assert (before, store.prolong_lease("one", owner="a", token=token, until_ns=1000)) == (False, False)


def test_first_key_of_a_store_stays_its_key(store: Store) -> None:
    assert [store.nodes.agreed_key_print(one) for one in ("first", "second", "first")] == ["first"] * 3
