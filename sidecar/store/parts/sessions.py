"""What was observed, the sessions it was merged into, and how they are found."""

from collections.abc import Mapping, Sequence

from sidecar.domain import (
    AgentName,
    LabelDecision,
    Observation,
    PersonId,
    ProjectId,
    Session,
    SessionId,
    SessionKey,
    SpanRow,
    TeamId,
)
from sidecar.store import session_search, sessions
from sidecar.store.file_chunks import FileChunk, add_file_chunk, file_chunks
from sidecar.store.parts.part import Part
from sidecar.store.sessions import StoredSession


class Sessions(Part):
    """What was observed, the sessions it was merged into, and how they are found."""

    def add_observations(self, team: TeamId, agent: AgentName, observations: Sequence[Observation]) -> None:
        """Add those whose (session, key) is new; order and repetition do not matter."""
        with self._database.write() as connection:
            sessions.add_observations(connection, team, agent, observations)

    def observations(self, key: SessionKey) -> list[Observation]:
        """All of one session, ordered by key."""
        with self._database.read() as connection:
            return sessions.observations(connection, key)

    def count_observations(self, key: SessionKey) -> int:
        """How many one session has."""
        with self._database.read() as connection:
            return sessions.count_observations(connection, key)

    def add_file_chunk(self, key: SessionKey, chunk: FileChunk) -> None:
        """Add a piece of a session file unless the very same one is there."""
        with self._database.write() as connection:
            add_file_chunk(connection, key, chunk)

    def file_chunks(self, key: SessionKey) -> list[FileChunk]:
        """All pieces of one session, by part and offset."""
        with self._database.read() as connection:
            return file_chunks(connection, key)

    def set_session(self, session: Session, decision: LabelDecision, *, now_ns: int) -> None:
        """Replace a session with its steps, rules and label.

        The store decides the revision: it grows by one when a settled session changes in anything but its state, and
        `session.revision` is not looked at. A settled session stays settled when it is set closed, as merging knows
        nothing of settling; set open, it is open again.
        """
        with self._database.write() as connection:
            sessions.set_session(connection, session, decision, now_ns=now_ns)

    def session(self, key: SessionKey) -> StoredSession | None:
        """One session with its steps; None when there is none."""
        with self._database.read() as connection:
            return sessions.session(connection, key)

    def session_keys(self, team: TeamId, session_id: SessionId) -> list[SessionKey]:
        """Sessions of this id, at most one per agent."""
        with self._database.read() as connection:
            return session_search.sessions_of_id(connection, team, session_id)

    def sessions_that_begin(self, team: TeamId, start: str) -> list[SessionKey]:
        """Sessions whose id begins so, by id and agent; none of them does with nothing."""
        with self._database.read() as connection:
            return session_search.sessions_that_begin(connection, team, start)

    def sessions(
        self, team: TeamId, *, project: ProjectId | None = None, limit: int | None = 1000, since_ns: int | None = None
    ) -> list[StoredSession]:
        """Envelopes without steps, the newest start first.

        Args:
            limit: At most so many; None for all.
            since_ns: Leave out those that began earlier.
        """
        with self._database.read() as connection:
            return sessions.session_list(connection, team, project, limit=limit, since_ns=since_ns)

    def attended_persons(self, team: TeamId, project: ProjectId, *, most: int) -> frozenset[PersonId]:
        """Known Persons who sat before sessions of a project, whenever that was; at most so many."""
        with self._database.read() as connection:
            return session_search.attended_persons(connection, team, project, most=most)

    def idle_sessions(self, before_ns: int) -> list[SessionKey]:
        """Open sessions of which nothing was stored since a time by our own clock, the oldest activity first."""
        with self._database.read() as connection:
            return session_search.idle_sessions(connection, before_ns)

    def closed_sessions(self) -> list[StoredSession]:
        """Envelopes of the sessions that wait to settle, the oldest activity first."""
        with self._database.read() as connection:
            return sessions.closed_sessions(connection)

    def sessions_at_commit(self, team: TeamId, commit: str) -> list[SessionKey]:
        """Sessions whose head is this commit; of two names, one may be a prefix of seven digits or more."""
        with self._database.read() as connection:
            return sessions.sessions_at_commit(connection, team, commit)

    def sessions_based_on(self, team: TeamId, commit: str) -> list[SessionKey]:
        """Sessions that began on this commit; of two names, one may be a prefix of seven digits or more."""
        with self._database.read() as connection:
            return session_search.sessions_based_on(connection, team, commit)

    def session_lines(
        self, team: TeamId, *, project: ProjectId | None, times_ns: tuple[int, int]
    ) -> Mapping[SessionKey, tuple[str, ...]]:
        """Sketches of what sessions wrote that began between two times; of a project, or of none that is known."""
        with self._database.read() as connection:
            return session_search.session_lines(connection, team, project, times_ns)

    def sessions_on_branch(
        self, team: TeamId, *, project: ProjectId, branch: str, times_ns: tuple[int, int]
    ) -> list[SessionKey]:
        """Sessions on a project's branch whose last activity lies between two times."""
        with self._database.read() as connection:
            return session_search.sessions_on_branch(connection, team, project, branch, times_ns)

    def add_spans(self, team: TeamId, rows: Sequence[SpanRow]) -> None:
        """Add those whose (trace, span) is new."""
        with self._database.write() as connection:
            sessions.add_spans(connection, team, rows)

    def spans(self, team: TeamId, trace_id: str) -> list[SpanRow]:
        """Spans of one trace, ordered by span id."""
        with self._database.read() as connection:
            return sessions.spans(connection, team, trace_id)
