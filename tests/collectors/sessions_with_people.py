"""Session files of every agent in which a person steps in, or a machine writes in a person's place.

Written after the agents' own words and shapes: Claude Code 2.1, Cline 3 and its older task folders, Codex 0.50 to
0.169, Gemini CLI 0.61, opencode 1.18.
"""

import json
from collections.abc import Mapping

from tests.collectors.messages import AT_NS

STAMP = "2026-11-23T03:24:14Z"
AT_MS = AT_NS // 1_000_000
REFUSED = (
    "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the "
    "new_string was NOT written to the file). "
)
STOP = "STOP what you are doing and wait for the user to tell you how to proceed."
STALE = (
    "File has been modified since read, either by the user or by a linter. Read it again before attempting to write it."
)


def lines(*values: Mapping[str, object]) -> str:
    """One JSON object a line."""
    return "".join(json.dumps({"timestamp": STAMP, **value}) + "\n" for value in values)


def claude(*values: Mapping[str, object]) -> str:
    """Claude Code: an edit that is called, then these lines."""
    given = {"file_path": "/w/a.py", "old_string": "x", "new_string": "y"}
    use = {"type": "tool_use", "id": "c1", "name": "Edit", "input": given}
    call = {"type": "assistant", "requestId": "r1", "message": {"content": [use]}}
    return lines(*({"uuid": f"u{number}", **value} for number, value in enumerate((call, *values))))


def claude_result(text: str, *, is_error: bool = True, structured: object = None) -> dict[str, object]:
    """Claude Code: what the call gave back."""
    block = {"type": "tool_result", "tool_use_id": "c1", "content": text, "is_error": is_error}
    return {"type": "user", "message": {"role": "user", "content": [block]}, "toolUseResult": structured}


def claude_said(content: object, **more: object) -> dict[str, object]:
    """Claude Code: a line of role user."""
    return {"type": "user", "promptId": "p1", "message": {"role": "user", "content": content}, **more}


def codex(*values: Mapping[str, object]) -> str:
    """Codex: a command that is called, then these lines."""
    arguments = json.dumps({"command": ["bash", "-lc", "make deploy"]})
    call = {"type": "function_call", "name": "shell", "call_id": "c1", "arguments": arguments}
    return lines({"type": "response_item", "payload": call}, *values)


def codex_output(text: str) -> dict[str, object]:
    """Codex: what the call gave back."""
    payload = {"type": "function_call_output", "call_id": "c1", "output": text}
    return {"type": "response_item", "payload": payload}


def codex_said(text: str) -> dict[str, object]:
    """Codex: a message of role user."""
    content = [{"type": "input_text", "text": text}]
    return {"type": "response_item", "payload": {"type": "message", "role": "user", "content": content}}


def codex_opened(**payload: object) -> dict[str, object]:
    """Codex: the first line."""
    return {"type": "session_meta", "payload": {"id": "s", "cwd": "/w", **payload}}


def cline(*messages: Mapping[str, object]) -> str:
    """Cline: an edit that is called, then these messages."""
    use = {
        "type": "tool_use",
        "id": "c1",
        "name": "editor",
        "input": {"path": "a.py", "old_text": "x", "new_text": "y"},
    }
    whole = [{"role": "assistant", "content": [use]}, *messages]
    numbered = [{"id": f"m{number}", "ts": AT_MS + number, **one} for number, one in enumerate(whole)]
    return json.dumps({"messages": numbered})


def cline_result(text: str) -> dict[str, object]:
    """Cline: what the call gave back."""
    return {
        "role": "user",
        "content": [{"type": "tool_result", "tool_use_id": "c1", "name": "editor", "content": text}],
    }


def cline_said(*texts: str, **more: object) -> dict[str, object]:
    """Cline: a message of role user."""
    return {"role": "user", "content": [{"type": "text", "text": text} for text in texts], **more}


def cline_window(*messages: Mapping[str, object]) -> str:
    """Cline's older window: a task, then these messages."""
    whole = [{"say": "task", "text": "Fix it."}, *messages]
    return json.dumps({"messages": [{"ts": AT_MS + number, "type": "say", **one} for number, one in enumerate(whole)]})


def gemini(*values: Mapping[str, object], kind: str = "main") -> str:
    """Gemini CLI: a chat with these messages."""
    head = {"sessionId": "s", "projectHash": "ab", "startTime": STAMP, "lastUpdated": STAMP, "kind": kind}
    return "".join(
        json.dumps(one) + "\n" for one in (head, *({"timestamp": STAMP, "id": "m1", **one} for one in values))
    )


def gemini_call(
    status: str, output: str, name: str = "replace", arguments: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Gemini CLI: an answer with one call."""
    response = {"functionResponse": {"id": "c1", "name": name, "response": {"output": output}}}
    given = {"file_path": "a.py", "old_string": "x", "new_string": "y", **(arguments or {})}
    call = {"id": "c1", "name": name, "args": given, "status": status, "timestamp": STAMP, "result": [response]}
    return {"type": "gemini", "content": "", "toolCalls": [call]}


def opencode(*parts: Mapping[str, object], info: Mapping[str, object] | None = None, **session: object) -> str:
    """opencode: an export of a prompt and an answer with these parts."""
    asked = {"id": "m1", "role": "user", "sessionID": "s", "time": {"created": AT_MS}}
    answered = {"id": "m2", "role": "assistant", "sessionID": "s", "time": {"created": AT_MS + 1}, **(info or {})}
    words = {"id": "p1", "messageID": "m1", "sessionID": "s", "type": "text", "text": "Fix it."}
    messages = [{"info": asked, "parts": [words]}, {"info": answered, "parts": list(parts)}]
    return json.dumps({"info": {"id": "s", "time": {"created": AT_MS}, **session}, "messages": messages})


def opencode_failed(error: str) -> dict[str, object]:
    """opencode: an edit that failed."""
    given = {"filePath": "a.py", "oldString": "x", "newString": "y"}
    state = {"status": "error", "input": given, "error": error, "time": {"start": AT_MS + 2, "end": AT_MS + 3}}
    return {
        "id": "p2",
        "messageID": "m2",
        "sessionID": "s",
        "type": "tool",
        "tool": "edit",
        "callID": "c1",
        "state": state,
    }
