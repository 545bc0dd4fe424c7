"""Test results, what people did and said after a session, and what joins them to it."""

from collections.abc import Sequence

from sidecar.domain import FollowUp, OutcomeJoin, OutcomeRow, ProjectId, SessionId, SessionKey, TeamId
from sidecar.store import follow_ups, outcomes
from sidecar.store.parts.part import Part


class Outcomes(Part):
    """Test results, what people did and said after a session, and what joins them to it."""

    def add_outcome(self, row: OutcomeRow) -> bool:
        """Add it; False when it was there."""
        with self._database.write() as connection:
            return outcomes.add_outcome(connection, row)

    def outcomes(self, team: TeamId, *, session_id: SessionId, commits: Sequence[str]) -> list[OutcomeRow]:
        """Those that name the session, or one of the commits by the prefix rule; oldest first."""
        with self._database.read() as connection:
            return outcomes.outcomes_of(connection, team, session_id, commits)

    def outcomes_with_lines(self, team: TeamId, lines: Sequence[str]) -> list[OutcomeRow]:
        """Those whose commit added one of the lines (hashes of a sketch); oldest first."""
        with self._database.read() as connection:
            return outcomes.outcomes_with_lines(connection, team, lines)

    def outcomes_on_branch(
        self, team: TeamId, *, project: ProjectId, branch: str, times_ns: tuple[int, int]
    ) -> list[OutcomeRow]:
        """Those of a project's branch between two times; oldest first."""
        with self._database.read() as connection:
            return outcomes.outcomes_on_branch(connection, team, project, branch, times_ns)

    def sessions_joined(self, team: TeamId, *, at_ns: int) -> list[SessionKey]:
        """Sessions that outcomes of this very moment speak of."""
        with self._database.read() as connection:
            return outcomes.sessions_joined(connection, team, at_ns)

    def add_follow_up(self, follow_up: FollowUp) -> None:
        """Add it; one of this id that is there stays as it is."""
        with self._database.write() as connection:
            follow_ups.add_follow_up(connection, follow_up)

    def follow_ups(
        self,
        team: TeamId,
        *,
        commits: Sequence[str],
        project: ProjectId | None = None,
        branch: str | None = None,
        number: int | None = None,
    ) -> list[FollowUp]:
        """Candidates by commit, branch and pull request, the last two of the project; oldest first.

        Those of the pull requests that any of them names are among them.
        """
        with self._database.read() as connection:
            return follow_ups.follow_ups_about(connection, team, commits, project, branch, number)

    def set_joins(self, key: SessionKey, joins: Sequence[OutcomeJoin]) -> None:
        """Replace the session's joins; their outcomes must be in the store."""
        with self._database.write() as connection:
            outcomes.set_joins(connection, key, joins)

    def joins(self, key: SessionKey) -> list[OutcomeJoin]:
        """Joins of one session, the most certain first."""
        with self._database.read() as connection:
            return outcomes.joins(connection, key)

    def add_feedback(self, key: SessionKey, text: str, *, at_ns: int, identifier: str | None = None) -> None:
        """Add a person's words about a session; the same words of the same moment are one.

        Args:
            identifier: What tells these words apart where they were written; new words under it replace the old ones.
        """
        with self._database.write() as connection:
            outcomes.add_feedback(connection, key, text, at_ns=at_ns, identifier=identifier)

    def feedback(self, key: SessionKey) -> list[str]:
        """What people said of the session, oldest first."""
        with self._database.read() as connection:
            return outcomes.feedback(connection, key)
