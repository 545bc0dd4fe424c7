"""What a packet shows of a session: each piece of evidence under a title, most telling first, newest first of a kind.

Nothing here knows the budget: a piece says how much of it is ever worth showing, and whoever builds the packet cuts it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from judges.attempts import Attempt, attempts
from judges.cutting import cut
from sidecar.capture import words_after_mark
from sidecar.domain import Correction, CorrectionKind, LabelDecision, Step, StepId, StepKind, TestResult

OUTCOME = "outcome"
FAILING_TESTS = "failing tests"
LAST_TEST_RUN = "last test run"
TASK = "task"
FAILED_THEN_WORKED = "failed, then worked"
INTERRUPTED = "a person interrupted"
HUMAN_EDIT = "changed by a person"
LATER_EDIT = "changed after the session"
USER_SAID = "user said"
FEEDBACK = "feedback"
EDIT = "edit"
PATHS = "paths touched"

MOST_OF_A_KIND = 12
_LONG = 6000
_SHORT = 1600
_SAID = 800
"""Bytes that a piece of evidence is worth: a test run, anything else, what a failed command printed."""
_SLACK = 4
"""A text is looked at for secrets so many times as far as it is shown, so that none is cut in two beforehand."""
_CORRECTIONS = {
    CorrectionKind.USER_WORDS: USER_SAID,
    CorrectionKind.INTERRUPT: INTERRUPTED,
    CorrectionKind.HUMAN_EDIT: HUMAN_EDIT,
    CorrectionKind.LATER_EDIT: LATER_EDIT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of evidence before it is redacted and cut."""

    title: str
    step_id: StepId | None = None
    text: str
    most: int = _SHORT
    """Bytes it is worth."""
    head: float = 0.6
    """Share of the cut text that is its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything that a packet may show."""

    steps: tuple[Step, ...]
    """In time order, their texts as short as judges without a model are given them."""
    last_test_run: Step | None
    """With its whole output."""
    decision: LabelDecision
    failing: tuple[TestResult, ...]
    """The tests that decided, as far as they failed."""
    corrections: tuple[Correction, ...]
    feedback: tuple[str, ...]
    """What people said about the session, oldest first."""
    cwd: str | None
    redact: Callable[[str], str]


def pieces(evidence: Evidence) -> Iterator[Piece]:
    """Every piece, most telling first; within a kind the newest first."""
    steps, decision = evidence.steps, evidence.decision
    yield Piece(title=OUTCOME, text=f"{decision.label}: {decision.reason}")
    if evidence.failing:
        yield Piece(title=FAILING_TESTS, text="\n".join(_test_line(test) for test in evidence.failing))
    if evidence.last_test_run is not None:
        yield _test_run(evidence.last_test_run)
    yield from _task(steps)
    yield from _newest(_corrections(evidence.corrections, steps))
    yield from _newest([Piece(title=FEEDBACK, text=text) for text in evidence.feedback if text.strip()])
    yield from _newest(_failed_then_worked(attempts(steps, evidence.cwd), evidence.redact))
    yield from _newest(_later_prompts(steps, frozenset(one.step_id for one in evidence.corrections)))
    yield from _newest(_edits(steps))
    paths = dict.fromkeys(step.path for step in reversed(steps) if step.path is not None)
    if paths:
        yield Piece(title=PATHS, text="\n".join(paths))


def _newest(found: Sequence[Piece]) -> Sequence[Piece]:
    return tuple(reversed(found))[:MOST_OF_A_KIND]


def _test_run(run: Step) -> Piece:
    output = run.output or ""
    shown = output if len(output) <= _SLACK * _LONG else output[:_LONG] + "\n[…]\n" + output[-3 * _LONG :]
    text = f"$ {run.command or ''}\n{_status(run)}\n{shown}"
    return Piece(title=LAST_TEST_RUN, step_id=run.step_id, text=text, most=_LONG, head=0.25)


def _task(steps: Sequence[Step]) -> Iterator[Piece]:
    """What was asked for first, as far as the capture level lets it be kept."""
    first = next(iter(_human_prompts(steps)), None)
    words = words_after_mark(first.text or "") if first is not None else ""
    if first is not None and words.strip():
        yield Piece(title=TASK, step_id=first.step_id, text=words)


def _later_prompts(steps: Sequence[Step], corrected: frozenset[StepId]) -> list[Piece]:
    """What a person said after the first prompt, where it is not shown as a correction."""
    said = [(step, words_after_mark(step.text or "")) for step in _human_prompts(steps)[1:]]
    return [
        Piece(title=USER_SAID, step_id=step.step_id, text=words)
        for step, words in said
        if words.strip() and step.step_id not in corrected
    ]


def _human_prompts(steps: Sequence[Step]) -> list[Step]:
    return [step for step in steps if step.kind is StepKind.PROMPT and step.is_human is not False and step.text]


def _corrections(corrections: Sequence[Correction], steps: Sequence[Step]) -> list[Piece]:
    at = {step.step_id: place for place, step in enumerate(steps)}
    in_order = sorted(corrections, key=lambda one: (at.get(one.step_id, -1), one.kind, one.text))
    return [
        Piece(title=_CORRECTIONS[one.kind], step_id=one.step_id, text=one.text) for one in in_order if one.text.strip()
    ]


def _failed_then_worked(tried: Sequence[Attempt], redact: Callable[[str], str]) -> list[Piece]:
    """Each failed command with the next one that went well."""
    found: list[Piece] = []
    failed: Attempt | None = None
    for attempt in tried:
        is_answer = failed is not None and (attempt.ran_check or not failed.looks_like_check)
        if attempt.has_failed and not is_answer:
            failed = attempt
        elif failed is not None and is_answer and attempt.complaint is None:
            bad, good = failed.step, attempt.step
            # cut in two, a secret is none any more that could be known
            said = cut(redact(bad.output or ""), _SAID, head=0.3)
            text = f"$ {bad.command}\n{_status(bad)}\n{said}\n$ {good.command}\n{_status(good)}"
            found.append(Piece(title=FAILED_THEN_WORKED, step_id=bad.step_id, text=text))
            failed = None
    return found


def _edits(steps: Sequence[Step]) -> list[Piece]:
    edits = (step for step in steps if step.kind is StepKind.EDIT and (step.old_text or step.new_text))
    return [Piece(title=EDIT, step_id=step.step_id, text=_hunk(step)) for step in edits]


def _hunk(step: Step) -> str:
    """An edit in the form of a diff's hunk."""
    removed = [f"-{line}" for line in (step.old_text or "").splitlines()]
    added = [f"+{line}" for line in (step.new_text or "").splitlines()]
    return "\n".join([f"--- {step.path or 'unknown file'}", *removed, *added])


def _status(step: Step) -> str:
    if step.exit_code is not None:
        return f"exit code {step.exit_code}"
    return "no result" if step.is_success is None else "worked" if step.is_success else "failed"


def _test_line(test: TestResult) -> str:
    place = "" if test.path is None else f" ({test.path}" + (f":{test.line})" if test.line is not None else ")")
    message = "" if not test.message else f" {test.message.strip().splitlines()[0]}" if test.message.strip() else ""
    return f"{test.id}{place}: {test.status}{message}"
