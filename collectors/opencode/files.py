"""Recognises opencode's sessions: its database, its own exports, and the folders of JSON files it wrote before 1.2."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from collectors.collector import FoundFile
from collectors.opencode.database import MAGIC, exported_sessions
from collectors.payload import Payload, parse_payload
from sidecar.domain import SessionId


def session_files(path: Path, head: str) -> Iterator[FoundFile]:
    """The sessions that a file holds.

    Args:
        head: Its beginning.
    Raises:
        OSError: it cannot be read.
        DecodeError: it is a database that cannot be read.
    """
    if head.startswith(MAGIC):
        if path.name.startswith("opencode"):
            yield from exported_sessions(path)
        return
    if path.suffix != ".json" or not head.lstrip().startswith("{"):
        return
    if '"info"' in head and '"messages"' in head[:20_000] and '"sessionID"' in head:
        info = (parse_payload(path.read_text(encoding="utf-8", errors="replace")) or Payload()).at("info")
        if info.text("id") is not None and info.at("time").is_object():
            yield FoundFile(session_id=SessionId(info.text("id") or ""), part="export")
    elif path.parent.parent.name == "session":
        yield from _from_folders(path)


def _from_folders(path: Path) -> Iterator[FoundFile]:
    """The session of `session/<project>/<id>.json`, with `message/<session>/*.json` and `part/<message>/*.json`."""
    info = _read(path)
    session_id = info.text("id")
    if session_id is None or not info.at("time").is_object():
        return
    storage = path.parent.parent.parent
    messages = [
        {"info": message.value, "parts": [_read(part).value for part in _listed(storage / "part", name)]}
        for message in map(_read, _listed(storage / "message", session_id))
        if (name := message.text("id")) is not None
    ]
    body = json.dumps({"info": info.value, "messages": messages}, ensure_ascii=False).encode("utf-8", "replace")
    yield FoundFile(session_id=SessionId(session_id), part="export", body=body)


def _listed(folder: Path, name: str) -> list[Path]:
    """The files of what an id names; of one that leads out of its folder none."""
    is_plain = Path(name).name == name and name not in {".", ".."}
    return sorted((folder / name).glob("*.json")) if is_plain and (folder / name).is_dir() else []


def _read(path: Path) -> Payload:
    found = parse_payload(path.read_text(encoding="utf-8", errors="replace"))
    return found if found is not None and found.is_object() else Payload(cast("dict[str, None]", {}))
