"""Which lessons that a model told in its own words are one lesson.

A judge's signature holds what a runner said, the folder and the class it chose. Classes and folders differ between
explanations of one failure, and one runner's line ("assert # == #") covers many. So the words of the suggested rules
decide first, within one place; what is then left over goes where the same line was said at the same place.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import cast

from sidecar.domain import Cluster, FailureClass, Lesson, LessonSupport, TaskId
from sidecar.likeness import Weights, key_words, likeness, word_weights

_ALIKE = 0.45
"""Cosine of weighed words, with what is added below, from which two suggestions are taken for one."""
_LEFT_OVER = 0.35
"""Enough for a suggestion that only one task made."""
_PLACE = 0.12
"""Added for the same folder, taken off for another one."""
_SAYING = 0.06
"""Added where the runner said the same, and again where the class is the same."""
_MOST_NAMING_WORDS = 4
_VALUES = re.compile(r"#(?:, #)+")
"""Lists of values, which differ in length as they do in value."""
_FEW = 2
"""Tasks from which a lesson can be one."""
_SLOT_CLASSES = frozenset({FailureClass.CHANGE_TOGETHER, FailureClass.GENERATED_FILE})
"""Classes whose lessons may have no failing command and still be all slots."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """One support with what is compared of it."""

    support: LessonSupport
    words: frozenset[str]
    folder: str
    symptom: str


@dataclass(slots=True)
class _Group:
    """Supports that are taken for one lesson."""

    members: list[_Told] = field(default_factory=list[_Told])
    words: Counter[str] = field(default_factory=Counter[str])
    folders: set[str] = field(default_factory=set[str])
    symptoms: Counter[str] = field(default_factory=Counter[str])
    classes: set[FailureClass] = field(default_factory=set[FailureClass])

    @property
    def tasks(self) -> frozenset[TaskId]:
        return frozenset(one.support.task for one in self.members)

    def add(self, told: _Told) -> None:
        self.members.append(told)
        self.words.update(told.words)
        self.folders.add(told.folder)
        self.symptoms[told.symptom] += 1
        self.classes.add(told.support.lesson.failure_class)

    def common_words(self) -> frozenset[str]:
        """Words of a third of the suggestions at least; what one of many says in passing draws nothing in."""
        least = max(self.words.values(), default=0) / 3
        return frozenset(word for word, count in self.words.items() if count >= least)

    def is_at(self, folder: str) -> bool:
        return any(_is_one_place(folder, one) for one in self.folders)

    def mostly_says(self, symptom: str) -> bool:
        return bool(symptom) and self.symptoms[symptom] * 2 > len(self.members)


def is_told(lesson: Lesson) -> bool:
    """Whether a lesson is in a model's own words; of the others the slots say all there is."""
    if lesson.rule_candidate is not None:
        return True
    has_command = lesson.working_command is not None or lesson.failing_command is not None
    # one that a model explained without suggesting anything
    return not has_command and lesson.failure_class not in _SLOT_CLASSES and "symptom" in _decoded(lesson.signature)


def is_told_cluster(cluster: Cluster) -> bool:
    """Whether a cluster's lesson was put together by words."""
    return any(is_told(support.lesson) for support in cluster.supports)


def joined_by_words(supports: Sequence[LessonSupport]) -> dict[str, list[LessonSupport]]:
    """Told lessons by a signature that stands for each group.

    Args:
        supports: Of told lessons; the groups do not depend on their order.
    """
    told = [_told(support) for support in sorted(supports, key=_order)]
    weights = word_weights({one.words for one in told if one.words})
    groups: list[_Group] = []
    silent: list[_Told] = []
    for one in _most_told_first(told):
        if not one.words:
            silent.append(one)
            continue
        group = _most_alike(one, groups, weights, _ALIKE)
        if group is None:
            groups.append(group := _Group())
        group.add(one)
    return _named(_gathered(_without_outvoted(groups), silent, weights))


def is_at_one_place(supports: Sequence[LessonSupport], least: int) -> bool:
    """Whether so many tasks share a folder, or what the runner said; a lesson of many places needs more tasks."""
    told = [_told(support) for support in supports]
    folders = Counter(folder for folder, _ in {(one.folder, one.support.task) for one in told if one.folder})
    symptoms = Counter(symptom for symptom, _ in {(one.symptom, one.support.task) for one in told if one.symptom})
    # where nobody knows a place, nothing says that it is several
    return max((*folders.values(), *symptoms.values()), default=least) >= least


def _told(support: LessonSupport) -> _Told:
    slots = _decoded(support.lesson.signature)
    folder, symptom = slots.get("scope"), slots.get("symptom")
    return _Told(
        support=support,
        words=key_words(support.lesson.rule_candidate or ""),
        folder=folder if isinstance(folder, str) else "",
        symptom=_VALUES.sub("#", symptom) if isinstance(symptom, str) else "",
    )


