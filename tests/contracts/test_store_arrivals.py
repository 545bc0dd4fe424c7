"""What the store promises of observations, session files and spans, on SQLite and on PostgreSQL."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sidecar.domain import (
    AgentName,
    SpanRow,
    TeamId,
)
from sidecar.store import FileChunk, Store
from tests.contracts.records import (
    AGENT,
    TEAM,
    make_decision,
    make_key,
    make_observation,
    make_session,
)

# The store fixture is shared by all examples of a test on purpose: each example uses a session id of its own.
over_one_store = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
fresh_ids = count()

OTHER_TEAM = TeamId("other")
ODD_TEXTS = ["half of an emoji \ud83d", "a NUL \0 inside", "Grüße, 世界 👋", ""]


@over_one_store
@given(names=st.lists(st.text(max_size=8), max_size=12, unique=True), data=st.data())
def test_observations_are_the_same_in_any_order_and_however_often_they_come(
    store: Store, names: list[str], data: st.DataObject
) -> None:
    session_id = f"h{next(fresh_ids)}"
    all_of_them = [make_observation(name, session_id=session_id) for name in names]
    first = data.draw(st.permutations(all_of_them))
    again = data.draw(st.lists(st.sampled_from(all_of_them), max_size=8)) if all_of_them else []
    cut = data.draw(st.integers(0, len(first)))

    for batch in (first[:cut], again, first[cut:], again):
        store.add_observations(TEAM, AGENT, batch)

    assert sorted(all_of_them, key=lambda one: one.key) == store.observations(make_key(session_id))


def test_the_first_observation_of_a_key_stays(store: Store) -> None:
    store.add_observations(TEAM, AGENT, [make_observation("o", text="first")])

    store.add_observations(TEAM, AGENT, [make_observation("o", text="second")])

    assert [make_observation("o", text="first")] == store.observations(make_key())


def test_observations_of_other_teams_agents_and_sessions_stay_apart(store: Store) -> None:
    store.add_observations(TEAM, AGENT, [make_observation()])

    assert store.observations(make_key(team=OTHER_TEAM)) == []
    assert store.observations(make_key(agent=AgentName("cline"))) == []
    assert store.observations(make_key("s2")) == []


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_what_an_agent_calls_things_never_stops_the_store(store: Store, text: str) -> None:
    key = make_key(f"id {text}")

    store.add_observations(TEAM, AGENT, [make_observation(text, session_id=key.session_id, text=text)])
    store.set_session(make_session(key, task=text), make_decision(reason=text), now_ns=1)

    assert len(store.observations(key)) == 1
    assert store.session(key) is not None
    assert len(store.session_keys(TEAM, key.session_id)) == 1


def test_times_beyond_64_bits_are_kept(store: Store) -> None:
    session = make_session(started_ns=2**70)

    store.set_session(session, make_decision(), now_ns=2**70)

    stored = store.session(session.key)
    assert stored is not None
    assert stored.session.started_ns == 2**70


def make_chunk(offset: int = 0, *, part: str = "", body: bytes = b"line\n", received_ns: int = 1) -> FileChunk:
    return FileChunk(part=part, offset=offset, length=len(body), body=body, received_ns=received_ns)


def test_file_chunks_come_back_by_part_and_offset(store: Store) -> None:
    chunks = [make_chunk(5), make_chunk(0, part="ui"), make_chunk(0, body=b"\xff\x00\n")]

    for chunk in chunks:
        store.add_file_chunk(make_key(), chunk)

    assert [chunks[2], chunks[0], chunks[1]] == store.file_chunks(make_key())


def test_a_chunk_sent_twice_is_stored_once(store: Store) -> None:
    store.add_file_chunk(make_key(), make_chunk(received_ns=1))

    store.add_file_chunk(make_key(), make_chunk(received_ns=2))

    assert [make_chunk(received_ns=1)] == store.file_chunks(make_key())


def test_other_bytes_at_the_same_offset_are_kept_too(store: Store) -> None:
    store.add_file_chunk(make_key(), make_chunk(body=b"aaaa", received_ns=1))

    store.add_file_chunk(make_key(), make_chunk(body=b"bbbb", received_ns=2))

    assert [chunk.body for chunk in store.file_chunks(make_key())] == [b"aaaa", b"bbbb"]


def test_spans_are_stored_once_and_come_by_trace(store: Store) -> None:
    rows = [SpanRow(trace_id="t1", span_id=f"{number}", name="call") for number in range(3)]
    other = SpanRow(trace_id="t2", span_id="0", name="call")

    store.add_spans(TEAM, [rows[2], rows[0], other])
    store.add_spans(TEAM, rows)

    assert rows == store.spans(TEAM, "t1")
    assert store.spans(OTHER_TEAM, "t1") == []
