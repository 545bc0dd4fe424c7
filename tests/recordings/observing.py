"""What recorded sessions tell: their requests read into Observations and merged, without a server in between."""

import gzip
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import cast
from urllib.parse import parse_qsl, urlsplit

import orjson

from collectors.collector import Collector, HookMessage, HookRepository, SessionFile
from collectors.payload import JsonValue, Payload
from collectors.registry import collector
from sidecar import otlp
from sidecar.domain import LoadedRules, Observation, RulesSource, Session, SessionId, SessionKey, TeamId
from sidecar.recordings import SUFFIX, RecordedRequest, Recording, load_recording, read_recording, recordings
from sidecar.sessions import MergeContext, merge

DATA = Path(__file__).with_name("data")
"""Recordings that only tests use."""


def recording_names() -> list[str]:
    """Names of all recordings: those of the package, and those that only tests use."""
    return sorted({*recordings(), *(path.name.removesuffix(SUFFIX) for path in DATA.glob(f"*{SUFFIX}"))})


@cache
def recording(name: str) -> Recording:
    """A recording of either folder."""
    own = DATA / f"{name}{SUFFIX}"
    return read_recording(own) if own.exists() else load_recording(name)


def context() -> MergeContext:
    """A context with a hash anybody can compute."""
    return MergeContext(keyed_hash=lambda text: hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16])


def merged(agent: str, observations: Iterable[Observation]) -> dict[SessionId, Session]:
    """The sessions that Observations tell of."""
    told: dict[SessionId, list[Observation]] = {}
    for seen in observations:
        told.setdefault(seen.session_id, []).append(seen)
    team, name = TeamId("local"), collector(agent).name
    keys = {session: SessionKey(team=team, agent=name, session_id=session) for session in told}
    return {session: merge(keys[session], seen, context=context()) for session, seen in told.items()}


@cache
def observations_of(name: str) -> tuple[Observation, ...]:
    """All Observations of a recording, with the repetitions that its messages hold."""
    return tuple(observations(recording(name).agent, recording(name).requests))


def sessions_of(name: str) -> dict[SessionId, Session]:
    """The sessions that a recording tells of."""
    return merged(recording(name).agent, observations_of(name))


def observations(agent: str, requests: Iterable[RecordedRequest]) -> Iterator[Observation]:
    """What these requests say, in their order; session files are read when all their pieces are there."""
    reader = collector(agent)
    pieces: dict[tuple[SessionId, str], dict[int, RecordedRequest]] = {}
    for request in requests:
        address = urlsplit(request.target)
        if address.path.startswith("/hooks/"):
            yield from reader.hook_observations(hook_message(request))
        elif address.path.startswith("/transcripts/"):
            query = dict(parse_qsl(address.query))
            file = SessionId(query["session"]), query.get("part", "main")
            pieces.setdefault(file, {})[int(query.get("offset", "0"))] = request
        elif address.path.startswith("/v1/"):
            yield from _telemetry(reader, request)
    for (session_id, part), requests_by_offset in pieces.items():
        text = b"".join(body(requests_by_offset[offset]) for offset in sorted(requests_by_offset)).decode()
        received_ns = max(request.at_ns for request in requests_by_offset.values())
        file = SessionFile(session_id=session_id, part=part, text=text, received_ns=received_ns)
        yield from reader.file_observations(file)


def body(request: RecordedRequest) -> bytes:
    """A request's body, decompressed."""
    return gzip.decompress(request.body) if request.headers.get("content-encoding") == "gzip" else request.body


def hook_message(request: RecordedRequest) -> HookMessage:
    """A posted hook as a collector gets it."""
    posted = Payload(cast(JsonValue, orjson.loads(body(request))))
    stated = request.headers.get("x-sidecar-observed-ns")
    at_ns = request.at_ns if stated is None else int(stated)
    hook = posted.at("hook") if posted.at("hook").is_object() else posted
    measured = posted.at("repository")
    return HookMessage(
        body=cast(Mapping[str, JsonValue], hook.value),
        observed_ns=posted.whole("observed_ns") or at_ns,
        is_timed=stated is not None,
        last_observed_ns=at_ns,
        repository=_repository(measured) if measured.is_object() else None,
        rules=tuple(_rules(item) for item in posted.items("rules")),
    )


def _repository(measured: Payload) -> HookRepository:
    return HookRepository(remote=measured.text("remote"), head=measured.text("head"), branch=measured.text("branch"))


def _rules(item: Payload) -> LoadedRules:
    return LoadedRules(path=item.text("path") or "", sha=item.text("sha"), source=RulesSource.EXACT)


def _telemetry(reader: Collector, request: RecordedRequest) -> Iterator[Observation]:
    signal = otlp.Signal(urlsplit(request.target).path.removeprefix("/v1/"))
    message = otlp.decode_request(signal, body(request), request.headers["content-type"])
    for span in otlp.spans(message):
        yield from reader.span_observations(span)
    for record in (*otlp.log_records(message), *otlp.metric_points(message)):
        yield from reader.log_observations(record)
