"""What the Tasks of one lesson agree on, slot by slot: what enough of them say, else nothing."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from sidecar.command_line import agreed_command, bare_stem, is_within, parse_command
from sidecar.domain import LessonSupport, TaskId, persons_of

_Slot = TypeVar("_Slot", str | None, tuple[str, ...])

_WILD = re.compile(r"[*?\[]")


def agreed_scope(pairs: Sequence[tuple[TaskId, str | None]], least: int) -> str | None:
    """The scope that enough Tasks share, else the folder that enough of them lie in."""
    exact = agreed_slot(pairs, least)
    if exact is not None:
        return exact
    folders = [(task, f"{scope.rpartition('/')[0]}/**") for task, scope in pairs if scope and "/" in scope]
    return agreed_slot([(task, folder) for task, folder in folders if not _WILD.search(folder[:-2])], least)


def agreed_lesson_command(told: Sequence[tuple[LessonSupport, str | None]], least: int) -> str | None:
    """What most Tasks share; where one Person alone ran that, what Persons share, if as many Tasks ran it."""
    agreed = _shared_command([(one.task, text) for one, text in told], least)
    if agreed is None or len(persons_of(with_command(agreed, told))) > 1:
        return agreed
    by_person = [(one.person or "", text) for one, text in told if one.is_attended and text is not None]
    shared = agreed_command(by_person)
    if shared is None or len({one.task for one in with_command(shared, told)}) < least:
        return agreed
    return shared


def _shared_command(pairs: Iterable[tuple[TaskId, str | None]], least: int) -> str | None:
    """What most Tasks share; else what they share among the commands that are named alike."""
    told = [(str(task), text) for task, text in pairs if text is not None]
    agreed = agreed_command(told, least=least)
    if agreed is not None:
        return agreed
    alike: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for task, text in told:
        alike.setdefault(bare_stem(parse_command(text)), []).append((task, text))
    found = sorted(alike.values(), key=lambda group: -len({task for task, _ in group}))
    if not found or len({task for task, _ in found[0]}) < least:
        return None
    return agreed_command(found[0], least=least)


def agreed_slot(pairs: Iterable[tuple[TaskId, _Slot]], least: int) -> _Slot | None:
    """The value that most Tasks share; None when fewer than `least` share any."""
    counts = Counter(value for _, value in dict.fromkeys(pairs) if value)
    value, count = max(counts.items(), key=lambda item: item[1], default=(None, 0))
    return value if count >= least else None


def with_command(command: str, told: Iterable[tuple[LessonSupport, str | None]]) -> list[LessonSupport]:
    """The supports that told of this command, or of it with more arguments."""
    argv = parse_command(command)
    return [one for one, text in told if text is not None and is_within(argv, parse_command(text))]
