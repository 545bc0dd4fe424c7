"""Tells sessions in which the opposite of a lesson went well: those that did not stumble have the other half to say."""

from collections.abc import Sequence

from judges.attempts import attempts, relative_path
from judges.edits import is_hand_edit
from sidecar.command_line import parse_command
from sidecar.domain import FailureClass, Label, Lesson, Step

CONTRADICTABLE = frozenset({FailureClass.WRONG_COMMAND, FailureClass.CHANGE_TOGETHER})


def contradicts(lesson: Lesson, steps: Sequence[Step], cwd: str | None, label: Label) -> bool:
    """Whether a session ran the command that a lesson calls wrong, or changed one of two files alone, and passed.

    Args:
        steps: Of the session, in time order.
    """
    if lesson.rule_candidate is not None:
        return False  # what a model told in its own words is not said by its slots
    match lesson.failure_class:
        case FailureClass.WRONG_COMMAND if lesson.failing_command is not None:
            return _has_worked(lesson.failing_command, steps, cwd)
        case FailureClass.CHANGE_TOGETHER if len(lesson.paths) == 2 and label is Label.PASS:
            edited = {relative_path(step.path or "", cwd) for step in steps if is_hand_edit(step)}
            return lesson.paths[0] in edited and lesson.paths[1] not in edited
        case _:
            return False


def _has_worked(command: str, steps: Sequence[Step], cwd: str | None) -> bool:
    named = parse_command(command)[-1:]
    # to take a session's commands apart takes a thousand times as long as to look for a word
    if not any(word in (step.command or "") for word in named for step in steps):
        return False
    return any(one.passed_check and one.text == command for one in attempts(steps, cwd))
