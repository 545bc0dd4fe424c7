"""Why a field of a Session is None, in words for the person who looks at it."""

from collections.abc import Mapping, Sequence

from sidecar.domain import Observation, Session
from sidecar.sessions.commits import may_commit

_REASONS = {
    "agent_version": "no message named the agent's version",
    "model": "no message named the language model",
    "project": "no message named a remote",
    "branch": "no message named a branch",
    "base_commit": "no message named the commit it began on",
    "cwd": "no message named its folder",
    "task": "no person's prompt was sent and it had no branch of its own",
    "person": "no message named the agent's user",
    "is_headless": "no message told whether a person sat before it",
    "first_prompt": "no person's prompt was sent",
}


def missing_reasons(session: Session, observations: Sequence[Observation]) -> Mapping[str, str]:
    """Field name to reason, of every field of the envelope that is None."""
    reasons = _REASONS | {
        "head_commit": _no_head(session),
        "rules_version": "no message carried its rules"
        if not session.rules
        else "its rules were not compared with ours",
        "ended_ns": _no_end(observations),
        "end_reason": _no_end(observations),
    }
    return {name: reason for name, reason in reasons.items() if getattr(session, name) is None}


def _no_head(session: Session) -> str:
    if any(step.command is not None and step.is_success and may_commit(step.command) for step in session.steps):
        return "a command may have made a commit, but no message named it"
    return "the session made no commit"


def _no_end(observations: Sequence[Observation]) -> str:
    ended = any(seen.end_reason is not None for seen in observations)
    return "it went on after its last end" if ended else "no message said that it ended"
