"""Finds Claude Code's transcripts: `<project>/<session id>.jsonl` and `<session id>/subagents/agent-<id>.jsonl`."""

import re
from collections.abc import Iterator
from pathlib import Path

from sidecar.domain import SessionId

_SESSION_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Its session ids are UUIDs; other `.jsonl` files lie in the same folders."""


def session_files(root: Path) -> Iterator[tuple[SessionId, str, Path]]:
    """Session id, part and path of each transcript at or below a path, sorted by path."""
    for path in [root] if root.is_file() else sorted(root.rglob("*.jsonl")):
        if _SESSION_ID.fullmatch(path.stem) and path.suffix == ".jsonl":
            yield SessionId(path.stem), "main", path
        elif path.parent.name == "subagents" and _SESSION_ID.fullmatch(path.parent.parent.name):
            yield SessionId(path.parent.parent.name), f"subagents/{path.stem}", path
