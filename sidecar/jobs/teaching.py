"""Which lessons a draft may rest on: of judges that prove what they say, and of one that asks a model if it may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from judges.judge import Judge
from sidecar.agreement import JudgeStanding, Standing
from sidecar.config import LearnConfig
from sidecar.domain import Cluster, Proposal
from sidecar.jobs.base_branch import Base
from sidecar.jobs.drafting import taught_lessons
from sidecar.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """What a project's judges teach."""

    found: tuple[Cluster, ...]
    """Each lesson once, as the first judge told it that did."""
    caveats: Mapping[str, str | None]
    """Of what rests on a judge that asks a model: what a reader must know of that judge, None where nothing.

    By a lesson's signature, empty for edits that rest on none.
    """
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
    if stands is None:
        return Taught(found=found, caveats={})
    known = {one.signature for one in proven}
    of_model = [one.signature for one in found if one.signature not in known]
    # edits that rest on no lesson are a model's
    return Taught(found=found, caveats=dict.fromkeys([*of_model, ""], caveat_of(stands)))


def caveat_of(stands: JudgeStanding) -> str | None:
    """What a reader must know of a judge; None where it is verified."""
    return None if stands.standing is Standing.VERIFIED else stands.sentence


def with_caveats(proposal: Proposal, stands: JudgeStanding | None) -> Proposal:
    """The proposal with what a reader must know of the judge as it stands now.

    Args:
        stands: Of the judge that asks a model; None where none is configured, and then everything stays as it was said.
    """
    if stands is None:
        return proposal
    edits = tuple(
        replace(edit, caveat=caveat_of(stands), is_of_model=True) if edit.is_of_model or edit.caveat else edit
        for edit in proposal.edits
    )
    return replace(proposal, edits=edits)


def _each_once(taught: Sequence[Cluster]) -> tuple[Cluster, ...]:
    return tuple({one.signature: one for one in reversed(taught)}.values())[::-1]
