"""Recognises Claude Code's transcripts, by name or by what their lines hold.

They lie in `<project>/<session id>.jsonl`, sub-agents' in `<session id>/subagents/agent-<id>.jsonl`, until 2.0 beside
the session's own as `agent-<id>.jsonl`.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from collectors.collector import FoundFile
from collectors.payload import Payload, parse_payload
from sidecar.domain import SessionId

_SESSION_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Its session ids are UUIDs; other `.jsonl` files lie in the same folders."""
_KINDS = frozenset({"assistant", "attachment", "system", "user"})
_BEFORE = frozenset({"file-history-snapshot", "queue-operation", "summary"})
_LOOKED_AT = 50
"""Lines looked at: a file may begin with summaries and housekeeping."""


def session_files(path: Path, head: str) -> Iterator[FoundFile]:
    """The file where it is a transcript.

    Args:
        head: Its beginning.
    """
    if path.suffix != ".jsonl":
        return
    told = next((line for line in _lines(head) if _is_of_a_session(line)), None)
    in_folder = path.parent.name == "subagents" and _SESSION_ID.fullmatch(path.parent.parent.name)
    if told is None and not (in_folder or _SESSION_ID.fullmatch(path.stem)):
        return
    if told is None and head.strip() and not _may_begin(head):
        return
    is_subagent = path.stem.startswith("agent-") or (told is not None and told.flag("isSidechain") is True)
    if in_folder:
        session_id, part = path.parent.parent.name, f"subagents/{path.stem}"
    elif _SESSION_ID.fullmatch(path.stem):
        session_id, part = path.stem, "main"
    else:
        session_id = (told.text("sessionId") if told else None) or path.stem
        part = f"subagents/{path.stem}" if is_subagent else "main"
    yield FoundFile(session_id=SessionId(session_id), part=part)


def _lines(head: str) -> Iterator[Payload]:
    for text in head.split("\n")[:_LOOKED_AT]:
        line = parse_payload(text)
        if line is not None and line.is_object():
            yield line


def _is_of_a_session(line: Payload) -> bool:
    """Whether a line has what all that tell of a session have; those of programs like it hold other members."""
    is_like_it = line.text("type") in _KINDS and line.text("sessionId") is not None and line.text("uuid") is not None
    return is_like_it and not line.at("message", "parts").is_array() and line.at("systemPayload").value is None


def _may_begin(head: str) -> bool:
    """Whether its lines, or its one cut line, may stand before the first that tells of a session."""
    lines = list(_lines(head))
    if not lines:
        return head.lstrip().startswith("{")
    kinds = [line.text("type") for line in lines if line.text("type") not in _BEFORE]
    return all(kind not in _KINDS for kind in kinds) and all(line.text("sessionId") for line in lines if kinds)
