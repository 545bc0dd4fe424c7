"""Whether a session is over: its last end is later than its last activity.

Hooks may come without a time, twice, out of order and a day late. So an activity without a time overrules an end only
when it cannot be older than it: a resume, or a prompt that nothing had been heard of before the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sidecar.domain import Channel, Observation, StepKind

IDLE = "idle"
"""Reason of an end that nobody said: nothing was heard of the session for long."""
_REOPENING = frozenset({"resume", "compact"})
"""Starts of a session that was there before; `startup` and `clear` are the first thing of a new id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a session ended."""

    at_ns: int
    reason: str


def ending(observations: Sequence[Observation]) -> Ending | None:
    """The end after which nothing happened, the earliest such if there are several; None while the session is open.

    One that an agent told of counts before one that was only taken for granted.
    """
    last_timed_ns = max((seen.at_ns for seen in observations if seen.is_timed and seen.is_activity), default=None)
    candidates = [
        (end.end_reason == IDLE, not end.is_timed, moment_ns, end.end_reason or "")
        for end in observations
        if end.end_reason is not None and not _is_followed_by_prompt(end, observations)
        for moment_ns in _moments(end)
        if (last_timed_ns is None or last_timed_ns <= moment_ns) and not _is_reopened(end, moment_ns, observations)
    ]
    if not candidates:
        return None
    *_, at_ns, reason = min(candidates)
    return Ending(at_ns=at_ns, reason=reason)


def idle_end(observations: Sequence[Observation]) -> Observation:
    """That a session of which nothing is heard any more ended with the last thing heard; more of it reopens it.

    Args:
        observations: Of one session, at least one.
    """
    heard_ns = max(moment_ns for seen in observations for moment_ns in _moments(seen))
    return Observation(
        session_id=observations[0].session_id,
        key=f"{IDLE}:{heard_ns}",
        channel=Channel.HOOK,
        at_ns=heard_ns,
        is_timed=False,
        is_activity=False,
        end_reason=IDLE,
    )


def _moments(end: Observation) -> set[int]:
    """When it may have happened: the same bytes again may be a second end, after a resume."""
    return {end.at_ns, end.last_at_ns if end.last_at_ns is not None else end.at_ns}


def _is_reopened(end: Observation, moment_ns: int, observations: Sequence[Observation]) -> bool:
    """Whether something without a time shows that the session went on after this moment."""
    later = [seen for seen in observations if not seen.is_timed and seen.at_ns > moment_ns]
    if end.end_reason == IDLE:
        # by our own clock, as its moment: what comes later was not said before
        return any(seen.is_activity for seen in later)
    is_resumed = any(seen.start_source in _REOPENING for seen in later) and not _is_every_resume_over(observations)
    return is_resumed or any(_is_new_prompt(seen, end, moment_ns, observations) for seen in later)


def _is_every_resume_over(observations: Sequence[Observation]) -> bool:
    """Whether a resume that was received last is only late: there are more visits than resumes without it.

    Each visit ends with a prompt of its own; without a terminal it has just one.
    """
    resumes = {seen.key for seen in observations if seen.start_source in _REOPENING}
    ends = {seen.prompt_id for seen in observations if seen.end_reason not in (None, IDLE)}
    if len(ends) > len(resumes):
        return True
    is_headless = any(seen.is_headless for seen in observations)
    prompts = {seen.prompt_id for seen in observations if _is_prompt(seen)}
    return is_headless and len(prompts) > len(resumes)


def _is_new_prompt(seen: Observation, end: Observation, moment_ns: int, observations: Sequence[Observation]) -> bool:
    if not _is_prompt(seen) or seen.prompt_id == end.prompt_id:
        return False
    known = (other for other in observations if other.prompt_id == seen.prompt_id)
    return all(not other.is_timed and other.at_ns > moment_ns for other in known)


def _is_followed_by_prompt(end: Observation, observations: Sequence[Observation]) -> bool:
    """An end names the prompt it came after; a later prompt, where both are timed, came after the end."""
    if end.is_timed or end.prompt_id is None:
        return False
    prompts = [seen for seen in observations if seen.is_timed and _is_prompt(seen)]
    own_ns = max((seen.at_ns for seen in prompts if seen.prompt_id == end.prompt_id), default=None)
    return own_ns is not None and any(seen.at_ns > own_ns for seen in prompts if seen.prompt_id != end.prompt_id)


def _is_prompt(seen: Observation) -> bool:
    return seen.prompt_id is not None and seen.step is not None and seen.step.kind is StepKind.PROMPT
