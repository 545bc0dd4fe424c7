"""Words a rule for a Cluster by template, without a model.

Every rule is one line, says what does not work as well as what does, and can be checked by running or by looking. Text
that came out of a command stands in a rule only where it is one of a few known complaints about a word of the command
itself: whoever writes into an output must not write into a rules file. A command is said not to work only where enough
tasks ran it so.
"""

import re
from collections.abc import Iterator

from sidecar.claims import shown_failing, shown_failing_elsewhere
from sidecar.command_line import bare_stem, parse_command, without_folder
from sidecar.domain import Cluster, FailureClass, Lesson, LessonSupport, RuleDraft, RuleKind

_LONGEST = 200
"""Characters; a longer rule is not read."""
_SYMPTOM = re.compile(
    r"(?i)no module named '?(?P<module>[\w.]+)'?|(?P<program>[\w./-]+): (?:command )?not found"
    r"|command not found: (?P<name>[\w.-]+)|missing script: \"?(?P<script>[\w:-]+)\"?|no such file or directory"
)
"""What is repeated of a runner's words: that something is missing, where the thing is a word of the command itself."""
_KINDS = {
    FailureClass.WRONG_COMMAND: RuleKind.COMMAND,
    FailureClass.MISSING_SETUP: RuleKind.COMMAND,
    FailureClass.GENERATED_FILE: RuleKind.WORKFLOW,
    FailureClass.CHANGE_TOGETHER: RuleKind.WORKFLOW,
}
_SLOT = re.compile(r"[^\x00-\x1f\x7f`]+")

_Wording = tuple[str, tuple[LessonSupport, ...]]
"""What could be said, and who shows its half about what does not work; nobody where every support shows all of it."""


def draft_rule(cluster: Cluster) -> RuleDraft | None:
    """The rule a cluster suggests; None when its lesson teaches none or cannot be said in one short line."""
    for text, failing in _wordings(cluster):
        if len(text) <= _LONGEST:
            kind = _KINDS[cluster.failure_class]
            return RuleDraft(text=text, kind=kind, scope=None, cluster_id=cluster.cluster_id, failing=failing)
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


def _wordings(cluster: Cluster) -> Iterator[_Wording]:
    """What could be said, fullest first."""
    lesson = cluster.lesson
    if not _is_plain(lesson):
        return
    match cluster.failure_class:
        case FailureClass.WRONG_COMMAND:
            yield from _command(cluster)
        case FailureClass.MISSING_SETUP:
            yield from ((text, ()) for text in _setup(cluster))
        case FailureClass.GENERATED_FILE:
            yield from ((text, ()) for text in _generated(lesson))
        case FailureClass.CHANGE_TOGETHER:
            yield from ((text, ()) for text in _together(lesson))
        case _:
            # What only a model can tell has no slots to put into a template.
            return


def _command(cluster: Cluster) -> Iterator[_Wording]:
    lesson = cluster.lesson
    if lesson.working_command is None:
        return
    works = f"Run the checks with {_place(lesson.working_command)}"
    if lesson.failing_command is not None:
        yield from _failing_half(cluster, works)
    yield f"{works}.", ()


def _failing_half(cluster: Cluster, works: str) -> Iterator[_Wording]:
    """What works, with what does not as far as it is shown."""
    working, failing = cluster.lesson.working_command or "", cluster.lesson.failing_command or ""
    if without_folder(working)[1] is not None:
        if _is_same_command(working, failing):
            elsewhere = shown_failing_elsewhere(cluster)
            yield from [(f"{works}; the check fails otherwise.", elsewhere)] if elsewhere else []
            return
        if without_folder(failing)[1] is not None:
            return
    fails, because = f"{works}; {_place(failing)} does not work here", _reason(cluster.lesson)
    if because and (said := shown_failing(cluster, with_symptom=True)):
        yield f"{fails}{because}.", said
    if found := shown_failing(cluster):
        yield f"{fails}.", found


def _is_same_command(one: str, other: str) -> bool:
    """Whether two commands are one, run in two places."""
    return bare_stem(parse_command(without_folder(one)[0])) == bare_stem(parse_command(without_folder(other)[0]))


def _setup(cluster: Cluster) -> Iterator[str]:
    lesson = cluster.lesson
    if lesson.working_command is None or lesson.failing_command is None:
        return
    setup, check = _place(lesson.working_command), _place(lesson.failing_command)
    text = f"Run {setup} before {check}; the check fails otherwise"
    if shown_failing(cluster, with_symptom=True):
        yield f"{text}{_reason(lesson)}."
    yield f"{text}."


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
