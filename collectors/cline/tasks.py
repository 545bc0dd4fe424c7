"""Cline's older layout, of its VS Code extension: `tasks/<id>/ui_messages.json`, what its window showed, in order.

The other file of a task, `api_conversation_history.json`, says the same without times. A command's output follows it
in messages of its own; whether it worked is told nowhere.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from collectors.collector import FoundFile, SessionFile
from collectors.payload import Payload, parse_payload, storable_time
from sidecar.domain import Channel, CorrectionKind, Intervention, Observation, SessionId, StepId, StepKind, StepPart
from sidecar.errors import DecodeError

PART = "ui_messages"
_NS_PER_MS = 1_000_000
_NAME = "ui_messages.json"
_WRITERS = frozenset({"editedExistingFile", "newFileCreated"})


def task_files(path: Path) -> Iterator[FoundFile]:
    """The file where it is what a task's window showed.

    Raises:
        OSError: it cannot be read.
        DecodeError: it is no JSON array.
    """
    if path.name != _NAME:
        return
    shown = parse_payload(path.read_text(encoding="utf-8", errors="replace"))
    if shown is None or not shown.is_array():
        raise DecodeError(f"{path}: is no JSON array of messages; was it cut off while Cline wrote it?")
    # As an object, which is the form that session files are received in. The first text is the task; by its place alone
    # it could not be told from the model's texts where those are not kept.
    first, *rest = (message.value for message in shown.items()) if shown.value else [None]
    if isinstance(first, Mapping) and first.get("say") == "text":
        first = {**first, "say": "task"}
    body = json.dumps({"messages": [first, *rest]}, ensure_ascii=False).encode("utf-8", "replace")
    yield FoundFile(session_id=SessionId(path.parent.name), part=PART, body=body)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """One message of the window."""

    at_ns: int
    kind: str
    text: str


def task_observations(file: SessionFile, content: Payload) -> list[Observation]:
    """What the messages of a task say."""
    shown = list(_shown(content))
    seen: list[Observation] = []
    for number, message in enumerate(shown, start=1):
        part = _part(message, shown[number:])
        is_end = message.kind == "completion_result"
        if part is not None or is_end or _intervention(message) is not None:
            key = f"task/{message.at_ns}/{message.kind}/{Payload([message.text, part and part.output]).digest()}"
            seen.append(_observation(file, message, key, part))
    return seen


def _observation(file: SessionFile, message: _Shown, key: str, part: StepPart | None) -> Observation:
    is_end = message.kind == "completion_result"
    return Observation(
        session_id=file.session_id,
        key=key,
        channel=Channel.TRANSCRIPT,
        at_ns=message.at_ns,
        is_timed=True,
        is_activity=not is_end,
        end_reason="completed" if is_end else None,
        step=part,
        intervention=_intervention(message),
    )


def _intervention(message: _Shown) -> Intervention | None:
    """That a person cancelled a request to the model, or changed what the agent was about to write."""
    told = parse_payload(message.text) if message.kind in {"api_req_started", "user_feedback_diff"} else None
    if told is None:
        return None
    if message.kind == "user_feedback_diff":
        return Intervention(kind=CorrectionKind.HUMAN_EDIT, path=told.text("path"))
    is_by_person = told.text("cancelReason") == "user_cancelled"
    return Intervention(kind=CorrectionKind.INTERRUPT) if is_by_person else None


def _shown(content: Payload) -> Iterator[_Shown]:
    """The messages that are whole: one that is still being written is marked as partial."""
    for message in content.items("messages"):
        stated = message.whole("ts")
        at_ns = None if stated is None else storable_time(stated * _NS_PER_MS)
        kind = message.text("say") or message.text("ask")
        if at_ns is not None and kind is not None and not message.flag("partial"):
            yield _Shown(at_ns=at_ns, kind=kind, text=message.string("text") or "")


def _part(message: _Shown, later: Sequence[_Shown]) -> StepPart | None:
    step_id = StepId(f"{message.kind}/{message.at_ns // _NS_PER_MS}")
    call = StepPart(step_id=step_id, kind=StepKind.TOOL_CALL, started_ns=message.at_ns)
    match message.kind:
        case "user_feedback" | "task":
            return replace(call, kind=StepKind.PROMPT, text=message.text, is_human=True)
        case "text":
            return replace(call, kind=StepKind.MODEL_CALL, text=message.text or None)
        case "command":
            output, ended_ns = _output(later)
            return replace(call, tool="execute_command", command=message.text, output=output, ended_ns=ended_ns)
        case "tool":
            return _tool_part(call, parse_payload(message.text) or Payload())
        case _:
            return None


def _output(later: Sequence[_Shown]) -> tuple[str | None, int | None]:
    """What a command printed, up to the next message of another kind, and when it was last heard of."""
    texts: list[str] = []
    ended_ns: int | None = None
    for message in later:
        if message.kind != "command_output":
            break
        ended_ns = message.at_ns
        texts.append(message.text)
    return ("\n".join(texts) if texts else None), ended_ns


def _tool_part(call: StepPart, told: Payload) -> StepPart:
    tool, path = told.text("tool"), told.text("path")
    if tool not in _WRITERS:
        return replace(call, tool=tool, path=path)
    new_text = told.string("content") or told.string("diff") or ""
    old_text = None if tool == "newFileCreated" else ""
    return replace(call, tool=tool, path=path, is_write=True, old_text=old_text, new_text=new_text, is_success=True)
