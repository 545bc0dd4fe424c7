"""What Claude Code's hooks, transcripts and OTLP hold, field by field; what is not here is kept at `full` only.

Measured on 2.1.330. A member that a new version adds is dropped until somebody has looked at it.
"""

from collections.abc import Mapping

from collectors.claude_code.prompts import COMMAND_FRAME, commanded, is_interruption, is_written_by_program
from collectors.claude_code.tools import is_numbered
from collectors.payload import Payload
from sidecar.capture import AgentFields, Choice, Each, FileForm, Inside, JsonObject, JsonValue, Node, Text
from sidecar.domain import Matter

FRAME, PLACE, WORK = Matter.FRAME, Matter.PLACE, Matter.WORK
OPENING, WORDS = Matter.OPENING, Matter.WORDS


def frames(*names: str) -> dict[str, Node]:
    """Members that are ids, names, times, counts or states."""
    return dict.fromkeys(names, FRAME)


_TOOL_INPUT: Node = {
    **frames("replace_all", "run_in_background", "subagent_type", "timeout"),
    **dict.fromkeys(("file_path", "notebook_path", "path"), PLACE),
    **dict.fromkeys(("command", "old_string", "new_string", "content", "new_source"), WORK),
    "edits": dict.fromkeys(("old_string", "new_string"), WORK),
}
"""`content` is what Write writes; the prompt of a sub-agent is a model's talk."""
_STRUCTURED: Mapping[str, Node] = {
    **frames("interrupted", "isImage", "noOutputExpected", "backgroundTaskId", "replaceAll", "userModified", "type"),
    **frames("status", "agentId", "agentType", "totalDurationMs", "totalTokens", "totalToolUseCount"),
    "filePath": PLACE,
    **dict.fromkeys(("stdout", "stderr", "oldString", "newString"), WORK),
    "file": {"filePath": PLACE, "content": OPENING, **frames("numLines", "startLine", "totalLines")},
}
"""A tool's result in its structured form; the whole file beside an edit is left out."""
_BY_TOOL: Mapping[str, Matter] = {"Bash": WORK, "Read": OPENING}
"""What a tool's result is where it is text. Other tools' texts quote files, pages and people at will."""


def _batched(call: JsonObject) -> Node:
    text = _BY_TOOL.get(str(call.get("tool_name")))
    response = Each(text=text, fields={"type": FRAME, **({"text": text} if text else {})})
    return {**frames("tool_name", "tool_use_id"), "tool_input": _TOOL_INPUT, "tool_response": response}


HOOK: Node = {
    **frames("session_id", "hook_event_name", "prompt_id", "permission_mode", "agent_id", "agent_type", "source"),
    **frames("model", "memory_type", "load_reason", "tool_name", "tool_use_id", "duration_ms", "is_interrupt"),
    **frames("stop_hook_active", "notification_type", "reason", "context_tokens"),
    "effort": frames("level"),
    **dict.fromkeys(("cwd", "transcript_path", "agent_transcript_path", "file_path", "parent_file_path"), PLACE),
    **dict.fromkeys(("trigger_file_path", "globs"), PLACE),
    "prompt": WORDS,
    "tool_input": _TOOL_INPUT,
    "tool_response": _STRUCTURED,
    "error": WORK,
    "tool_calls": Choice(choose=_batched),
}

