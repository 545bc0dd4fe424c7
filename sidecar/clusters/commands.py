"""Commands that failed and worked: what was only mistyped is left out, what only narrows a wider one joins it."""

from collections.abc import Mapping, Sequence

from sidecar.command_line import bare_stem, is_slip, longer_by, parse_command
from sidecar.domain import FailureClass, LessonSupport, TaskId


def without_slips(supports: Sequence[LessonSupport]) -> list[LessonSupport]:
    """The supports without commands that were only mistyped; what several tasks typed was no slip."""
    tasks: dict[str, set[TaskId]] = {}
    for support in supports:
        tasks.setdefault(_failing(support) or "", set()).add(support.task)
    return [one for one in supports if len(tasks[_failing(one) or ""]) > 1 or not _is_slip(one)]


def _failing(support: LessonSupport) -> str | None:
    lesson = support.lesson
    is_wrong = lesson.failure_class is FailureClass.WRONG_COMMAND
    return lesson.failing_command if is_wrong else None


def _is_slip(support: LessonSupport) -> bool:
    failing, working = _failing(support), support.lesson.working_command
    return failing is not None and working is not None and is_slip(parse_command(failing), parse_command(working))


def join_narrowed(groups: dict[str, list[LessonSupport]]) -> None:
    """Join the supports of a command to those of a wider one that answered the same failing command; in no order.

    Whether a word names a command or only narrows it cannot be told from one session: of `it check` and
    `it check prices`, run after the same thing had failed, the first is what both tasks share.
    """
    answers: dict[tuple[str, ...], list[str]] = {}
    for signature, group in groups.items():
        for failing in {bare_stem(parse_command(text)) for one in group if (text := _failing(one)) is not None}:
            answers.setdefault(failing, []).append(signature)
    working = {
        one: [parse_command(told.lesson.working_command or "") for told in group] for one, group in groups.items()
    }
    joined: dict[str, str] = {}
    for signatures in answers.values():
        for narrow, wider in _wider_ones({one: working[one] for one in signatures}).items():
            joined[narrow] = min(joined.get(narrow, wider[0]), *wider, key=lambda one: (len(one), one))
    for narrow in sorted(joined, key=lambda one: (-len(one), one)):
        groups[joined[narrow]] += groups.pop(narrow)


def _wider_ones(working: Mapping[str, Sequence[tuple[str, ...]]]) -> dict[str, list[str]]:
    """By signature those others of which every command of its group is one with more words; none is left out."""
    wider: dict[str, set[str]] = {}
    ran = {argv for commands in working.values() for argv in commands}
    longer = longer_by(ran)
    shorter: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for argv in ran:
        for other in longer(argv):
            if other != argv:
                shorter.setdefault(other, set()).add(argv)
    signatures: dict[tuple[str, ...], set[str]] = {}
    for signature, commands in working.items():
        for argv in commands:
            signatures.setdefault(argv, set()).add(signature)
    for narrow, commands in working.items():
        every = [set[str]().union(*(signatures[one] for one in shorter.get(argv, ()))) for argv in set(commands)]
        wider[narrow] = every[0].intersection(*every) - {narrow}
    return {narrow: sorted(found) for narrow, found in wider.items() if found}
