"""What agents are told: Rule, RulesFile, the rules a session had loaded, RulesVersion."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

RuleId = NewType("RuleId", str)
"""Twelve hex digits derived from the rule's first canonical text and scope; stays when the text is amended."""


class RuleKind(StrEnum):
    """What a rule speaks of; each kind has its own grammar in the gate."""

    COMMAND = "command"
    CONSTRAINT = "constraint"
    FACT = "fact"
    WORKFLOW = "workflow"


class RulesSource(StrEnum):
    """How we know which rules were loaded."""

    EXACT = "exact"
    """Hashed by the hook on the raw file."""
    LOADED_TEXT = "loaded text"
    """The text as the agent showed it to the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One instruction."""

    rule_id: RuleId
    text: str
    """One line, without the list marker."""
    kind: RuleKind
    scope: str | None = None
    """Glob of paths it holds for, `src/**`; None for the whole repository."""
    is_human: bool = False
    """A person changed its words: theirs from then on."""
    evidence: tuple[str, ...] = ()
    """Session ids it rests on; never content."""
    supersedes: tuple[RuleId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedRules:
    """One rules file that was active in a session."""

    path: str
    """Relative to the repository, forward slashes."""
    sha: str | None = None
    """Git blob hash of the raw file; None when only the text is known."""
    text: str | None = None
    """Text as loaded; None when only the hash is known."""
    source: RulesSource


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesVersion:
    """Which of our rules were active, as one hash."""

    value: str
    """Sixteen hex digits over the sorted set of (rule id, text hash); the same for no rules everywhere."""
    source: RulesSource


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesFile:
    """A rules file split at our markers, so that every other byte survives."""

    before: bytes
    """All bytes before our block."""
    rules: tuple[Rule, ...]
    """Rules in our block, in file order; ids by the ledger, or derived from the text."""
    after: bytes
    """All bytes after our block."""
    has_block: bool
    newline: bytes
    """Line ending that the file uses most: b"\\n", b"\\r\\n" or b"\\r"."""
    block: bytes = b""
    """Our block as it stands, marker lines included; empty when there is none."""
    encoding: str = "utf-8"
    """Python codec of the whole file: `utf-8`, `utf-16-le` or `utf-16-be`."""
