"""Lines of `sidecar rules check`: one text to check in, one decision out, as JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import cast

from sidecar.domain import RuleKind
from sidecar.errors import DecodeError
from sidecar.gate.context import GateContext, GateDecision

EXAMPLE_LINE = '{"id":"r1","text":"Run `make check`.","kind":"command","context":{"attested_commands":["make check"]}}'
"""A line as it is read, for whoever has to write one."""
_MEMBERS = frozenset({"id", "text", "kind", "scope", "context"})
_CONTEXT = frozenset(GateContext.__dataclass_fields__)
_LIKENESS = 0.8
"""Above it an unknown key is a known one misspelt; others are remarks, as collections of examples hold them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """One line of input."""

    request_id: str
    text: str
    kind: RuleKind | None
    scope: str | None
    context: GateContext


def decode_check_line(line: str) -> CheckRequest:
    """The request that one line holds; a missing context attests nothing, unknown members are not read.

    Raises:
        DecodeError: names the member that is missing, wrong or misspelt.
    """
    try:
        value = cast("object", json.loads(line))
    except (ValueError, RecursionError) as exc:
        raise DecodeError(f"not a JSON object ({exc}); expected one such as {EXAMPLE_LINE}") from exc
    if not isinstance(value, dict):
        raise DecodeError(f"expected an object such as {EXAMPLE_LINE}, got {type(value).__name__}")
    members = cast("dict[str, object]", value)
    _check_spelling(members, _MEMBERS, "")
    return CheckRequest(
        request_id=_required(members, "id"),
        text=_required(members, "text"),
        kind=_kind(members.get("kind")),
        scope=_optional(members, "scope"),
        context=_context(members.get("context")),
    )


def decision_as_json(request_id: str, decision: GateDecision) -> str:
    """One line of output."""
    return json.dumps(
        {"id": request_id, "allowed": decision.is_allowed, "reasons": list(decision.reasons)}, ensure_ascii=False
    )


def _check_spelling(members: Mapping[str, object], known: frozenset[str], where: str) -> None:
    """Refuse a misspelt member: passed over, it would change what the text is held against without a word."""
    for name in sorted(set(members) - known):
        for meant in get_close_matches(name, known, n=1, cutoff=_LIKENESS):
            raise DecodeError(f"{where}{name}: unknown key, did you mean {meant}? See {EXAMPLE_LINE}")


def _required(members: Mapping[str, object], name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str):
        raise DecodeError(f"{name}: expected a string, got {'nothing' if value is None else type(value).__name__}")
    return value


def _optional(members: Mapping[str, object], name: str) -> str | None:
    return None if members.get(name) is None else _required(members, name)


def _kind(value: object) -> RuleKind | None:
    if value is None:
        return None
    known = [kind.value for kind in RuleKind]
    if not isinstance(value, str) or value not in known:
        raise DecodeError(f"kind: expected one of {', '.join(known)}, got {value!r}")
    return RuleKind(value)


def _context(value: object) -> GateContext:
    if value is None:
        return GateContext()
    if not isinstance(value, dict):
        raise DecodeError(f"context: expected an object, got {type(value).__name__}")
    members = cast("dict[str, object]", value)
    _check_spelling(members, _CONTEXT, "context.")
    return GateContext(
        repository_files=frozenset(_strings(members, "repository_files")),
        attested_commands=frozenset(_strings(members, "attested_commands")),
        failing_commands=frozenset(_strings(members, "failing_commands")),
        identifiers=None if members.get("identifiers") is None else frozenset(_strings(members, "identifiers")),
        active_texts=tuple(_strings(members, "active_texts")),
        tombstoned_texts=frozenset(_strings(members, "tombstoned_texts")),
    )


def _strings(members: Mapping[str, object], name: str) -> list[str]:
    value = members.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in cast("list[object]", value)):
        raise DecodeError(f"context.{name}: expected an array of strings")
    return cast("list[str]", value)
