"""What a session was about, so that resumes and retries of one task count once."""

from collections.abc import Callable, Sequence

from sidecar.capture import mark_of, normalised_words
from sidecar.domain import Step, StepKind, TaskId
from sidecar.issue_keys import issue_key

_GO_ON = frozenset(
    {
        *("continue", "please continue", "continue please", "continue from where you left off", "go on", "go ahead"),
        *("keep going", "carry on", "proceed", "please proceed", "resume", "retry", "try again", "next"),
        *(
            "weiter",
            "mach weiter",
            "bitte weiter",
            "continuer",
            "continua",
            "continúa",
            "continuar",
            "sigue",
            "ga door",
        ),
        *(
            "продолжай",
            "продолжить",
            "继续",
            "請繼續",
            "请继续",
            "続けて",
            "続けてください",
            "계속",
            "계속해",
            "devam",
            "devam et",
        ),
    }
)
"""Normalised words."""
_LONGEST_GO_ON = 50


def first_human_prompt(steps: Sequence[Step], keyed_hash: Callable[[str], str]) -> str | None:
    """Text of the first prompt that a person gave to the main agent, and that says what it is about."""
    prompts = (step.text for step in steps if step.kind is StepKind.PROMPT and step.is_human and step.agent_id is None)
    return next((text for text in prompts if text and not _only_goes_on(text, keyed_hash)), None)


def _only_goes_on(prompt: str, keyed_hash: Callable[[str], str]) -> bool:
    """Whether a prompt says no more than to go on; such a one begins many sessions, and programs send it too."""
    mark = mark_of(prompt)
    if mark is None:
        return normalised_words(prompt) in _GO_ON
    return mark.characters <= _LONGEST_GO_ON and mark.digest in {keyed_hash(words) for words in _GO_ON}


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
