"""Cline's session files as Observations: `<id>.json` tells of the session, `<id>.messages.json` what was said.

Both are rewritten as the session goes on. A file that is cut or being written is no JSON and says nothing; the next
version of it says all.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from collectors.cline import tasks
from collectors.cline.tools import called, intervention_in, returned
from collectors.collector import FoundFile, SessionFile
from collectors.payload import Payload, parse_payload, parse_time, storable_time
from sidecar.domain import Channel, Observation, SessionId, StepId, StepKind, StepPart

_WRITTEN_BY_PROGRAM = re.compile(
    r"\s*(?:<(?:SYSTEM_NOTICE|environment_details|task_resumption|explicit_instructions|hook_context)\b"
    r"|\[TASK RESUMPTION\]|Context summary:\n)"
)
_NS_PER_MS = 1_000_000
_NAMED_MEMBER = re.compile(r'"([a-z_]+)"\s*:')
_TOLD_ID = re.compile(r'"session(?:_id|Id)"\s*:\s*"([^"]+)"')
_SESSION_KEYS = frozenset({"session_id", "started_at", "status"})
"""What `<id>.json` holds wherever it was copied to."""
_RUNNING = frozenset({"running", "pending", "idle"})
_USER_INPUT = re.compile(r"\A\s*<user_input[^>]*>(.*?)</user_input>\s*\Z", re.DOTALL)


def file_observations(file: SessionFile) -> list[Observation]:
    """What one of the two files says; nothing when it is cut."""
    content = parse_payload(file.text)
    if content is None or not content.is_object():
        return []
    if file.part == tasks.PART:
        return tasks.task_observations(file, content)
    return list(_messages(file, content) if file.part == "messages" else _session(file, content))


def session_files(path: Path, head: str) -> Iterator[FoundFile]:
    """The file where it is one of a session's two files, `<id>.json` and `<id>.messages.json`, or of an older task's.

    Args:
        head: Its beginning.
    Raises:
        OSError: it cannot be read.
        DecodeError: it is cut off.
    """
    yield from tasks.task_files(path)
    if path.suffix != ".json" or not head.lstrip().startswith("{"):
        return
    name = path.name.removesuffix(".json")
    session_id = name.removesuffix(".messages")
    is_named = path.parent.name == session_id
    told = _TOLD_ID.search(head)
    if not is_named and told is not None:
        session_id = told[1]
    if name.endswith(".messages") and (is_named or (told is not None and '"messages"' in head)):
        yield FoundFile(session_id=SessionId(session_id), part="messages")
    elif (is_named and '"started_at"' in head) or _SESSION_KEYS.issubset(_NAMED_MEMBER.findall(head)):
        yield FoundFile(session_id=SessionId(session_id), part="session")


def _session(file: SessionFile, content: Payload) -> Iterator[Observation]:
    started_ns, ended_ns = parse_time(content.text("started_at")), parse_time(content.text("ended_at"))
    if started_ns is None:
        return
    interactive = content.flag("interactive")
    opening = Observation(
        session_id=file.session_id,
        key=f"session/{content.digest()}",
        channel=Channel.TRANSCRIPT,
        at_ns=started_ns,
        is_timed=True,
        is_activity=False,
        start_source="startup",
        agent_version=content.text("metadata", "sessionHistoryOrigin", "version"),
        cwd=content.text("cwd") or content.text("workspace_root"),
        remote=content.text("metadata", "git", "url"),
        branch=content.text("metadata", "git", "branch"),
        is_headless=None if interactive is None else not interactive,
    )
    yield opening
    checkpoint = next(content.items("metadata", "checkpoint", "history"), Payload())
    created_ns = _milliseconds(checkpoint, "createdAt")
    # The first checkpoint is the commit it began on; a checkpoint of another kind is a commit of Cline's own.
    if checkpoint.text("kind") == "commit" and created_ns is not None:
        ref = checkpoint.text("ref")
        yield _bare(opening, f"{opening.key}/checkpoint", created_ns, base_commit=ref)
    status = content.text("status") or "other"
    if ended_ns is not None and status not in _RUNNING:
        yield _bare(opening, f"{opening.key}/end", ended_ns, end_reason=status)


def _milliseconds(payload: Payload, name: str) -> int | None:
    stated = payload.whole(name)
    return None if stated is None else storable_time(stated * _NS_PER_MS)


def _bare(
    opening: Observation, key: str, at_ns: int, *, base_commit: str | None = None, end_reason: str | None = None
) -> Observation:
    return Observation(
        session_id=opening.session_id,
        key=key,
        channel=opening.channel,
        at_ns=at_ns,
        is_timed=True,
        is_activity=False,
        base_commit=base_commit,
        end_reason=end_reason,
    )


def _messages(file: SessionFile, content: Payload) -> Iterator[Observation]:
    version = content.text("origin", "version")
    calls: dict[str, tuple[str | None, Payload]] = {}
    for message in content.items("messages"):
        sent_ns = _milliseconds(message, "ts")
        if sent_ns is None:
            continue
        message_id = message.text("id") or message.digest()
        envelope = Observation(
            session_id=file.session_id,
            # A message may be written while it grows: another text is another Observation.
            key=f"message/{message_id}/{message.digest()}",
            channel=Channel.TRANSCRIPT,
            at_ns=sent_ns,
            is_timed=True,
            agent_version=version,
            model=message.text("modelInfo", "id"),
        )
        is_answer = message.text("role") == "assistant"
        parts = _answer_parts(message, message_id, calls) if is_answer else _user_parts(message, message_id, calls)
        steps = list(parts)
        if not steps:
            yield envelope
        for number, part in enumerate(steps):
            stepped_in = intervention_in(part.output) if part.kind is StepKind.TOOL_CALL else None
            timed = _at(part, envelope.at_ns)
            yield replace(envelope, key=f"{envelope.key}/{number}", step=timed, intervention=stepped_in)


def _at(part: StepPart, sent_ns: int) -> StepPart:
    """The message's time is the start of a call and the end of one that has come back."""
    return replace(part, started_ns=sent_ns) if part.output is None else replace(part, ended_ns=sent_ns)


