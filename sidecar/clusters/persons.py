"""Whose lessons a cluster holds: one Person's alone make no rule where more are known, and attest no command."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from sidecar.clusters.agreeing import with_command
from sidecar.command_line import without_folder
from sidecar.domain import Cluster, FailureClass, PersonId, persons_of


def marked_by_person(found: Iterable[Cluster], known: Collection[PersonId | None]) -> list[Cluster]:
    """The clusters, marked where one Person has made them alone and more are known; unknown people count as one.

    Sessions that nobody attended add no Person, so a machine that runs the agent under another name is nobody's second.

    However many sessions and Tasks one person has, they do not make the others' rules: nor does what one of several
    adds to the command that they share. Who works alone learns alone.

    Args:
        known: Persons of the project's attended sessions; None for unknown ones.
    """
    if len({person for person in known if person is not None}) < 2:
        return list(found)
    return [replace(one, is_of_one_person=_is_of_one_person(one)) for one in found]


def attested_commands(found: Iterable[Cluster], *, min_tasks: int = 2) -> frozenset[str]:
    """Commands that were seen to do their work in enough distinct Tasks, as text."""
    attested: set[str] = set()
    for cluster in found:
        is_enough = len(cluster.tasks) >= min_tasks and not cluster.is_of_one_person
        if is_enough and cluster.lesson.working_command is not None:
            attested.add(cluster.lesson.working_command)
            # The check itself ran as well, once it had been set up.
            if cluster.failure_class is FailureClass.MISSING_SETUP and cluster.lesson.failing_command is not None:
                attested.add(cluster.lesson.failing_command)
    # A rule names the folder beside the command that was run in it.
    return frozenset(attested | {without_folder(command)[0] for command in attested})


def _is_of_one_person(cluster: Cluster) -> bool:
    """Whether one Person alone teaches a lesson, or ran a command that it says works."""
    lesson = cluster.lesson
    supports = (*cluster.supports, *cluster.further)
    ran = [(lesson.working_command, [(one, one.lesson.working_command) for one in supports])]
    if cluster.failure_class is FailureClass.MISSING_SETUP:
        ran.append((lesson.failing_command, [(one, one.lesson.failing_command) for one in supports]))
    return len(cluster.persons) < 2 or any(
        command is not None and len(persons_of(with_command(command, told))) < 2 for command, told in ran
    )
