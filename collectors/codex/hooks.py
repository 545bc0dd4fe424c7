"""Codex's hooks as Observations. They carry no time and no exit code; what a command printed stands in them whole."""

import re
from collections.abc import Iterator
from dataclasses import replace

from collectors.codex.tools import called
from collectors.collector import HookMessage
from collectors.payload import Payload
from sidecar.domain import Channel, Observation, SessionId, StepId, StepKind, StepPart
from sidecar.errors import DecodeError

_ACTIVITY = frozenset({"UserPromptSubmit", "PreToolUse", "PostToolUse", "SubagentStart", "SubagentStop", "Stop"})
_RULES_FILE = re.compile(r"(?:.*/)?AGENTS(?:\.override)?\.md")
"""What it loads; CLAUDE.md it does not."""


def hook_observations(message: HookMessage) -> list[Observation]:
    """What one hook says.

    Raises:
        DecodeError: it names no session.
    """
    body = Payload(message.body)
    session_id = body.text("session_id")
    if session_id is None:
        raise DecodeError(
            "hook of codex: no session_id in the payload; post what Codex writes to the hook's standard input, "
            'unchanged, or inside {"hook": …}'
        )
    envelope = _envelope(message, body, session_id, body.text("hook_event_name") or "")
    parts = list(_parts(message, body))
    if not parts:
        return [envelope]
    return [replace(envelope, key=f"{envelope.key}/{number}", step=part) for number, part in enumerate(parts)]


def _envelope(message: HookMessage, body: Payload, session_id: str, event: str) -> Observation:
    start_source = (body.text("source") or "startup") if event == "SessionStart" else None
    end_reason = (body.text("reason") or "other") if event == "SessionEnd" else None
    repository = message.repository
    about = body.text("tool_use_id") or body.text("turn_id") or "-"
    # A later receipt of an untimed end is news: the session may have been resumed and ended with the same bytes.
    when = message.observed_ns if message.is_timed else message.last_observed_ns if end_reason else "-"
    return Observation(
        session_id=SessionId(session_id),
        key=f"hook/{event}/{about}/{when}/{body.digest()}",
        channel=Channel.HOOK,
        at_ns=message.observed_ns,
        is_timed=message.is_timed,
        last_at_ns=message.last_observed_ns if end_reason and not message.is_timed else None,
        is_activity=event in _ACTIVITY or start_source not in {None, "startup"},
        start_source=start_source,
        end_reason=end_reason,
        cwd=body.text("cwd"),
        remote=repository.remote if repository else None,
        branch=repository.branch if repository else None,
        base_commit=None if repository is None or end_reason else repository.head,
        head_commit=repository.head if repository and end_reason else None,
        rules=tuple(rule for rule in message.rules if _RULES_FILE.fullmatch(rule.path)),
        prompt_id=body.text("turn_id"),
    )


def _parts(message: HookMessage, body: Payload) -> Iterator[StepPart]:
    call_id, turn_id = body.text("tool_use_id"), body.text("turn_id")
    at_ns = message.observed_ns if message.is_timed else None
    match body.text("hook_event_name"):
        case "UserPromptSubmit" if turn_id is not None:
            part = StepPart(step_id=StepId(turn_id), kind=StepKind.PROMPT, text=body.text("prompt"), is_human=True)
            yield replace(part, started_ns=at_ns)
        case "PreToolUse" if call_id is not None:
            for part in called(call_id, body.text("tool_name"), body.at("tool_input")):
                yield replace(part, started_ns=at_ns)
        case "PostToolUse" if call_id is not None:
            output = body.string("tool_response")
            for part in called(call_id, body.text("tool_name"), body.at("tool_input")):
                yield replace(part, output=output, ended_ns=at_ns)
        case _:
            return
