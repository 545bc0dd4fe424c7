"""What Gemini CLI's tools did, in the words of a Step.

It calls a command that exited 1 a success; whether it worked stands in the text that the model was shown, below the
output, and since 0.61 in the telemetry's data.
"""

import re
from dataclasses import replace

from collectors.payload import Payload
from sidecar.domain import CorrectionKind, Intervention, StepId, StepKind, StepPart

COMMAND_TOOL = "run_shell_command"
_FRAME = re.compile(r"\A<untrusted_context>\n(.*?)\n?</untrusted_context>\s*\Z", re.DOTALL)
_LABELS = r"Error|Exit Code|Signal|Background PIDs|Process Group PGID"
_SHOWN = re.compile(rf"\A(?:Output: )?(.*?)((?:\n(?:{_LABELS}): [^\n]*)*)\Z", re.DOTALL)
_EXIT_CODE = re.compile(r"^Exit Code: (\d{1,3})$", re.MULTILINE)
_STREAMS = re.compile(r"\ACommand: .*?^Stdout: (.*?)\nStderr: (.*?)\nError: ", re.DOTALL | re.MULTILINE)
"""How 0.1 to 0.20 showed a command."""
_MODIFIED = re.compile(r"\bUser modified the `(?:new_string|content)` ")
_NOTHING = frozenset({"(empty)", "(none)"})


def called(call_id: str, tool: str | None, given: Payload) -> StepPart:
    """The Step of a call, from the tool's name and its arguments."""
    is_write = tool in {"replace", "write_file"}
    new_text = given.string("new_string") if tool == "replace" else given.string("content") if is_write else None
    return StepPart(
        step_id=StepId(call_id),
        kind=StepKind.TOOL_CALL,
        tool=tool,
        command=given.text("command") if tool == COMMAND_TOOL else None,
        path=given.text("file_path") or given.text("absolute_path") or given.text("path"),
        is_write=is_write,
        old_text=(given.string("old_string") or "") if tool == "replace" else None,
        new_text=(new_text or "") if is_write else None,
    )


def returned(part: StepPart, status: str | None, text: str | None) -> StepPart:
    """The Step with what came back.

    Args:
        status: Gemini CLI's own word for how it went.
        text: What the model was shown; None where nothing was.
    """
    if status in {"cancelled", "error"}:
        return replace(part, output=text, is_success=False)
    if status != "success":
        return part
    if part.tool != COMMAND_TOOL or text is None:
        return replace(part, output=text, is_success=True)
    exit_code, output = split_output(text)
    return replace(part, output=output, exit_code=exit_code, is_success=exit_code == 0)


def intervention(call: Payload) -> Intervention | None:
    """What a call tells of a person: that it was refused or stopped, or that its edit was changed first."""
    if call.text("status") == "cancelled":
        return Intervention(kind=CorrectionKind.INTERRUPT)
    is_edit = call.text("name") in {"replace", "write_file"} and call.text("status") == "success"
    shown = (shown_text(call.at("result")) or "") if is_edit else ""
    if is_edit and (call.flag("args", "modified_by_user") or _MODIFIED.search(shown)):
        return Intervention(kind=CorrectionKind.HUMAN_EDIT)
    return None


def split_output(text: str) -> tuple[int, str]:
    """Exit code and output of a command; it names no code where that is 0."""
    framed = _FRAME.match(text)
    inner = framed[1] if framed else text
    streams = _STREAMS.match(inner)
    if streams is not None:
        tail = inner[streams.end() :]
        output = "\n".join(stream for stream in streams.groups() if stream not in _NOTHING)
    else:
        shown = _SHOWN.match(inner)
        output, tail = (shown[1], shown[2]) if shown else (inner, "")
        output = "" if output in _NOTHING else output
    code = _EXIT_CODE.search(tail)
    return (int(code[1]) if code else 0), output


def shown_text(result: Payload) -> str | None:
    """What the model was shown of a call: the texts of its function responses."""
    responses = [item.at("functionResponse", "response") for item in result.items()]
    texts = [found for one in responses if (found := one.string("output") or one.string("error")) is not None]
    return "\n".join(texts) if texts else None
