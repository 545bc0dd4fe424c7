"""Holds lessons against the newest sessions that passed: those that did not stumble have the other half to say."""

from collections.abc import Sequence
from dataclasses import replace

from judges.evidence.contradicting import CONTRADICTABLE, contradicts
from sidecar.domain import Cluster, SessionKey, TaskId
from sidecar.store import Store

LOOKED_AT = 50
"""Newest passed sessions that are searched; each is read whole, and once."""


def held_against(found: Sequence[Cluster], store: Store, passed: Sequence[SessionKey]) -> list[Cluster]:
    """The clusters, each with the number of other Tasks in which the opposite went well.

    Args:
        passed: Sessions whose tests passed, the newest first.
    """
    if not any(one.failure_class in CONTRADICTABLE for one in found):
        return list(found)
    tasks: dict[int, set[TaskId]] = {}
    for key in passed[:LOOKED_AT]:
        stored = store.session(key)
        task = None if stored is None else stored.session.task
        if stored is None or task is None:
            continue
        session, label = stored.session, stored.decision.label
        for number, one in enumerate(found):
            if task not in one.tasks and contradicts(one.lesson, session.steps, session.cwd, label):
                tasks.setdefault(number, set()).add(task)
    return [replace(one, contradicting_tasks=len(tasks.get(number, ()))) for number, one in enumerate(found)]
