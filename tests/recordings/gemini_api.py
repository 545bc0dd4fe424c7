"""The Gemini API as Gemini CLI speaks it: which turn a request asks for, and a turn as one piece of content."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

from tests.recordings.script import Act, Change, Create, Delegate, Look, Run, Turn

Json: TypeAlias = Mapping[str, object]


def turns_done(request: Json) -> int:
    """How many answers the conversation holds already; each is one content of the model."""
    return sum(content.get("role") == "model" for content in cast(Sequence[Json], request["contents"]))


def gemini_cli_call(act: Act, root: str) -> tuple[str, Json]:
    """The tool and its arguments in Gemini CLI's words.

    Raises:
        ValueError: a script cannot direct its sub-agents.
    """
    match act:
        case Run(command, _):
            return "run_shell_command", {"command": command, "description": "Run a command"}
        case Look(path):
            return "read_file", {"file_path": f"{root}/{path}"}
        case Change(path, old, new):
            edit = {"old_string": old, "new_string": new, "instruction": "Change it"}
            return "replace", {"file_path": f"{root}/{path}", **edit}
        case Create(path, text):
            return "write_file", {"file_path": f"{root}/{path}", "content": text}
        case Delegate():
            raise ValueError("a Gemini CLI scenario cannot delegate; write its acts into the scenario itself")


def gemini_content(turn: Turn, digest: str, root: str) -> Json:
    """One answer: a text, and a call where the turn acts."""
    parts: list[Json] = [{"text": turn.text}]
    if turn.act is not None:
        name, arguments = gemini_cli_call(turn.act, root)
        parts.append({"functionCall": {"name": name, "args": arguments}})
    content = {"role": "model", "parts": parts}
    return {
        "candidates": [{"content": content, "finishReason": "STOP", "index": 0}],
        "usageMetadata": {"promptTokenCount": 1200, "candidatesTokenCount": 40, "totalTokenCount": 1240},
        "modelVersion": "gemini-2.5-pro",
        "responseId": digest[:16],
    }
