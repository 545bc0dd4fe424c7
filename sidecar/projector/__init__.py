"""Turn inbox rows into Steps, Sessions and Outcomes.

Every row is claimed by lease, read into observations that are stored as a set, and finished only after the store
has them; a projector that dies anywhere leaves a row that is claimed again and changes nothing the second time.
A session is then merged anew from all its observations, so the order in which rows came cannot matter.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from google.protobuf.message import Message

from collectors.collector import Collector, SessionFile
from collectors.outcomes.registry import read_report
from collectors.registry import COLLECTORS, collector
from sidecar import otlp
from sidecar.domain import (
    AgentName,
    Intake,
    Label,
    LabelDecision,
    LogRecord,
    Observation,
    OutcomeJoin,
    OutcomeRow,
    OutcomeSource,
    Session,
    SessionId,
    SessionKey,
    SessionState,
    Span,
    SpanRow,
    TeamId,
)
from sidecar.errors import InputError
from sidecar.labels import label
from sidecar.owner import is_dead
from sidecar.projector.messages import assembled, hook_message
from sidecar.projector.outcomes import console_outcome, in_session_outcomes, join, outcome_id
from sidecar.sessions import MergeContext, merge, with_test_runs
from sidecar.store import FileChunk, Inbox, InboxRow, Store

_log = logging.getLogger(__name__)

_Record = TypeVar("_Record", Span, LogRecord)

LEASE_NS = 60 * 1_000_000_000
"""Longer than a batch takes; a dead projector's rows wait this long at most."""
BATCH_ROWS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """What one run did."""

    rows: int = 0
    rejected: int = 0
    sessions: frozenset[SessionKey] = field(default_factory=frozenset[SessionKey])


