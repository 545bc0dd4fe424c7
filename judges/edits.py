"""Which steps changed a file by hand, and which files a session made itself."""

from collections.abc import Sequence

from sidecar.domain import Step, StepKind


def is_hand_edit(step: Step) -> bool:
    """Whether the step changed a file by hand, by a tool or by shell; what a program writes is no hand edit."""
    is_done = step.kind is StepKind.EDIT and step.is_success is not False
    # A line that writes a file and then runs something has written it, however the rest of it ended.
    return step.path is not None and (is_done or (step.command is not None and step.is_write))


def created_files(steps: Sequence[Step]) -> frozenset[str]:
    """The files that a session wrote whole without having seen them: they were not there before."""
    first: dict[str, Step] = {}
    for step in steps:
        if step.path is not None:
            first.setdefault(step.path, step)
    return frozenset(
        path for path, step in first.items() if is_hand_edit(step) and step.old_text is None and step.new_text
    )
