"""Which refused texts people have said in their own words, and in which rule."""

from collections.abc import Iterable, Sequence

from sidecar.domain import Proposal, Rule, Tombstone
from sidecar.proposals.heirs import GIVEN_UP


def adoptions(proposals: Sequence[Proposal], tombstones: Iterable[Tombstone]) -> dict[str, Rule]:
    """The rule that took over each refused text, by the text's id; a rule that people declined took over none.

    Args:
        proposals: Of one project, oldest first.
    """
    declined = {one.rule_id for one in tombstones}
    return {
        edit.in_place_of: edit.rule
        for proposal in proposals
        for edit in proposal.edits
        if edit.in_place_of is not None and proposal.state not in GIVEN_UP and edit.rule.rule_id not in declined
    }
