"""Gathers lessons of many sessions: equal ones become one Cluster, supported by the Tasks that taught it.

Lessons of slots are equal by their signature; those that a model told in its own words by what `told_lessons` makes of
them.

Support counts Tasks and Persons, never sessions: retries of one task say nothing new, and one person's habits are not
the team's.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from sidecar.command_line import agreed_command, bare_stem, is_slip, is_within, longer_by, parse_command, without_folder
from sidecar.domain import (
    Cluster,
    ClusterId,
    FailureClass,
    LessonSupport,
    PersonId,
    ProjectId,
    TaskId,
    persons_of,
)
from sidecar.told_lessons import is_at_one_place, is_told, joined_by_words

_Slot = TypeVar("_Slot", str | None, tuple[str, ...])

_WILD = re.compile(r"[*?\[]")


def clusters(project: ProjectId, supports: Iterable[LessonSupport], *, min_tasks: int = 2) -> list[Cluster]:
    """The lessons that enough distinct Tasks teach, most supported first, then by signature.

    Whatever a lesson says beyond its signature is said by that many Tasks too, or left out; the order of the supports
    does not matter.
    """
    ordered = sorted(supports, key=_order)
    groups: dict[str, list[LessonSupport]] = {}
    for support in _without_slips([one for one in ordered if not is_told(one.lesson)]):
        groups.setdefault(support.lesson.signature, []).append(support)
    _join_narrowed(groups)
    for signature, told in joined_by_words([one for one in ordered if is_told(one.lesson)]).items():
        groups.setdefault(signature, []).extend(sorted(told, key=_order))
    found = [_cluster(project, signature, group, min_tasks) for signature, group in groups.items()]
    enough = [cluster for cluster in found if cluster is not None]
    return sorted(enough, key=lambda cluster: (-len(cluster.tasks), cluster.signature))


def cluster_id_of(project: ProjectId, failure_class: FailureClass | None, signature: str) -> ClusterId:
    """The id of the lessons of one kind that have one signature; the same in every run."""
    identity = json.dumps([project, str(failure_class), signature], ensure_ascii=False)
    return ClusterId(hashlib.sha256(identity.encode()).hexdigest()[:16])


def marked_by_person(found: Iterable[Cluster], known: Collection[PersonId | None]) -> list[Cluster]:
    """The clusters, marked where one Person has made them alone and more are known; unknown people count as one.

    Sessions that nobody attended add no Person, so a machine that runs the agent under another name is nobody's second.

    However many sessions and Tasks one person has, they do not make the others' rules: nor does what one of several
    adds to the command that they share. Who works alone learns alone.

    Args:
        known: Persons of the project's attended sessions; None for unknown ones.
    """
    if len({person for person in known if person is not None}) < 2:
        return list(found)
    return [replace(one, is_of_one_person=_is_of_one_person(one)) for one in found]


def attested_commands(found: Iterable[Cluster], *, min_tasks: int = 2) -> frozenset[str]:
    """Commands that were seen to do their work in enough distinct Tasks, as text."""
    attested: set[str] = set()
    for cluster in found:
        is_enough = len(cluster.tasks) >= min_tasks and not cluster.is_of_one_person
        if is_enough and cluster.lesson.working_command is not None:
            attested.add(cluster.lesson.working_command)
            # The check itself ran as well, once it had been set up.
            if cluster.failure_class is FailureClass.MISSING_SETUP and cluster.lesson.failing_command is not None:
                attested.add(cluster.lesson.failing_command)
    # A rule names the folder beside the command that was run in it.
    return frozenset(attested | {without_folder(command)[0] for command in attested})


def _is_of_one_person(cluster: Cluster) -> bool:
    """Whether one Person alone teaches a lesson, or ran a command that it says works."""
    lesson = cluster.lesson
    supports = (*cluster.supports, *cluster.further)
    ran = [(lesson.working_command, [(one, one.lesson.working_command) for one in supports])]
    if cluster.failure_class is FailureClass.MISSING_SETUP:
        ran.append((lesson.failing_command, [(one, one.lesson.failing_command) for one in supports]))
    return len(cluster.persons) < 2 or any(
        command is not None and len(persons_of(_with_command(command, told))) < 2 for command, told in ran
    )


def _with_command(command: str, told: Iterable[tuple[LessonSupport, str | None]]) -> list[LessonSupport]:
    """The supports that told of this command, or of it with more arguments."""
    argv = parse_command(command)
    return [one for one, text in told if text is not None and is_within(argv, parse_command(text))]


def _without_slips(supports: Sequence[LessonSupport]) -> list[LessonSupport]:
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


def _join_narrowed(groups: dict[str, list[LessonSupport]]) -> None:
    """Join the supports of a command to those of a wider one that answered the same failing command.

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
    for group in groups.values():
        group.sort(key=_order)


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


