"""Claude Code's hooks as Observations.

The payloads carry no time. Without the sender's header a hook therefore orders nothing: its receipt stands in at_ns,
and the times of its step stay open.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from collectors.claude_code.prompts import interruption, intervention_in, prompted
from collectors.claude_code.tools import (
    called,
    shown_text,
    split_failure,
    structured_output,
    without_line_numbers,
)
from collectors.collector import HookMessage
from collectors.payload import Payload
from sidecar.domain import Channel, CorrectionKind, Intervention, LoadedRules, Observation, SessionId, StepPart
from sidecar.errors import DecodeError

_ACTIVITY = frozenset(
    {
        "UserPromptSubmit",
        "PreToolUse",
        "PostToolUse",
        "PostToolUseFailure",
        "PostToolBatch",
        "SubagentStart",
        "SubagentStop",
        "Stop",
    }
)
"""Events of the agent at work. Notification, InstructionsLoaded and the like may be delivered after the end."""

_RULES_FILE = re.compile(r"(?:.*/)?CLAUDE\.md|\.claude/rules/.+\.md")


def hook_observations(message: HookMessage) -> list[Observation]:
    """What one hook says.

    Raises:
        DecodeError: it names no session.
    """
    body = Payload(message.body)
    session_id = body.text("session_id")
    if session_id is None:
        raise DecodeError(
            "hook of claude_code: no session_id in the payload; post what Claude Code writes to the hook's standard "
            'input, unchanged, or inside {"hook": …}'
        )
    event = body.text("hook_event_name") or ""
    envelope = _envelope(message, body, session_id, event)
    parts = list(_parts(message, body, event))
    if not parts:
        return [envelope]
    stepped_in = _intervention(body, event)
    return [
        replace(envelope, key=f"{envelope.key}/{number}", step=part, intervention=stepped_in)
        for number, part in enumerate(parts)
    ]


def _intervention(body: Payload, event: str) -> Intervention | None:
    """What the hook of a call tells of a person who refused, stopped or changed it."""
    if event == "PostToolUseFailure":
        return interruption() if body.flag("is_interrupt") else intervention_in(body.text("error") or "")
    if event == "PostToolUse" and body.flag("tool_response", "userModified"):
        return Intervention(kind=CorrectionKind.HUMAN_EDIT)
    return None


def _envelope(message: HookMessage, body: Payload, session_id: str, event: str) -> Observation:
    start_source = (body.text("source") or "startup") if event == "SessionStart" else None
    end_reason = (body.text("reason") or "other") if event == "SessionEnd" else None
    repository = message.repository
    head = repository.head if repository else None
    return Observation(
        session_id=SessionId(session_id),
        key=_key(message, body, event),
        channel=Channel.HOOK,
        at_ns=message.observed_ns,
        is_timed=message.is_timed,
        last_at_ns=message.last_observed_ns if end_reason and not message.is_timed else None,
        # A start of the process is no sign of life of an older session; a resume of it is.
        is_activity=event in _ACTIVITY or start_source not in {None, "startup"},
        start_source=start_source,
        end_reason=end_reason,
        cwd=body.text("cwd"),
        remote=repository.remote if repository else None,
        branch=repository.branch if repository else None,
        base_commit=None if end_reason else head,
        head_commit=head if end_reason else None,
        rules=_loaded(message.rules),
        prompt_id=body.text("prompt_id"),
    )


def _loaded(rules: tuple[LoadedRules, ...]) -> tuple[LoadedRules, ...]:
    """The files among them that Claude Code reads: AGENTS.md only where the project has no CLAUDE.md anywhere."""
    own = tuple(rule for rule in rules if _RULES_FILE.fullmatch(rule.path))
    has_own = any(rule.path in ("CLAUDE.md", ".claude/CLAUDE.md") for rule in own)
    return own if has_own else own + tuple(rule for rule in rules if rule.path == "AGENTS.md")


def _key(message: HookMessage, body: Payload, event: str) -> str:
    about = body.text("tool_use_id") or body.text("prompt_id") or body.text("agent_id") or "-"
    # A later receipt of an untimed end is news: the session may have been resumed and ended with the same bytes.
    when = message.observed_ns if message.is_timed else message.last_observed_ns if event == "SessionEnd" else "-"
    return f"hook/{event}/{about}/{when}/{body.digest()}"


def _parts(message: HookMessage, body: Payload, event: str) -> Iterator[StepPart]:
    match event:
        case "UserPromptSubmit":
            prompt_id = body.text("prompt_id")
            if prompt_id is not None:
                yield _timed(message, prompted(prompt_id, body.text("prompt")))
        case "PreToolUse":
            yield from (_timed(message, part) for part in _call(body, body))
        case "PostToolUse":
            yield from (_ended(message, body, _succeeded(part, body.at("tool_response"))) for part in _call(body, body))
        case "PostToolUseFailure":
            exit_code, output = split_failure(body.text("error") or "")
            for part in _call(body, body):
                failed = replace(part, output=output, exit_code=exit_code, is_success=False)
                yield _ended(message, body, failed)
        case "PostToolBatch":
            for call in body.items("tool_calls"):
                yield from (_batched(part, call) for part in _call(call, body))
        case _:
            return


def _call(call: Payload, body: Payload) -> Iterator[StepPart]:
    tool_use_id = call.text("tool_use_id")
    if tool_use_id is not None:
        given = call.at("tool_input")
        yield called(tool_use_id, call.text("tool_name"), given, agent_id=body.text("agent_id"))


def _succeeded(part: StepPart, response: Payload) -> StepPart:
    if response.text("backgroundTaskId"):
        return part  # it runs on: neither its output nor its success is known
    structured = structured_output(response)
    output = (shown_text(response.at("content")) or shown_text(response)) if structured is None else structured
    interrupted = bool(response.flag("interrupted"))
    exit_code = 0 if part.command is not None and not interrupted else None
    return replace(part, output=output, exit_code=exit_code, is_success=not interrupted)


def _batched(part: StepPart, call: Payload) -> StepPart:
    """Only the output: a batch does not say which of its calls failed but in the text."""
    text = shown_text(call.at("tool_response"))
    if text is None:
        return part
    exit_code, output = split_failure(text) if part.command is not None else (None, text)
    if part.tool == "Read":
        output = without_line_numbers(output)
    return replace(part, output=output, exit_code=exit_code, is_success=False if exit_code else None)


def _timed(message: HookMessage, part: StepPart) -> StepPart:
    return replace(part, started_ns=message.observed_ns) if message.is_timed else part


def _ended(message: HookMessage, body: Payload, part: StepPart) -> StepPart:
    if not message.is_timed:
        return part
    duration_ns = (body.whole("duration_ms") or 0) * 1_000_000
    return replace(part, started_ns=message.observed_ns - duration_ns, ended_ns=message.observed_ns)
