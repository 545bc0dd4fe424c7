"""Which lessons a draft may rest on: of judges that prove what they say, and of one that asks a model if it may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from judges.judge import Judge
from sidecar.agreement import JudgeStanding, Standing
from sidecar.config import LearnConfig
from sidecar.domain import Cluster
from sidecar.jobs.base_branch import Base
from sidecar.jobs.drafting import taught_lessons
from sidecar.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """What a project's judges teach."""

    found: tuple[Cluster, ...]
    """Each lesson once, as the first judge told it that did."""
    caveats: Mapping[str, str]
    """By a lesson's signature, empty for edits that rest on none: what a reader must know of the judge behind it."""
    floor: str | None = None
    """Why nothing is drafted from the last judge; None where it may be."""


def taught_by(
    store: Store, base: Base, settings: LearnConfig, also: Sequence[Judge], judge: Judge, stands: JudgeStanding | None
) -> Taught:
    """What enough tasks teach.

    Args:
        also: Judges whose lessons are drafted before the last one's; they ask no model.
        stands: How far the last judge is to be believed; None where it asks no model.
    """
    proven = [one for teacher in also for one in taught_lessons(store, base, teacher, settings)]
    if stands is not None and stands.standing is Standing.BELOW_FLOOR:
        return Taught(found=_each_once(proven), caveats={}, floor=stands.sentence)
    found = _each_once([*proven, *taught_lessons(store, base, judge, settings)])
    if stands is None or stands.standing is not Standing.UNVERIFIED:
        return Taught(found=found, caveats={})
    known = {one.signature for one in proven}
    caveats = {one.signature: stands.sentence for one in found if one.signature not in known}
    return Taught(found=found, caveats={**caveats, "": stands.sentence})  # edits that rest on no lesson are a model's


def _each_once(taught: Sequence[Cluster]) -> tuple[Cluster, ...]:
    return tuple({one.signature: one for one in reversed(taught)}.values())[::-1]