def _answer_parts(
    message: Payload, message_id: str, calls: dict[str, tuple[str | None, Payload]]
) -> Iterator[StepPart]:
    yield StepPart(step_id=StepId(message_id), kind=StepKind.MODEL_CALL, text=_words(message))
    for block in message.items("content"):
        tool_use_id = block.text("id")
        if block.text("type") == "tool_use" and tool_use_id is not None:
            calls[tool_use_id] = block.text("name"), block.at("input")
            yield from called(tool_use_id, *calls[tool_use_id])


def _user_parts(message: Payload, message_id: str, calls: dict[str, tuple[str | None, Payload]]) -> Iterator[StepPart]:
    words = _words(message)
    if words is not None:
        written = _USER_INPUT.match(words)
        text = written[1].strip() if written else words
        is_human = message.text("metadata", "kind") != "compaction"
        yield StepPart(step_id=StepId(message_id), kind=StepKind.PROMPT, text=text, is_human=is_human)
    for block in message.items("content"):
        tool_use_id = block.text("tool_use_id")
        if block.text("type") == "tool_result" and tool_use_id is not None:
            tool, given = calls.get(tool_use_id, (block.text("name"), Payload()))
            yield from returned(tool_use_id, tool, given, block.at("content"))


def _words(message: Payload) -> str | None:
    content = message.at("content")
    blocks = [block.text("text") or "" for block in content.items() if block.text("type") == "text"]
    if blocks:
        return "\n".join(text for text in blocks if not is_written_by_program(text)) or None
    text = content.text()
    return None if text is None or is_written_by_program(text) else text


def is_written_by_program(text: str) -> bool:
    """Whether Cline wrote a text of role user."""
    return _WRITTEN_BY_PROGRAM.match(text) is not None
