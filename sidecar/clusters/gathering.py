"""Gathers lessons of many sessions: equal ones become one Cluster, supported by the Tasks that taught it.

Lessons of slots are equal by their signature; those that a model told in its own words by what `told_lessons` makes of
them.

Support counts Tasks and Persons, never sessions: retries of one task say nothing new, and one person's habits are not
the team's.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sidecar.clusters.agreeing import agreed_lesson_command, agreed_scope, agreed_slot
from sidecar.clusters.commands import join_narrowed, without_slips
from sidecar.domain import Cluster, ClusterId, FailureClass, LessonSupport, ProjectId
from sidecar.told_lessons import is_at_one_place, is_told, joined_by_words


def clusters(project: ProjectId, supports: Iterable[LessonSupport], *, min_tasks: int = 2) -> list[Cluster]:
    """The lessons that enough distinct Tasks teach, most supported first, then by signature.

    Whatever a lesson says beyond its signature is said by that many Tasks too, or left out; the order of the supports
    does not matter.
    """
    ordered = sorted(supports, key=_order)
    groups: dict[str, list[LessonSupport]] = {}
    for support in without_slips([one for one in ordered if not is_told(one.lesson)]):
        groups.setdefault(support.lesson.signature, []).append(support)
    join_narrowed(groups)
    for group in groups.values():
        group.sort(key=_order)
    for signature, told in joined_by_words([one for one in ordered if is_told(one.lesson)]).items():
        groups.setdefault(signature, []).extend(sorted(told, key=_order))
    found = [_cluster(project, signature, group, min_tasks) for signature, group in groups.items()]
    enough = [cluster for cluster in found if cluster is not None]
    return sorted(enough, key=lambda cluster: (-len(cluster.tasks), cluster.signature))


def cluster_id_of(project: ProjectId, failure_class: FailureClass | None, signature: str) -> ClusterId:
    """The id of the lessons of one kind that have one signature; the same in every run."""
    identity = json.dumps([project, str(failure_class), signature], ensure_ascii=False)
    return ClusterId(hashlib.sha256(identity.encode()).hexdigest()[:16])


def _cluster(project: ProjectId, signature: str, group: Sequence[LessonSupport], min_tasks: int) -> Cluster | None:
    """The cluster of a signature; None without enough Tasks, or when they agree on no command."""
    tasks = len({support.task for support in group})
    # what holds for the whole repository needs one task more
    is_spread = any(is_told(one.lesson) for one in group) and not is_at_one_place(group, min_tasks)
    if tasks < min_tasks + is_spread:
        return None
    first = group[0].lesson
    working = agreed_lesson_command([(one, one.lesson.working_command) for one in group], min_tasks)
    failing = agreed_lesson_command([(one, one.lesson.failing_command) for one in group], min_tasks)
    if first.working_command is not None and (working is None or working == failing):
        return None
    lesson = replace(
        first,
        failure_class=_most_common_class(group),
        signature=signature,
        working_command=working,
        failing_command=failing,
        paths=agreed_slot([(one.task, one.lesson.paths) for one in group], min_tasks) or first.paths[:1],
        symptom=agreed_slot([(one.task, one.lesson.symptom) for one in group], min_tasks),
        scope=agreed_scope([(one.task, one.lesson.scope) for one in group], min_tasks),
        rule_candidate=agreed_slot([(one.task, one.lesson.rule_candidate) for one in group], min_tasks),
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


def _order(support: LessonSupport) -> tuple[str, ...]:
    session, lesson = support.session, support.lesson
    slots = (lesson.working_command or "", lesson.failing_command or "", *lesson.paths, lesson.symptom or "")
    return (session.session_id, session.agent, session.team, *slots)
