"""The ledger in the repository: one JSON file per rule, so that two branches never meet in one file.

It holds where a rule came from and how it ended, never content of a session. Decoding is strict: the repository is
somebody else's, and a file that this program did not write so is refused by name.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from sidecar.domain import Rule, RuleId, RuleKind
from sidecar.errors import DecodeError
from sidecar.rules.paths import LEDGER_FOLDER, is_ledger_path

_VERSION = 1
_MAX_BYTES = 65_536
"""Far above any rule with its evidence ids."""
_ID = re.compile(r"[0-9a-f]{12}")
_OPTIONAL_KEYS = {"signature"}
"""Written where there is something to say; files from before the key have none."""
_KEYS = {
    "version",
    "id",
    "text",
    "kind",
    "scope",
    "human",
    "evidence",
    "tasks",
    "persons",
    "gate",
    "supersedes",
    "tombstone",
}


class GateResult(StrEnum):
    """What the gate said when the rule was proposed."""

    PASSED = "passed"
    NOT_CHECKED = "not checked"
    """A person wrote it: theirs to answer for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One rule with its origin and its end."""

    rule: Rule
    task_count: int = 0
    """Distinct Tasks that supported it when it was proposed."""
    person_count: int = 0
    gate: GateResult = GateResult.NOT_CHECKED
    tombstone: str | None = None
    """Why it must never come again; None while it may stand."""
    signature: str | None = None
    """`signature_hash` of the cluster it rests on, so that other words for it stay out too; None where none is known.
    """


def ledger_path(rule_id: RuleId) -> str:
    """Where a rule's entry lies in the repository."""
    return f"{LEDGER_FOLDER}/{rule_id}.json"


def signature_hash(signature: str) -> str:
    """Sixteen hex digits of a cluster's signature, which itself holds words of sessions and stays in the store."""
    return hashlib.sha256(signature.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def encode_ledger_entry(entry: LedgerEntry) -> bytes:
    """The entry's file: the same bytes for the same entry."""
    rule = entry.rule
    fields: dict[str, object] = {
        "version": _VERSION,
        "id": rule.rule_id,
        "text": rule.text,
        "kind": rule.kind.value,
        "scope": rule.scope,
        "human": rule.is_human,
        "evidence": sorted(set(rule.evidence)),
        "tasks": entry.task_count,
        "persons": entry.person_count,
        "gate": entry.gate.value,
        "supersedes": sorted(set(rule.supersedes)),
        "tombstone": None if entry.tombstone is None else {"reason": entry.tombstone},
    }
    if entry.signature is not None:
        fields["signature"] = entry.signature
    return (json.dumps(fields, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def decode_ledger_entry(content: bytes, path: str) -> LedgerEntry:
    """The entry of one ledger file.

    Args:
        path: Its path in the repository; names the rule, and the file in errors.
    Raises:
        DecodeError: not a ledger file of this version; the text says what to do.
    """
    fields = _fields(content, path)
    named = path.rsplit("/", 1)[-1].removesuffix(".json")
    if not is_ledger_path(path) or fields["id"] != named:
        raise DecodeError(
            f"{path}: holds the id {fields['id']!r}; a ledger file is named by its id, .sidecar/rules/<id>.json"
        )
    read = _Fields(fields=fields, path=path)
    try:
        kind, gate = RuleKind(read.text("kind")), GateResult(read.text("gate"))
    except ValueError as exc:
        raise DecodeError(f"{path}: {exc}; restore the file from history") from exc
    rule = Rule(
        rule_id=RuleId(named),
        text=read.text("text"),
        kind=kind,
        scope=read.optional_text("scope"),
        is_human=read.flag("human"),
        evidence=read.texts("evidence"),
        supersedes=tuple(RuleId(one) for one in read.texts("supersedes") if _ID.fullmatch(one)),
    )
    return LedgerEntry(
        rule=rule,
        task_count=read.count("tasks"),
        person_count=read.count("persons"),
        gate=gate,
        tombstone=read.tombstone(),
        signature=read.optional_text("signature"),
    )


def decode_ledger(files: Mapping[str, bytes]) -> dict[RuleId, LedgerEntry]:
    """Every entry among a repository's files, by rule id in path order; other paths are passed over.

    Raises:
        DecodeError: as `decode_ledger_entry`.
    """
    entries = (decode_ledger_entry(files[path], path) for path in sorted(files) if is_ledger_path(path))
    return {entry.rule.rule_id: entry for entry in entries}


def _fields(content: bytes, path: str) -> dict[str, object]:
    if len(content) > _MAX_BYTES:
        raise DecodeError(
            f"{path}: {len(content)} bytes; a ledger file has at most {_MAX_BYTES}; restore it from history"
        )
    try:
        decoded: object = json.loads(content)
    except (ValueError, RecursionError) as exc:
        raise DecodeError(f"{path}: not JSON ({exc}); restore it from history or delete it") from exc
    if not isinstance(decoded, dict):
        raise DecodeError(f"{path}: expected a JSON object; restore it from history or delete it")
    fields = cast("dict[str, object]", decoded)
    if fields.get("version") != _VERSION:
        raise DecodeError(
            f"{path}: version {fields.get('version')!r}, this program reads {_VERSION}; upgrade it, or restore the file"
        )
    wrong = sorted((set(fields) - _OPTIONAL_KEYS) ^ _KEYS)
    if wrong:
        problem = "unknown" if wrong[0] in fields else "missing"
        raise DecodeError(f"{path}: {problem} key {wrong[0]!r}; restore the file from history")
    return fields


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fields:
    """Typed reads of one decoded file that name the file when they fail."""

    fields: Mapping[str, object]
    path: str

    def text(self, key: str) -> str:
        value = self.fields[key]
        if not isinstance(value, str):
            raise self._error(key, "text")
        return value

    def optional_text(self, key: str) -> str | None:
        return None if self.fields.get(key) is None else self.text(key)

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.fields[key]
        if not isinstance(value, list):
            raise self._error(key, "a list of texts")
        texts = cast("list[object]", value)
        if not all(isinstance(one, str) for one in texts):
            raise self._error(key, "a list of texts")
        return tuple(str(one) for one in texts)

    def count(self, key: str) -> int:
        value = self.fields[key]
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self._error(key, "a count")
        return value

    def flag(self, key: str) -> bool:
        value = self.fields[key]
        if not isinstance(value, bool):
            raise self._error(key, "true or false")
        return value

    def tombstone(self) -> str | None:
        value = self.fields["tombstone"]
        if value is None:
            return None
        reason = cast("dict[str, object]", value).get("reason") if isinstance(value, dict) else None
        if not isinstance(reason, str):
            raise self._error("tombstone", 'null or {"reason": "…"}')
        return reason

    def _error(self, key: str, expected: str) -> DecodeError:
        return DecodeError(f"{self.path}: {key!r} is {self.fields[key]!r}; expected {expected}")
