"""opencode's events as its plugins get them, as Observations; a plugin posts them as they are.

There is no end of a session: `session.idle` says that a turn is over, which is all the end that there is. A later turn
reopens the session. A person's words come by the plugin's `chat.message`, posted as `{"type", "input", "output"}`.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from collectors.collector import HookMessage
from collectors.opencode.messages import message_observations, part_observations, session_observations
from collectors.payload import Payload
from sidecar.domain import Channel, LoadedRules, Observation, SessionId
from sidecar.errors import DecodeError

_ENDS = {"session.idle": "idle", "session.deleted": "deleted"}
_RULES_FILE = re.compile(r"(?:.*/)?(?:AGENTS|CLAUDE)\.md")


def hook_observations(message: HookMessage) -> list[Observation]:
    """What one event says.

    Raises:
        DecodeError: it names no session.
    """
    body = Payload(message.body)
    session_id = _session_id(body)
    if session_id is None:
        raise DecodeError(
            "hook of opencode: no properties.sessionID in the payload; post the event that opencode gives to a "
            'plugin, unchanged, or inside {"hook": …}'
        )
    event = body.text("type") or ""
    seen = list(_told(body, event, session_id))
    if event == "session.created" and seen:
        return [_measured(seen[0], message), *seen[1:]]
    return seen or [_envelope(message, body, event, session_id)]


def _session_id(body: Payload) -> SessionId | None:
    properties = body.at("properties")
    named = (
        properties.text("sessionID"),
        properties.text("info", "sessionID"),
        properties.text("part", "sessionID"),
        properties.text("info", "id") if (body.text("type") or "").startswith("session.") else None,
        body.text("input", "sessionID"),
    )
    found = next((one for one in named if one is not None), None)
    return None if found is None else SessionId(found)


def _told(body: Payload, event: str, session_id: SessionId) -> Iterator[Observation]:
    properties = body.at("properties")
    match event:
        case "session.created" | "session.updated":
            yield from session_observations(session_id, properties.at("info"), Channel.HOOK)
        case "message.updated":
            yield from message_observations(session_id, properties.at("info"), [], Channel.HOOK)
        case "message.part.updated":
            yield from part_observations(session_id, properties.at("part"), Channel.HOOK)
        case "chat.message":
            output = body.at("output")
            parts = list(output.items("parts"))
            yield from message_observations(session_id, output.at("message"), parts, Channel.HOOK)
        case _:
            return


def _measured(start: Observation, message: HookMessage) -> Observation:
    repository = message.repository
    return replace(
        start,
        key=f"{start.key}/measured",
        remote=repository.remote if repository else None,
        branch=repository.branch if repository else None,
        base_commit=repository.head if repository else None,
        rules=_loaded(message),
    )


def _loaded(message: HookMessage) -> tuple[LoadedRules, ...]:
    """The files among them that opencode reads: CLAUDE.md only where the project has no AGENTS.md."""
    own = tuple(rule for rule in message.rules if _RULES_FILE.fullmatch(rule.path))
    has_agents = any(rule.path == "AGENTS.md" for rule in own)
    return tuple(rule for rule in own if not (has_agents and rule.path == "CLAUDE.md"))


def _envelope(message: HookMessage, body: Payload, event: str, session_id: SessionId) -> Observation:
    reason = _ENDS.get(event)
    when = message.observed_ns if message.is_timed else message.last_observed_ns if reason else "-"
    return Observation(
        session_id=session_id,
        key=f"hook/{event}/{when}/{body.digest()}",
        channel=Channel.HOOK,
        at_ns=message.observed_ns,
        is_timed=message.is_timed,
        last_at_ns=message.last_observed_ns if reason and not message.is_timed else None,
        is_activity=False,
        end_reason=reason,
    )
