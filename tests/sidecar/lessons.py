"""Lessons and clusters with everything defaulted that a test does not speak about."""

from sidecar.clusters import clusters
from sidecar.domain import (
    AgentName,
    Cluster,
    FailureClass,
    Lesson,
    LessonSupport,
    PersonId,
    ProjectId,
    SessionId,
    SessionKey,
    TaskId,
    TeamId,
)

PROJECT = ProjectId("forge.example/acme/shop")


def lesson(
    failure_class: FailureClass = FailureClass.WRONG_COMMAND,
    *,
    failing: str | None = "python -m runner",
    working: str | None = "make check",
    paths: tuple[str, ...] = (),
    symptom: str | None = None,
    signature: str = "s",
) -> Lesson:
    """A lesson; by default that one command works where another does not."""
    return Lesson(
        failure_class=failure_class,
        signature=signature,
        failing_command=failing,
        working_command=working,
        paths=paths,
        symptom=symptom,
    )


def support(task: str, taught: Lesson, *, session: str | None = None, person: str | None = None) -> LessonSupport:
    """That a session on a task teaches a lesson; the session is named after the task unless said otherwise."""
    key = SessionKey(team=TeamId("local"), agent=AgentName("cline"), session_id=SessionId(session or f"session-{task}"))
    return LessonSupport(
        session=key, task=TaskId(task), person=None if person is None else PersonId(person), lesson=taught
    )


def cluster(taught: Lesson) -> Cluster:
    """The cluster of a lesson that two tasks teach in the same words."""
    (found,) = clusters(PROJECT, [support("a", taught), support("b", taught)])
    return found
