"""TAP: which point counts, and which words beside it decide."""

import pytest

from collectors.outcomes.registry import read_report
from collectors.outcomes.tap import TapReader
from sidecar.domain import Outcome


def read(*lines: str) -> Outcome:
    return TapReader().read("\n".join(("TAP version 13", f"1..{len(lines)}", *lines, "")).encode())


def test_two_points_of_one_name_are_two_tests_and_neither_hides_a_failure() -> None:
    outcome = read("not ok 1 should be equal", "ok 2 should be equal", "ok 3 should be equal")

    assert [(test.id, test.status.value) for test in outcome.tests] == [
        ("should be equal", "failed"),
        ("should be equal [2]", "passed"),
        ("should be equal [3]", "passed"),
    ]


@pytest.mark.parametrize(
    ("point", "status"),
    [
        ("not ok 1 - a # TODO later", "skipped"),
        ("not ok 1 - a # todo", "skipped"),
        ("ok 1 - a # SKIPPED no display", "skipped"),
        ("not ok 1 - a # TODORNOTTODO", "failed"),
        ("not ok 1 - a \\# TODO later", "failed"),
    ],
)
def test_a_directive_is_a_word_of_its_own(point: str, status: str) -> None:
    (test,) = read(point).tests

    assert test.status.value == status


def test_points_that_the_plan_says_are_to_do_may_fail() -> None:
    outcome = read_report(b"1..3 todo 2 3;\nok 1\nnot ok 2\nok 3\n")

    assert (outcome.format, outcome.passed, outcome.failed, outcome.skipped) == ("tap", 1, 0, 2)
