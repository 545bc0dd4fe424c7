"""What is learned: Packet as a judge sees it, Verdict, Lesson, Cluster."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from sidecar.domain.names import PersonId, ProjectId, StepId, TaskId
from sidecar.domain.outcome import Label, TestResult
from sidecar.domain.rule import RuleKind
from sidecar.domain.session import SessionKey, Step

ClusterId = NewType("ClusterId", str)
"""Hash of project, failure class and signature."""


class FailureClass(StrEnum):
    """What kind of lesson a verdict holds."""

    WRONG_COMMAND = "wrong_command"
    """A check could not run one way and ran another way."""
    MISSING_SETUP = "missing_setup"
    """A check could not run until another command had run."""
    GENERATED_FILE = "generated_file"
    """A generated file was edited by hand, then regenerated."""
    CHANGE_TOGETHER = "change_together"
    """A check failed until a second file was changed."""
    MECHANICAL_FIX = "mechanical_fix"
    """A check complained of an edit and one command repaired it, as formatters do; no thought was needed."""
    REPEATED_STEP = "repeated_step"
    """A check failed after each edit until one command had run again."""
    FAILING_ASSERTION = "failing_assertion"
    """The session ended with these assertions failing."""
    BROKEN_CONVENTION = "broken_convention"
    """The change does otherwise than the code around it does everywhere."""
    INCOMPLETE_CHANGE = "incomplete_change"
    """A second place had to change too and did not."""
    WRONG_PLACE = "wrong_place"
    """The change was made where it has no effect, or not where the behaviour lives."""
    WRONG_ASSUMPTION = "wrong_assumption"
    """Code was written against something that is not so here: a name, a signature, a format, a default."""
    MISREAD_TASK = "misread_task"
    """The change does something else than was asked."""
    FAULTY_LOGIC = "faulty_logic"
    """The change aims right and computes wrong."""
    UNCHECKED_END = "unchecked_end"
    """The session ended without running a check that was at hand and would have failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceQuote:
    """Words of the packet that bear a verdict."""

    step_id: StepId
    """Empty where the words are of a section that sums up several steps."""
    text: str
    """A verbatim substring of the packet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What could be told to the next session, as slots rather than prose."""

    failure_class: FailureClass
    signature: str
    """Canonical JSON of the slots: equal lessons of different sessions have equal signatures."""
    failing_command: str | None = None
    working_command: str | None = None
    paths: tuple[str, ...] = ()
    """Files it speaks of, relative to the repository, in the order the class defines.

    Generated file: that file, then its source where known. Change together: the file changed first, then the other.
    """
    symptom: str | None = None
    """The runner's own words, one line."""
    quotes: tuple[EvidenceQuote, ...] = ()
    """Words of the session that bear it; no part of what makes two lessons equal."""
    scope: str | None = None
    """Glob of paths it holds for, as narrow as is true; None where no such glob is known."""
    rule_candidate: str | None = None
    """One sentence that a rule could say, in a model's free words; no part of what makes two lessons equal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one judge said of one session; none when the judge found nothing."""

    session: SessionKey
    session_revision: int
    judge: str
    judge_version: str
    """Hash of the judge's rules, or of prompt and model id."""
    explanation: str
    """Plain English, one to three sentences."""
    evidence: tuple[EvidenceQuote, ...]
    lessons: tuple[Lesson, ...]
    cost_usd: float = 0.0
    quotes_offered: int = 0
    """Quotes that a model gave as proof; 0 where none was asked for any."""
    quotes_proven: int = 0
    """Of those, the ones that stand word for word where they are said to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketSection:
    """One piece of evidence of a packet."""

    title: str
    step_id: StepId | None
    """The step it was taken from; None where it sums up several."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """A session as a judge sees it: the same bytes for the same session."""

    session: SessionKey
    session_revision: int
    label: Label
    sections: tuple[PacketSection, ...]
    """Most telling first, within the token budget."""
    steps: tuple[Step, ...]
    """What the sections point at, in time order, redacted."""
    omitted_tokens: int
    """Estimate of what did not fit."""
    tests: tuple[TestResult, ...] = ()
    """The tests that decided the label, failing ones only, in report order."""
    cwd: str | None = None
    """Where the agent was started; absolute paths under it are the repository's."""
    project: ProjectId | None = None
    """The session's; None while it is unassigned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonSupport:
    """That one session teaches a lesson."""

    session: SessionKey
    task: TaskId
    person: PersonId | None
    """None counts as the one unknown person."""
    lesson: Lesson
    is_attended: bool = True
    """A person sat before the session; False for one of a program or of another agent."""
    explanation: str = ""
    """The judge's, as the verdict has it."""


def persons_of(supports: Iterable[LessonSupport]) -> frozenset[PersonId | None]:
    """Distinct Persons of attended sessions; all unknown ones are one, and so are all sessions nobody attended."""
    return frozenset(support.person for support in supports if support.is_attended) or frozenset({None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """One lesson with everything that supports it."""

    cluster_id: ClusterId
    project: ProjectId
    failure_class: FailureClass
    signature: str
    lesson: Lesson
    """Its slots as enough Tasks agree on them; slots on which they do not agree are left out."""
    supports: tuple[LessonSupport, ...]
    """One per session, ordered by session id."""
    is_of_one_person: bool = False
    """Somebody's alone, where others work too: it teaches nothing to them, and attests no command."""
    contradicting_tasks: int = 0
    """Other Tasks in which the opposite went well."""
    further: tuple[LessonSupport, ...] = ()
    """What the same sessions say of it besides, as where several commands failed before one worked."""

    @property
    def tasks(self) -> frozenset[TaskId]:
        """Distinct Tasks; what support is counted in."""
        return frozenset(support.task for support in self.supports)

    @property
    def persons(self) -> frozenset[PersonId | None]:
        """Distinct Persons that teach it."""
        return persons_of(self.supports)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft:
    """A rule a writer suggests, before the gate."""

    text: str
    kind: RuleKind
    scope: str | None
    cluster_id: ClusterId
    failing: tuple[LessonSupport, ...] = ()
    """Supports that show its half about what does not work; empty where it has none, or every support shows it."""
