"""Gemini CLI's hooks as Observations: start, end, and that it was at work. Each carries its own time.

No hook names a call or a prompt by an id, so what was done is told by the chat file and by OTLP.
"""

import re

from collectors.collector import HookMessage
from collectors.payload import Payload, parse_time
from sidecar.domain import Channel, Observation, SessionId
from sidecar.errors import DecodeError

_ACTIVITY = frozenset({"AfterAgent", "AfterModel", "AfterTool", "BeforeAgent", "BeforeModel", "BeforeTool"})
_RULES_FILE = re.compile(r"(?:.*/)?GEMINI\.md")
"""What it loads unless its settings name another file; AGENTS.md and CLAUDE.md it does not."""


def hook_observations(message: HookMessage) -> list[Observation]:
    """What one hook says.

    Raises:
        DecodeError: it names no session.
    """
    body = Payload(message.body)
    session_id = body.text("session_id")
    if session_id is None:
        raise DecodeError(
            "hook of gemini_cli: no session_id in the payload; post what Gemini CLI writes to the hook's standard "
            'input, unchanged, or inside {"hook": …}'
        )
    event = body.text("hook_event_name") or ""
    stated = parse_time(body.text("timestamp"))
    start_source = (body.text("source") or "startup") if event == "SessionStart" else None
    end_reason = (body.text("reason") or "other") if event == "SessionEnd" else None
    repository = message.repository
    is_timed = message.is_timed or stated is not None
    when = "-" if is_timed or not end_reason else message.last_observed_ns
    return [
        Observation(
            session_id=SessionId(session_id),
            key=f"hook/{event}/{when}/{body.digest()}",
            channel=Channel.HOOK,
            at_ns=message.observed_ns if stated is None else stated,
            is_timed=is_timed,
            last_at_ns=message.last_observed_ns if end_reason and not is_timed else None,
            is_activity=event in _ACTIVITY or start_source not in {None, "startup"},
            start_source=start_source,
            end_reason=end_reason,
            cwd=body.text("cwd"),
            remote=repository.remote if repository else None,
            branch=repository.branch if repository else None,
            base_commit=None if repository is None or end_reason else repository.head,
            head_commit=repository.head if repository and end_reason else None,
            rules=tuple(rule for rule in message.rules if _RULES_FILE.fullmatch(rule.path)),
        )
    ]
