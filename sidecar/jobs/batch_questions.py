"""What can be asked in batches: one question about each of many sessions, and what is made of its answer."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from sidecar.domain import ModelReply, ModelRequest, ReplyProblem, SessionKey, Unjudged
from sidecar.errors import SidecarError
from sidecar.store import StoredSession

T = TypeVar("T")
_log = logging.getLogger(__name__)

JUDGE_FAILED = Unjudged(problem=ReplyProblem.JUDGE_FAILED, detail="the judge itself failed; see the log")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Generic[T]):
    """One session's question, with what saves its answer."""

    request: ModelRequest[T]
    save: Callable[[ModelReply[T]], None]


class Questions(Protocol[T]):
    """What one judge asks; an answer may come in a later run, and is then read as that run would read it."""

    @property
    def name(self) -> str:
        """Under which its batches go."""
        ...

    @property
    def version(self) -> str:
        """An answer to another version is not used."""
        ...

    @property
    def shape(self) -> type[T]:
        """Of its answers."""
        ...

    def waiting(self) -> Sequence[SessionKey]:
        """Whom to ask about; those that are in a batch may be among them."""
        ...

    def question(self, stored: StoredSession) -> Question[T] | None:
        """The question about a session; None where there is none to ask, and that is saved."""
        ...

    def save_problem(self, stored: StoredSession, problem: Unjudged) -> None:
        """Count that a session cannot be asked about."""
        ...


def question_about(questions: Questions[T], stored: StoredSession) -> Question[T] | None:
    """The question about a session, as `Questions.question` gives it.

    What our own code breaks on is counted for the session, now and when its answer is saved: it must not keep the
    others from their turn.
    """
    try:
        question = questions.question(stored)
    except SidecarError:
        raise
    except Exception:  # noqa: BLE001 # the boundary between one session and the rest of the run
        _save_failure(questions, stored)
        return None
    if question is None:
        return None

    def save(reply: ModelReply[T]) -> None:
        try:
            question.save(reply)
        except SidecarError:
            raise
        except Exception:  # noqa: BLE001 # as above
            _save_failure(questions, stored)

    return Question(request=question.request, save=save)


def _save_failure(questions: Questions[T], stored: StoredSession) -> None:
    _log.exception("judge %s failed on session %s", questions.name, stored.session.key.session_id)
    questions.save_problem(stored, JUDGE_FAILED)
