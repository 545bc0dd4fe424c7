"""Steps of a tool call that may do several things at once: run several commands, change several files.

Such a call is several Steps, `<call id>/1` and on; a call of one thing keeps its plain id.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sidecar.domain import StepId, StepKind, StepPart


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that a call does."""

    command: str | None = None
    path: str | None = None
    is_write: bool = False
    old_text: str | None = None
    new_text: str | None = None


def steps_of(call_id: str, tool: str | None, acts: Sequence[Act]) -> list[StepPart]:
    """A Step for each thing that a call does, in order."""
    return [
        StepPart(
            step_id=step_id,
            kind=StepKind.TOOL_CALL,
            tool=tool,
            command=act.command,
            path=act.path,
            is_write=act.is_write,
            old_text=act.old_text,
            new_text=act.new_text,
        )
        for step_id, act in zip(step_ids(call_id, len(acts)), acts, strict=True)
    ]


def step_ids(call_id: str, count: int) -> list[StepId]:
    """The ids of the Steps of a call that does so many things."""
    if count == 1:
        return [StepId(call_id)]
    return [StepId(f"{call_id}/{number}") for number in range(1, count + 1)]
