"""What a draft run decided about a lesson: which rules it led to, or why it led to none."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from sidecar.domain.learning import ClusterId, FailureClass
from sidecar.domain.names import ProjectId
from sidecar.domain.rule import RuleId

QuestionKey = NewType("QuestionKey", str)
"""Hash of what a paid question rested on: equal keys mean that asking again would tell nothing new."""

WHOLE_PROJECT = ClusterId("")
"""Stands for no cluster: a decision with it is about the project."""


class NoRuleReason(StrEnum):
    """Why a lesson led to no rule; "none, because …" is a normal result."""

    TOO_LITTLE_EVIDENCE = "too little evidence"
    """Too few tasks teach it, or what they say does not bear a rule."""
    BETTER_AS_HOOK = "better as a hook"
    """A check that should simply run: a hook runs it every time, a rule is a request."""
    BETTER_AS_LINT = "better as a lint rule"
    """A formatter or linter decides it for every author."""
    BETTER_AS_TEST = "better as a test"
    """A test can say it, and cannot be overlooked."""
    NO_RULE_HELPS = "no rule helps"
    """It names no convention or fact that could be told beforehand."""
    BUDGET_REACHED = "budget reached"
    """The rules file is full: first one must be retired or two merged."""
    JUDGE_BELOW_FLOOR = "judge below floor"
    """The judge's explanations are not reliable enough to learn from."""
    AUDIT_REFUSED = "audit refused"
    """The words are a maxim, name one instance, give an answer away, or do not rest on the sessions."""
    GATE_REFUSED = "gate refused"
    """The gate cannot account for the words; a person may take the rule over."""
    ALREADY_SAID = "already said"
    """A rule in force, an open proposal or the people's own file says it."""
    CONTRADICTS = "contradicts a rule"
    """A rule in force says the opposite, and the draft does not settle which of them holds."""
    DECLINED = "declined before"
    """A person removed or declined it: never again."""
    NO_TEMPLATE = "no model asked"
    """Only a model can word it, and none was asked."""
    NOT_ANSWERED = "model could not be asked"
    USELESS_ANSWER = "model's answer of no use"
    LEFT_FOR_NEXT_RUN = "left for next run"
    """One run proposes few edits and asks few questions."""


IN_OPEN_PROPOSAL = "an open proposal says it"
"""Detail of what is already said where people have not decided about it yet."""

SETTLED = frozenset(NoRuleReason) - {
    NoRuleReason.LEFT_FOR_NEXT_RUN,
    NoRuleReason.NO_TEMPLATE,
    NoRuleReason.NOT_ANSWERED,
    NoRuleReason.BUDGET_REACHED,
    NoRuleReason.JUDGE_BELOW_FLOOR,
}
"""Reasons that stay true until the lesson, the rules or the judge change; the others are tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The newest decision about one cluster of a project, or about the project as a whole."""

    project: ProjectId
    cluster_id: ClusterId
    """WHOLE_PROJECT where it is about no single lesson."""
    failure_class: FailureClass | None = None
    lesson: str = ""
    """The rule's words, or those a judge suggested, redacted; empty where nobody suggested any."""
    task_count: int = 0
    person_count: int = 0
    reason: NoRuleReason | None
    """None: rules were proposed."""
    detail: str = ""
    """One sentence that a template wrote, or the gate's reasons; never a session's content."""
    rules: tuple[RuleId, ...] = ()
    """Proposed for it."""
    question: QuestionKey | None = None
    """What a model was asked; None where it was not."""
    at_ns: int
    """Of the run that decided."""

    def __post_init__(self) -> None:
        """Raise ValueError for a decision that says both or neither."""
        if (self.reason is None) != bool(self.rules):
            raise ValueError("a decision names the rules that it proposes, or the reason why there is none")

    @property
    def is_proposed(self) -> bool:
        """Whether a rule is proposed for it: by this run, or by an earlier one, and people have not decided yet."""
        return self.reason is None or (self.reason is NoRuleReason.ALREADY_SAID and self.detail == IN_OPEN_PROPOSAL)
