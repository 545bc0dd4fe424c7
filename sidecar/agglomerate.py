"""Puts alike things together: first the two groups whose members are most alike on average, until none are enough.

Average linkage. A chain of neighbours does not pull two groups together, as it does where one alike pair is enough.
"""

from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush

Vector = Mapping[tuple[str, str], float]
"""Of length one, or empty: kind and word of what is compared, and its weight."""

_BLOCK = 500
"""Groups that are compared each with each; more are first put together in parts, so that time grows linearly."""


def alike_groups(vectors: Sequence[Vector], least: float) -> list[list[int]]:
    """Positions of the vectors, put together where the mean product over all pairs of two groups is `least` or more.

    Deterministic for one order of the vectors.
    """
    groups = [[number] for number in range(len(vectors))]
    while True:
        parts = [groups[start : start + _BLOCK] for start in range(0, len(groups), _BLOCK)]
        joined = [group for part in parts for group in _joined(part, vectors, least)]
        if len(parts) <= 1 or len(joined) == len(groups):
            return joined
        groups = joined


def product(one: Vector, other: Vector) -> float:
    """Sum of what two vectors share; the cosine, where both have length one."""
    shorter, longer = sorted((one, other), key=len)
    return sum(weight * longer[key] for key, weight in shorter.items() if key in longer)


def total(vectors: Sequence[Vector]) -> Vector:
    """Their sum; its product with a vector is the sum of the products."""
    summed: dict[tuple[str, str], float] = {}
    for vector in vectors:
        for key, weight in vector.items():
            summed[key] = summed.get(key, 0.0) + weight
    return summed


def _joined(parts: Sequence[list[int]], vectors: Sequence[Vector], least: float) -> list[list[int]]:
    groups = dict(enumerate(list(part) for part in parts))
    totals = [total([vectors[number] for number in part]) for part in parts]
    near = _products(totals)
    heap = [_entry(one, other, value, groups) for one in near for other, value in near[one].items() if one < other]
    heapify(heap)
    while heap:
        mean, one, other, sizes = heappop(heap)
        if -mean < least:
            break
        if one not in groups or other not in groups or sizes != (len(groups[one]), len(groups[other])):
            continue
        groups[one] += groups.pop(other)
        for third, value in near.pop(other).items():
            near[third].pop(other)
            if third != one:
                near[one][third] = near[third][one] = near[one].get(third, 0.0) + value
        for third, value in near[one].items():
            heappush(heap, _entry(min(one, third), max(one, third), value, groups))
    return list(groups.values())


def _products(vectors: Sequence[Vector]) -> dict[int, dict[int, float]]:
    """Of each pair that shares anything."""
    near: dict[int, dict[int, float]] = {number: {} for number in range(len(vectors))}
    for one, vector in enumerate(vectors):
        for other in range(one + 1, len(vectors)):
            value = product(vector, vectors[other])
            if value > 0:
                near[one][other] = near[other][one] = value
    return near


def _entry(
    one: int, other: int, value: float, groups: Mapping[int, list[int]]
) -> tuple[float, int, int, tuple[int, int]]:
    sizes = len(groups[one]), len(groups[other])
    return -value / (sizes[0] * sizes[1]), one, other, sizes
