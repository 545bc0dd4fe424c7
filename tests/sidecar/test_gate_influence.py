"""However much one person does, it makes no rule for the others; who works alone learns alone."""

from dataclasses import replace

import pytest

from sidecar.clusters import attested_commands, clusters, marked_by_person
from sidecar.domain import PersonId
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
