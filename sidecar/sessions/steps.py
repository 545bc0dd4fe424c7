"""Steps of a session: what every channel said of one act, put together."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from sidecar.domain import Observation, Session, Step, StepId, StepKind, StepPart
from sidecar.sessions.commits import committed, is_same_commit, may_commit
from sidecar.sessions.paths import is_absolute, relative_path
from sidecar.shell import written_by_hand

_ORDER = {StepKind.PROMPT: 0, StepKind.MODEL_CALL: 1}
"""What comes first of what happened in one millisecond."""

T = TypeVar("T")


def merged_steps(observations: Sequence[Observation], root: str | None, base: str | None) -> tuple[Step, ...]:
    """All Steps in time order.

    Args:
        observations: Most trusted first.
        root: Folder that paths become relative to.
        base: Commit that the session began on, or a prefix of it.
    """
    told: dict[StepId, list[Observation]] = {}
    for seen in observations:
        if seen.step is not None:
            told.setdefault(seen.step.step_id, []).append(seen)
    steps = (_refined(_edited_by_shell(_merged(seen, root), root), seen, base) for seen in told.values())
    return tuple(
        sorted(steps, key=lambda step: (step.at_ns, _ORDER.get(step.kind, 2), step.ended_ns or 0, step.step_id))
    )


def _merged(told: Sequence[Observation], root: str | None) -> Step:
    parts = [seen.step for seen in told if seen.step is not None]
    path = _said(parts, lambda part: part.path)
    command = _said(parts, lambda part: part.command)
    is_write = any(part.is_write for part in parts)
    # A result that was read before its call is taken for a command's; a tool that edits ends with no code.
    exit_code = None if is_write and command is None else _said(parts, lambda part: part.exit_code)
    writer = next((part for part in parts if part.new_text is not None), None)
    result = next((part for part in parts if part.output is not None), None)
    return Step(
        step_id=parts[0].step_id,
        kind=parts[0].kind,
        at_ns=_started_ns(told),
        ended_ns=_said(parts, lambda part: part.ended_ns),
        tool=_said(parts, lambda part: part.tool),
        command=command,
        path=None if path is None else relative_path(path, root),
        is_write=is_write,
        # The texts of an edit belong together: one without old_text wrote the whole file.
        old_text=None if writer is None else writer.old_text,
        new_text=None if writer is None else writer.new_text,
        output=None if result is None else result.output,
        is_success=_said(parts, lambda part: part.is_success),
        exit_code=exit_code,
        text=_text(told),
        is_human=_said(parts, lambda part: part.is_human),
        agent_id=_said(parts, lambda part: part.agent_id),
    )


def _text(told: Sequence[Observation]) -> str | None:
    """Words as the most trusted channel has them; an answer of several blocks came in as many pieces."""
    texts = [(seen.channel, seen.step.text) for seen in told if seen.step and seen.step.text is not None]
    if not texts:
        return None
    best = texts[0][0]
    pieces = dict.fromkeys(text for channel, text in texts if channel is best)
    return "\n".join(pieces) if _is_answer(told) else texts[0][1]


def _is_answer(told: Sequence[Observation]) -> bool:
    return any(seen.step is not None and seen.step.kind is StepKind.MODEL_CALL for seen in told)


def _said(parts: Iterable[StepPart], field: Callable[[StepPart], T | None]) -> T | None:
    return next((value for part in parts if (value := field(part)) is not None), None)


def _started_ns(told: Sequence[Observation]) -> int:
    """The start as the most trusted channel says it; else the earliest time anybody gave; else the first receipt."""
    stated = next((seen.step.started_ns for seen in told if seen.step and seen.step.started_ns is not None), None)
    if stated is not None:
        return stated
    return min((not seen.is_timed, seen.at_ns) for seen in told)[1]


def _edited_by_shell(step: Step, root: str | None) -> Step:
    """The Step with the first file of the repository that its command clearly edits by hand."""
    if step.command is None or step.path is not None:
        return step
    for written in written_by_hand(step.command):
        path = relative_path(written.path, root)
        if not is_absolute(path) and not path.startswith("../"):
            old_text = None if written.is_whole else ""
            return replace(step, path=path, is_write=True, old_text=old_text, new_text=written.text)
    return step


def _refined(step: Step, told: Sequence[Observation], base: str | None) -> Step:
    """The Step with what it turned out to be: an edit, or a commit."""
    if step.kind is not StepKind.TOOL_CALL or step.is_success is False:
        return step
    if step.is_write and not (step.command and may_commit(step.command)):
        return replace(step, kind=StepKind.EDIT)
    commits = [committed(step), *(seen.head_commit for seen in told)]
    # Git tells the commit it began on where there was nothing to commit.
    is_commit = any(base is None or not is_same_commit(commit, base) for commit in commits if commit is not None)
    return replace(step, kind=StepKind.COMMIT) if is_commit else step


def with_test_runs(session: Session, is_test_run: Callable[[Step], bool]) -> Session:
    """The session with every command that ran tests marked as such, one that committed as well among them."""
    steps = tuple(
        replace(step, kind=StepKind.TEST_RUN) if step.command is not None and is_test_run(step) else step
        for step in session.steps
    )
    return replace(session, steps=steps)
