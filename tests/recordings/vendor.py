"""Leaves the vendors' own prompts and tool descriptions, which are not ours to publish, out of what was captured."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from sidecar.recordings import RecordedRequest

VENDOR_ATTRIBUTES = frozenset(
    {
        "ai.prompt",
        "ai.prompt.messages",
        "ai.prompt.tools",
        "gen_ai.agent.description",
        "gen_ai.system_instructions",
        "gen_ai.tool.definitions",
        "gen_ai.tool.description",
        "request_text",
    }
)
"""OTLP attributes of Gemini CLI and opencode that hold them."""
_DESCRIBED = frozenset({"gen_ai.input.messages", "gen_ai.output.messages"})
"""Attributes of Gemini CLI whose JSON also describes the tool (`tool`), or is the request with its instructions."""


def without_vendor_text(request: RecordedRequest) -> RecordedRequest:
    """A captured request without them; one that is no OTLP JSON stays as it came."""
    if not request.target.startswith("/v1/") or request.headers.get("content-type") != "application/json":
        return request
    text = request.body.decode()
    if not any(f'"{name}"' in text for name in VENDOR_ATTRIBUTES | _DESCRIBED):
        return request
    body = json.dumps(_kept(json.loads(text)), ensure_ascii=False, separators=(",", ":"))
    return replace(request, body=body.encode())


def _kept(node: object) -> object:
    if isinstance(node, list):
        return [_kept(item) for item in cast(list[object], node) if not _is_vendor_text(item)]
    if not isinstance(node, Mapping):
        return node
    members = cast(Mapping[str, object], node)
    if members.get("key") in _DESCRIBED:
        return {**members, "value": _undescribed(cast(Mapping[str, object], members["value"]))}
    return {name: _kept(value) for name, value in members.items()}


def _is_vendor_text(item: object) -> bool:
    return isinstance(item, Mapping) and cast(Mapping[str, object], item).get("key") in VENDOR_ATTRIBUTES


def _undescribed(value: Mapping[str, object]) -> Mapping[str, object]:
    parsed: object = json.loads(str(value["stringValue"]))
    if isinstance(parsed, list):
        return {"stringValue": "[]"}  # the whole request, or what the span of the call itself tells
    kept = {name: inner for name, inner in cast(Mapping[str, object], parsed).items() if name != "tool"}
    return {"stringValue": json.dumps(kept, ensure_ascii=False)}
