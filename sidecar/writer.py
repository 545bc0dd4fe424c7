"""Words a rule for a Cluster by template, without a model.

Every rule is one line, says what does not work as well as what does, and can be checked by running or by looking. Text
that came out of a command stands in a rule only where it is one of a few known complaints about a word of the command
itself: whoever writes into an output must not write into a rules file.
"""

import re

from sidecar.command_line import parse_command, without_folder
from sidecar.domain import Cluster, FailureClass, Lesson, RuleDraft, RuleKind

_LONGEST = 200
"""Characters; a longer rule is not read."""
_SYMPTOM = re.compile(
    r"(?i)no module named '?(?P<module>[\w.]+)'?|(?P<program>[\w./-]+): (?:command )?not found"
    r"|command not found: (?P<name>[\w.-]+)|missing script: \"?(?P<script>[\w:-]+)\"?|no such file or directory"
)
"""What is repeated of a runner's words: that something is missing, where the thing is a word of the command itself."""
_SLOT = re.compile(r"[^\x00-\x1f\x7f`]+")


def draft_rule(cluster: Cluster) -> RuleDraft | None:
    """The rule a cluster suggests; None when its lesson teaches none or cannot be said in one short line."""
    for text, kind in _wordings(cluster.failure_class, cluster.lesson):
        if len(text) <= _LONGEST:
            return RuleDraft(text=text, kind=kind, scope=None, cluster_id=cluster.cluster_id)
    return None


def describe_lesson(lesson: Lesson) -> str:
    """What sessions showed, in one line, of a lesson that something else does better than a rule; empty for others.

    For the eyes of people, never for a rules file.
    """
    text = _description(lesson) if _is_plain(lesson) else ""
    return text if len(text) <= _LONGEST else ""


def _description(lesson: Lesson) -> str:
    check = None if lesson.failing_command is None else _place(lesson.failing_command)
    ran = None if lesson.working_command is None else _place(lesson.working_command)
    match lesson.failure_class:
        case FailureClass.MECHANICAL_FIX if check and ran:
            return f"{check} fails until {ran} has run, and nothing else is needed"
        case FailureClass.REPEATED_STEP if check and ran:
            return f"{check} fails after each edit until {ran} has run again"
        case FailureClass.GENERATED_FILE if ran is None and lesson.paths:
            return f"`{lesson.paths[0]}` says that it is generated and was edited by hand"
        case FailureClass.UNCHECKED_END if check and lesson.rule_candidate is None:
            return f"{check} was not run after the last edit, and the tests failed"
        case _:
            return ""


def _is_plain(lesson: Lesson) -> bool:
    """Whether every slot can stand between backticks on one line."""
    slots = (lesson.working_command, lesson.failing_command, *lesson.paths)
    return all(slot is None or _SLOT.fullmatch(slot) for slot in slots)


def _wordings(failure_class: FailureClass, lesson: Lesson) -> list[tuple[str, RuleKind]]:
    """What could be said, fullest first."""
    if not _is_plain(lesson):
        return []
    match failure_class:
        case FailureClass.WRONG_COMMAND:
            return [(text, RuleKind.COMMAND) for text in _command(lesson)]
        case FailureClass.MISSING_SETUP:
            return [(text, RuleKind.COMMAND) for text in _setup(lesson)]
        case FailureClass.GENERATED_FILE:
            return [(text, RuleKind.WORKFLOW) for text in _generated(lesson)]
        case FailureClass.CHANGE_TOGETHER:
            return [(text, RuleKind.WORKFLOW) for text in _together(lesson)]
        case _:
            # What only a model can tell has no slots to put into a template.
            return []


def _command(lesson: Lesson) -> list[str]:
    if lesson.working_command is None:
        return []
    works = f"Run the checks with {_place(lesson.working_command)}"
    if lesson.failing_command is None:
        return [f"{works}."]
    if without_folder(lesson.working_command)[1] is not None:
        return [f"{works}; the check fails otherwise.", f"{works}."]
    fails = f"{works}; {_place(lesson.failing_command)} does not work here"
    return [f"{fails}{_reason(lesson)}.", f"{fails}.", f"{works}."]


def _setup(lesson: Lesson) -> list[str]:
    if lesson.working_command is None or lesson.failing_command is None:
        return []
    setup, check = _place(lesson.working_command), _place(lesson.failing_command)
    text = f"Run {setup} before {check}; the check fails otherwise"
    return [f"{text}{_reason(lesson)}.", f"{text}."]


def _generated(lesson: Lesson) -> list[str]:
    if lesson.working_command is None or not lesson.paths:
        return []
    text = f"Do not edit `{lesson.paths[0]}` by hand: it is generated; "
    _, folder = without_folder(lesson.working_command)
    run = f"run {_place(lesson.working_command)}."
    join = " and " if folder is None else "; "
    full = f"{text}edit `{lesson.paths[1]}`{join}{run}" if len(lesson.paths) > 1 else text + run
    return [full, f"{text}{run}"]


def _together(lesson: Lesson) -> list[str]:
    if len(lesson.paths) != 2:
        return []
    first, second = lesson.paths
    return [f"When you change `{first}`, change `{second}` with it; the check fails otherwise."]


def _place(command: str) -> str:
    """A command with the folder to run it in."""
    plain, folder = without_folder(command)
    return f"`{plain}`" if folder is None else f"`{plain}` in `{folder}`"


def _reason(lesson: Lesson) -> str:
    """The symptom in brackets, where it is one of the known ones and names nothing but the command's own words."""
    known = _SYMPTOM.fullmatch((lesson.symptom or "").rstrip("."))
    if known is None or lesson.failing_command is None:
        return ""
    own = {*parse_command(lesson.failing_command)}
    named = {word for word in known.groupdict().values() if word is not None}
    return f" ({known.group()})" if named <= own else ""
