"""Order, repetition and splitting of messages do not matter, over every recording of a real agent."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from random import Random
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from collectors.collector import SessionFile
from collectors.registry import collector
from sidecar.domain import Observation, Session, SessionId, SessionState
from sidecar.projector.messages import joined_text, pieces_around
from sidecar.recordings import RecordedRequest
from sidecar.store import FileChunk
from tests.recordings.observing import (
    body,
    hook_message,
    merged,
    observations,
    observations_of,
    recording,
    recording_names,
    sessions_of,
)

NAMES = recording_names()
LATER_NS = 1_798_761_600_000_000_000
"""A receipt in 2027, later than anything in a recording."""


@settings(max_examples=120)
@given(st.sampled_from(NAMES), st.randoms(use_true_random=False))
def test_observations_in_any_order_any_number_of_times_merge_to_the_same_sessions(name: str, random: Random) -> None:
    seen = [*observations_of(name), *random.choices(observations_of(name), k=40)]
    random.shuffle(seen)

    assert sessions_of(name) == merged(recording(name).agent, seen)


@settings(max_examples=120)
@given(st.sampled_from(NAMES), st.randoms(use_true_random=False))
@example("codex-shop-pair-price", Random(16)).via("a result was read before its call")
def test_messages_in_any_order_repeated_and_cut_merge_to_the_same_sessions(name: str, random: Random) -> None:
    pieces = [piece for request in recording(name).requests for piece in cut(request, random)]
    pieces += random.choices(pieces, k=10)
    random.shuffle(pieces)

    assert sessions_of(name) == merged(recording(name).agent, stored(name, pieces))


def cut(request: RecordedRequest, random: Random) -> list[RecordedRequest]:
    """A transcript request as several, cut anywhere; every other request as it is."""
    if not request.target.startswith("/transcripts/"):
        return [request]
    offset = int(dict(parse_qsl(urlsplit(request.target).query))["offset"])
    edges = sorted({0, len(request.body), *(random.randrange(len(request.body)) for _ in range(random.randrange(5)))})
    target = request.target.replace(f"offset={offset}", "offset={}")
    return [
        replace(request, target=target.format(offset + start), body=request.body[start:end])
        for start, end in pairwise(edges)
    ]


def stored(name: str, requests: Sequence[RecordedRequest]) -> list[Observation]:
    """What a store holds after these requests in this order: of each key the first, files read at each piece."""
    kept: dict[tuple[SessionId, str], Observation] = {}
    files: dict[tuple[SessionId, str], list[FileChunk]] = {}
    for request in requests:
        for seen in _seen(name, request, files):
            kept.setdefault((seen.session_id, seen.key), seen)
    return list(kept.values())


def _seen(
    name: str, request: RecordedRequest, files: dict[tuple[SessionId, str], list[FileChunk]]
) -> Iterable[Observation]:
    if not request.target.startswith("/transcripts/"):
        return _read_once(name, request.target, request.at_ns, request.body)
    query = dict(parse_qsl(urlsplit(request.target).query))
    file = SessionId(query["session"]), query.get("part", "main")
    chunk = FileChunk(
        part=file[1],
        offset=int(query["offset"]),
        length=len(request.body),
        body=body(request),
        received_ns=request.at_ns,
    )
    chunks = files.setdefault(file, [])
    if chunk not in chunks:
        chunks.append(chunk)
    return list(_read_file(name, file, chunks, chunk))


@cache
def _read_once(name: str, target: str, at_ns: int, raw: bytes) -> tuple[Observation, ...]:
    request = next(one for one in recording(name).requests if (one.target, one.at_ns, one.body) == (target, at_ns, raw))
    return tuple(observations(recording(name).agent, [request]))


def _read_file(
    name: str, file: tuple[SessionId, str], chunks: list[FileChunk], chunk: FileChunk
) -> Iterable[Observation]:
    text = joined_text(pieces_around(chunks, chunk), lambda body: body)
    whole = SessionFile(session_id=file[0], part=file[1], text=text, received_ns=chunk.received_ns)
    return collector(recording(name).agent).file_observations(whole)


@settings(max_examples=120)
@given(st.sampled_from(NAMES), st.randoms(use_true_random=False))
def test_hooks_a_month_late_in_any_order_and_without_time_change_neither_state_nor_steps(
    name: str, random: Random
) -> None:
    agent, requests = recording(name).agent, recording(name).requests
    hooks = [request for request in requests if request.target.startswith("/hooks/")]
    seen = list(observations(agent, [request for request in requests if request not in hooks]))
    random.shuffle(hooks)
    for number, request in enumerate(hooks):
        at_ns = LATER_NS + number
        message = replace(hook_message(request), observed_ns=at_ns, last_observed_ns=at_ns, is_timed=False)
        seen += collector(agent).hook_observations(message)

    found = merged(agent, seen)

    expected = {key: timeless(session) for key, session in sessions_of(name).items()}
    assert expected == {key: timeless(session) for key, session in found.items()}


def timeless(session: Session) -> tuple[object, ...]:
    """What of a session rests on no time that only a hook gave."""
    steps = [(step.step_id, step.kind, step.command, step.output, step.is_success) for step in session.steps]
    facts = (session.project, session.branch, session.base_commit, session.head_commit, session.task, session.person)
    return session.state, session.end_reason, facts, sorted(steps, key=lambda step: step[0])


@pytest.mark.parametrize("name", NAMES)
def test_session_file_alone_tells_all_steps(name: str) -> None:
    requests = [request for request in recording(name).requests if request.target.startswith("/transcripts/")]

    alone = merged(recording(name).agent, observations(recording(name).agent, requests))

    whole = {key: [step.step_id for step in session.steps] for key, session in sessions_of(name).items()}
    assert whole == {key: [step.step_id for step in session.steps] for key, session in alone.items()}


@pytest.mark.parametrize("name", NAMES)
def test_hooks_alone_tell_whether_it_ended(name: str) -> None:
    requests = [request for request in recording(name).requests if request.target.startswith("/hooks/")]

    alone = merged(recording(name).agent, observations(recording(name).agent, requests))

    whole = {key: session.state for key, session in sessions_of(name).items()}
    assert {key: whole[key] for key in alone} == {key: session.state for key, session in alone.items()}
    assert all(state in (SessionState.OPEN, SessionState.CLOSED) for state in whole.values())
