"""What Codex's hooks, rollouts and OTLP hold, field by field; what is not here is kept at `full` only.

Measured on 0.169.0. A member that a new version adds is dropped until somebody has looked at it.
"""

from collections.abc import Mapping

from collectors.codex.rollout import IDE_FRAME, is_rules_text, is_written_by_program
from sidecar.capture import AgentFields, Choice, Each, FileForm, Inside, JsonObject, Node, Text
from sidecar.domain import Matter

FRAME, PLACE, WORK = Matter.FRAME, Matter.PLACE, Matter.WORK
WORDS = Matter.WORDS


def frames(*names: str) -> dict[str, Node]:
    """Members that are ids, names, times, counts or states."""
    return dict.fromkeys(names, FRAME)


_INPUT: Node = {
    **dict.fromkeys(("cmd", "command", "input", "patch"), WORK),
    **dict.fromkeys(("cwd", "path", "workdir"), PLACE),
    **frames("timeout", "timeout_ms", "yield_time_ms", "max_output_tokens"),
    "action": {"command": WORK},
}
_OUTPUT: Node = Each(
    text=WORK, fields={"output": WORK, "content": WORK, "success": FRAME, "metadata": {"exit_code": FRAME}}
)

HOOK: Node = {
    **frames("session_id", "hook_event_name", "turn_id", "model", "permission_mode", "source", "tool_name"),
    **frames("tool_use_id", "stop_hook_active", "reason"),
    **dict.fromkeys(("cwd", "transcript_path"), PLACE),
    "prompt": WORDS,
    "tool_input": Each(text=WORK, fields=_INPUT),
    "tool_response": _OUTPUT,
}

_SETTINGS: Mapping[str, Node] = {
    **frames("id", "session_id", "timestamp", "originator", "cli_version", "thread_source", "model_provider", "model"),
    "source": Each(text=FRAME, fields={"subagent": Each(text=FRAME)}),
    "git": frames("commit_hash", "branch", "repository_url"),
    "cwd": PLACE,
}
_PASSED_ON: Node = frames("turn_id", "create_time", "content_item_kinds")
_ITEM: Mapping[str, Node] = {
    **frames("type", "id", "role", "status", "name", "call_id"),
    "internal_chat_message_metadata_passthrough": _PASSED_ON,
}


def _user_block(block: JsonObject) -> Node:
    """A person's words; the project's rules as they were shown; nothing of what else Codex wrote."""
    text = block.get("text")
    if isinstance(text, str) and is_rules_text(text):
        return {"type": FRAME, "text": WORK}
    if isinstance(text, str) and is_written_by_program(text):
        # of an interruption only that it was one
        return {"type": FRAME, **({"text": WORDS} if text.startswith("<turn_aborted>") else {})}
    return {"type": FRAME, "text": Text(frame=IDE_FRAME, is_kept=False)}


def _item(payload: JsonObject) -> Node:
    match payload.get("type"), payload.get("role"):
        case "message", "user":
            return {**_ITEM, "content": Choice(choose=_user_block)}
        case "message", _:
            return {**_ITEM, "content": {"type": FRAME}}
        case (("function_call" | "custom_tool_call" | "local_shell_call"), _):
            arguments: Node = Inside(node=_INPUT)
            return {**_ITEM, "arguments": arguments, "input": WORK, "action": {"command": WORK}}
        case (("function_call_output" | "custom_tool_call_output"), _):
            return {**_ITEM, "output": _OUTPUT}
        case _:
            return {"type": FRAME}


_COMMAND: Node = {
    **frames("type", "id", "call_id", "status", "exit_code", "source"),
    "command": WORK,
    "aggregated_output": WORK,
    "cwd": PLACE,
}


def _event(payload: JsonObject) -> Node:
    head = frames("type", "turn_id", "thread_id", "started_at_ms", "completed_at_ms", "reason")
    item = payload.get("item")
    if payload.get("type") == "exec_command_end":
        return {**head, **dict(_COMMAND.items())} if isinstance(_COMMAND, Mapping) else head
    if isinstance(item, Mapping) and item.get("type") == "CommandExecution":
        return {**head, "item": _COMMAND}
    return {**head, "item": frames("type", "id")}


def line(value: JsonObject) -> Node:
    """What a line of a rollout holds; nothing of a line of a kind that is not read."""
    head = frames("timestamp", "type", "ordinal")
    match value.get("type"):
        case "session_meta":
            return {**head, "payload": _SETTINGS}
        case "response_item":
            return {**head, "payload": Choice(choose=_item)}
        case "event_msg":
            return {**head, "payload": Choice(choose=_event)}
        case "turn_context":
            return {**head, "payload": {**frames("turn_id", "model"), "cwd": PLACE}}
        case _ if "payload" not in value and "git" in value:
            return {**head, **_SETTINGS}
        case _:
            return {}


ATTRIBUTES: Mapping[str, Node] = {
    **frames("service.name", "service.version", "event.name", "event.timestamp", "conversation.id", "app.version"),
    **frames("originator", "model", "slug", "tool_name", "call_id", "duration_ms", "success", "output_truncated"),
    **frames("decision", "source", "prompt_length", "input_token_count", "output_token_count", "cached_token_count"),
    "arguments": Inside(node=_INPUT),
    "output": WORK,
    "prompt": WORDS,
}

FIELDS = AgentFields(hook=HOOK, form=FileForm.LINES, file={"": Choice(choose=line)}, attributes=ATTRIBUTES)
