"""What a rule did: Effect, the difference between sessions with it and sessions without."""

from dataclasses import dataclass
from enum import StrEnum

from sidecar.domain.outcome import Label
from sidecar.domain.rule import RuleId


class EffectDesign(StrEnum):
    """How it came about that some sessions had the rule."""

    BEFORE_AFTER = "before_after"
    """By the day: whatever else changed with it counts as the rule's."""


class EffectVerdict(StrEnum):
    """What the figures bear."""

    BETTER = "better"
    WORSE = "worse"
    UNDECIDED = "not yet distinguishable"


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectSide:
    """The compared sessions of one side."""

    passed: int = 0
    code_fail: int = 0
    infra: int = 0
    unknown: int = 0
    """Sessions by label."""
    judged: int = 0
    """Of all these, the ones that a judge has seen."""
    recurred: int = 0
    """Of the judged, the ones that taught the lesson of the rule again."""

    def __post_init__(self) -> None:
        counts = (self.passed, self.code_fail, self.infra, self.unknown, self.recurred)
        if min(counts) < 0 or not self.recurred <= self.judged <= self.sessions:
            raise ValueError(f"a side of an effect counts what is not there: {self}")

    @property
    def sessions(self) -> int:
        """How many were compared."""
        return self.passed + self.code_fail + self.infra + self.unknown

    @property
    def pass_share(self) -> float | None:
        """Passes among all of them, 0 to 1; None where there are none."""
        return self.passed / self.sessions if self.sessions else None

    @property
    def recurrence(self) -> float | None:
        """Share of the judged ones that taught the lesson again, 0 to 1; None where none was judged."""
        return self.recurred / self.judged if self.judged else None

    def count(self, label: Label) -> int:
        """Sessions of one label."""
        counts = {Label.PASS: self.passed, Label.CODE_FAIL: self.code_fail, Label.INFRA: self.infra}
        return counts.get(label, self.unknown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Difference in passes between sessions with a rule and sessions without, of the same agent and model.

    Each compared session has one partner on the other side, so both sides count the same.
    """

    rule_id: RuleId
    design: EffectDesign
    exposed: EffectSide
    """Sessions with the rule."""
    comparator: EffectSide
    """Sessions that could have had it and did not."""
    alone_exposed: int = 0
    """Sessions with the rule that have no partner, and so are not compared."""
    alone_comparator: int = 0
    """Sessions without it that have none."""
    low: float
    high: float
    """Interval of the difference in the share of passes, -1 to 1, that holds at every look with 95 %."""
    worse_evidence: float
    """e-value of "the rule does no harm": that many times one may bet against it; it holds at every look."""
    better_evidence: float
    """The same of "the rule does no good"."""
    verdict: EffectVerdict
    is_model_known: bool
    """Of every compared session; else a change of the model may be taken for the rule's doing."""
    inseparable: int = 0
    """Other rules that were there in just the same of these sessions: nothing tells their effects apart."""
    more_pairs: int | None = None
    """About how many more pairs would decide, if the difference stays as it is; None where nobody can say."""

    def __post_init__(self) -> None:
        if self.exposed.sessions != self.comparator.sessions:
            raise ValueError(f"an effect compares pairs, not {self.exposed.sessions} with {self.comparator.sessions}")

    @property
    def pairs(self) -> int:
        """Sessions on each side."""
        return self.exposed.sessions

    @property
    def difference(self) -> float | None:
        """Share of passes with the rule less the share without, -1 to 1; None where nothing was compared."""
        return (self.exposed.passed - self.comparator.passed) / self.pairs if self.pairs else None

    @property
    def is_recurrence_lower(self) -> bool | None:
        """Whether the lesson came back more seldom with the rule; None where one side has no judged session."""
        with_it, without = self.exposed.recurrence, self.comparator.recurrence
        return None if with_it is None or without is None else with_it < without

    @property
    def is_harm(self) -> bool:
        """Fewer passes, and what the rule was written against came back no more seldom: harm needs both."""
        return self.verdict is EffectVerdict.WORSE and self.is_recurrence_lower is False
