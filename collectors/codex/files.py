"""Recognises Codex's rollouts: by the line of the session's settings that they begin with, whatever they are named."""

import re
from collections.abc import Iterator
from pathlib import Path

from collectors.collector import FoundFile
from collectors.payload import parse_payload
from sidecar.domain import SessionId

_NAMED = re.compile(r"rollout-.*?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


def session_files(path: Path, head: str) -> Iterator[FoundFile]:
    """The file where it is a rollout.

    Args:
        head: Its beginning.
    """
    if path.suffix != ".jsonl":
        return
    first = parse_payload(head.partition("\n")[0])
    named = _NAMED.fullmatch(path.stem)
    if first is None or not first.is_object():
        # a first line longer than the beginning that was read
        is_rollout, told = named is not None and '"session_meta"' in head[:400], None
    elif first.text("type") == "session_meta":
        is_rollout, told = True, first.text("payload", "id")
    else:
        # until 2025-09 the settings stood in the line itself
        is_rollout = first.text("id") is not None and first.text("timestamp") is not None and named is not None
        told = first.text("id")
    session_id = told or (named[1] if named else None)
    if is_rollout and session_id is not None:
        yield FoundFile(session_id=SessionId(session_id), part="main")
