"""What opencode's events, exports and OTLP hold, field by field; what is not here is kept at `full` only.

Measured on 1.18.33. A member that a new version adds is dropped until somebody has looked at it.
"""

from collections.abc import Mapping

from sidecar.capture import AgentFields, Choice, FileForm, Inside, JsonObject, Node
from sidecar.domain import Matter

FRAME, PLACE, WORK = Matter.FRAME, Matter.PLACE, Matter.WORK
OPENING, WORDS = Matter.OPENING, Matter.WORDS


def frames(*names: str) -> dict[str, Node]:
    """Members that are ids, names, times, counts or states."""
    return dict.fromkeys(names, FRAME)


_TIME: Node = frames("created", "updated", "completed", "start", "end")
_INPUT: Node = {
    **dict.fromkeys(("filePath", "path", "workdir"), PLACE),
    **dict.fromkeys(("command", "oldString", "newString", "content", "patchText", "patch"), WORK),
    **frames("timeout", "offset", "limit", "replaceAll"),
    "edits": {"filePath": PLACE, "oldString": WORK, "newString": WORK},
}
_BY_TOOL = {**dict.fromkeys(("bash", "edit", "multiedit", "write", "patch", "apply_patch"), WORK), "read": OPENING}
"""What a tool's result is; other tools' results quote files, pages and people at will."""


def _result(tool: object) -> Mapping[str, Node]:
    text = _BY_TOOL.get(str(tool))
    if text is None:
        return {}
    metadata: Node = {
        **frames("exit", "truncated"),
        "output": text,
        "loaded": PLACE,
        "display": {**frames("type", "lineStart", "lineEnd", "totalLines"), "path": PLACE, "text": text},
    }
    return {"output": text, "metadata": metadata, "error": WORK}


def _part(words: Matter | None) -> Node:
    def choose(value: JsonObject) -> Node:
        head = frames("id", "messageID", "sessionID", "type")
        match value.get("type"):
            case "tool":
                tool = value.get("tool")
                state: Node = {"status": FRAME, "time": _TIME, "input": _INPUT, **_result(tool)}
                return {**head, **frames("callID", "tool"), "state": state}
            case "text" if words is not None:
                return {**head, "synthetic": FRAME, "text": words}
            case _:
                return head

    return Choice(choose=choose)


_SESSION: Node = {**frames("id", "projectID", "parentID", "version", "cost"), "time": _TIME, "directory": PLACE}
_MESSAGE: Node = {
    **frames("id", "parentID", "role", "sessionID", "mode", "agent", "modelID", "providerID", "finish", "cost"),
    "error": frames("name"),
    "time": _TIME,
    "path": dict.fromkeys(("cwd", "root"), PLACE),
}


def _told(value: JsonObject) -> Node:
    """A message with its parts; the words of a person's alone."""
    info = value.get("info")
    is_person = isinstance(info, Mapping) and info.get("role") == "user"
    return {"info": _MESSAGE, "parts": _part(WORDS if is_person else None)}


def _event(value: JsonObject) -> Node:
    head = frames("id", "type")
    kind = str(value.get("type"))
    if kind == "chat.message":
        said: Node = {"message": _MESSAGE, "parts": _part(WORDS)}
        return {"type": FRAME, "input": frames("sessionID"), "output": said}
    info: Node = _MESSAGE if kind.startswith("message.") else _SESSION
    return {**head, "properties": {"sessionID": FRAME, "time": FRAME, "info": info, "part": _part(None)}}


ATTRIBUTES: Mapping[str, Node] = {
    **frames("service.name", "service.version", "session.id", "ai.toolCall.id", "ai.toolCall.name"),
    **frames("ai.operationId", "ai.model.id", "ai.model.provider", "ai.usage.inputTokens", "ai.usage.outputTokens"),
    "ai.toolCall.args": Inside(node=_INPUT),
    "ai.toolCall.result": Inside(node=_result("bash")),
}

FIELDS = AgentFields(
    hook=Choice(choose=_event),
    form=FileForm.DOCUMENT,
    file={"": {"info": _SESSION, "messages": Choice(choose=_told)}},
    attributes=ATTRIBUTES,
)
