"""Lessons become clusters by support in distinct tasks, whatever their order."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.clusters import attested_commands, clusters
from sidecar.domain import FailureClass, Lesson, LessonSupport
from tests.sidecar.lessons import PROJECT, lesson, support

_MIXED = [
    support("a", lesson(failing="python -m runner", symptom="No module named runner")),
    support("a", lesson(failing="python -m runner"), session="second-try"),
    support("b", lesson(failing="python -m runner tests/test_b.py", symptom="No module named runner"), person="p"),
    support("c", lesson(failing="runner -q", symptom="runner: command not found"), person="q"),
    support("c", lesson(FailureClass.CHANGE_TOGETHER, failing=None, working=None, paths=("a", "b"), signature="t")),
    support("d", lesson(FailureClass.CHANGE_TOGETHER, failing=None, working=None, paths=("a", "b"), signature="t")),
    support("e", lesson(signature="alone")),
]


def test_a_lesson_of_two_tasks_is_a_cluster() -> None:
    (found,) = clusters(PROJECT, [support("a", lesson()), support("b", lesson())])

    assert (PROJECT, "s", {"a", "b"}) == (found.project, found.signature, found.tasks)


def test_two_sessions_on_one_task_never_count_as_two() -> None:
    assert clusters(PROJECT, [support("a", lesson(), session="1"), support("a", lesson(), session="2")]) == []


def test_a_session_that_teaches_a_lesson_twice_supports_it_once() -> None:
    supports = [support("a", lesson()), support("a", lesson(failing="runner")), support("b", lesson())]

    (found,) = clusters(PROJECT, supports)

    assert [one.session.session_id for one in found.supports] == ["session-a", "session-b"]


def test_unknown_persons_are_one_person() -> None:
    supports = [support("a", lesson()), support("b", lesson()), support("c", lesson(), person="p")]

    (found,) = clusters(PROJECT, supports)

    assert {None, "p"} == found.persons


def test_a_session_that_nobody_attended_adds_no_person() -> None:
    alone = replace(support("a", lesson(), person="q"), is_attended=False)
    supports = [alone, support("b", lesson(), person="p")]

    (found,) = clusters(PROJECT, supports)

    assert {"p"} == found.persons


def test_sessions_that_nobody_attended_are_together_one_unknown_person() -> None:
    supports = [replace(support(task, lesson(), person=task), is_attended=False) for task in ("a", "b")]

    (found,) = clusters(PROJECT, supports)

    assert {None} == found.persons


def test_the_number_of_tasks_needed_is_the_callers() -> None:
    supports = [support("a", lesson()), support("b", lesson())]

    assert clusters(PROJECT, supports, min_tasks=3) == []


def test_most_supported_comes_first_then_the_signature() -> None:
    supports = [support(task, lesson(signature=name)) for task, name in ("ax", "bx", "az", "bz", "cz", "ay", "by")]

    assert [found.signature for found in clusters(PROJECT, supports)] == ["z", "x", "y"]


def test_commands_that_differ_by_selectors_are_one_command() -> None:
    supports = [
        support("a", lesson(failing="runner -q tests/test_a.py", working="uv run runner -q tests")),
        support("b", lesson(failing="runner tests/test_b.py", working="uv run runner tests/test_b.py")),
    ]

    (found,) = clusters(PROJECT, supports)

    assert (found.lesson.failing_command, found.lesson.working_command) == ("runner", "uv run runner")


def test_a_run_that_chose_by_a_plain_word_joins_the_whole_run() -> None:
    supports = [
        support("a", lesson(failing="runner", working="it check", signature="it check")),
        support("b", lesson(failing="runner -q", working="it check prices -v", signature="it check prices")),
    ]

    (found,) = clusters(PROJECT, supports)

    assert (found.signature, found.lesson.signature) == ("it check", "it check")
    assert (found.lesson.failing_command, found.lesson.working_command) == ("runner", "it check")


def test_answers_to_different_failures_are_not_joined() -> None:
    supports = [
        support("a", lesson(failing="runner", working="it check", signature="it check")),
        support("b", lesson(failing="other", working="it check prices", signature="it check prices")),
    ]

    assert clusters(PROJECT, supports) == []


def test_what_one_task_only_mistyped_supports_nothing() -> None:
    slips = [
        support("a", lesson(failing="make chekc", working="make check")),
        support("b", lesson(failing="make chec", working="make check")),
    ]

    assert clusters(PROJECT, slips) == []


def test_what_two_tasks_mistyped_alike_was_no_slip() -> None:
    taught = lesson(failing="make checks", working="make check")

    (found,) = clusters(PROJECT, [support("a", taught), support("b", taught)])

    assert found.lesson.failing_command == "make checks"


def test_a_failing_command_of_one_task_only_is_not_told() -> None:
    (found,) = clusters(PROJECT, [support("a", lesson(failing="one")), support("b", lesson(failing="two"))])

    assert found.lesson.failing_command is None


def test_words_of_one_task_only_are_not_told() -> None:
    (found,) = clusters(PROJECT, [support("a", lesson(symptom="No module named runner")), support("b", lesson())])

    assert found.lesson.symptom is None


def test_a_source_that_one_task_only_edited_is_not_told() -> None:
    generated = FailureClass.GENERATED_FILE
    supports = [
        support("a", lesson(generated, failing=None, working="make rates", paths=("rates.py", "rates.json"))),
        support("b", lesson(generated, failing=None, working="make rates", paths=("rates.py",))),
    ]

    (found,) = clusters(PROJECT, supports)

    assert found.lesson.paths == ("rates.py",)


def test_tasks_that_agree_on_no_command_are_no_cluster() -> None:
    supports = [support("a", lesson(working="make one && it")), support("b", lesson(working="make two && it"))]

    assert clusters(PROJECT, supports) == []


def test_a_command_that_fails_and_works_alike_is_no_cluster() -> None:
    supports = [
        support("a", lesson(failing="it tests/test_a.py --slow", working="it tests/test_a.py")),
        support("b", lesson(failing="it tests/test_b.py --slow", working="it tests/test_b.py")),
    ]

    assert clusters(PROJECT, supports) == []


@given(st.permutations(_MIXED))
def test_the_order_of_supports_does_not_matter(supports: list[LessonSupport]) -> None:
    assert clusters(PROJECT, _MIXED) == clusters(PROJECT, supports)


def test_the_wording_is_what_most_tasks_share() -> None:
    command, together = clusters(PROJECT, _MIXED)

    assert (command.lesson.failing_command, command.lesson.symptom) == ("python -m runner", "No module named runner")
    assert together.lesson.paths == ("a", "b")


def test_cluster_ids_differ_by_project_and_stay_with_the_lesson() -> None:
    supports = [support("a", lesson()), support("b", lesson())]
    (first,) = clusters(PROJECT, supports)
    (again,) = clusters(PROJECT, [*supports, support("c", lesson())])

    assert first.cluster_id == again.cluster_id


@pytest.mark.parametrize(
    ("taught", "expected"),
    [
        (lesson(), {"make check"}),
        (lesson(FailureClass.MISSING_SETUP, failing="make check", working="make deps"), {"make check", "make deps"}),
        (lesson(FailureClass.CHANGE_TOGETHER, failing=None, working=None, paths=("a", "b")), set[str]()),
    ],
)
def test_commands_seen_to_work_in_two_tasks_are_attested(taught: Lesson, expected: set[str]) -> None:
    assert expected == attested_commands(clusters(PROJECT, [support("a", taught), support("b", taught)]))


def test_a_thousand_ways_out_of_one_failure_are_gathered_in_a_moment() -> None:
    one_each = [support(f"t{n}", lesson(working=f"make check X={n}", signature=f"s{n}")) for n in range(1_000)]
    all_one = [support(f"u{n}", lesson(working=f"run check Y={n}", signature="all")) for n in range(1_000)]
    started = time.process_time()

    clusters(PROJECT, [*one_each, *all_one])

    assert time.process_time() - started < 3
