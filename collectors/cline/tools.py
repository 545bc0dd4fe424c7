"""What Cline's tools did, in the words of a Step.

One call may run several commands or read several files, each with a result of its own: such a call is several Steps,
`<tool-use id>/1` and on; a call of one thing keeps its plain id.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from collectors.acts import Act, step_ids, steps_of
from collectors.patches import patched_files
from collectors.payload import Payload, parse_payload
from sidecar.domain import CorrectionKind, Intervention, StepPart

_EXIT_CODE = re.compile(r"Command exited with code (\d{1,3})")
_EXIT_LINE = re.compile(r"\A\[Command exited with code \d{1,3}\]\n?")
_NUMBERED_LINE = re.compile(r"^ *\d+ \| ?", re.MULTILINE)
"""How read_files shows a line to the model."""
_HEAD = r"\s*(?:\[[^\]\n]{1,300}\] Result:\s*)?(?:Error: )?"
_REFUSED = re.compile(
    rf"{_HEAD}(?:The user denied this operation\b|(?:Tool (?:call|use|execution)\b.{{0,80}}? )?(?:was )?"
    r"(?:denied|rejected) by (?:the )?user\b)"
)
_FEEDBACK = re.compile(r"<feedback>\s*(.*?)\s*</feedback>", re.DOTALL)
_CHANGED = re.compile(rf"{_HEAD}The user made the following updates to your content\b")
_COMMAND_TOOLS = frozenset({"run_commands", "execute_command"})
_READ_TOOLS = frozenset({"read_files", "read_file"})


def intervention_in(output: str | None) -> Intervention | None:
    """What the result of a call tells of a person: that it was refused, or that its edit was changed."""
    text = output or ""
    if _REFUSED.match(text):
        said = _FEEDBACK.search(text)
        return Intervention(kind=CorrectionKind.INTERRUPT, words=said[1].strip() or None if said else None)
    return Intervention(kind=CorrectionKind.HUMAN_EDIT) if _CHANGED.match(text) else None


def called(tool_use_id: str, tool: str | None, given: Payload) -> list[StepPart]:
    """The Steps of a call, from the tool's name and its input."""
    acts = list(_acts(tool, given)) or [Act(path=given.text("path"))]
    return steps_of(tool_use_id, tool, acts)


def returned(tool_use_id: str, tool: str | None, given: Payload, output: Payload) -> list[StepPart]:
    """The Steps of a call with what came back.

    Args:
        given: The call's input; a Payload of None where only the result is known.
        output: A result, an array of results in the order of the input, or either of them as JSON text.
    """
    results = _results(output)
    parts = called(tool_use_id, tool, given)
    if given.value is None and len(results) > 1:
        plain = parts[0]
        parts = [replace(plain, step_id=step_id) for step_id in step_ids(tool_use_id, len(results))]
    if len(parts) > 1 and len(results) == 1:
        results = results * len(parts)  # one result for the whole call, such as a patch of several files
    return [_with_result(part, result) for part, result in zip(parts, results, strict=False)]


def _acts(tool: str | None, given: Payload) -> Iterator[Act]:
    if tool in _COMMAND_TOOLS:
        yield from (Act(command=command) for command in _commands(given))
    elif tool in _READ_TOOLS:
        paths = [item.text("path") or item.text() for item in given.items("files")] or [given.text("path")]
        yield from (Act(path=path) for path in paths)
    elif tool == "apply_patch":
        for file in patched_files(given.text("input") or given.text("patch") or ""):
            yield Act(path=file.path, is_write=True, old_text=file.old_text, new_text=file.new_text)
    elif given.text("path") and given.string("new_text") is not None:
        yield _edited(given)


def _commands(given: Payload) -> Iterator[str]:
    for item in given.items("commands"):
        command = item.text() or item.text("command")
        if command is not None:
            yield command
    single = given.text("commands") or given.text("command")
    if single is not None:
        yield single


def _edited(given: Payload) -> Act:
    is_insertion = given.at("insert_line").value is not None
    # Without a text to replace the tool writes a whole file, unless it inserts.
    old_text = "" if is_insertion else given.string("old_text")
    return Act(path=given.text("path"), is_write=True, old_text=old_text, new_text=given.text("new_text") or "")


def _results(output: Payload) -> list[Payload]:
    text = output.text()
    parsed = parse_payload(text) if text is not None else None
    if parsed is not None and (parsed.is_object() or parsed.is_array()):
        output = parsed
    return list(output.items()) if output.is_array() else [output]


def _with_result(part: StepPart, result: Payload) -> StepPart:
    if not result.is_object():
        text = result.text()
        return part if text is None else replace(part, output=text)
    success = result.flag("success")
    error = result.text("error")
    text = result.text("result") or result.text("text") or error or ""
    text = _EXIT_LINE.sub("", text)
    failed = _EXIT_CODE.search(error or "")
    exit_code = int(failed[1]) if failed else 0 if success and _is_command(part) else None
    if part.tool in _READ_TOOLS:
        text = _NUMBERED_LINE.sub("", text)
    return replace(part, output=text, is_success=success, exit_code=exit_code)


def _is_command(part: StepPart) -> bool:
    return part.command is not None or part.tool in _COMMAND_TOOLS
