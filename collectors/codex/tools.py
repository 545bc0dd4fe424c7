"""What Codex's tools did, in the words of a Step: the same whichever channel tells of a call.

Codex calls a command that exited 1 a success; whether it worked stands in the text above its output. A patch of several
files is several Steps, `<call id>/1` and on; a call of one thing keeps its plain id.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from collectors.acts import Act, steps_of
from collectors.patches import patched_files
from collectors.payload import Payload, parse_payload
from sidecar.domain import CorrectionKind, Intervention, StepPart

COMMAND_TOOLS = frozenset({"Bash", "container.exec", "exec_command", "local_shell_call", "shell", "shell_command"})
_HEAD_LINE = (
    r"(?:Chunk ID|Wall time|Process exited with code|Process running with session ID|Exit code|Original token count"
    r"|Total output lines)[^\n]*\n"
)
_HEAD = re.compile(rf"\A(?:{_HEAD_LINE})+\n?Output:\n?")
"""What Codex writes above the output that it shows to the model; above a patch's result it stands twice."""
_EXIT_CODE = re.compile(r"^(?:Process exited with code|Exit code:) (-?\d{1,10})$", re.MULTILINE)
_RUNS_ON = re.compile(r"^Process running with session ID", re.MULTILINE)
_PATCH_COMMAND = re.compile(r"\A\s*(?:cd [^\n;&|]+&&\s*)?apply_patch\b")
_REFUSED = re.compile(
    r"\s*(?:(?:exec command|patch|command|tool call) )?(?:rejected|denied) by (?:the )?user\b"
    r"(?: with (?:a |the )?reason: (.*))?"
    r"|\s*user denied this (?:command|patch) with a reason: (?P<said>.*)",
    re.DOTALL,
)
_SHELLS = frozenset({"bash", "sh", "zsh"})


def called(call_id: str, tool: str | None, given: Payload) -> list[StepPart]:
    """The Steps of a call, from the tool's name and its input; an input that is JSON text is read."""
    acts = list(_acts(tool, _parsed(given))) or [Act(path=_parsed(given).text("path"))]
    return steps_of(call_id, tool, acts)


def returned(parts: Sequence[StepPart], output: Payload) -> list[StepPart]:
    """The Steps of a call with what came back, as text or as an object of output and metadata.

    A command that runs on has no result yet.
    """
    told = _parsed(output)
    text = told.string("output") or told.string("content") or output.string() or _texts(told)
    if _RUNS_ON.search(text[:500]):
        return list(parts)
    exit_code, shown = split_output(text)
    if exit_code is None:
        exit_code = told.whole("metadata", "exit_code")
    success = told.flag("success") if exit_code is None else exit_code == 0
    code = None if any(part.is_write for part in parts) else exit_code
    return [replace(part, output=shown, exit_code=code, is_success=success) for part in parts]


def refusal(part: StepPart) -> Intervention | None:
    """That a person refused the call, by what came back."""
    refused = _REFUSED.match(part.output or "")
    if refused is None:
        return None
    return Intervention(kind=CorrectionKind.INTERRUPT, words=(refused[1] or refused["said"] or "").strip() or None)


def split_output(text: str) -> tuple[int | None, str]:
    """Exit code and output; the code is None where the text names none.

    What follows a head that names a code is output, whatever it looks like.
    """
    exit_code: int | None = None
    while exit_code is None and (head := _HEAD.match(text)) is not None:
        named = _EXIT_CODE.search(head[0])
        exit_code = int(named[1]) if named else None
        text = text[head.end() :]
    return exit_code, text


def command_text(command: Payload) -> str | None:
    """A command as a person types it; of an array the words, or the script that a shell was given."""
    if command.text() is not None:
        return command.text()
    words = [word for item in command.items() if (word := item.string()) is not None]
    if len(words) == 3 and words[0].rsplit("/", 1)[-1] in _SHELLS and words[1].startswith("-"):
        return words[2]
    return " ".join(words) or None


def _parsed(given: Payload) -> Payload:
    text = given.text()
    parsed = parse_payload(text) if text is not None and text.lstrip().startswith("{") else None
    return parsed if parsed is not None and parsed.is_object() else given


def _texts(output: Payload) -> str:
    return "\n".join(text for item in output.items() if (text := item.text("text")) is not None)


def _acts(tool: str | None, given: Payload) -> Iterator[Act]:
    if tool == "apply_patch":
        yield from _patched(given.text() or given.text("input") or given.text("patch") or given.text("command") or "")
    elif tool in COMMAND_TOOLS:
        command = given.text("cmd") or command_text(given.at("command")) or command_text(given.at("action", "command"))
        if command is not None and _PATCH_COMMAND.match(command):
            yield from _patched(command)
        elif command is not None:
            yield Act(command=command)


def _patched(patch: str) -> Iterator[Act]:
    for file in patched_files(patch):
        yield Act(path=file.path, is_write=True, old_text=file.old_text, new_text=file.new_text)
