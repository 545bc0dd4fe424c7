"""Every requirement has a test."""

from importlib import import_module
from types import FunctionType

import pytest

from tests.conformance.rows import ROWS

pytestmark = pytest.mark.e2e
MODULES = ("tests.conformance.test_grpc", "tests.conformance.test_http")


def proven() -> set[int]:
    """Rows that some test is marked with."""
    rows: set[int] = set()
    for module in MODULES:
        for one in vars(import_module(module)).values():
            marks: list[pytest.Mark] = getattr(one, "pytestmark", []) if isinstance(one, FunctionType) else []
            rows |= {number for mark in marks if mark.name == "otlp_row" for number in mark.args[0]}
    return rows


def test_every_row_has_a_test() -> None:
    assert sorted(ROWS.keys() - proven()) == []
