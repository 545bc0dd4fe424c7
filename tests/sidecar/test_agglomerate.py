"""Putting alike things together: by the mean of all pairs, each thing once, as many as there are."""

from itertools import combinations
from math import sqrt

from hypothesis import given
from hypothesis import strategies as st

from sidecar.agglomerate import Vector, alike_groups, product


def vector(*words: str) -> Vector:
    return {("word", word): 1 / sqrt(len(words)) for word in words}


def test_a_chain_of_neighbours_is_no_group() -> None:
    chain = [vector("a", "b"), vector("b", "c"), vector("c", "d")]

    assert sorted(map(sorted, alike_groups(chain, 0.4))) == [[0, 1], [2]]


def test_more_than_are_compared_at_once_come_together() -> None:
    words = "abc"
    vectors = [vector(words[number % 3]) for number in range(1201)]

    groups = alike_groups(vectors, 0.9)

    assert sorted(map(len, groups)) == [400, 400, 401]
    assert {len({number % 3 for number in group}) for group in groups} == {1}


@given(st.lists(st.lists(st.sampled_from("abcdef"), unique=True, max_size=4), max_size=12), st.floats(0.05, 1.0))
def test_groups_are_alike_enough_and_no_two_of_them_are(words: list[list[str]], least: float) -> None:
    vectors = [vector(*some) for some in words]

    groups = alike_groups(vectors, least)

    assert sorted(number for group in groups for number in group) == list(range(len(vectors)))
    for one, other in combinations(groups, 2):
        mean = sum(product(vectors[a], vectors[b]) for a in one for b in other) / (len(one) * len(other))
        assert mean < least + 1e-9
