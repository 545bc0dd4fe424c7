"""Reads the rows of one batch into observations, spans, pieces of files and outcomes, each stored as a set."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain, groupby
from typing import TypeVar

from google.protobuf.message import Message

from collectors.collector import Collector, SessionFile
from collectors.deliveries.delivery import decode_delivery
from collectors.outcomes.registry import read_report
from collectors.registry import claimant, collector
from sidecar import otlp
from sidecar.domain import (
    AgentName,
    Channel,
    Intake,
    LogRecord,
    Observation,
    OutcomeRow,
    ProjectId,
    SessionId,
    SessionKey,
    Span,
    SpanRow,
    TeamId,
)
from sidecar.projector.following import sessions_followed
from sidecar.projector.joining import sessions_of
from sidecar.projector.messages import hook_message, joined_text, pieces_around
from sidecar.projector.outcomes import check_row, posted_row
from sidecar.projector.refusing import ANY_AGENT, Refusals
from sidecar.store import Fate, FileChunk, InboxRow, Store

MAX_SPANS = 10_000
"""Spans of several requests that are stored in one transaction; a small request has five and waits for the disk."""

_Record = TypeVar("_Record", Span, LogRecord)


class BatchReader:
    """Reads each row of a batch; rows that are pieces of one file read it together."""

    def __init__(
        self,
        store: Store,
        batch: Sequence[InboxRow],
        redact: Callable[[bytes], bytes],
        refusals: Refusals,
        aliases: Callable[[TeamId], Mapping[ProjectId, ProjectId]] = lambda _: {},
    ) -> None:
        """Bind the store and the rows that are to be read.

        Args:
            refusals: Knows which sessions nothing may be stored of, and learns where they are spoken of.
            aliases: Other remotes of a Team's Projects to the Projects.
        """
        self._store = store
        self._batch = batch
        self._redact = redact
        self._refusals = refusals
        self._aliases = aliases
        self._files: dict[tuple[SessionKey, str], list[FileChunk]] = {}
        self._spans: dict[TeamId, list[SpanRow]] = {}
        self._read: set[tuple[FileChunk, ...]] = set()
        self._claimants: dict[str, Collector] = {}
        self.dropped: Counter[tuple[str, str]] = Counter()
        """Records of telemetry that told of nothing a session has, by agent and kind."""

    def read(self, row: InboxRow) -> set[SessionKey]:
        """Store what a row says; gives the sessions it speaks of.

        Raises:
            InputError: it says nothing we can use.
        """
        self._refusals.begin(row.row_id)
        match Intake(row.channel):
            case Intake.HOOK:
                observations = collector(row.agent or "").hook_observations(hook_message(row))
                return self._keep(row.team, AgentName(row.agent or ""), observations)
            case Intake.TRANSCRIPT:
                return self._read_piece(row)
            case Intake.OUTCOME:
                return self._read_outcome(row)
            case Intake.WEBHOOK:
                return self._read_delivery(row)
            case Intake.TRACES:
                return self._read_spans(row)
            case Intake.LOGS:
                records = otlp.log_records(_message(row, otlp.Signal.LOGS))
                return self._keep_telemetry(row, records, lambda agent, record: agent.log_observations(record))
            case Intake.METRICS:
                points = otlp.metric_points(_message(row, otlp.Signal.METRICS))
                return self._keep_telemetry(row, points, lambda agent, point: agent.log_observations(point))

    def add_spans(self) -> None:
        """Store the spans of the rows read so far; to be called before any of them is finished."""
        for team, spans in self._spans.items():
            self._store.add_spans(team, spans)
        self._spans.clear()

    def _read_spans(self, row: InboxRow) -> set[SessionKey]:
        spans = otlp.spans(_message(row, otlp.Signal.TRACES))
        keys = self._keep_telemetry(row, spans, lambda agent, span: agent.span_observations(span))
        refused = self._refusals.traces
        rows = [
            SpanRow(trace_id=one.trace_id, span_id=one.span_id, name=one.name)
            for one in spans
            if one.trace_id not in refused
        ]
        self._spans.setdefault(row.team, []).extend(rows)
        if sum(map(len, self._spans.values())) >= MAX_SPANS:
            self.add_spans()
        return keys

    def _keep_telemetry(
        self, row: InboxRow, records: Iterable[_Record], read: Callable[[Collector, _Record], list[Observation]]
    ) -> set[SessionKey]:
        observations: dict[AgentName, list[Observation]] = {}
        # records of one resource share the very object, and come together
        for _, together in groupby(records, key=lambda record: id(record.resource)):
            found = list(together)
            agent = self._claimant(found[0].resource.get("service.name", ""))
            told = [read(agent, record) for record in found]
            observations.setdefault(agent.name, []).extend(chain.from_iterable(told))
            if silent := told.count([]):
                self.dropped[agent.name, row.channel] += silent
        return {key for name, found in observations.items() for key in self._keep(row.team, name, found)}

    def _claimant(self, service_name: str) -> Collector:
        if service_name not in self._claimants:
            self._claimants[service_name] = claimant(service_name)
        return self._claimants[service_name]

    def _read_piece(self, row: InboxRow) -> set[SessionKey]:
        agent, key = AgentName(row.agent or ""), _file_session(row)
        if self._refusals.fate(row.team, agent, key.session_id) is not None:
            return set()
        piece = _piece(row)
        pieces = self._pieces(key, piece.part)
        # the same piece may have come before, in another request
        stored = next(one for one in pieces if replace(one, received_ns=piece.received_ns) == piece)
        around = pieces_around(pieces, stored)
        if around not in self._read:
            file = SessionFile(
                session_id=key.session_id,
                part=piece.part,
                text=joined_text(around, self._redact),
                received_ns=row.received_ns,
            )
            self._keep(row.team, agent, collector(agent).file_observations(file))
            self._read.add(around)
        told = _told_beside(row, key)
        if told and self._store.count_observations(key):
            self._keep(row.team, agent, told)
        return {key}

    def _pieces(self, key: SessionKey, part: str) -> list[FileChunk]:
        """All pieces of a file, those of the batch stored first: a file that came in many is then read once."""
        if (key, part) not in self._files:
            for row in self._batch:
                if row.channel == Intake.TRANSCRIPT and _is_of_file(row, key, part):
                    self._store.add_file_chunk(key, _piece(row))
            self._files[key, part] = [piece for piece in self._store.file_chunks(key) if piece.part == part]
        return self._files[key, part]

    def _read_outcome(self, row: InboxRow) -> set[SessionKey]:
        return self._add_outcome(posted_row(row, read_report(row.body, row.parameters["format"])))

    def _read_delivery(self, row: InboxRow) -> set[SessionKey]:
        delivery = decode_delivery(row.body)
        told = [replace(one, project=self._project(row.team, one.project)) for one in delivery.follow_ups]
        for follow_up in told:
            self._store.add_follow_up(follow_up)
        keys = {key for follow_up in told for key in sessions_followed(self._store, follow_up)}
        return keys.union(*(self._add_outcome(check_row(row, check)) for check in delivery.checks))

    def _add_outcome(self, row: OutcomeRow) -> set[SessionKey]:
        if row.session_id and self._refusals.fate(row.team, ANY_AGENT, row.session_id) is Fate.FORGOTTEN:
            return set()
        if row.project is not None:
            row = replace(row, project=self._project(row.team, row.project))
        self._store.add_outcome(row)
        return sessions_of(self._store, row)

    def _project(self, team: TeamId, project: ProjectId) -> ProjectId:
        return self._aliases(team).get(project, project)

    def _keep(self, team: TeamId, agent: AgentName, observations: list[Observation]) -> set[SessionKey]:
        kept = self._refusals.kept(team, agent, observations)
        if kept:
            self._store.add_observations(team, agent, kept)
        ids = {observation.session_id for observation in kept}
        return {SessionKey(team=team, agent=agent, session_id=session_id) for session_id in ids}


def _told_beside(row: InboxRow, key: SessionKey) -> list[Observation]:
    """What the sender of a session file says that the file has no word for: the session's end, its repository.

    A repository that was measured (`remote`) or named by a person (`repository`) only when the file was brought in has
    no time: what any channel told while the session ran is believed before it.
    """
    part, given = row.parameters["part"], row.parameters
    bare = Observation(
        session_id=key.session_id,
        key="",
        channel=Channel.TRANSCRIPT,
        at_ns=row.received_ns,
        is_timed=False,
        is_activity=False,
    )
    told = [
        replace(bare, key=f"{name}:{part}:{row.received_ns}:{given[name]}", remote=given[name])
        for name in ("remote", "repository")
        if name in given
    ]
    if "quiet_since" in given:
        since_ns = int(given["quiet_since"])
        end = replace(bare, key=f"quiet:{part}:{since_ns}", at_ns=since_ns, is_timed=True, end_reason="quiet")
        told.append(end)
    return told


def _file_session(row: InboxRow) -> SessionKey:
    return SessionKey(team=row.team, agent=AgentName(row.agent or ""), session_id=SessionId(row.parameters["session"]))


def _is_of_file(row: InboxRow, key: SessionKey, part: str) -> bool:
    named = (row.team, row.agent, row.parameters.get("session"), row.parameters.get("part"))
    return named == (key.team, key.agent, key.session_id, part)


def _piece(row: InboxRow) -> FileChunk:
    return FileChunk(
        part=row.parameters["part"],
        offset=int(row.parameters["offset"]),
        length=int(row.parameters["length"]),
        body=row.body,
        received_ns=row.received_ns,
    )


def _message(row: InboxRow, signal: otlp.Signal) -> Message:
    return otlp.decode_request(signal, row.body, otlp.PROTOBUF_CONTENT_TYPE)