class Projector:
    """Projects the inbox into the store until nothing is left."""

    def __init__(
        self,
        *,
        store: Store,
        inbox: Inbox,
        owner: str,
        redact: Callable[[bytes], bytes],
        context: Callable[[TeamId], MergeContext],
        outcome_window_ns: Callable[[Session], int],
    ) -> None:
        """Bind the parts.

        Args:
            owner: Unique among everybody who may claim rows.
            redact: Takes secrets out of text; needed again where pieces of a file are put together.
            context: What merging needs to know of a Team.
            outcome_window_ns: How long a closed session waits for an outcome.
        """
        self._store = store
        self._inbox = inbox
        self._owner = owner
        self._redact = redact
        self._context = context
        self._window_ns = outcome_window_ns

    def run(self, *, now_ns: int) -> Projection:
        """Project everything that waits, then settle what may be settled."""
        for owner in self._inbox.owners():
            if is_dead(owner):
                self._inbox.release(owner)
        rows = rejected = 0
        touched: set[SessionKey] = set()
        while batch := self._inbox.claim(owner=self._owner, now_ns=now_ns, lease_ns=LEASE_NS, limit=BATCH_ROWS):
            done, keys = self._project_batch(batch, now_ns)
            touched |= keys
            rows += len(batch)
            rejected += len(batch) - done
        touched |= self._settle(now_ns)
        return Projection(rows=rows, rejected=rejected, sessions=frozenset(touched))

    def rebuild(self, keys: Iterable[SessionKey], *, now_ns: int) -> None:
        """Merge sessions anew, because what merging knows besides their observations has changed."""
        for key in keys:
            self._rebuild(key, now_ns)

    def _project_batch(self, batch: list[InboxRow], now_ns: int) -> tuple[int, set[SessionKey]]:
        keys: set[SessionKey] = set()
        done: list[int] = []
        for row in batch:
            try:
                keys |= self._project_row(row)
                done.append(row.row_id)
            except InputError as exc:
                _log.warning("inbox row %d (%s) says nothing we can use: %s", row.row_id, row.channel, exc)
                self._inbox.reject(row.row_id, owner=self._owner, reason=str(exc))
        self.rebuild(sorted(keys, key=lambda key: (key.team, key.agent, key.session_id)), now_ns=now_ns)
        # last: a kill before this line repeats the batch, which changes nothing
        self._inbox.finish(done, owner=self._owner)
        return len(done), keys

    def _project_row(self, row: InboxRow) -> set[SessionKey]:
        match Intake(row.channel):
            case Intake.HOOK:
                observations = collector(row.agent or "").hook_observations(hook_message(row))
                return self._keep(row.team, AgentName(row.agent or ""), observations)
            case Intake.TRANSCRIPT:
                return self._project_transcript(row)
            case Intake.OUTCOME:
                return self._project_outcome(row)
            case Intake.TRACES:
                return self._project_spans(row)
            case Intake.LOGS:
                records = otlp.log_records(_message(row, otlp.Signal.LOGS))
                return self._keep_telemetry(row.team, records, lambda agent, record: agent.log_observations(record))
            case Intake.METRICS:
                points = otlp.metric_points(_message(row, otlp.Signal.METRICS))
                return self._keep_telemetry(row.team, points, lambda agent, point: agent.log_observations(point))

    def _project_spans(self, row: InboxRow) -> set[SessionKey]:
        spans = otlp.spans(_message(row, otlp.Signal.TRACES))
        rows = [SpanRow(trace_id=span.trace_id, span_id=span.span_id, name=span.name) for span in spans]
        self._store.add_spans(row.team, rows)
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

    def _project_transcript(self, row: InboxRow) -> set[SessionKey]:
        agent = AgentName(row.agent or "")
        key = SessionKey(team=row.team, agent=agent, session_id=SessionId(row.parameters["session"]))
        part = row.parameters["part"]
        chunk = FileChunk(
            part=part,
            offset=int(row.parameters["offset"]),
            length=int(row.parameters["length"]),
            body=row.body,
            received_ns=row.received_ns,
        )
        self._store.add_file_chunk(key, chunk)
        chunks = [known for known in self._store.file_chunks(key) if known.part == part]
        observations = [
            observation
            for text in assembled(chunks, self._redact)
            for observation in collector(agent).file_observations(
                SessionFile(session_id=key.session_id, part=part, text=text, received_ns=row.received_ns)
            )
        ]
        return self._keep(row.team, agent, observations) | {key}

    def _project_outcome(self, row: InboxRow) -> set[SessionKey]:
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

    def _rebuild(self, key: SessionKey, now_ns: int) -> None:
        observations = self._store.observations(key)
        if not observations:
            return
        merged = merge(key, observations, context=self._context(key.team))
        session = with_test_runs(merged, lambda step: console_outcome(step) is not None)
        rows = self._joined(session)
        decision = label(session, rows)
        for row, _ in rows:
            self._store.add_outcome(row)
        self._store.set_joins(key, [join for _, join in rows])
        self._store.set_session(self._settled(session, decision, rows, now_ns), decision, now_ns=now_ns)

    def _joined(self, session: Session) -> list[tuple[OutcomeRow, OutcomeJoin]]:
        inside = in_session_outcomes(session)
        # an outcome for a commit speaks of the session that made it, never of the one that started from it
        commits = [session.head_commit] if session.head_commit else []
        posted = self._store.outcomes(session.key.team, session_id=session.key.session_id, commits=commits)
        outside = [row for row in posted if row.source is not OutcomeSource.IN_SESSION]
        return [(row, join(session.key, row)) for row in (*inside, *outside)]

    def _settled(
        self, session: Session, decision: LabelDecision, rows: list[tuple[OutcomeRow, OutcomeJoin]], now_ns: int
    ) -> Session:
        if session.state is not SessionState.CLOSED:
            return session
        outside = any(row.source is not OutcomeSource.IN_SESSION for row, _ in rows)
        is_decided = outside and decision.label in (Label.PASS, Label.CODE_FAIL)
        return replace(session, state=SessionState.SETTLED) if is_decided or self._is_due(session, now_ns) else session

    def _settle(self, now_ns: int) -> set[SessionKey]:
        waiting = (stored.session for stored in self._store.closed_sessions())
        due = [session.key for session in waiting if self._is_due(session, now_ns)]
        self.rebuild(due, now_ns=now_ns)
        return set(due)

    def _is_due(self, session: Session, now_ns: int) -> bool:
        return session.ended_ns is not None and now_ns >= session.ended_ns + self._window_ns(session)


def _message(row: InboxRow, signal: otlp.Signal) -> Message:
    return otlp.decode_request(signal, row.body, otlp.PROTOBUF_CONTENT_TYPE)
