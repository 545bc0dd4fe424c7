"""Which of a cluster's sessions show that a command does not work.

A cluster holds every session that found the same way out, whatever had failed there before. What works is shown by all
of them; that one command does not work only by those that ran it.
"""

from collections.abc import Sequence

from sidecar.command_line import bare_stem, is_within, parse_command, without_folder
from sidecar.domain import Cluster, LessonSupport

_LEAST_TASKS = 2
"""As for a lesson; fewer only where the lesson itself was taken from fewer."""


def shown_failing(cluster: Cluster, *, with_symptom: bool = False) -> tuple[LessonSupport, ...]:
    """The supports in which the command that the lesson calls wrong could not run; empty where too few Tasks have one.

    Runs with more arguments count where these only choose tests or options, or where the runner said the same.

    Args:
        with_symptom: Only those in which the runner said what the lesson says.
    """
    claimed, symptom = cluster.lesson.failing_command, cluster.lesson.symptom
    if claimed is None or (with_symptom and symptom is None):
        return ()
    found: list[LessonSupport] = []
    for one in (*cluster.supports, *cluster.further):
        is_said = symptom is not None and one.lesson.symptom == symptom
        if (is_said or not with_symptom) and _is_run_of(claimed, one.lesson.failing_command, is_said=is_said):
            found.append(one)
    return _one_each(cluster, found)


def shown_failing_elsewhere(cluster: Cluster) -> tuple[LessonSupport, ...]:
    """The supports in which the working command itself could not run in another folder; empty where too few Tasks."""
    working = cluster.lesson.working_command
    if working is None:
        return ()
    plain, folder = without_folder(working)
    name = bare_stem(parse_command(plain))
    found: list[LessonSupport] = []
    for one in (*cluster.supports, *cluster.further):
        other, place = without_folder(one.lesson.failing_command or "")
        if place != folder and bare_stem(parse_command(other)) == name:
            found.append(one)
    return _one_each(cluster, found)


def _is_run_of(claimed: str, failing: str | None, *, is_said: bool) -> bool:
    """Whether a command that failed is the claimed one, or that with more arguments."""
    if failing is None or failing == claimed:
        return failing == claimed
    one, other = parse_command(claimed), parse_command(failing)
    return is_within(one, other) and (is_said or bare_stem(one) == bare_stem(other))


def _one_each(cluster: Cluster, found: Sequence[LessonSupport]) -> tuple[LessonSupport, ...]:
    """One for each session, the very command where it ran that, by session; none where too few Tasks have one."""
    if len({one.task for one in found}) < min(_LEAST_TASKS, len(cluster.tasks)):
        return ()
    best = {one.session: one for one in found if one.lesson.failing_command == cluster.lesson.failing_command}
    best = {one.session: one for one in found} | best
    return tuple(best[one.session] for one in cluster.supports if one.session in best)
