"""What Claude Code's tools did, in the words of a Step: the same whichever channel tells of a call."""

import re

from collectors.payload import Payload
from sidecar.domain import StepId, StepKind, StepPart

_EXIT_CODE = re.compile(r"\A(?:Error: )?Exit code (\d{1,3})(?:\n|\Z)")
_NUMBERED_LINE = re.compile(r"^ *\d+(?:\t|→)", re.MULTILINE)
"""How Read shows a line to the model: its number, then a tab (an arrow before 2.1)."""
_NO_OUTPUT = "(Bash completed with no output)"
"""What the model is shown in place of an empty output."""


def called(step_id: str, tool: str | None, given: Payload, *, agent_id: str | None = None) -> StepPart:
    """A tool call from the tool's name and its input."""
    old_text, new_text = _edit(tool, given)
    return StepPart(
        step_id=StepId(step_id),
        kind=StepKind.TOOL_CALL,
        tool=tool,
        command=given.text("command") if tool == "Bash" else None,
        path=given.text("file_path") or given.text("notebook_path") or given.text("path"),
        is_write=new_text is not None,
        old_text=old_text,
        new_text=new_text,
        text=given.text("prompt") if tool in {"Agent", "Task"} else None,
        agent_id=agent_id,
    )


def _edit(tool: str | None, given: Payload) -> tuple[str | None, str | None]:
    """Replaced and written text; the latter is None for a tool that writes no file, the former for a whole file."""
    match tool:
        case "Edit":
            return given.text("old_string") or "", given.text("new_string") or ""
        case "MultiEdit":
            edits = list(given.items("edits"))
            olds = [edit.text("old_string") or "" for edit in edits]
            return "\n".join(olds), "\n".join(edit.text("new_string") or "" for edit in edits)
        case "Write":
            return None, given.text("content") or ""
        case "NotebookEdit":
            return "", given.text("new_source") or ""
        case _:
            return None, None


def split_failure(text: str) -> tuple[int | None, str]:
    """Exit code and output of a failed call; the code is None where the tool ran no command."""
    found = _EXIT_CODE.match(text)
    return (int(found[1]), text[found.end() :]) if found else (None, text)


def shown_text(content: Payload) -> str | None:
    """A tool's result as the model saw it; None when it holds no text."""
    whole = content.string()
    if whole is not None:
        return "" if whole == _NO_OUTPUT else whole
    blocks = [block.text("text") or "" for block in content.items() if block.text("type") == "text"]
    return "\n".join(blocks) if blocks else None


def without_line_numbers(text: str) -> str:
    """A file's own text from what Read shows."""
    return _NUMBERED_LINE.sub("", text)


def is_numbered(text: str) -> bool:
    """Whether every line has its number before it, one after the other, as Read shows a file."""
    numbers = [line.partition("\t") for line in text.split("\n")]
    if not all(tab and number.isdecimal() for number, tab, _ in numbers):
        return False
    counted = [int(number) for number, _, _ in numbers]
    return counted == list(range(counted[0], counted[0] + len(counted)))


def structured_output(response: Payload) -> str | None:
    """Output from a tool's structured response: streams of Bash, text of Read; None where it holds neither."""
    if response.at("file").is_object():
        return response.string("file", "content")
    if response.string("stdout") is not None:
        return "\n".join(stream for name in ("stdout", "stderr") if (stream := response.text(name)))
    return None
