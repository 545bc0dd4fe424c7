"""Messages of agents for tests, with defaults for what a test does not speak of."""

import json
from collections.abc import Mapping
from typing import cast

from collectors.collector import HookMessage, HookRepository, SessionFile
from collectors.payload import JsonValue
from sidecar.domain import LoadedRules, LogRecord, Observation, SessionId, Span, StepPart

SESSION = SessionId("4c67815b-2c2e-4bda-925e-d2548f083f08")
AT_NS = 1_795_404_254_000_000_000
"""2026-11-23 03:24:14 UTC."""


def hook(
    body: Mapping[str, object],
    *,
    at_ns: int = AT_NS,
    is_timed: bool = True,
    last_ns: int | None = None,
    repository: HookRepository | None = None,
    rules: tuple[LoadedRules, ...] = (),
) -> HookMessage:
    """A hook of Claude Code; `body` is added to what all of them carry."""
    return HookMessage(
        body=_json({"session_id": SESSION, "cwd": "/workspace/calc", **body}),
        observed_ns=at_ns,
        is_timed=is_timed,
        last_observed_ns=at_ns if last_ns is None else last_ns,
        repository=repository,
        rules=rules,
    )


def _json(body: Mapping[str, object]) -> Mapping[str, JsonValue]:
    return cast(Mapping[str, JsonValue], body)


def cline_hook(body: Mapping[str, object]) -> HookMessage:
    """A hook of Cline; `body` is added to what all of them carry."""
    common = {"sessionContext": {"rootSessionId": SESSION}, "timestamp": "2026-11-23T03:24:14Z"}
    return HookMessage(body=_json({**common, **body}), observed_ns=AT_NS, is_timed=False, last_observed_ns=AT_NS)


def transcript(*lines: Mapping[str, object], part: str = "main") -> SessionFile:
    """A transcript of Claude Code with these lines."""
    common = {"timestamp": "2026-11-23T03:24:14Z", "cwd": "/workspace/calc", "version": "2.1.330"}
    written = (json.dumps({**common, "uuid": f"line-{number}", **line}) for number, line in enumerate(lines))
    return session_file("\n".join(written) + "\n", part=part)


def session_file(text: str, *, part: str = "main") -> SessionFile:
    """A session file with this text."""
    return SessionFile(session_id=SESSION, part=part, text=text, received_ns=AT_NS)


def event(name: str, attributes: Mapping[str, str], resource: Mapping[str, str] | None = None) -> LogRecord:
    """An event of Claude Code."""
    return LogRecord(
        at_ns=AT_NS,
        name=f"claude_code.{name}",
        scope="com.anthropic.claude_code.events",
        attributes={"session.id": SESSION, "event.name": name, **(resource or {}), **attributes},
        resource={"service.name": "claude-code", "service.version": "2.1.330", **(resource or {})},
    )


def span(name: str, attributes: Mapping[str, str]) -> Span:
    """A span of Claude Code."""
    return Span(
        trace_id="a" * 32,
        span_id="b" * 16,
        name=f"claude_code.{name}",
        start_ns=AT_NS,
        end_ns=AT_NS + 1_000,
        is_error=False,
        scope="com.anthropic.claude_code.tracing",
        attributes={"session.id": SESSION, **attributes},
        resource={"service.name": "claude-code"},
    )


def only_step(observations: list[Observation]) -> StepPart:
    """The one step that observations speak of."""
    (part,) = [seen.step for seen in observations if seen.step is not None]
    return part
