"""What the gate knows of a repository and its rules, and what it answers."""

from dataclasses import dataclass, field

from sidecar.domain import RuleKind


@dataclass(frozen=True, slots=True, kw_only=True)
class GateContext:
    """What may be spoken of, and what stands already. Empty means that nothing is attested."""

    repository_files: frozenset[str] = field(default_factory=frozenset[str])
    """Paths at the base commit, relative, with forward slashes."""
    attested_commands: frozenset[str] = field(default_factory=frozenset[str])
    """Command lines seen to succeed in enough independent Tasks."""
    failing_commands: frozenset[str] = field(default_factory=frozenset[str])
    """Command lines seen to fail; they may be named as such and never be told to run."""
    identifiers: frozenset[str] | None = None
    """Names of code that stand as whole words in the source at the base; None where nobody looked, and then no name is
    held against anything."""
    active_texts: tuple[str, ...] = ()
    """Texts of the rules in force."""
    tombstoned_texts: frozenset[str] = field(default_factory=frozenset[str])
    """Texts that a person removed or declined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateDecision:
    """Whether a text may be proposed."""

    is_allowed: bool
    reasons: tuple[str, ...]
    """Every reason against it, `prefix: sentence`; empty when it is allowed."""
    kind: RuleKind | None
    """As given or inferred; None when no kind fits."""
