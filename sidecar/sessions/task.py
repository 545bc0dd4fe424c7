"""What a session was about, so that resumes and retries of one task count once."""

from collections.abc import Callable, Sequence

from sidecar.capture import mark_of, normalised_words
from sidecar.domain import Step, StepKind, TaskId
from sidecar.issue_keys import issue_key


def first_human_prompt(steps: Sequence[Step]) -> str | None:
    """Text of the first prompt that a person gave to the main agent."""
    prompts = (step.text for step in steps if step.kind is StepKind.PROMPT and step.is_human and step.agent_id is None)
    return next((text for text in prompts if text), None)


def task_of(prompt: str | None, own_branch: str | None, keyed_hash: Callable[[str], str]) -> TaskId | None:
    """The issue key that the prompt names, else the branch, else the keyed hash of the prompt; None without any.

    Args:
        own_branch: The session's branch where it is not one that many tasks share.
    """
    mark = None if prompt is None else mark_of(prompt)
    key = mark.issue if mark else None if prompt is None else issue_key(prompt)
    if key is not None:
        return TaskId(f"key:{key}")
    if own_branch is not None:
        return TaskId(f"branch:{own_branch}")
    if prompt is None:
        return None
    return TaskId(f"prompt:{mark.digest if mark else keyed_hash(normalised_words(prompt))}")