def _without_outvoted(groups: Sequence[_Group]) -> list[_Group]:
    """The groups after each place was heard: of what one runner's line meant there, one task is outvoted by several.

    One mistaken explanation in five is common, and mistakes resemble each other: the same wrong cause, named in many
    places, would make a lesson of its own.
    """
    placed: dict[str, list[tuple[_Told, int]]] = {}
    for number, group in enumerate(groups):
        for one in group.members:
            placed.setdefault(one.symptom, []).append((one, number))
    moved = [_Group() for _ in groups]
    for number, group in enumerate(groups):
        for one in group.members:
            heard = [(other, to) for other, to in placed[one.symptom] if _is_one_place(one.folder, other.folder)]
            moved[_heard(number, heard, groups) if one.symptom else number].add(one)
    return [group for group in moved if group.members]


def _heard(own: int, heard: Sequence[tuple[_Told, int]], groups: Sequence[_Group]) -> int:
    """The group that a place speaks for; its own where that has several tasks there, or is the bigger one."""
    tasks: dict[int, set[TaskId]] = {}
    for one, number in heard:
        tasks.setdefault(number, set()).add(one.support.task)
    best = max(tasks, key=lambda number: (len(tasks[number]), len(groups[number].tasks), -number))
    is_outvoted = len(tasks[own]) == 1 < len(tasks[best]) and len(groups[best].tasks) >= len(groups[own].tasks)
    return best if is_outvoted else own


def _gathered(groups: Sequence[_Group], silent: Sequence[_Told], weights: Weights) -> list[_Group]:
    """What too few told, or told without suggesting anything, joins the group it stands nearest to."""
    strong = [group for group in groups if _is_strong(group)]
    single = [one for group in groups if not _is_strong(group) for one in group.members]
    fresh: list[_Group] = []
    joining: list[tuple[_Group, _Told]] = []
    for one in (*single, *silent):
        here = [group for group in strong if group.is_at(one.folder)]
        same = [group for group in here if group.mostly_says(one.symptom)]
        best = _most_alike(one, here, weights, _LEFT_OVER) or max(
            same, key=lambda group: (_score(one, group, weights), len(group.tasks)), default=None
        )
        if best is not None:
            joining.append((best, one))
            continue
        told_alike = (group for group in fresh if group.is_at(one.folder) and group.symptoms[one.symptom])
        near = next(told_alike, None) if one.symptom else _most_alike(one, fresh, weights, _ALIKE)
        if near is None:
            fresh.append(near := _Group())
        near.add(one)
    for group, one in joining:
        group.add(one)
    return [*strong, *fresh]


def _is_strong(group: _Group) -> bool:
    """Whether a group could stand for itself: two tasks at one place, or three anywhere."""
    tasks = len(group.tasks)
    return tasks > _FEW or (tasks == _FEW and is_at_one_place([one.support for one in group.members], _FEW))


def _most_alike(one: _Told, groups: Sequence[_Group], weights: Weights, least: float) -> _Group | None:
    scored = [(_score(one, group, weights), -number) for number, group in enumerate(groups)]
    best = max((score for score in scored if score[0] >= least), default=None)
    return None if best is None else groups[-best[1]]


def _score(one: _Told, group: _Group, weights: Weights) -> float:
    common = group.common_words()
    if not one.words & common:
        return 0.0
    place = _PLACE if group.is_at(one.folder) else -_PLACE
    saying = _SAYING if one.symptom and one.symptom in group.symptoms else 0.0
    classed = _SAYING if one.support.lesson.failure_class in group.classes else 0.0
    return likeness(one.words, common, weights) + place + saying + classed


def _is_one_place(one: str, other: str) -> bool:
    """Whether a folder is the other or lies in it; an unknown one may be any."""
    shorter, longer = sorted((one, other), key=len)
    return not shorter or longer == shorter or longer.startswith(f"{shorter}/")


def _named(groups: Iterable[_Group]) -> dict[str, list[LessonSupport]]:
    """Each group under the signature that most of its tasks gave; of two groups with one, the smaller adds words."""
    named: dict[str, list[LessonSupport]] = {}
    for group in sorted(groups, key=lambda one: (-len(one.tasks), min(_order(told.support) for told in one.members))):
        supports = [one.support for one in group.members]
        told = Counter(signature for signature, _ in {(one.lesson.signature, one.task) for one in supports})
        signature = min(told, key=lambda one: (-told[one], one))
        if signature in named:
            words = sorted(group.words, key=lambda word: (-group.words[word], word))[:_MOST_NAMING_WORDS]
            slots = {**_decoded(signature), "says": " ".join(sorted(words))}
            signature = json.dumps(slots, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        named.setdefault(signature, []).extend(supports)
    return named


def _most_told_first(told: Sequence[_Told]) -> list[_Told]:
    """Suggestions that many tasks make in the same words first: they are what others are compared to."""
    tasks: dict[frozenset[str], set[TaskId]] = {}
    for one in told:
        tasks.setdefault(one.words, set()).add(one.support.task)
    return sorted(told, key=lambda one: -len(tasks[one.words]))


@lru_cache(maxsize=4096)
def _decoded(signature: str) -> Mapping[str, object]:
    try:
        decoded: object = json.loads(signature)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, object]", decoded) if isinstance(decoded, dict) else {}


def _order(support: LessonSupport) -> tuple[str, ...]:
    session, lesson = support.session, support.lesson
    return (session.session_id, session.agent, session.team, lesson.signature, lesson.rule_candidate or "")
