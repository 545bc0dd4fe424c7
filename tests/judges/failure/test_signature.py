"""Signatures: equal for one failure seen twice, different for two."""

import json

import pytest

from judges.failure.signature import lesson_signature, skeleton
from sidecar.domain import FailureClass


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("AssertionError: assert 12.50 == 12.5", "AssertionError: assert 7 == 1,250"),
        ("assert 'GBP 1' == 'EUR 2'", 'assert "a b" == "c"'),
        ("KeyError: 'dhl'", "KeyError: 'ups'"),
        ("FileNotFoundError: src/a/b.json", "FileNotFoundError: data/c.json"),
        ("<Money object at 0x7f00ab>  is  wrong", "<Money object at 0x11> is wrong"),
    ],
)
def test_lines_that_differ_in_values_alone_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"), [("KeyError: 'a'", "TypeError: 'a'"), ("assert # in _", "assert # == _"), ("a is wrong", "b is")]
)
def test_other_failures_have_another_skeleton(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_free_words_count_only_where_no_test_said_anything() -> None:
    said = [lesson_signature(FailureClass.WRONG_PLACE, None, "boom", words) for words in ("cents", "floats")]
    silent = [
        lesson_signature(FailureClass.WRONG_PLACE, None, None, words)
        for words in ("amounts as integer cents", "Integer cents, as an amount", "rounding of floats")
    ]

    assert said[0] == said[1]
    assert silent[0] == silent[1] != silent[2]


@pytest.mark.parametrize(
    ("scope", "folder"),
    [
        (None, ""),
        ("money.py", ""),
        ("**/*.py", ""),
        ("src/money.py", "src"),
        ("src/shop/api/v1/**", "src/shop"),
        ("src/*/api.py", "src"),
    ],
)
def test_a_scope_counts_by_its_first_folders(scope: str | None, folder: str) -> None:
    signature = lesson_signature(FailureClass.WRONG_PLACE, scope, "boom", "")

    assert json.loads(signature) == {"class": "wrong_place", "scope": folder, "symptom": "boom"}
