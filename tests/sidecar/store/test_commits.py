"""When two commit names mean one commit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.store.commits import commit_prefix, is_same_commit

names = st.text("0123456789abcdefABCDEF", max_size=40)


@given(one=names, other=names)
def test_the_order_of_the_names_does_not_matter(one: str, other: str) -> None:
    assert is_same_commit(one, other) == is_same_commit(other, one)


@given(one=names, length=st.integers(0, 40))
def test_the_index_finds_every_name_of_a_commit(one: str, length: int) -> None:
    other = one[:length]

    assert commit_prefix(one) == commit_prefix(other) or not is_same_commit(one, other)


@pytest.mark.parametrize(("length", "is_same"), [(6, False), (7, True), (40, True)])
def test_a_prefix_needs_seven_digits(length: int, is_same: bool) -> None:
    commit = "0123456789" * 4

    assert is_same == is_same_commit(commit, commit[:length])