_LINE: Mapping[str, Node] = {
    **frames("type", "uuid", "parentUuid", "isSidechain", "sessionId", "timestamp", "gitBranch", "version"),
    **frames("entrypoint", "userType", "promptId", "promptSource", "permissionMode", "isMeta", "isCompactSummary"),
    **frames("agentId", "requestId", "effort", "sourceToolAssistantUUID"),
    "cwd": PLACE,
}
"""Members of every line."""
_USAGE: Node = frames(
    *("input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "service_tier")
)


def _rules_file(item: JsonObject) -> Node:
    """A rules file where it is the project's own; personal ones are nobody's business."""
    if item.get("type") != "Project":
        return {}
    return {"type": FRAME, "path": PLACE, "content": WORK}


_ATTACHMENTS: Mapping[str, Node] = {
    "instructions": {"files": Choice(choose=_rules_file)},
    "nested_memory": {"path": PLACE, "content": Choice(choose=_rules_file)},
    "session_context": {"context": {"gitStatus": WORK}},
    "queued_command": {"prompt": WORDS},
    "edited_text_file": {"filename": PLACE},
}


def line(value: JsonObject) -> Node:
    """What a line of a transcript holds; nothing of a line of a kind that is not read."""
    match value.get("type"):
        case "user":
            return {**_LINE, "message": {"role": FRAME, "content": _user_content(value)}, "toolUseResult": _result()}
        case "assistant":
            message = {**frames("id", "type", "role", "model", "stop_reason"), "usage": _USAGE}
            return {**_LINE, "message": {**message, "content": Choice(choose=_answered)}}
        case "attachment":
            kind = Payload(value).text("attachment", "type") or ""
            return {**_LINE, "attachment": {"type": FRAME, **_members(_ATTACHMENTS.get(kind))}}
        case _:
            return {}


def _members(node: "Node | None") -> Mapping[str, Node]:
    return node if isinstance(node, Mapping) else {}


def _result() -> Node:
    # as text it is the error of a failed call
    return Each(text=WORK, fields=_STRUCTURED)


def _answered(block: JsonObject) -> Node:
    if block.get("type") == "tool_use":
        return {**frames("type", "id", "name"), "input": _TOOL_INPUT}
    return {"type": FRAME}


def _user_content(value: JsonObject) -> Node:
    """A person's prompt, or what tools gave back; what the program wrote for the model is talk."""
    is_talk = any(value.get(name) is True for name in ("isMeta", "isCompactSummary", "isSidechain"))

    def block(item: JsonObject) -> Node:
        match item.get("type"):
            case "tool_result":
                return {**frames("type", "tool_use_id", "is_error"), "content": _shown(value, item)}
            case "text":
                return {"type": FRAME, "text": _words(item.get("text"), is_talk=is_talk)}
            case _:
                return {"type": FRAME}

    content = Payload(value).at("message", "content").value
    if isinstance(content, str) and not is_talk and commanded(content) is not None:
        return Text(frame=COMMAND_FRAME)
    return Each(text=_words(content, is_talk=is_talk), fields=Choice(choose=block))


def _words(text: JsonValue, *, is_talk: bool) -> Matter:
    """A person's words, or that one stopped the agent; else what the program wrote."""
    is_program = isinstance(text, str) and is_written_by_program(text) and not is_interruption(text)
    return Matter.TALK if is_talk or is_program else WORDS


def _shown(value: JsonObject, item: JsonObject) -> Node:
    """A result as the model saw it: a command's whole, a file's beginning, nothing of what quotes other things."""
    structured = value.get("toolUseResult")
    if isinstance(structured, Mapping):
        text = WORK if "stdout" in structured else OPENING if "file" in structured else None
    else:
        # a failed call, or a sub-agent's, which has no structured form
        text = OPENING if _is_file(item.get("content")) else WORK
    return Each(text=text, fields={"type": FRAME, **({"text": text} if text else {})})


def _is_file(content: JsonValue) -> bool:
    if isinstance(content, str):
        return is_numbered(content)
    return any(is_numbered(block.text("text") or "") for block in Payload(content).items())


ATTRIBUTES: Mapping[str, Node] = {
    **frames("service.name", "service.version", "session.id", "user.id", "event.name", "event.timestamp"),
    **frames("event.sequence", "prompt.id", "message.uuid", "request_id", "tool_use_id", "agent_id", "query_source"),
    **frames("query_source_safe", "tool_name", "tool_name_safe", "success", "error_type", "command_source"),
    **frames("command_name", "decision", "source", "permission_mode", "model", "stop_reason", "duration_ms"),
    **frames("ttft_ms", "cost_usd", "cost_usd_micros", "input_tokens", "output_tokens", "cache_read_tokens"),
    **frames("cache_creation_tokens", "total_tokens", "attempt", "type", "language", "start_type", "prompt_length"),
    **frames("user_prompt_length", "response_length", "tool_result_size_bytes", "tool_input_size_bytes"),
    **frames("span.type", "gen_ai.operation.name", "gen_ai.conversation.id", "gen_ai.request.model"),
    **frames("gen_ai.tool.name", "gen_ai.tool.call.id", "gen_ai.provider.name", "gen_ai.response.id"),
    **frames("vcs.repository.url.full", "vcs.repository.name", "vcs.owner.name", "vcs.provider.name"),
    **frames("vcs.ref.head.revision", "vcs.ref.head.name", "vcs.ref.head.type"),
    "file_path": PLACE,
    "full_command": WORK,
    "tool_input": Inside(node=_TOOL_INPUT),
    "tool_parameters": Inside(node={"full_command": WORK, "bash_command": WORK, "file_path": PLACE}),
    "prompt": WORDS,
}

FIELDS = AgentFields(hook=HOOK, form=FileForm.LINES, file={"": Choice(choose=line)}, attributes=ATTRIBUTES)
