"""What judges said of sessions, or why they did not."""

from collections.abc import Mapping

from sidecar.domain import Lesson, LessonSupport, ProjectId, ReplyProblem, SessionKey, TeamId, Verdict
from sidecar.store import learning, outcomes, problems, sessions
from sidecar.store.parts.part import Part
from sidecar.store.problems import JudgeProblem
from sidecar.store.sessions import StoredSession


class Judging(Part):
    """What judges said of sessions, or why they did not."""

    def unjudged_sessions(self, judge: str, judge_version: str, *, rested_ns: int | None = None) -> list[SessionKey]:
        """Settled sessions whose present revision this judge version has no record of and has not given up.

        Args:
            rested_ns: Leave out those for which it is too early at this time, as no model answered the last calls.
        """
        with self._database.read() as connection:
            return learning.unjudged_sessions(connection, judge, judge_version, rested_ns=rested_ns)

    def given_up_sessions(self, judge: str, judge_version: str) -> list[SessionKey]:
        """Settled sessions on whose present revision this judge version has used up its tries."""
        with self._database.read() as connection:
            return learning.given_up_sessions(connection, judge, judge_version)

    def ask_again(self, judge: str, judge_version: str) -> list[SessionKey]:
        """Give those sessions all their tries anew."""
        with self._database.write() as connection:
            keys = learning.given_up_sessions(connection, judge, judge_version)
            problems.ask_again(connection, keys, judge, judge_version)
        return keys

    def shown(self, key: SessionKey) -> tuple[StoredSession, list[str]] | None:
        """A session with its steps and what people said of it, oldest first; None where it is not there."""
        with self._database.read() as connection:
            stored = sessions.session(connection, key)
            return None if stored is None else (stored, outcomes.feedback(connection, key))

    def set_verdict(
        self, key: SessionKey, *, revision: int, judge: str, judge_version: str, verdict: Verdict | None
    ) -> None:
        """Record what a judge said of a stored session's revision; None: it found nothing."""
        self._shared.run(
            lambda connection: learning.set_verdict(
                connection, key, revision=revision, judge=judge, judge_version=judge_version, verdict=verdict
            )
        )

    def add_judge_problem(
        self, key: SessionKey, *, revision: int, judge: str, judge_version: str, problem: ReplyProblem, at_ns: int
    ) -> None:
        """Count one try of a judge that ended without a verdict on a stored session's revision."""
        self._shared.run(
            lambda connection: problems.add_judge_problem(
                connection,
                key,
                revision=revision,
                judge=judge,
                judge_version=judge_version,
                problem=problem,
                at_ns=at_ns,
            )
        )

    def judge_problems(self, key: SessionKey) -> list[JudgeProblem]:
        """Tries in vain on the session's present revision, by judge and reason."""
        with self._database.read() as connection:
            return problems.judge_problems(connection, key)

    def problem_counts(self, judge: str, judge_version: str) -> Mapping[ReplyProblem, int]:
        """Tries in vain of a judge version on present revisions, by reason; reasons without any are 0."""
        with self._database.read() as connection:
            return problems.problem_counts(connection, judge, judge_version)

    def verdicts(self, key: SessionKey) -> list[Verdict]:
        """What judges said of the present revision: one per judge at most, by name."""
        with self._database.read() as connection:
            return learning.session_verdicts(connection, key)

    def lesson_supports(self, team: TeamId, project: ProjectId, judge: str, judge_version: str) -> list[LessonSupport]:
        """Lessons of settled sessions with a task, from verdicts on their present revision."""
        with self._database.read() as connection:
            return learning.lesson_supports(connection, team, project, judge=judge, judge_version=judge_version)

    def told_lessons(self, team: TeamId, project: ProjectId) -> Mapping[SessionKey, Mapping[str, tuple[Lesson, ...]]]:
        """What each judge told of settled sessions as they are now, by judge; nothing of one it has not seen."""
        with self._database.read() as connection:
            return learning.told_lessons(connection, team, project)

    def projects(self, team: TeamId) -> list[ProjectId]:
        """Projects with at least one session, by name."""
        with self._database.read() as connection:
            return learning.projects(connection, team)
