"""What to do with each lesson before anything is paid: word it by template, ask a model, or say why neither.

The same for every reader of one state of the store, so that asking and drafting agree without speaking to each other.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sidecar.audit import better_elsewhere
from sidecar.domain import SETTLED, Cluster, ClusterId, Decision, FailureClass, NoRuleReason, QuestionKey, RuleDraft
from sidecar.gate import MAX_RULES
from sidecar.jobs.drafting_claims import Against
from sidecar.jobs.drafting_known import Known
from sidecar.writer import draft_rule

_GROWTH = 1.5
"""A lesson is asked about again when half as many tasks again teach it: one more session seldom changes an answer."""
_FIRST_STAGE = 2
_OUTWEIGHED = {FailureClass.CHANGE_TOGETHER: 2}
"""How often the opposite of a lesson goes well before it says nothing; a file has changes that need no second one."""
_ONE_PERSON = "one person alone shows it, and others work here too"
_UNTOLD = "no session of it suggests anything that a rule could say"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """What is to be done with one lesson."""

    cluster: Cluster
    drafted: RuleDraft | None = None
    """By template; None where only a model can word it."""
    against: Against | None = None
    """Why nothing is to be done; None when it is to be drafted."""
    is_model_needed: bool = False
    earlier: Decision | None = None
    """What the last run decided."""


def triage(found: Sequence[Cluster], known: Known, earlier: Mapping[ClusterId, Decision]) -> list[Sorted]:
    """Each lesson with what is to be done about it, in the order given."""
    return [_sorted(cluster, known, earlier.get(cluster.cluster_id)) for cluster in found]


def question_key(cluster: Cluster, known: Known, prompt: str) -> QuestionKey:
    """Equal for two runs that would ask a model the same: as many tasks, as much room, one prompt.

    Args:
        prompt: Version of prompt and model.
    """
    has_room = len(known.active()) < MAX_RULES
    named = [cluster.cluster_id, _stage(len(cluster.tasks)), has_room, prompt]
    return QuestionKey(hashlib.sha256(json.dumps(named).encode()).hexdigest()[:32])


def is_answered(one: Sorted, question: QuestionKey) -> bool:
    """Whether a model has settled this very question."""
    earlier = one.earlier
    return earlier is not None and earlier.question == question and earlier.reason in SETTLED


def _sorted(cluster: Cluster, known: Known, earlier: Decision | None) -> Sorted:
    if cluster.is_of_one_person:
        return Sorted(cluster=cluster, against=(NoRuleReason.TOO_LITTLE_EVIDENCE, _ONE_PERSON), earlier=earlier)
    if cluster.contradicting_tasks >= len(cluster.tasks) * _OUTWEIGHED.get(cluster.failure_class, 1):
        against = (
            NoRuleReason.TOO_LITTLE_EVIDENCE,
            f"the opposite went well in {cluster.contradicting_tasks} other tasks",
        )
        return Sorted(cluster=cluster, against=against, earlier=earlier)
    drafted = draft_rule(cluster)
    if drafted is not None:
        against = known.against_rule(drafted.text, drafted.scope) or known.against_lesson(cluster)
        return Sorted(cluster=cluster, drafted=drafted, against=against, earlier=earlier)
    against = known.against_lesson(cluster) or better_elsewhere(cluster)
    if against is None and not any(support.lesson.rule_candidate for support in cluster.supports):
        against = NoRuleReason.NO_RULE_HELPS, _UNTOLD
    return Sorted(cluster=cluster, against=against, is_model_needed=True, earlier=earlier)


def _stage(tasks: int) -> int:
    """How often a number of tasks has grown by half since the first two."""
    stage, least = 0, float(_FIRST_STAGE)
    while tasks >= least:
        stage += 1
        least = max(least + 1, least * _GROWTH)
    return stage
