"""What Cline's hooks and session files hold, field by field; what is not here is kept at `full` only.

Measured on 3.0.65. The hooks tell each call twice; only the form that is read is kept.
"""

import re
from collections.abc import Mapping

from collectors.cline.files import is_written_by_program
from collectors.payload import Payload
from sidecar.capture import AgentFields, Choice, Each, FileForm, Inside, JsonObject, Node, Text
from sidecar.domain import Matter

FRAME, PLACE, WORK = Matter.FRAME, Matter.PLACE, Matter.WORK
OPENING, WORDS = Matter.OPENING, Matter.WORDS

_USER_INPUT = Text(frame=re.compile(r"(\s*<user_input[^>]*>)(.*?)(</user_input>\s*)", re.DOTALL))
_READERS = frozenset({"read_files", "read_file"})


def frames(*names: str) -> dict[str, Node]:
    """Members that are ids, names, times, counts or states."""
    return dict.fromkeys(names, FRAME)


_INPUT: Node = {
    "commands": Each(text=WORK, fields={"command": WORK}),
    "command": WORK,
    "files": Each(text=PLACE, fields={"path": PLACE}),
    "path": PLACE,
    **dict.fromkeys(("old_text", "new_text", "input", "patch"), WORK),
    "insert_line": FRAME,
}


def _is_reader(value: JsonObject) -> bool:
    """Whether a call's tool reads files; a name of another shape is no such tool's."""
    return Payload(value).text("name") in _READERS


def _output(value: JsonObject) -> Node:
    """What a call gave back; of a file that was read, its beginning."""
    is_reader = _is_reader(value)
    text = OPENING if is_reader else WORK
    result: Node = {"success": FRAME, "query": PLACE if is_reader else WORK, "error": WORK, "result": text}
    return Each(text=None if is_reader else WORK, fields={**result, "text": text})


def _result(value: JsonObject) -> Node:
    return {
        **frames("id", "name", "startedAt", "endedAt", "durationMs"),
        "input": _INPUT,
        "output": _output(value),
    }


HOOK: Node = {
    **frames("agent_id", "parent_agent_id", "clineVersion", "hookName", "iteration", "taskId", "timestamp", "userId"),
    "sessionContext": frames("rootSessionId"),
    "workspaceInfo": {
        **frames("associatedRemoteUrls", "latestGitBranchName", "latestGitCommitHash"),
        "rootPath": PLACE,
    },
    "tool_call": {**frames("id", "name"), "input": _INPUT},
    "tool_result": Choice(choose=_result),
    "turn": frames("status"),
}

SESSION: Node = {
    **frames("session_id", "started_at", "ended_at", "status", "exit_code", "interactive", "model", "provider"),
    **frames("source", "version"),
    **dict.fromkeys(("cwd", "workspace_root"), PLACE),
    "metadata": {
        "git": frames("url", "branch"),
        "sessionHistoryOrigin": frames("version", "mode"),
        "checkpoint": {"history": frames("createdAt", "kind", "ref", "runCount")},
        "usage": frames("inputTokens", "outputTokens", "cacheReadTokens", "cacheWriteTokens", "totalCost"),
    },
}


def _message(value: JsonObject) -> Node:
    is_answer = value.get("role") == "assistant"

    def block(item: JsonObject) -> Node:
        match item.get("type"):
            case "tool_use":
                return {**frames("type", "id", "name"), "input": _INPUT}
            case "tool_result":
                # the result of one call may be JSON in a string
                output = _output(item)
                content = Each(text=None, fields=output) if _is_reader(item) else output
                return {**frames("type", "tool_use_id", "name", "is_error"), "content": content}
            case "text":
                text = item.get("text")
                is_talk = is_answer or (isinstance(text, str) and is_written_by_program(text))
                return {"type": FRAME, **({} if is_talk else {"text": _USER_INPUT})}
            case _:
                return {"type": FRAME}

    return {
        **frames("id", "role", "ts"),
        "metrics": frames("inputTokens", "outputTokens", "cacheReadTokens", "cacheWriteTokens", "cost"),
        "metadata": frames("kind"),
        "modelInfo": frames("id", "provider", "family"),
        "content": Each(text=None, fields=Choice(choose=block)),
    }


MESSAGES: Node = {
    **frames("sessionId", "updated_at", "version"),
    "origin": frames("version", "sessionId", "source"),
    "messages": Choice(choose=_message),
}


def _shown(value: JsonObject) -> Node:
    """A message of the older window: a person's words, a command, what it printed, an edit."""
    kind = Payload(value).text("say") or Payload(value).text("ask")
    text: Node | None = None
    if kind in {"task", "user_feedback"}:
        text = WORDS
    elif kind in {"command", "command_output"}:
        text = WORK
    elif kind == "tool":
        text = Inside(node={"tool": FRAME, "path": PLACE, "content": WORK, "diff": WORK})
    elif kind == "user_feedback_diff":
        text = Inside(node={"tool": FRAME, "path": PLACE})
    elif kind == "api_req_started":
        text = Inside(node={"cancelReason": FRAME})
    return {**frames("ts", "type", "say", "ask", "partial"), **({} if text is None else {"text": text})}


_FILE: Mapping[str, Node] = {
    "messages": MESSAGES,
    "session": SESSION,
    "ui_messages": {"messages": Choice(choose=_shown)},
}

FIELDS = AgentFields(hook=HOOK, form=FileForm.DOCUMENT, file=_FILE)
