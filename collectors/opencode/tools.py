"""What opencode's tools did, in the words of a Step: the same whether a part of a message or a span tells of a call."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from collectors.acts import step_ids
from collectors.patches import patched_files
from collectors.payload import Payload
from sidecar.domain import CorrectionKind, Intervention, StepId, StepKind, StepPart

_SHOWN_FILE = re.compile(
    r"\A.*?<(?:content|file)>\n(.*?)\n?(?:\n\(End of file[^\n]*\)\n)?</(?:content|file)>", re.DOTALL
)
_NUMBERED_LINE = re.compile(r"^ *\d+(?:: ?|\| ?)", re.MULTILINE)
"""How read shows a line to the model."""

_REFUSED = re.compile(
    r"(?:Error: )?(?:The user rejected permission to use this (?:specific )?tool call\b"
    r"(?: with the following feedback: (.*))?|The user dismissed this question|Tool execution aborted\b)",
    re.DOTALL,
)
_STALE = re.compile(r"\bFile .{1,500} has been modified since it was last read\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    """One change of a file."""

    path: str | None
    old_text: str | None
    new_text: str


def called(call_id: str, tool: str | None, given: Payload) -> list[StepPart]:
    """The Steps of a call, from the tool's name and its input; a patch of several files is several."""
    part = StepPart(
        step_id=StepId(call_id),
        kind=StepKind.TOOL_CALL,
        tool=tool,
        command=given.text("command") if tool == "bash" else None,
        path=given.text("filePath") or given.text("path"),
    )
    edits = _edits(tool, given)
    return [
        replace(
            part,
            step_id=step_id,
            path=edit.path or part.path,
            is_write=True,
            old_text=edit.old_text,
            new_text=edit.new_text,
        )
        for step_id, edit in zip(step_ids(call_id, len(edits)), edits, strict=True)
    ] or [part]


def _edits(tool: str | None, given: Payload) -> list[_Edit]:
    match tool:
        case "edit":
            old, new = given.string("oldString") or "", given.string("newString") or ""
            return [_Edit(path=None, old_text=old, new_text=new)]
        case "write":
            return [_Edit(path=None, old_text=None, new_text=given.string("content") or "")]
        case "multiedit":
            return [
                _Edit(
                    path=one.text("filePath"), old_text=one.string("oldString"), new_text=one.string("newString") or ""
                )
                for one in given.items("edits")
            ]
        case "patch" | "apply_patch":
            patch = given.text("patchText") or given.text("patch") or ""
            return [_Edit(path=one.path, old_text=one.old_text, new_text=one.new_text) for one in patched_files(patch)]
        case _:
            return []


def returned(parts: Sequence[StepPart], output: str | None, metadata: Payload, error: str | None) -> list[StepPart]:
    """The Steps of a call with what came back.

    Args:
        metadata: What the tool tells opencode beside its output: the exit code of a command, a file's text.
        error: Why the call failed; None where it did not. A command that exited 1 has not failed in these words.
    """
    if error is not None:
        return [replace(part, output=output or error, is_success=False) for part in parts]
    exit_code = metadata.whole("exit")
    text = metadata.string("display", "text") or (output if output is not None else metadata.string("output"))
    if parts[0].command is not None:
        text = metadata.string("output") or output
    elif parts[0].tool == "read" and text is not None and metadata.string("display", "text") is None:
        shown = _SHOWN_FILE.match(text)
        text = _NUMBERED_LINE.sub("", shown[1]) if shown else text
    is_success = None if text is None else exit_code in {None, 0}
    return [replace(part, output=text, exit_code=exit_code, is_success=is_success) for part in parts]


def intervention_in(error: str | None) -> Intervention | None:
    """What the error of a call tells of a person: that it was refused or stopped, or that its file had changed."""
    refused = _REFUSED.match(error or "")
    if refused is not None:
        return Intervention(kind=CorrectionKind.INTERRUPT, words=(refused[1] or "").strip() or None)
    if _STALE.search((error or "")[:1000]):
        return Intervention(kind=CorrectionKind.HUMAN_EDIT, is_certain=False)
    return None
