"""Cline's hooks as Observations. Start hooks are detached, so only the time in the payload orders them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from collectors.cline.tools import called, intervention_in, returned
from collectors.collector import HookMessage
from collectors.payload import Payload, parse_time
from sidecar.domain import Channel, CorrectionKind, Intervention, Observation, SessionId, StepPart
from sidecar.errors import DecodeError

_ENDS = {"agent_end": "completed", "agent_error": "error", "agent_abort": "cancelled", "session_shutdown": "other"}
"""Event to the reason of the end where the payload gives none."""
_STARTS = {"agent_start": "startup", "agent_resume": "resume"}
_UNKNOWN_USER = "unknown"
_RULES_FILE = re.compile(r"\.clinerules(?:/.+\.md)?|\.cline/rules/.+\.md|AGENTS\.md")
"""What it loads; CLAUDE.md it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """When a hook happened."""

    at_ns: int
    is_timed: bool


def hook_observations(message: HookMessage) -> list[Observation]:
    """What one hook says.

    Raises:
        DecodeError: it names no session.
    """
    body = Payload(message.body)
    session_id = body.text("sessionContext", "rootSessionId") or body.text("taskId")
    if session_id is None:
        raise DecodeError(
            "hook of cline: neither sessionContext.rootSessionId nor taskId in the payload; post what Cline writes to "
            'the hook\'s standard input, unchanged, or inside {"hook": …}'
        )
    event = body.text("hookName") or ""
    stated = parse_time(body.text("timestamp"))
    moment = _Moment(
        at_ns=message.observed_ns if stated is None else stated,
        is_timed=message.is_timed or stated is not None,
    )
    envelope = _envelope(message, body, SessionId(session_id), event, moment)
    # Of a sub-agent's calls it is known whose they are; the main agent has no parent.
    agent_id = body.text("agent_id") if body.text("parent_agent_id") else None
    parts = [replace(part, agent_id=agent_id) for part in _parts(body, event, moment)]
    if not parts:
        return [envelope]
    told = (replace(envelope, key=f"{envelope.key}/{number}", step=part) for number, part in enumerate(parts))
    return [replace(one, intervention=intervention_in(one.step.output) if one.step else None) for one in told]


def _envelope(message: HookMessage, body: Payload, session_id: SessionId, event: str, moment: _Moment) -> Observation:
    is_subagent = body.text("parent_agent_id") is not None
    end_reason = None if is_subagent or event not in _ENDS else body.text("turn", "status") or _ENDS[event]
    start_source = None if is_subagent else _STARTS.get(event)
    workspace, measured = body.at("workspaceInfo"), message.repository
    head = measured.head if measured else None
    user = body.text("userId")
    about = body.text("tool_call", "id") or body.text("tool_result", "id") or body.text("agent_id") or "-"
    when = message.last_observed_ns if end_reason and not moment.is_timed else "-"
    return Observation(
        session_id=session_id,
        key=f"hook/{event}/{about}/{when}/{body.digest()}",
        channel=Channel.HOOK,
        at_ns=moment.at_ns,
        is_timed=moment.is_timed,
        last_at_ns=message.last_observed_ns if end_reason and not moment.is_timed else None,
        is_activity=end_reason is None and start_source != "startup",
        start_source=start_source,
        end_reason=end_reason,
        agent_version=body.text("clineVersion"),
        cwd=workspace.text("rootPath"),
        remote=(measured.remote if measured else None) or _origin(workspace),
        branch=(measured.branch if measured else None) or workspace.text("latestGitBranchName"),
        # Cline asks git once, at its start; only a hook of ours at the end tells where it ended.
        base_commit=(None if end_reason else head) or workspace.text("latestGitCommitHash"),
        head_commit=head if end_reason else None,
        user=None if user == _UNKNOWN_USER else user,
        rules=tuple(rule for rule in message.rules if _RULES_FILE.fullmatch(rule.path)),
        intervention=Intervention(kind=CorrectionKind.INTERRUPT) if end_reason and event == "agent_abort" else None,
    )


def _origin(workspace: Payload) -> str | None:
    """The URL of `origin`, else of the first remote; each stands as `<name>: <url>`."""
    remotes = [text.partition(": ") for item in workspace.items("associatedRemoteUrls") if (text := item.text())]
    named = {name: url for name, colon, url in remotes if colon}
    return named.get("origin") or next(iter(named.values()), None)


def _parts(body: Payload, event: str, moment: _Moment) -> Iterator[StepPart]:
    call, result = body.at("tool_call"), body.at("tool_result")
    call_id, result_id = call.text("id"), result.text("id")
    if event == "tool_call" and call_id is not None:
        started_ns = moment.at_ns if moment.is_timed else None
        for part in called(call_id, call.text("name"), call.at("input")):
            yield replace(part, started_ns=started_ns)
    elif event == "tool_result" and result_id is not None:
        started_ns, ended_ns = parse_time(result.text("startedAt")), parse_time(result.text("endedAt"))
        for part in returned(result_id, result.text("name"), result.at("input"), result.at("output")):
            yield replace(part, started_ns=started_ns, ended_ns=ended_ns)
