"""What the store promises of sessions shown elsewhere, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, make_url

from sidecar.domain import SessionState
from sidecar.store import Store
from sidecar.store.engines import postgres_engine
from sidecar.store.learning import set_verdict
from tests.contracts.postgres import PostgresServer
from tests.contracts.records import make_decision, make_key, make_session, make_verdict

PLACE = "example.org:shop"


def settle(store: Store, session_id: str = "s1", *, command: str = "make test", started_ns: int = 1) -> None:
    session = make_session(make_key(session_id), state=SessionState.SETTLED, commands=(command,), started_ns=started_ns)
    store.set_session(session, make_decision(), now_ns=1)


def judge(store: Store, *, revision: int = 1) -> None:
    key = make_key()
    verdict = make_verdict(key, revision=revision)
    store.set_verdict(key, revision=revision, judge="evidence", judge_version="1", verdict=verdict)


def show(store: Store, session_id: str = "s1", *, revision: int = 1, place: str = PLACE) -> None:
    key = make_key(session_id)
    store.set_mirrored(key, place=place, revision=revision, sequence=store.verdict_sequence(key), now_ns=5)


def due(store: Store) -> list[str]:
    return [key.session_id for key in store.unmirrored_sessions(max_tries=2)]


def test_settled_sessions_are_due_in_the_order_of_their_activity(store: Store) -> None:
    settle(store, "later", started_ns=20)
    settle(store, "earlier", started_ns=10)
    store.set_session(make_session(make_key("closed")), make_decision(), now_ns=1)

    assert due(store) == ["earlier", "later"]


def test_what_is_shown_is_due_again_after_a_revision_or_a_verdict(store: Store) -> None:
    settle(store)
    show(store)
    assert due(store) == []

    judge(store)
    assert due(store) == ["s1"]
    show(store)
    assert due(store) == []

    settle(store, command="another command")
    assert due(store) == ["s1"]
    show(store, revision=2)
    assert due(store) == []


@pytest.fixture
def shared(postgres: PostgresServer) -> Iterator[tuple[Store, Engine]]:
    """A store, and its database as another process has it."""
    url = postgres.fresh_url()
    store, engine = Store.open(url), postgres_engine(make_url(url))
    yield store, engine
    engine.dispose()
    store.close()


def test_a_verdict_is_due_that_was_written_while_another_one_was_shown(shared: tuple[Store, Engine]) -> None:
    store, engine = shared
    settle(store)

    with engine.connect() as elsewhere:
        set_verdict(elsewhere, make_key(), revision=1, judge="failure", judge_version="1", verdict=None)
        judge(store)
        show(store)
        elsewhere.commit()

    assert due(store) == ["s1"]


def test_refusals_park_one_revision(store: Store) -> None:
    settle(store)

    tries = [store.add_mirror_refusal(make_key(), place=PLACE, revision=1, reason="no") for _ in range(2)]

    assert tries == [1, 2]
    assert due(store) == []
    assert store.parked_sessions(max_tries=2) == {make_key(): "no"}
    settle(store, command="another command")
    assert due(store) == ["s1"]
    assert store.parked_sessions(max_tries=2) == {}
    assert store.add_mirror_refusal(make_key(), place=PLACE, revision=2, reason="no") == 1


def test_a_success_ends_the_count_of_refusals(store: Store) -> None:
    settle(store)
    store.add_mirror_refusal(make_key(), place=PLACE, revision=1, reason="no")

    show(store)

    shown = store.mirroring(make_key())
    assert shown is not None
    assert (shown.place, shown.revision, shown.tries, shown.reason) == (PLACE, 1, 0, None)


def test_a_refused_later_revision_leaves_the_shown_one_known(store: Store) -> None:
    settle(store)
    show(store)
    settle(store, command="another command")

    store.add_mirror_refusal(make_key(), place=PLACE, revision=2, reason="no")

    shown = store.mirroring(make_key())
    assert shown is not None
    assert (shown.revision, shown.tries, shown.reason) == (1, 1, "no")


def test_sessions_of_a_place_that_is_gone_are_due_again(store: Store) -> None:
    settle(store, "kept")
    settle(store, "lost")
    show(store, "kept")
    show(store, "lost", place="gone")

    assert store.forget_mirrored({PLACE, "default"}) == 1

    assert due(store) == ["lost"]


def test_place_is_decided_once_and_nothing_counts_as_shown_by_it(store: Store) -> None:
    settle(store)

    for place in (PLACE, "another"):
        store.add_mirror_places([make_key()], place=place)

    decided = store.mirroring(make_key())
    assert decided is not None
    assert (decided.place, decided.revision, decided.tries) == (PLACE, 0, 0)
    assert due(store) == ["s1"]
    assert store.mirrored_since(0) == []


def test_recent_ones_are_found_by_their_activity(store: Store) -> None:
    for session_id, started_ns in (("old", 10), ("new", 20), ("unseen", 30)):
        settle(store, session_id, started_ns=started_ns)
    show(store, "old")
    show(store, "new")
    store.add_mirror_refusal(make_key("unseen"), place=PLACE, revision=1, reason="no")

    assert store.mirrored_since(25) == [make_key("new")]
    assert store.mirroring(make_key("nobody")) is None


def test_new_words_under_one_identifier_replace_the_old_ones(store: Store) -> None:
    for text, at_ns in (("bad", 1), ("good", 2)):
        store.add_feedback(make_key(), text, at_ns=at_ns, identifier="phoenix:1")
    store.add_feedback(make_key(), "mine", at_ns=3)

    assert store.feedback(make_key()) == ["good", "mine"]
