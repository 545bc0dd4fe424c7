"""The Responses API as Codex speaks it: which turn a request asks for, and a turn as a stream of events."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias, cast

from tests.recordings.script import Act, Change, Create, Delegate, Look, Run, Turn

Json: TypeAlias = Mapping[str, object]


def turns_done(request: Json) -> int:
    """How many answers the conversation holds already; each has one message of the assistant."""
    items = cast(Sequence[Json], request["input"])
    return sum(item.get("type") == "message" and item.get("role") == "assistant" for item in items)


def codex_call(act: Act, root: str) -> tuple[str, Json]:
    """The tool and its arguments in Codex's words: it reads and edits by commands.

    Raises:
        ValueError: Codex has no sub-agent that a script could direct.
    """
    match act:
        case Run(command, _):
            return "exec_command", {"cmd": command}
        case Look(path):
            return "exec_command", {"cmd": f"cat {path}"}
        case Change(path, old, new):
            lines = [f"*** Update File: {root}/{path}", "@@", *_marked("-", old), *_marked("+", new)]
            return "exec_command", {"cmd": _patch(lines)}
        case Create(path, text):
            return "exec_command", {"cmd": _patch([f"*** Add File: {root}/{path}", *_marked("+", text)])}
        case Delegate():
            raise ValueError("a Codex scenario cannot delegate; write its acts into the scenario itself")


def _marked(mark: str, text: str) -> list[str]:
    return [mark + line for line in text.splitlines()]


def _patch(lines: Sequence[str]) -> str:
    return "\n".join(["apply_patch <<'EOF'", "*** Begin Patch", *lines, "*** End Patch", "EOF"])


def responses_stream(turn: Turn, digest: str, root: str) -> Iterator[Json]:
    """The events of one answer: a message, and a call where the turn acts."""
    items: list[Json] = [
        {
            "type": "message",
            "id": f"msg_{digest[:12]}",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": turn.text, "annotations": []}],
        }
    ]
    if turn.act is not None:
        name, arguments = codex_call(turn.act, root)
        items.append(
            {
                "type": "function_call",
                "id": f"fc_{digest[:12]}",
                "status": "completed",
                "name": name,
                "arguments": json.dumps(arguments),
                "call_id": f"call_{digest[:16]}",
            }
        )
    head = {"id": f"resp_{digest[:16]}", "object": "response", "created_at": 1, "model": "gpt-5.1-codex"}
    yield {"type": "response.created", "response": {**head, "status": "in_progress", "output": []}}
    for index, item in enumerate(items):
        yield {"type": "response.output_item.added", "output_index": index, "item": {**item, "status": "in_progress"}}
        yield {"type": "response.output_item.done", "output_index": index, "item": item}
    usage = {
        "input_tokens": 1200,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": 40,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": 1240,
    }
    yield {"type": "response.completed", "response": {**head, "status": "completed", "output": items, "usage": usage}}