def _cluster(project: ProjectId, signature: str, group: Sequence[LessonSupport], min_tasks: int) -> Cluster | None:
    """The cluster of a signature; None without enough Tasks, or when they agree on no command."""
    tasks = len({support.task for support in group})
    # what holds for the whole repository needs one task more
    is_spread = any(is_told(one.lesson) for one in group) and not is_at_one_place(group, min_tasks)
    if tasks < min_tasks + is_spread:
        return None
    first = group[0].lesson
    working = _agreed_command([(one, one.lesson.working_command) for one in group], min_tasks)
    failing = _agreed_command([(one, one.lesson.failing_command) for one in group], min_tasks)
    if first.working_command is not None and (working is None or working == failing):
        return None
    lesson = replace(
        first,
        failure_class=_most_common_class(group),
        signature=signature,
        working_command=working,
        failing_command=failing,
        paths=_agreed([(one.task, one.lesson.paths) for one in group], min_tasks) or first.paths[:1],
        symptom=_agreed([(one.task, one.lesson.symptom) for one in group], min_tasks),
        scope=_agreed_scope([(one.task, one.lesson.scope) for one in group], min_tasks),
        rule_candidate=_agreed([(one.task, one.lesson.rule_candidate) for one in group], min_tasks),
    )
    first_of = {support.session: support for support in reversed(group)}
    return Cluster(
        cluster_id=cluster_id_of(project, lesson.failure_class, signature),
        project=project,
        failure_class=lesson.failure_class,
        signature=signature,
        lesson=lesson,
        supports=tuple(first_of.values())[::-1],
        further=tuple(support for support in group if support is not first_of[support.session]),
    )


def _most_common_class(group: Sequence[LessonSupport]) -> FailureClass:
    """What most Tasks say; the signature holds it where all say one."""
    counts = Counter(name for name, _ in {(one.lesson.failure_class, one.task) for one in group})
    return min(counts, key=lambda name: (-counts[name], name))


def _agreed_scope(pairs: Sequence[tuple[TaskId, str | None]], least: int) -> str | None:
    """The scope that enough Tasks share, else the folder that enough of them lie in."""
    exact = _agreed(pairs, least)
    if exact is not None:
        return exact
    folders = [(task, f"{scope.rpartition('/')[0]}/**") for task, scope in pairs if scope and "/" in scope]
    return _agreed([(task, folder) for task, folder in folders if not _WILD.search(folder[:-2])], least)


def _agreed_command(told: Sequence[tuple[LessonSupport, str | None]], least: int) -> str | None:
    """What most Tasks share; where one Person alone ran that, what Persons share, if as many Tasks ran it."""
    agreed = _shared_command([(one.task, text) for one, text in told], least)
    if agreed is None or len(persons_of(_with_command(agreed, told))) > 1:
        return agreed
    by_person = [(one.person or "", text) for one, text in told if one.is_attended and text is not None]
    shared = agreed_command(by_person)
    if shared is None or len({one.task for one in _with_command(shared, told)}) < least:
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


def _agreed(pairs: Iterable[tuple[TaskId, _Slot]], least: int) -> _Slot | None:
    """The value that most Tasks share; None when fewer than `least` share any."""
    counts = Counter(value for _, value in dict.fromkeys(pairs) if value)
    value, count = max(counts.items(), key=lambda item: item[1], default=(None, 0))
    return value if count >= least else None


def _order(support: LessonSupport) -> tuple[str, ...]:
    session, lesson = support.session, support.lesson
    slots = (lesson.working_command or "", lesson.failing_command or "", *lesson.paths, lesson.symptom or "")
    return (session.session_id, session.agent, session.team, *slots)
