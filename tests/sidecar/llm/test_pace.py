"""How long is waited: never less than told, growing, and never without end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.llm.pace import LONGEST_S, told_wait_s, wait_s

CHANCES = st.floats(min_value=0, max_value=1, exclude_max=True)


@given(attempt=st.integers(min_value=1, max_value=60), chance=CHANCES)
def test_our_own_waits_are_bounded_and_not_nothing(attempt: int, chance: float) -> None:
    assert 0.5 <= wait_s(attempt, None, chance) <= LONGEST_S


@given(attempt=st.integers(min_value=1, max_value=6), chance=CHANCES)
def test_our_own_waits_grow_whatever_chance_says(attempt: int, chance: float) -> None:
    assert wait_s(attempt, None, chance) <= wait_s(attempt + 1, None, chance)


@given(told_s=st.floats(min_value=0, max_value=1e6), attempt=st.integers(min_value=1, max_value=9), chance=CHANCES)
def test_a_told_wait_is_never_undercut(told_s: float, attempt: int, chance: float) -> None:
    assert told_s <= wait_s(attempt, told_s, chance) <= told_s * 1.25


@pytest.mark.parametrize(
    ("headers", "told_s"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after-ms": "1500", "retry-after": "7"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "7"}, 7.0),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "Wed, 25 Nov 2026 10:00:00 GMT"}, None),
        ({"retry-after": "Wed, 25 Nov 2026 10:00:00 GMT", "date": "Wed, 25 Nov 2026 09:59:15 GMT"}, 45.0),
        ({"retry-after": "Wed, 25 Nov 2026 10:00:00 GMT", "date": "Wed, 25 Nov 2026 10:00:07 GMT"}, 0.0),
        ({"retry-after": "Wed, 25 Nov 2026 10:00:00 GMT", "date": "Wed, 25 Nov 2026 10:00:00 -0000"}, None),
        ({"retry-after": "soon", "date": "Wed, 25 Nov 2026 10:00:00 GMT"}, None),
    ],
)
def test_what_a_response_tells(headers: dict[str, str], told_s: float | None) -> None:
    assert told_wait_s(headers) == told_s
