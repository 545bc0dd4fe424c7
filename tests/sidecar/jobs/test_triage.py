"""What is done with a lesson before anything is paid."""

from dataclasses import replace

from sidecar.domain import NoRuleReason
from sidecar.jobs.drafting_known import Known
from sidecar.jobs.drafting_triage import triage
from tests.sidecar.lessons import cluster, lesson

NOTHING_KNOWN = Known(
    live=None, standing={}, buried={}, buried_texts=frozenset(), tombstones=(), ids=frozenset(), claims=()
)


def test_lesson_of_one_person_among_several_is_not_drafted_and_says_so() -> None:
    taught = cluster(lesson())

    team, alone = triage([taught, replace(taught, is_of_one_person=True)], NOTHING_KNOWN, {})

    assert team.against is None
    assert team.drafted is not None
    assert alone.drafted is None
    assert alone.against == (
        NoRuleReason.TOO_LITTLE_EVIDENCE,
        "one person alone shows it, and others work here too",
    )


def test_lesson_whose_opposite_went_well_as_often_is_not_drafted_and_says_so() -> None:
    taught = cluster(lesson())
    tasks = len(taught.tasks)

    few, many = (replace(taught, contradicting_tasks=number) for number in (tasks - 1, tasks))
    drafted, dropped = triage([few, many], NOTHING_KNOWN, {})

    assert drafted.against is None
    assert dropped.against == (
        NoRuleReason.TOO_LITTLE_EVIDENCE,
        f"the opposite went well in {tasks} other tasks",
    )
