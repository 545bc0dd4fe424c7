"""What of a lesson that a model told is compared with others: its words, its proof, what the runner said, and where.

Each part counts by how rare it is among all that were told. What every explanation says, the one line that a runner
prints for any failure, or the one folder of a small repository therefore tell nothing and join nothing. Of a few
sessions every word is rare: so a runner's closing line never counts, and what else it said counts as far as the lessons
that it stands under have something else in common.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt
from typing import cast

from sidecar.agglomerate import Vector, total
from sidecar.closing_lines import says_only_that_it_failed, without_closing_lines
from sidecar.domain import Lesson, LessonSupport, TaskId
from sidecar.likeness import key_words

_WEIGHTS = {"suggested": 1.5, "explained": 0.5, "quoted": 1.0, "symptom": 1.0, "file": 1.0, "folder": 0.3}
"""Squares of the parts' lengths. Chosen on two made worlds of 20 lessons, each also with parts taken away or made the
same for all (2026-11-26): half of a part, or half as much again, changes what is found by a tenth of a lesson."""
_SHOWN = ("quoted", "symptom", "file", "folder")
"""Parts that the session shows, whatever a model makes of it."""
_SAID = ("quoted", "symptom")
"""Parts that are a program's words, which differing lessons may share."""
_AGREED = 0.1
"""Likeness of a lesson to the others in all else from which what a program said under each of them counts in full."""
_FEWEST = 10
"""How many sessions a part is at least counted among: of a few, all may well say the same rare thing."""
_ENOUGH = 0.4
"""Length of what is shown, before it is made one, from which it tells enough."""
_MOST_FILES = 3
_VALUES = re.compile(r"#(?:, #)+")
"""Lists of values, which differ in length as they do in value."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One support with what is compared of it."""

    support: LessonSupport
    folder: str
    """Empty where it is not known."""
    symptom: str
    """The runner's line without its values; empty where it is not known."""
    whole: Vector
    shown: Vector
    """Of what the session shows alone."""
    is_shown: bool
    """Whether that tells enough to compare by."""


def told_features(supports: Sequence[LessonSupport]) -> list[Told]:
    """What is compared of each support, in the order given."""
    parts = [_parts(support) for support in supports]
    counts = {name: Counter(word for one in parts for word in one[name]) for name in _WEIGHTS}
    most = log(max(len(supports), _FEWEST) + 1)
    weighed = [_weighed(one, counts, most) for one in parts]
    telling = _telling([support.task for support in supports], weighed)
    return [_told(support, one, telling) for support, one in zip(supports, weighed, strict=True)]


def folder_of(lesson: Lesson) -> str:
    """The folder that a lesson's signature holds; empty where it holds none."""
    return _slot(lesson, "scope")


def symptom_of(lesson: Lesson) -> str:
    """What a runner said, without values, as a lesson's signature holds it; empty where it only said that it failed."""
    said = _slot(lesson, "symptom")
    return "" if says_only_that_it_failed(said) else _VALUES.sub("#", said)


@lru_cache(maxsize=4096)
def signature_slots(signature: str) -> Mapping[str, object]:
    """A signature's slots; empty for one that is no JSON object."""
    try:
        decoded: object = json.loads(signature)
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, object]", decoded) if isinstance(decoded, dict) else {}


def _slot(lesson: Lesson, name: str) -> str:
    value = signature_slots(lesson.signature).get(name)
    return value if isinstance(value, str) else ""


def _parts(support: LessonSupport) -> dict[str, frozenset[str]]:
    lesson = support.lesson
    quoted = [one.text for one in lesson.quotes if not lesson.symptom or lesson.symptom not in one.text]
    return {
        "suggested": key_words(lesson.rule_candidate or ""),
        "explained": key_words(support.explanation),
        "quoted": key_words(_HUMP.sub(" ", without_closing_lines("\n".join(quoted)))),
        "symptom": _one(symptom_of(lesson)),
        "file": frozenset(lesson.paths[:_MOST_FILES]),
        "folder": _one(folder_of(lesson)),
    }


def _one(text: str) -> frozenset[str]:
    return frozenset({text} if text else ())


def _weighed(parts: Mapping[str, frozenset[str]], counts: Mapping[str, Counter[str]], most: float) -> Vector:
    """Each word by its rarity, each part as long as it may be."""
    weighed: dict[tuple[str, str], float] = {}
    for name, words in parts.items():
        rarity = {word: most - log(counts[name][word]) for word in words}
        # a part of common words alone stays short: to be alike in it tells little
        length = max(_length(rarity.values()), most)
        for word in sorted(rarity):
            weighed[name, word] = rarity[word] / length * sqrt(_WEIGHTS[name])
    return weighed


def _telling(tasks: Sequence[TaskId], weighed: Sequence[Vector]) -> dict[tuple[str, str], float]:
    """How far a program's word counts, 0 to 1, where several tasks saw it: as their lessons agree in all else."""
    seen: dict[tuple[str, str], dict[TaskId, Vector]] = {}
    for task, one in zip(tasks, weighed, strict=True):
        borne_by = _of_length_one({key: weight for key, weight in one.items() if key[0] not in _SAID})
        for key in one:
            if key[0] in _SAID:
                seen.setdefault(key, {})[task] = borne_by
    return {key: min(1.0, _agreement(list(by.values())) / _AGREED) for key, by in seen.items() if len(by) > 1}


def _agreement(vectors: Sequence[Vector]) -> float:
    """What one is alike to all others together, on average.

    Not the mean over the pairs: of many explanations some are mistaken, and a mistake takes nothing from the proof.
    """
    own = sum(weight * weight for vector in vectors for weight in vector.values())
    every = sum(weight * weight for weight in total(vectors).values())
    return max(0.0, every - own) / len(vectors)


def _told(support: LessonSupport, weighed: Vector, telling: Mapping[tuple[str, str], float]) -> Told:
    counted = {key: weight * telling.get(key, 1.0) for key, weight in weighed.items()}
    shown = {key: weight for key, weight in counted.items() if key[0] in _SHOWN}
    return Told(
        support=support,
        folder=folder_of(support.lesson),
        symptom=symptom_of(support.lesson),
        whole=_of_length_one(counted),
        shown=_of_length_one(shown),
        is_shown=_length(shown.values()) >= _ENOUGH,
    )


def _of_length_one(vector: Vector) -> Vector:
    length = _length(vector.values())
    return {key: weight / length for key, weight in vector.items()} if length else {}


def _length(weights: Iterable[float]) -> float:
    return sqrt(sum(weight * weight for weight in weights))
