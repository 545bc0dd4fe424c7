"""Observations for tests, with defaults for what a test does not speak of."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TypedDict, Unpack

from sidecar.domain import (
    AgentName,
    Channel,
    LoadedRules,
    Observation,
    Session,
    SessionId,
    SessionKey,
    StepId,
    StepKind,
    StepPart,
    TeamId,
)
from sidecar.sessions import MergeContext, merge

SESSION = SessionId("s-1")
KEY = SessionKey(team=TeamId("local"), agent=AgentName("claude_code"), session_id=SESSION)


def keyed_hash(text: str) -> str:
    """A hash that needs no key."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


class Facts(TypedDict, total=False):
    """What a test may say of an Observation."""

    channel: Channel
    last_at_ns: int | None
    is_activity: bool
    start_source: str | None
    end_reason: str | None
    agent_version: str | None
    model: str | None
    cwd: str | None
    remote: str | None
    branch: str | None
    default_branch: str | None
    base_commit: str | None
    head_commit: str | None
    user: str | None
    is_headless: bool | None
    rules: tuple[LoadedRules, ...]
    prompt_id: str | None
    step: StepPart | None


def seen(at_ns: int, key: str = "", *, is_timed: bool = True, **facts: Unpack[Facts]) -> Observation:
    """An Observation that says these facts; a key of its own unless one is given."""
    own_key = key or keyed_hash(repr((at_ns, is_timed, sorted(facts.items()))))
    plain = Observation(session_id=SESSION, key=own_key, channel=Channel.HOOK, at_ns=at_ns, is_timed=is_timed)
    return replace(plain, **facts)


def ended(at_ns: int, reason: str = "other", *, is_timed: bool = True, **facts: Unpack[Facts]) -> Observation:
    """An end of the session."""
    end = seen(at_ns, is_timed=is_timed, **facts)
    return replace(end, key=f"end {end.key}", end_reason=reason, is_activity=False)


def prompted(at_ns: int, prompt_id: str, text: str = "Fix it.", *, is_timed: bool = True) -> Observation:
    """A person's prompt."""
    part = StepPart(step_id=StepId(prompt_id), kind=StepKind.PROMPT, text=text, is_human=True)
    return seen(at_ns, is_timed=is_timed, prompt_id=prompt_id, step=part)


def command(
    at_ns: int, line: str, output: str = "", *, step_id: str = "", is_success: bool | None = True
) -> Observation:
    """A command that was run and what it printed."""
    part = StepPart(
        step_id=StepId(step_id or f"toolu_{at_ns}"),
        kind=StepKind.TOOL_CALL,
        tool="Bash",
        command=line,
        output=output,
        is_success=is_success,
        started_ns=at_ns,
        ended_ns=at_ns,
    )
    return seen(at_ns, step=part)


def session_of(observations: Sequence[Observation]) -> Session:
    """The session they tell of."""
    return merge(KEY, observations, context=MergeContext(keyed_hash=keyed_hash))
