"""Which lessons that a model told in its own words are one lesson.

A model words one failure in many ways and calls it by several classes, and one runner's line ("assert # == #") covers
many. So everything told and shown is compared at once. Then the places are heard: a session whose proof stands with
another lesson's was explained mistakenly, and counts there. What is left over goes where its proof stands.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence

from sidecar.agglomerate import Vector, alike_groups, product, total
from sidecar.domain import Cluster, FailureClass, Lesson, LessonSupport, TaskId
from sidecar.likeness import key_words
from sidecar.told_features import Told, folder_of, signature_slots, symptom_of, told_features

_ALIKE = 0.2
"""Mean likeness of two groups' members from which they are one lesson."""
_MORE_ALIKE = 0.3
"""By how much what a session shows must be more like another group than its own to be counted there."""
_LEFT_OVER = 0.4
"""Likeness of what is shown from which a session that taught nothing with others joins a group."""
_MOST_NAMING_WORDS = 4
_FEW = 2
"""Tasks from which a lesson can be one."""
_SLOT_CLASSES = frozenset({FailureClass.CHANGE_TOGETHER, FailureClass.GENERATED_FILE})
"""Classes whose lessons may have no failing command and still be all slots."""

_Group = list[Told]


def is_told(lesson: Lesson) -> bool:
    """Whether a lesson is in a model's own words; of the others the slots say all there is."""
    if lesson.rule_candidate is not None:
        return True
    has_command = lesson.working_command is not None or lesson.failing_command is not None
    # one that a model explained without suggesting anything
    return (
        not has_command and lesson.failure_class not in _SLOT_CLASSES and "symptom" in signature_slots(lesson.signature)
    )


def is_told_cluster(cluster: Cluster) -> bool:
    """Whether a cluster's lesson was put together by words."""
    return any(is_told(support.lesson) for support in cluster.supports)


def joined_by_words(supports: Sequence[LessonSupport]) -> dict[str, list[LessonSupport]]:
    """Told lessons by a signature that stands for each group.

    Args:
        supports: Of told lessons; the groups do not depend on their order.
    """
    told = told_features(sorted(supports, key=_order))
    groups = [[told[number] for number in group] for group in alike_groups([one.whole for one in told], _ALIKE)]
    return _named(_gathered(_heard(groups)))


def is_at_one_place(supports: Sequence[LessonSupport], least: int) -> bool:
    """Whether so many tasks share a folder, or what the runner said; a lesson of many places needs more tasks."""
    folders = Counter(folder for folder, _ in {(folder_of(one.lesson), one.task) for one in supports} if folder)
    symptoms = Counter(said for said, _ in {(symptom_of(one.lesson), one.task) for one in supports} if said)
    # where nobody knows a place, nothing says that it is several
    return max((*folders.values(), *symptoms.values()), default=least) >= least


def _heard(groups: Sequence[_Group]) -> list[_Group]:
    """The groups after each session went where what it shows is explained.

    One mistaken explanation in five is common, and mistakes resemble each other: the same wrong cause, named in many
    places, would make a lesson of its own.
    """
    totals = [total([one.shown for one in group]) for group in groups]
    tasks = [_tasks(group) for group in groups]
    moved: list[_Group] = [[] for _ in groups]
    for number, group in enumerate(groups):
        for one in group:
            others = [
                (product(one.shown, totals[other]) / len(groups[other]), -other)
                for other in range(len(groups))
                if other != number and len(tasks[other]) >= _FEW
            ]
            nearest, place = max(others, default=(0.0, -number))
            is_elsewhere = one.is_shown and nearest > _nearness_to_own(one, group) + _MORE_ALIKE
            moved[-place if is_elsewhere else number].append(one)
    return [group for group in moved if group]


def _nearness_to_own(one: Told, group: _Group) -> float:
    """How like what a session shows is to the other tasks of its group; nothing where there is none."""
    others = [other.shown for other in group if other.support.task != one.support.task]
    return _nearness(one.shown, others)


def _nearness(vector: Vector, others: Sequence[Vector]) -> float:
    return sum(product(vector, other) for other in others) / len(others) if others else 0.0


def _gathered(groups: Sequence[_Group]) -> list[_Group]:
    """What too few told joins the group whose sessions show the same; what shows the same as others is a group, too."""
    strong = [group for group in groups if _is_strong(group)]
    totals = [total([one.shown for one in group]) for group in strong]
    single = [(one, number) for number, group in enumerate(groups) if not _is_strong(group) for one in group]
    joining: list[tuple[_Group, Told]] = []
    alone: list[Told] = []
    vectors: list[Vector] = []
    for one, own in single:
        near = [(product(one.shown, totals[number]) / len(group), -number) for number, group in enumerate(strong)]
        best, place = max(near, default=(0.0, 0))
        if one.is_shown and best >= _LEFT_OVER:
            joining.append((strong[-place], one))
        else:
            alone.append(one)
            # a task that was tried again stays with itself, though nothing is shown of it
            vectors.append(one.shown if one.is_shown else {("task", f"{own} {one.support.task}"): 1.0})
    for group, one in joining:
        group.append(one)
    fresh = alike_groups(vectors, _LEFT_OVER)
    return [*strong, *([alone[number] for number in group] for group in fresh)]


def _is_strong(group: _Group) -> bool:
    """Whether a group could stand for itself: two tasks at one place, or three anywhere."""
    tasks = len(_tasks(group))
    return tasks > _FEW or (tasks == _FEW and is_at_one_place([one.support for one in group], _FEW))


def _tasks(group: _Group) -> frozenset[TaskId]:
    return frozenset(one.support.task for one in group)


def _named(groups: Iterable[_Group]) -> dict[str, list[LessonSupport]]:
    """Each group under the signature that most of its tasks gave; of two groups with one, the smaller adds words."""
    named: dict[str, list[LessonSupport]] = {}
    for group in sorted(groups, key=lambda one: (-len(_tasks(one)), min(_order(told.support) for told in one))):
        supports = [one.support for one in group]
        told = Counter(signature for signature, _ in {(one.lesson.signature, one.task) for one in supports})
        signature = min(told, key=lambda one: (-told[one], one))
        if signature in named:
            signature = _with_words(signature, supports)
        named.setdefault(signature, []).extend(supports)
    return named


def _with_words(signature: str, supports: Iterable[LessonSupport]) -> str:
    """The signature with the words that most of the suggestions have."""
    counts = Counter(word for one in supports for word in key_words(one.lesson.rule_candidate or ""))
    words = sorted(counts, key=lambda word: (-counts[word], word))[:_MOST_NAMING_WORDS]
    slots = {**signature_slots(signature), "says": " ".join(sorted(words))}
    return json.dumps(slots, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _order(support: LessonSupport) -> tuple[str, ...]:
    session, lesson = support.session, support.lesson
    return (session.session_id, session.agent, session.team, lesson.signature, lesson.rule_candidate or "")
