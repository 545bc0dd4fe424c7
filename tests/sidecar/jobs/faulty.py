"""What must hold of many sessions that a bad provider was asked about."""

import os
from collections import Counter
from collections.abc import Sequence

from judges.failure import FailureJudge
from sidecar.domain import SessionKey
from sidecar.prices import cost_usd
from sidecar.store import Store
from sidecar.store.problems import MAX_TRIES
from tests.scripted_model import TWELVE, ScriptedModel
from tests.scripted_model.opening import NOW_NS

SEEDS = [int(seed) for seed in os.environ.get("SIDECAR_FAULT_SEEDS", "2026").split(",")]
"""Of the faults that are drawn; others by the environment, with commas between."""


def check_ends(store: Store, judge: FailureJudge, keys: Sequence[SessionKey]) -> None:
    """Every session is judged once by this version, or has its reasons and is given up."""
    judged = {key for key in keys if store.verdicts(key)}
    versions = Counter(verdict.judge_version for key in judged for verdict in store.verdicts(key))
    reasons = {key: store.judge_problems(key) for key in keys if key not in judged}
    assert store.unjudged_sessions(judge.name, judge.version) == []
    assert dict(versions) == {judge.version: len(judged)}
    assert all(sum(one.tries for one in problems) >= MAX_TRIES for problems in reasons.values())
    assert len(judged) >= 0.9 * len(keys)


def check_faults(server: ScriptedModel) -> None:
    """The test met every kind of fault, and about as many as it was to meet."""
    assert set(server.meter.faults) == set(TWELVE)
    assert 0.2 < len(server.meter.faults) / len(server.meter.asked) < 0.4


def billed(server: ScriptedModel, *, is_batch: bool = False) -> list[float]:
    """USD of each answer that the provider made."""
    return [cost_usd(model, usage, at_ns=NOW_NS, prices={}, is_batch=is_batch) for model, usage in server.meter.billed]
