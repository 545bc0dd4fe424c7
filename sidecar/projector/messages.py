"""Inbox rows as what collectors read: hooks with what our start hook measured, session files put together."""

from collections.abc import Callable
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


def assembled(chunks: list[FileChunk], redact: Callable[[bytes], bytes]) -> list[str]:
    """The texts that a file's pieces hold: what follows on from byte 0, then each piece that does not join on.

    Pieces may overlap or repeat where a sender started over. They cannot be cut to fit, because redaction changed
    their lengths; a line read twice is one observation, so reading an overlap twice is harmless. A secret that was
    cut between two pieces is whole only here, so what is put together is redacted again.
    """
    joined: list[bytes] = []
    reached = 0
    loose: list[bytes] = []
    for chunk in sorted(chunks, key=lambda chunk: (chunk.offset, -chunk.length)):
        if chunk.offset == reached:
            joined.append(chunk.body)
            reached += chunk.length
        else:
            loose.append(chunk.body)
    whole = b"".join(joined)
    bodies = (redact(whole) if len(joined) > 1 else whole, *loose)
    return [body.decode("utf-8", errors="replace") for body in bodies if body]


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
