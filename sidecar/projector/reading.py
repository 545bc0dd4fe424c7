"""Reads the rows of one batch into observations, spans, pieces of files and outcomes, each stored as a set."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from google.protobuf.message import Message

from collectors.collector import Collector, SessionFile
from collectors.outcomes.registry import read_report
from collectors.registry import COLLECTORS, collector
from sidecar import otlp
from sidecar.domain import (
    AgentName,
    Channel,
    Intake,
    LogRecord,
    Observation,
    OutcomeRow,
    OutcomeSource,
    SessionId,
    SessionKey,
    Span,
    TeamId,
)
from sidecar.projector.messages import hook_message, joined_text, pieces_around
from sidecar.projector.outcomes import outcome_id
from sidecar.store import FileChunk, InboxRow, Store

_Record = TypeVar("_Record", Span, LogRecord)


class BatchReader:
    """Reads each row of a batch; rows that are pieces of one file read it together."""

    def __init__(self, store: Store, batch: Sequence[InboxRow], redact: Callable[[bytes], bytes]) -> None:
        """Bind the store and the rows that are to be read."""
        self._store = store
        self._batch = batch
        self._redact = redact
        self._files: dict[tuple[SessionKey, str], list[FileChunk]] = {}
        self._read: set[tuple[FileChunk, ...]] = set()

    def read(self, row: InboxRow) -> set[SessionKey]:
        """Store what a row says; gives the sessions it speaks of.

        Raises:
            InputError: it says nothing we can use.
        """
        match Intake(row.channel):
            case Intake.HOOK:
                observations = collector(row.agent or "").hook_observations(hook_message(row))
                return self._keep(row.team, AgentName(row.agent or ""), observations)
            case Intake.TRANSCRIPT:
                return self._read_piece(row)
            case Intake.OUTCOME:
                return self._read_outcome(row)
            case Intake.TRACES:
                return self._read_spans(row)
            case Intake.LOGS:
                records = otlp.log_records(_message(row, otlp.Signal.LOGS))
                return self._keep_telemetry(row.team, records, lambda agent, record: agent.log_observations(record))
            case Intake.METRICS:
                points = otlp.metric_points(_message(row, otlp.Signal.METRICS))
                return self._keep_telemetry(row.team, points, lambda agent, point: agent.log_observations(point))

    def _read_spans(self, row: InboxRow) -> set[SessionKey]:
        message = _message(row, otlp.Signal.TRACES)
        self._store.add_spans(row.team, otlp.span_rows(message))
        spans = otlp.spans(message, _is_of_an_agent)
        return self._keep_telemetry(row.team, spans, lambda agent, span: agent.span_observations(span))

    def _keep_telemetry(
        self, team: TeamId, records: Iterable[_Record], read: Callable[[Collector, _Record], list[Observation]]
    ) -> set[SessionKey]:
        agents = [collector(name) for name in COLLECTORS]
        observations: dict[AgentName, list[Observation]] = {}
        for record in records:
            service = record.resource.get("service.name", "")
            for agent in agents:
                if agent.claims(service):
                    observations.setdefault(agent.name, []).extend(read(agent, record))
        return {key for name, found in observations.items() for key in self._keep(team, name, found)}

    def _read_piece(self, row: InboxRow) -> set[SessionKey]:
        agent, key = AgentName(row.agent or ""), _file_session(row)
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
        if "quiet_since" in row.parameters and self._store.count_observations(key):
            self._keep(row.team, agent, [_quiet_end(row, key)])
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
        outcome = read_report(row.body, row.parameters["format"])
        session, commit = row.parameters.get("session"), row.parameters.get("commit")
        source = OutcomeSource.SESSION_REPORT if session else OutcomeSource.CI
        self._store.add_outcome(
            OutcomeRow(
                outcome_id=outcome_id(source.value, session or "", commit or "", row.body),
                team=row.team,
                source=source,
                session_id=SessionId(session) if session else None,
                commit=commit,
                at_ns=row.observed_ns,
                outcome=outcome,
            )
        )
        named = self._store.session_keys(row.team, SessionId(session)) if session else []
        committed = self._store.sessions_at_commit(row.team, commit) if commit else []
        return {*named, *committed}

    def _keep(self, team: TeamId, agent: AgentName, observations: list[Observation]) -> set[SessionKey]:
        if observations:
            self._store.add_observations(team, agent, observations)
        ids = {observation.session_id for observation in observations}
        return {SessionKey(team=team, agent=agent, session_id=session_id) for session_id in ids}


def _quiet_end(row: InboxRow, key: SessionKey) -> Observation:
    """That a session whose file nobody has written to for long is over; the file itself has no word for its end."""
    since_ns = int(row.parameters["quiet_since"])
    return Observation(
        session_id=key.session_id,
        key=f"quiet:{row.parameters['part']}:{since_ns}",
        channel=Channel.TRANSCRIPT,
        at_ns=since_ns,
        is_timed=True,
        is_activity=False,
        end_reason="quiet",
    )


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


def _is_of_an_agent(resource: Mapping[str, str]) -> bool:
    service = resource.get("service.name", "")
    return any(collector(name).claims(service) for name in COLLECTORS)


def _message(row: InboxRow, signal: otlp.Signal) -> Message:
    return otlp.decode_request(signal, row.body, otlp.PROTOBUF_CONTENT_TYPE)
