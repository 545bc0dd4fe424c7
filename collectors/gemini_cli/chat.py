"""Gemini CLI's chat files as Observations: `tmp/<project>/chats/session-<time>-<id>.jsonl`, until 0.2x one `.json`.

The newer form tells of a message each time it changes, and of other things by `$set`; the same Steps come out of every
version of a message, so all of them are read.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from collectors.collector import SessionFile
from collectors.gemini_cli.tools import called, intervention, returned, shown_text
from collectors.payload import Payload, parse_payload, parse_time
from sidecar.domain import (
    Channel,
    CorrectionKind,
    Intervention,
    LoadedRules,
    Observation,
    RulesSource,
    StepId,
    StepKind,
    StepPart,
)

_CONTEXT = re.compile(
    r"^--- Context from: (.+?) ---\n(.*?)\n--- End of Context from: \1 ---$", re.DOTALL | re.MULTILINE
)
_PERSONAL = re.compile(r"(?:\A|/)\.gemini/GEMINI\.md\Z")
_CONTEXT_STARTS = ("<session_context>", "This is the Gemini CLI.")
"""What stands there holds the project's rules."""
_WRITTEN_BY_PROGRAM = (
    *("<hook_context>", "<state_snapshot>", "System: Please continue", "System: Potential loop", "[SYSTEM"),
    *("Here is the user's editor context", "Here is a summary of changes in the user's editor"),
)
CANCELLED = frozenset({"Request cancelled.", "User cancelled the request."})
"""What its window says where a person stopped the model."""
_FOLDER = re.compile(r"^- \*\*Workspace Directories:\*\*\n +- (.+)$", re.MULTILINE)


def file_observations(file: SessionFile) -> list[Observation]:
    """What a chat file says so far."""
    whole = parse_payload(file.text)
    lines = (
        [whole] if whole is not None else [found for text in file.text.split("\n") if (found := parse_payload(text))]
    )
    return [seen for line in lines if line.is_object() for seen in _line_observations(file, line)]


def is_written_by_program(text: str) -> bool:
    """Whether Gemini CLI wrote a text of role user."""
    return is_context(text) or text.startswith(_WRITTEN_BY_PROGRAM) or text.strip() == "Please continue."


def is_context(text: str) -> bool:
    """Whether it is what Gemini CLI tells the model of the project at the start."""
    return text.startswith(_CONTEXT_STARTS)


def _line_observations(file: SessionFile, line: Payload) -> Iterator[Observation]:
    started_ns = parse_time(line.text("startTime"))
    if started_ns is not None and line.text("sessionId") is not None:
        kind = {"kind": "subagent"} if line.text("kind") == "subagent" else {}
        about = {"sessionId": line.text("sessionId"), "startTime": line.text("startTime"), **kind}
        yield replace(
            _envelope(file, f"chat/{Payload(about).digest()}", started_ns),
            is_activity=False,
            start_source="startup",
            is_subagent=True if line.text("kind") == "subagent" else None,
        )
    for message in (*line.items("messages"), *line.items("$set", "messages")):
        yield from _message(file, message)
    if line.text("id") is not None:
        yield from _message(file, line)


def _envelope(file: SessionFile, key: str, at_ns: int) -> Observation:
    return Observation(session_id=file.session_id, key=key, channel=Channel.TRANSCRIPT, at_ns=at_ns, is_timed=True)


def _message(file: SessionFile, message: Payload) -> Iterator[Observation]:
    at_ns, message_id = parse_time(message.text("timestamp")), message.text("id")
    if at_ns is None or message_id is None or message.text("type") not in {"user", "gemini", "info"}:
        return
    envelope = _envelope(file, f"message/{message_id}/{message.digest()}", at_ns)
    envelope = replace(envelope, model=message.text("model"))
    words = _words(message)
    if message.text("type") == "info":
        if words in CANCELLED:
            yield replace(envelope, intervention=Intervention(kind=CorrectionKind.INTERRUPT))
        return
    if words is not None and is_written_by_program(words):
        folder = _FOLDER.search(words)
        cwd = folder[1].strip() if folder else None
        yield replace(envelope, is_activity=False, rules=tuple(_loaded_rules(words)), cwd=cwd)
        return
    stepped_in = {call.text("id"): intervention(call) for call in message.items("toolCalls")}
    for number, part in enumerate(_parts(message, message_id, words, at_ns)):
        ended_ns = part.ended_ns if part.ended_ns is not None else at_ns
        told = replace(envelope, key=f"{envelope.key}/{number}", at_ns=max(at_ns, ended_ns), step=part)
        yield replace(told, intervention=stepped_in.get(part.step_id))


def _words(message: Payload) -> str | None:
    texts = [text for block in message.items("content") if (text := block.text("text")) is not None]
    return message.text("content") or ("\n".join(texts) or None)


def _loaded_rules(words: str) -> Iterator[LoadedRules]:
    """The project's files as they were shown, what they import in its place; a person's own is nobody's business."""
    for found in _CONTEXT.finditer(words):
        if not _PERSONAL.search(found[1]):
            yield LoadedRules(path=found[1], text=f"{found[2]}\n", source=RulesSource.LOADED_TEXT)


def _parts(message: Payload, message_id: str, words: str | None, at_ns: int) -> Iterator[StepPart]:
    if message.text("type") == "user":
        if words is not None:
            yield StepPart(
                step_id=StepId(message_id), kind=StepKind.PROMPT, text=words, is_human=True, started_ns=at_ns
            )
        return
    yield StepPart(step_id=StepId(message_id), kind=StepKind.MODEL_CALL, text=words, started_ns=at_ns)
    for call in message.items("toolCalls"):
        call_id = call.text("id")
        if call_id is not None:
            part = replace(called(call_id, call.text("name"), call.at("args")), started_ns=at_ns)
            done = returned(part, call.text("status"), shown_text(call.at("result")))
            yield replace(done, ended_ns=parse_time(call.text("timestamp")) if done.is_success is not None else None)
