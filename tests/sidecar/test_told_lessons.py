"""Which explanations are one lesson: other words, classes and folders join; other lessons stay apart."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.centrality import most_central_first
from sidecar.clusters import clusters
from sidecar.domain import EvidenceQuote, FailureClass, Lesson, LessonSupport, SessionId, StepId
from sidecar.told_lessons import is_told, joined_by_words
from tests.sidecar.lessons import PROJECT, support

CONVENTION, ASSUMPTION = FailureClass.BROKEN_CONVENTION, FailureClass.WRONG_ASSUMPTION
SUMS = "assert # == #"
FLOATS = ("Do not keep an amount as a float.", "Never store amounts as floats.", "Do not use float for an amount.")
ROUNDING = ("Do not round inside a loop.", "Never round in loops; round once.")
PLURALS = "Never use plural column names."


def told(
    candidate: str | None,
    *,
    folder: str = "src/billing",
    symptom: str = SUMS,
    failure_class: FailureClass = CONVENTION,
    scope: str | None = None,
) -> Lesson:
    slots = {"class": failure_class.value, "scope": folder, "symptom": symptom}
    return Lesson(
        failure_class=failure_class,
        signature=json.dumps(slots, sort_keys=True, separators=(",", ":")),
        symptom=symptom or None,
        scope=scope,
        rule_candidate=candidate,
    )


def tasks_of(supports: list[LessonSupport]) -> list[set[str]]:
    return [set(one.tasks) for one in clusters(PROJECT, supports)]


def test_one_lesson_in_other_words_and_classes_is_one_cluster() -> None:
    classes = (CONVENTION, ASSUMPTION, CONVENTION)
    supports = [
        support(f"t{number}", told(words, failure_class=failure_class))
        for number, (words, failure_class) in enumerate(zip(FLOATS, classes, strict=True))
    ]

    assert tasks_of(supports) == [{"t0", "t1", "t2"}]


def test_two_lessons_with_one_signature_stay_apart() -> None:
    supports = [support(f"f{number}", told(words)) for number, words in enumerate(FLOATS)]
    supports += [support(f"r{number}", told(words)) for number, words in enumerate(ROUNDING)]

    found = clusters(PROJECT, supports)

    assert [set(one.tasks) for one in found] == [{"f0", "f1", "f2"}, {"r0", "r1"}]
    assert len({one.signature for one in found}) == len({one.cluster_id for one in found}) == 2


def test_a_mistaken_explanation_is_outvoted_where_the_test_said_the_same() -> None:
    supports = [support(f"f{number}", told(words)) for number, words in enumerate(FLOATS)]
    supports.append(support("odd", told(PLURALS, failure_class=FailureClass.FAULTY_LOGIC)))

    assert tasks_of(supports) == [{"f0", "f1", "f2", "odd"}]


def test_one_mistake_made_in_two_places_is_no_lesson() -> None:
    supports = [
        support("a", told(PLURALS, folder="src/a", symptom="keyerror: _")),
        support("b", told(PLURALS, folder="src/b", symptom="typeerror: _")),
    ]

    assert tasks_of(supports) == []


def test_what_holds_everywhere_needs_a_task_more() -> None:
    symptoms = ("keyerror: _", "typeerror: _", "valueerror: _")
    supports = [
        support(name, told(PLURALS, folder=f"src/{name}", symptom=symptom))
        for name, symptom in zip("abc", symptoms, strict=True)
    ]

    assert tasks_of(supports) == [{"a", "b", "c"}]


def test_an_explanation_without_a_suggestion_counts_where_the_test_said_the_same() -> None:
    supports = [support("a", told(FLOATS[0])), support("b", told(FLOATS[1])), support("c", told(None))]

    assert tasks_of(supports) == [{"a", "b", "c"}]


def test_what_is_explained_alike_is_one_lesson_though_nothing_is_suggested() -> None:
    explained = ("The amount is a float, not cents.", "A float where an amount in cents is read.", "No cents, a float.")
    supports = [
        replace(support(f"t{number}", told(None, symptom=f"error {number}")), explanation=words)
        for number, words in enumerate(explained)
    ]

    assert tasks_of(supports) == [{"t0", "t1", "t2"}]


@pytest.mark.parametrize(
    "mistakes",
    [(PLURALS, PLURALS, PLURALS), (PLURALS, "Do not nest functions.", "Never import a private module.")],
    ids=["the same in three places", "another in each place"],
)
def test_a_mistaken_session_counts_where_its_proof_stands(mistakes: tuple[str, str, str]) -> None:
    sorting = ("Never sort the rows of a caller.", "Do not sort rows in place.", "Never reorder rows; sort a copy.")
    dates = ("Do not render dates by hand.", "Never write a date day first.", "Dates are not rendered in local order.")
    supports = [
        replace(support(f"{place}{number}", told(words, folder=f"src/{place}", symptom=place)), explanation=words)
        for place, lessons, mistake in zip("abc", (FLOATS, sorting, dates), mistakes, strict=True)
        for number, words in enumerate((*lessons, mistake))
    ]

    assert tasks_of(supports) == [{f"{place}{number}" for number in range(4)} for place in "abc"]


def test_a_line_that_runners_print_of_everything_joins_nothing() -> None:
    lessons = (*FLOATS, *ROUNDING, "Never return null for nothing.", "Do not return null where none is found.")
    groups = [["f0", "f1", "f2"], ["f3", "f4"], ["f5", "f6"]]
    supports = [support(f"f{number}", told(words, folder="")) for number, words in enumerate(lessons)]

    assert sorted(map(sorted, tasks_of(supports))) == groups


MAKE, RUNNER = "make: *** [Makefile:6: check] Error 1", "RuntimeError: the worker was lost"


def young(symptoms: tuple[str, str], quote: str, *, folder: str) -> list[LessonSupport]:
    """Two sessions that have nothing in common but what a program printed, and a folder."""
    explained = ("A float was added up.", "The caller's rows were reordered.")
    lessons = (FLOATS[0], "Always sort a copy of the rows.")
    return [
        replace(
            support(f"t{number}", replace(told(words, folder=folder, symptom=symptom), quotes=(quoted(quote),))),
            explanation=why,
        )
        for number, (words, symptom, why) in enumerate(zip(lessons, symptoms, explained, strict=True))
    ]


def quoted(text: str) -> EvidenceQuote:
    return EvidenceQuote(step_id=StepId("s1"), text=text)


@pytest.mark.parametrize(
    ("symptoms", "quote", "folder"),
    [
        (("keyerror: _", "typeerror: _"), MAKE, ""),
        (("", ""), MAKE, "src/shop"),
        (("failed (failures=#)", "failed (failures=#)"), MAKE, "src/shop"),
        (("keyerror: _", "typeerror: _"), RUNNER, ""),
        ((SUMS, SUMS), MAKE, ""),
    ],
)
def test_two_first_sessions_with_other_lessons_are_not_joined_by_what_a_runner_prints(
    symptoms: tuple[str, str], quote: str, folder: str
) -> None:
    found = clusters(PROJECT, young(symptoms, quote, folder=folder), min_tasks=1)

    assert sorted(sorted(one.tasks) for one in found) == [["t0"], ["t1"]]


def test_a_retry_that_repeats_its_own_lesson_bears_nobody_else_s() -> None:
    supports = young((SUMS, SUMS), RUNNER, folder="")
    again = replace(supports[0], session=replace(supports[0].session, session_id=SessionId("again")))

    found = clusters(PROJECT, [*supports, again], min_tasks=1)

    assert sorted(sorted(one.tasks) for one in found) == [["t0"], ["t1"]]


def test_lists_of_values_differ_in_length_as_in_value() -> None:
    supports = [
        support("a", told("Do not sort the input.", symptom="assert [#, #] == [#, #]")),
        support("b", told("Never change what was passed in.", symptom="assert [#, #, #] == [#, #, #]")),
    ]

    assert tasks_of(supports) == [{"a", "b"}]


def test_the_folder_that_most_share_is_the_scope() -> None:
    scopes = ("src/billing/money.py", "src/billing/tax.py", None)
    supports = [
        support(f"t{number}", told(words, scope=scope))
        for number, (words, scope) in enumerate(zip(FLOATS, scopes, strict=True))
    ]

    (found,) = clusters(PROJECT, supports)

    assert found.lesson.scope == "src/billing/**"


def test_the_most_central_suggestions_of_distinct_tasks_come_first() -> None:
    supports = [support(f"t{number}", told(words)) for number, words in enumerate((PLURALS, *FLOATS))]
    supports.append(support("t1", told(FLOATS[0]), session="again"))
    (found,) = clusters(PROJECT, supports)

    shown = most_central_first(found)

    assert PLURALS not in [one.lesson.rule_candidate for one in shown[:3]]
    assert len({one.task for one in shown[:3]}) == 3


@pytest.mark.parametrize(
    ("lesson", "expected"),
    [
        (told(FLOATS[0]), True),
        (told(None), True),
        (Lesson(failure_class=FailureClass.FAILING_ASSERTION, signature='{"path":"a","test":"t"}'), False),
        (Lesson(failure_class=FailureClass.WRONG_COMMAND, signature="s", working_command="make check"), False),
        (Lesson(failure_class=FailureClass.CHANGE_TOGETHER, signature="s", paths=("a", "b")), False),
    ],
)
def test_lessons_of_slots_are_not_told(lesson: Lesson, *, expected: bool) -> None:
    assert is_told(lesson) is expected


@given(
    st.permutations(
        [support(f"f{number}", told(words)) for number, words in enumerate(FLOATS)]
        + [support(f"r{number}", told(words, folder="")) for number, words in enumerate(ROUNDING)]
        + [support("n", told(None)), support("p", told(PLURALS, folder="src/other"))]
    )
)
def test_the_order_of_explanations_does_not_matter(supports: list[LessonSupport]) -> None:
    expected = clusters(PROJECT, sorted(supports, key=lambda one: one.task))

    assert clusters(PROJECT, supports) == expected


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=12), st.text(max_size=12)), max_size=8))
def test_every_explanation_is_in_one_group(told_words: list[tuple[str, str, str]]) -> None:
    supports = [
        support(f"t{number}", told(words, folder=folder, symptom=symptom))
        for number, (words, folder, symptom) in enumerate(told_words)
    ]

    groups = joined_by_words(supports)

    assert sorted(one.task for group in groups.values() for one in group) == sorted(one.task for one in supports)
