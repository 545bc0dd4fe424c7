"""How far a judge is to be believed: what was asked of it beside its verdicts, and what came of that."""

from dataclasses import dataclass
from enum import StrEnum

from sidecar.domain.learning import FailureClass
from sidecar.domain.outcome import Label
from sidecar.domain.rule import RuleId
from sidecar.domain.session import SessionKey


class Guess(StrEnum):
    """What a judge says of a session whose result it was not shown."""

    PASS = "pass"  # noqa: S105 # a guess, not a password
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindCall:
    """A blind judge's guess about one session."""

    session: SessionKey
    session_revision: int
    guess: Guess
    confidence: float
    """0 to 1, the judge's own."""
    reason: str
    """Its words, one line."""
    cost_usd: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 1:  # also false for NaN
            raise ValueError(f"a confidence is from 0 to 1, not {self.confidence}")


class Following(StrEnum):
    """Whether a session did as a rule says."""

    FOLLOWED = "followed"
    BROKEN = "broken"
    NOT_APPLICABLE = "not_applicable"
    """Nothing in the session was what the rule speaks of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence:
    """Whether one session followed one rule that was active in it."""

    rule_id: RuleId
    following: Following
    quote: str = ""
    """Words of the packet that show it, verbatim; empty where the rule does not apply, or content is not kept."""

    def __post_init__(self) -> None:
        if self.following is Following.NOT_APPLICABLE and self.quote:
            raise ValueError("no quote can show that a rule does not apply")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerun:
    """What class of failure a judge named when it was asked about the same packet twice."""

    first: FailureClass
    again: FailureClass


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedVersion:
    """Whose agreement is measured: a judge, and the blind one that vouches for its model."""

    judge_version: str
    blind_version: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Everything that was learned of one version, on sessions as they are now."""

    version: CheckedVersion
    guesses: tuple[tuple[Label, Guess], ...] = ()
    """Per blind call what the tests said, pass or code_fail, and what was guessed."""
    reruns: tuple[Rerun, ...] = ()
    quotes_offered: int = 0
    quotes_proven: int = 0
