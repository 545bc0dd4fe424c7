"""Inbox rows as what collectors read: hooks with what our start hook measured, session files put together."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import cast

import orjson

from collectors.collector import HookMessage, HookRepository
from collectors.payload import JsonValue
from sidecar.domain import LoadedRules, RulesSource
from sidecar.store import FileChunk, InboxRow


def hook_message(row: InboxRow) -> HookMessage:
    """The hook in a row, sent as the agent wrote it or by our start hook around it."""
    body = cast("dict[str, JsonValue]", orjson.loads(row.body))
    wrapped = body.get("hook")
    is_ours = isinstance(wrapped, dict)
    return HookMessage(
        body=wrapped if is_ours else body,
        observed_ns=row.observed_ns,
        is_timed=row.is_timed,
        last_observed_ns=row.last_observed_ns,
        repository=_repository(body.get("repository")) if is_ours else None,
        rules=_rules(body.get("rules")) if is_ours else (),
    )


def pieces_around(chunks: Iterable[FileChunk], piece: FileChunk) -> tuple[FileChunk, ...]:
    """The pieces of a file that stand in one row with this one: each begins where the one before it ends.

    A file that was written anew may be cut at the same places: the second piece that ends somewhere is then followed
    by the second that begins there, and waits for it. A piece that joins on to nothing stands alone. What a piece says
    is read when it arrives, so pieces outside its row have been read.
    """
    starts: dict[int, list[FileChunk]] = {}
    ends: dict[int, list[FileChunk]] = {}
    for chunk in sorted(chunks, key=lambda chunk: (chunk.received_ns, chunk.length, chunk.body)):
        starts.setdefault(chunk.offset, []).append(chunk)
        ends.setdefault(chunk.offset + chunk.length, []).append(chunk)
    row = deque([piece])
    while (before := _before(row[0], starts, ends)) is not None:
        row.appendleft(before)
    while (after := _after(row[-1], starts, ends)) is not None:
        row.append(after)
    return tuple(row)


def _before(
    piece: FileChunk, starts: Mapping[int, list[FileChunk]], ends: Mapping[int, list[FileChunk]]
) -> FileChunk | None:
    """The piece received as this one was among its like; the last one where only what follows was written anew."""
    candidates = ends.get(piece.offset, [])
    return candidates[min(starts[piece.offset].index(piece), len(candidates) - 1)] if candidates else None


def _after(
    piece: FileChunk, starts: Mapping[int, list[FileChunk]], ends: Mapping[int, list[FileChunk]]
) -> FileChunk | None:
    end = piece.offset + piece.length
    candidates, rank = starts.get(end, []), ends[end].index(piece)
    if rank >= len(candidates):
        return None
    return candidates[-1] if rank == len(ends[end]) - 1 else candidates[rank]


def joined_text(row: Sequence[FileChunk], redact: Callable[[bytes], bytes]) -> str:
    """The text of pieces that stand in one row.

    A secret that was cut between two pieces is whole only here, so lines that run over a seam are redacted again.
    """
    body = b"".join(piece.body for piece in row)
    seams = list(accumulate(len(piece.body) for piece in row))[:-1]
    cut = {body.rfind(b"\n", 0, seam) + 1 for seam in seams if body[seam - 1 : seam] != b"\n"}
    parts: list[bytes] = []
    reached = 0
    for start in sorted(cut):
        past = body.find(b"\n", start)
        past = len(body) if past < 0 else past
        parts += [body[reached:start], redact(body[start:past])]
        reached = past
    return b"".join((*parts, body[reached:])).decode("utf-8", errors="replace")


def _repository(value: object) -> HookRepository | None:
    if not isinstance(value, dict):
        return None
    fields = cast("dict[str, object]", value)
    words = {name: text for name in ("remote", "head", "branch") if isinstance(text := fields.get(name), str) and text}
    return HookRepository(**words)


def _rules(value: object) -> tuple[LoadedRules, ...]:
    entries = cast("list[object]", value) if isinstance(value, list) else []
    return tuple(rules for entry in entries if (rules := _loaded(entry)) is not None)


def _loaded(entry: object) -> LoadedRules | None:
    if not isinstance(entry, dict):
        return None
    fields = cast("dict[str, object]", entry)
    path, sha = fields.get("path"), fields.get("sha")
    if not isinstance(path, str) or not isinstance(sha, str):
        return None
    return LoadedRules(path=path, sha=sha, source=RulesSource.EXACT)
