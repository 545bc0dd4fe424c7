"""Which edits people's decisions speak against."""

from dataclasses import replace

import pytest

from sidecar.domain import EditOperation, NoRuleReason, ProposalState, PullRequest, RuleEdit
from sidecar.jobs.drafting_known import KEPT, Known, kept_by_people
from tests.contracts.records import make_proposal
from tests.sidecar.jobs.standing import edit, rule

ONE, OTHER = rule("Amounts are whole cents."), rule("Keep amounts in whole cents.")
NEW = rule("Amounts are whole cents, never floats.")
STANDING = {ONE.rule_id: ONE, OTHER.rule_id: OTHER}
RETIRED = edit(OTHER, EditOperation.RETIRE)
INTO_ONE = edit(replace(ONE, supersedes=(OTHER.rule_id,)), EditOperation.MERGE)
INTO_NEW = edit(replace(NEW, supersedes=(ONE.rule_id, OTHER.rule_id)), EditOperation.MERGE)


def known_after(declined: RuleEdit, state: ProposalState = ProposalState.CLOSED, review: str | None = None) -> Known:
    request = PullRequest(number=1, url="", state="closed", review=review)
    decided = replace(make_proposal(), edits=(declined,), state=state, pull_request=request)
    return Known(
        live=None,
        standing=STANDING,
        buried={},
        buried_texts=frozenset(),
        tombstones=(),
        ids=frozenset(),
        claims=(),
        kept=kept_by_people([decided], STANDING),
    )


@pytest.mark.parametrize("declined", [RETIRED, INTO_ONE])
@pytest.mark.parametrize("again", [RETIRED, INTO_ONE])
def test_rule_that_people_kept_is_not_taken_out_again(declined: RuleEdit, again: RuleEdit) -> None:
    known = known_after(declined, review="We need both.")

    assert known.against_edit(again) == (NoRuleReason.DECLINED, "declined: We need both.")


def test_rule_that_people_left_in_what_they_merged_is_kept_too() -> None:
    assert known_after(RETIRED, ProposalState.MERGED).against_edit(RETIRED) == (
        NoRuleReason.DECLINED,
        f"declined: {KEPT}",
    )


@pytest.mark.parametrize(("declined", "again"), [(INTO_NEW, RETIRED), (RETIRED, INTO_NEW)])
def test_new_words_and_no_words_are_declined_apart(declined: RuleEdit, again: RuleEdit) -> None:
    assert known_after(declined).against_edit(again) is None


@pytest.mark.parametrize("state", [ProposalState.OPEN, ProposalState.SUPERSEDED])
def test_what_nobody_decided_keeps_nothing(state: ProposalState) -> None:
    assert known_after(RETIRED, state).kept == {}
