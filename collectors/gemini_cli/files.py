"""Recognises Gemini CLI's chat files by the session's own line, or by the members of the older document."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from collectors.collector import FoundFile
from collectors.payload import parse_payload
from sidecar.domain import SessionId

_SESSION_ID = re.compile(r'"sessionId"\s*:\s*"([^"]+)"')
_NAMED_MEMBER = re.compile(r'"([A-Za-z]+)"\s*:')
_MEMBERS = frozenset({"messages", "projectHash", "sessionId", "startTime"})
_TAIL_BYTES = 4096
"""The session's id may stand below the messages, where the members are sorted."""


def session_files(path: Path, head: str) -> Iterator[FoundFile]:
    """The file where it is a chat.

    Args:
        head: Its beginning.
    """
    if path.suffix == ".jsonl":
        first = parse_payload(head.partition("\n")[0])
        session_id = first.text("sessionId") if first is not None and first.text("projectHash") else None
        if session_id is not None:
            yield FoundFile(session_id=SessionId(session_id), part="main")
    elif path.suffix == ".json" and '"messages"' in head and head.lstrip().startswith("{"):
        session_id = _told(head + _tail(path))
        if session_id is not None:
            yield FoundFile(session_id=SessionId(session_id), part="main", body=_on_one_line(path))


def _on_one_line(path: Path) -> bytes:
    """The older document as one line, for files of both forms are taken line by line."""
    text = path.read_text(encoding="utf-8", errors="replace")
    content = parse_payload(text)
    return text.encode() if content is None else json.dumps(content.value).encode() + b"\n"


def _told(text: str) -> str | None:
    found = _SESSION_ID.search(text) if _MEMBERS.issubset(_NAMED_MEMBER.findall(text)) else None
    return found[1] if found else None


def _tail(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        return file.read().decode("utf-8", errors="replace")
