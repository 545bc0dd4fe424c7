"""What people did in a session that corrects the agent: words after the first prompt, interruptions, edits."""

import re
from collections.abc import Iterator, Mapping, Sequence

from sidecar.capture import MOST_CORRECTION, corrections_of
from sidecar.domain import Correction, CorrectionKind, Intervention, Observation, Step, StepId, StepKind
from sidecar.sessions.paths import relative_path
from sidecar.shell import written_by_hand

_MOST_COMMAND = 5_000
_WITHOUT_WORDS = {
    CorrectionKind.USER_WORDS: "",
    CorrectionKind.INTERRUPT: "The user stopped the agent here.",
    CorrectionKind.HUMAN_EDIT: "The user changed the agent's edit of {path} before it was written.",
}
_BY_SOMEBODY = "{path} was changed outside the session after the agent had read it, by a person or a program."
_REWRITES = re.compile(
    r"\b(?:fmt|format\w*|lint\w*|prettier|black|isort|autopep8|gofmt|goimports|rustfmt|eslint|fix|codegen|generate\w*|sed"
    r"|perl|patch|mv|cp|tee|pre-commit|make|git\s+(?:\S+\s+){0,4}?(?:apply|checkout|cherry-pick|commit|merge|pull|rebase|reset"
    r"|restore|revert|stash|switch))\b"
    r"|(?<![\d&=-])>{1,2}\s*(?![&\s>]|/dev/null)"
)
"""Commands after which a changed file says nothing of a person."""


def corrections(seen: Sequence[Observation], steps: Sequence[Step], root: str | None) -> tuple[Correction, ...]:
    """All of a session, in the order of their steps; one for each step and kind.

    Args:
        seen: Most trusted first.
        steps: In time order.
        root: Folder that paths are relative to.
    """
    if not steps:
        return ()
    place = {step.step_id: number for number, step in enumerate(steps)}
    told = [*_words(steps), *_interventions(seen, steps, root)]
    unique = {(one.step_id, one.kind): one for one in reversed(told)}
    in_order = sorted(unique.values(), key=lambda one: (place[one.step_id], one.kind, one.text))
    return tuple(_without_echoes(in_order, steps, place))


def _words(steps: Sequence[Step]) -> Iterator[Correction]:
    prompts = [step for step in steps if step.kind is StepKind.PROMPT and step.is_human and step.agent_id is None]
    for step in prompts[1:]:
        text = corrections_of(step.text or "")
        if text:
            yield Correction(kind=CorrectionKind.USER_WORDS, step_id=step.step_id, text=text)


def _interventions(seen: Sequence[Observation], steps: Sequence[Step], root: str | None) -> Iterator[Correction]:
    known = {step.step_id: step for step in steps}
    told = [(one, one.intervention) for one in seen if one.intervention is not None]
    # Words before none: two channels may tell of one interruption, and only one of them with its reason.
    for one, intervention in sorted(told, key=lambda pair: pair[1].words is None):
        path = None if intervention.path is None else relative_path(intervention.path, root)
        step = known[one.step.step_id] if one.step is not None else _last_before(steps, one.at_ns, path)
        if not intervention.is_certain and _is_by_command(steps, step, path or step.path):
            continue
        text = _text(intervention, path or step.path)
        if text:
            yield Correction(kind=intervention.kind, step_id=step.step_id, text=text)


def _last_before(steps: Sequence[Step], at_ns: int, path: str | None) -> Step:
    """The last step that had begun by then, on that file where one is named; the first one of all if there is none."""
    begun = [step for step in steps if step.at_ns <= at_ns]
    on_file = [step for step in begun if path is not None and step.path == path]
    return (on_file or begun or steps[:1])[-1]


def _is_by_command(steps: Sequence[Step], step: Step, path: str | None) -> bool:
    """Whether a command since the agent last had the file before it may have changed it."""
    until = next(number for number, one in enumerate(steps) if one is step)
    touched = (
        number for number in range(until - 1, -1, -1) if steps[number].path == path and not steps[number].command
    )
    since = next(touched, 0)
    commands = (one.command[:_MOST_COMMAND] for one in steps[since:until] if one.command is not None)
    return any(_REWRITES.search(command) or written_by_hand(command) for command in commands)


def _text(intervention: Intervention, path: str | None) -> str:
    words = (intervention.words or "").strip()
    if words:
        return words[:MOST_CORRECTION]
    without = _WITHOUT_WORDS[intervention.kind] if intervention.is_certain else _BY_SOMEBODY
    return without.format(path=path or "a file")


def _without_echoes(
    found: Sequence[Correction], steps: Sequence[Step], place: Mapping[StepId, int]
) -> Iterator[Correction]:
    """Without what only repeats: of calls refused together each says so, and the agent's program says it once more."""
    last: int | None = None
    for one in found:
        at = place[one.step_id]
        if one.kind is CorrectionKind.INTERRUPT:
            is_echo = last is not None and not any(
                step.kind in (StepKind.MODEL_CALL, StepKind.PROMPT) for step in steps[last + 1 : at + 1]
            )
            last = at
            if is_echo and one.text == _WITHOUT_WORDS[CorrectionKind.INTERRUPT]:
                continue
        yield one
