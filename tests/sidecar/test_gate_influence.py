"""However much one person does, it makes no rule for the others; who works alone learns alone."""

from dataclasses import replace

import pytest

from sidecar.clusters import attested_commands, clusters, marked_by_person
from sidecar.domain import FailureClass, Lesson, PersonId
from tests.sidecar.lessons import PROJECT, lesson, support

ADA, BOB = PersonId("ada"), PersonId("bob")
FORTY = [support(f"t{number}", lesson(), person="ada") for number in range(40)]


def test_forty_sessions_of_one_person_attest_nothing_where_two_are_known() -> None:
    found = marked_by_person(clusters(PROJECT, FORTY), {ADA, BOB})

    assert [one.is_of_one_person for one in found] == [True]
    assert attested_commands(found) == frozenset()


@pytest.mark.parametrize("known", [set[PersonId | None](), {ADA}, {ADA, None}, {None}])
def test_who_works_alone_learns_alone(known: set[PersonId | None]) -> None:
    found = clusters(PROJECT, FORTY[:2])

    assert marked_by_person(found, known) == found != []


@pytest.mark.parametrize("other", ["bob", None])
def test_second_person_is_enough_known_or_not(other: str | None) -> None:
    found = clusters(PROJECT, [*FORTY[:1], support("x", lesson(), person=other)])

    assert marked_by_person(found, {ADA, BOB, None}) == found != []


def test_unknown_people_count_as_one() -> None:
    found = clusters(PROJECT, [support("x", lesson()), support("y", lesson())])

    assert [one.is_of_one_person for one in marked_by_person(found, {ADA, BOB, None})] == [True]


def test_machine_under_another_name_is_nobodys_second() -> None:
    bot = replace(support("x", lesson(), person="bob"), is_attended=False)

    (found,) = marked_by_person(clusters(PROJECT, [*FORTY[:2], bot]), {ADA, BOB})

    assert found.is_of_one_person


@pytest.mark.parametrize("added", ["make check EXTRA=1", "make check -f other.mk"])
@pytest.mark.parametrize("signature", ["s", "narrowed"])
def test_what_one_person_adds_to_the_command_of_several_is_not_told(added: str, signature: str) -> None:
    own = lesson(working=added, signature=signature)
    adas = [support(f"t{number}", own, person="ada") for number in range(3)]

    found = marked_by_person(clusters(PROJECT, [*adas, support("x", lesson(), person="bob")]), {ADA, BOB})

    assert [(one.lesson.working_command, one.is_of_one_person) for one in found] == [("make check", False)]
    assert attested_commands(found) == {"make check"}


def test_command_that_only_one_of_several_ran_is_one_persons() -> None:
    adas = [support(f"t{number}", lesson(working="make check EXTRA=1"), person="ada") for number in range(2)]
    other = support("x", lesson(working="make check EXTRA=2"), person="bob")

    found = marked_by_person(clusters(PROJECT, [*adas, other]), {ADA, BOB})

    assert attested_commands(found) <= {"make check"}


def test_check_that_one_of_several_ran_after_a_shared_set_up_is_not_attested() -> None:
    def set_up(check: str) -> Lesson:
        return lesson(FailureClass.MISSING_SETUP, failing=check, working="make deps")

    adas = [support(f"t{number}", set_up("make check EXTRA=1"), person="ada") for number in range(2)]
    found = clusters(PROJECT, [*adas, support("x", set_up("run-checks"), person="bob")])

    assert "make check EXTRA=1" not in attested_commands(marked_by_person(found, {ADA, BOB}))
    assert "make check EXTRA=1" in attested_commands(marked_by_person(found, {ADA}))
