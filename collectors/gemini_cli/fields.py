"""What Gemini CLI's hooks, chat files and OTLP hold, field by field; what is not here is kept at `full` only.

Measured on 0.61.0. A member that a new version adds is dropped until somebody has looked at it.
"""

from collections.abc import Mapping

from collectors.gemini_cli.chat import CANCELLED, is_context, is_written_by_program
from collectors.payload import Payload
from sidecar.capture import AgentFields, Choice, Each, FileForm, Inside, JsonObject, Node
from sidecar.domain import Matter

FRAME, PLACE, WORK = Matter.FRAME, Matter.PLACE, Matter.WORK
OPENING, WORDS = Matter.OPENING, Matter.WORDS


def frames(*names: str) -> dict[str, Node]:
    """Members that are ids, names, times, counts or states."""
    return dict.fromkeys(names, FRAME)


_INPUT: Node = {
    **dict.fromkeys(("file_path", "absolute_path", "path", "dir_path", "directory"), PLACE),
    **dict.fromkeys(("command", "old_string", "new_string", "content"), WORK),
    "modified_by_user": FRAME,
}
_BY_TOOL = {"run_shell_command": WORK, "replace": WORK, "write_file": WORK, "read_file": OPENING}
"""What a tool's result is; other tools' results quote files, pages and people at will."""


def _responses(tool: object) -> Node:
    text = _BY_TOOL.get(str(tool))
    shown: Node = {} if text is None else {"output": text, "error": WORK}
    return {"functionResponse": {**frames("id", "name"), "response": shown}}


HOOK: Node = {
    **frames("session_id", "hook_event_name", "timestamp", "source", "reason", "trigger", "tool_name"),
    **dict.fromkeys(("cwd", "transcript_path"), PLACE),
}


def _call(call: JsonObject) -> Node:
    return {
        **frames("id", "name", "status", "timestamp"),
        "args": _INPUT,
        "result": _responses(call.get("name")),
    }


def _message(value: JsonObject) -> Node:
    head = {**frames("id", "timestamp", "type", "model"), "toolCalls": Choice(choose=_call)}
    if value.get("type") == "info" and Payload(value).text("content") in CANCELLED:
        return {**head, "content": FRAME}
    if value.get("type") != "user":
        return head

    def block(item: JsonObject) -> Node:
        return {"text": _of_user(item.get("text"))}

    return {**head, "content": Each(text=_of_user(value.get("content")), fields=Choice(choose=block))}


def _of_user(text: object) -> Matter:
    """A person's words; the rules as they were shown stand in what the program tells of the project."""
    if not isinstance(text, str) or not is_written_by_program(text):
        return WORDS
    return WORK if is_context(text) else Matter.TALK


def line(value: JsonObject) -> Node:
    """What a line of a chat, or the document of the older form, holds."""
    head: Mapping[str, Node] = frames("sessionId", "projectHash", "startTime", "lastUpdated", "kind")
    messages: Node = Choice(choose=_message)
    if "id" in value:
        return _message(value)
    return {**head, "messages": messages, "$set": {"messages": messages, "lastUpdated": FRAME}}


def _request() -> Node:
    return {**frames("callId", "name"), "args": _INPUT}


def _answer(value: JsonObject) -> Node:
    request = value.get("request")
    tool = request.get("name") if isinstance(request, Mapping) else None
    response: Node = {"callId": FRAME, "responseParts": _responses(tool)}
    return {"status": FRAME, "request": _request(), "response": response}


ATTRIBUTES: Mapping[str, Node] = {
    **frames("service.name", "session.id", "event.name", "event.timestamp", "interactive", "prompt_id", "model"),
    **frames("function_name", "duration_ms", "success", "decision", "input_token_count", "output_token_count"),
    **frames("cached_content_token_count", "total_token_count", "prompt_length", "gen_ai.operation.name"),
    **frames("gen_ai.conversation.id", "gen_ai.tool.name", "gen_ai.tool.call_id", "gen_ai.request.model"),
    **frames("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"),
    "gen_ai.input.messages": Inside(node=_request()),
    "gen_ai.output.messages": Inside(node=Choice(choose=_answer)),
    "function_args": Inside(node=_INPUT),
    "prompt": WORDS,
}

FIELDS = AgentFields(hook=HOOK, form=FileForm.LINES, file={"": Choice(choose=line)}, attributes=ATTRIBUTES)
