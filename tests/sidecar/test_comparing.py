"""Near-duplicates and contradictions: found by words, decided by the model, dropped with a reason of a closed list."""

from dataclasses import replace

import pytest

from sidecar.domain import EditOperation, NoRuleReason, RuleKind
from sidecar.draft_case import DraftCase, NeighbourKind, neighbours
from sidecar.metaprompt import DraftReply, EditReply, NeighbourReply, NoneKind, Relation, draft_request
from sidecar.reply import Draft, read_draft
from tests.sidecar.drafting import draft_case, edit_reply, our_rule, tombstone

CENTS = our_rule("Amounts are integer cents.")
FLOATS = our_rule("Keep amounts as floats.")
ADD, AMEND, MERGE, RETIRE = EditOperation.ADD, EditOperation.AMEND, EditOperation.MERGE, EditOperation.RETIRE


def reply(*edits: EditReply, **relations: Relation) -> DraftReply:
    said = tuple(NeighbourReply(id=name, relation=relation) for name, relation in relations.items())
    return DraftReply(reasoning="Because.", neighbours=said, edits=edits, none_because=None)


def read(case: DraftCase, *edits: EditReply, **relations: Relation) -> Draft:
    return read_draft(reply(*edits, **relations), case)


def test_the_most_alike_of_every_origin_are_shown_with_their_ids() -> None:
    case = draft_case(
        rules=[CENTS],
        rules_text="# Shop\n\nNever keep an amount as text.\n",
        tombstones=[tombstone("No float amounts.")],
    )

    found = neighbours(case)

    assert {one.kind for one in found} == {NeighbourKind.RULE, NeighbourKind.PEOPLE, NeighbourKind.DECLINED}
    user = draft_request(case, draw_mark=lambda: "mark").user
    assert all(f"{one.handle} ({one.kind}): {one.text}" in user for one in found)


@pytest.mark.parametrize(
    ("relation", "reason"),
    [
        (Relation.SAME, NoRuleReason.ALREADY_SAID),
        (Relation.CONTRADICTS, NoRuleReason.CONTRADICTS),
        (Relation.INDEPENDENT, None),
    ],
)
def test_the_model_says_what_two_rules_are_to_each_other(relation: Relation, reason: NoRuleReason | None) -> None:
    draft = read(draft_case(rules=[CENTS]), edit_reply(), **{CENTS.rule_id: relation})

    assert draft.reason is reason
    assert bool(draft.edits) == (reason is None)


@pytest.mark.parametrize(
    "change",
    [
        edit_reply(AMEND, FLOATS.rule_id, text="Do not keep amounts as floats.", scope=None),
        edit_reply(RETIRE, FLOATS.rule_id, text=FLOATS.text, scope=None),
    ],
)
def test_a_contradiction_that_an_edit_settles_is_no_hindrance(change: EditReply) -> None:
    draft = read(draft_case(rules=[FLOATS]), change, **{FLOATS.rule_id: Relation.CONTRADICTS})

    assert [edit.operation for edit in draft.edits] == [change.operation]


def test_a_declined_rule_in_other_words_stays_out() -> None:
    stone = tombstone("Floats are no amounts.")

    draft = read(draft_case(tombstones=[stone]), edit_reply(), **{stone.rule_id: Relation.SAME})

    assert draft.reason is NoRuleReason.DECLINED


def test_rules_that_wait_for_a_reviewer_are_not_proposed_again() -> None:
    case = replace(draft_case(), proposed=(CENTS,))

    draft = read(case, edit_reply(), **{CENTS.rule_id: Relation.SAME})

    assert draft.reason is NoRuleReason.ALREADY_SAID


def test_nearly_the_same_words_need_no_model() -> None:
    standing = our_rule("Do not keep an amount as a float.")

    draft = read(draft_case(rules=[standing]), edit_reply(scope=None))

    assert (draft.edits, draft.reason) == ((), NoRuleReason.ALREADY_SAID)


def test_what_people_wrote_themselves_is_not_said_again() -> None:
    case = draft_case(rules_text="# Shop\n\n- Do not keep amounts as floats\n")

    assert read(case, edit_reply()).reason is NoRuleReason.ALREADY_SAID


@pytest.mark.parametrize("kind", NoneKind)
def test_none_has_a_reason_of_the_closed_list(kind: NoneKind) -> None:
    said = DraftReply(reasoning="No.", edits=(), none_because="It helps nobody.", none_kind=kind)

    draft = read_draft(said, draft_case())

    assert draft.reason is not None
    assert draft.reason.name == kind.name


def test_no_room_is_said_as_such() -> None:
    draft = read(draft_case(rules_left=0), edit_reply())

    assert draft.reason is NoRuleReason.BUDGET_REACHED


def test_a_duplicate_may_be_merged_when_there_is_no_room() -> None:
    case = draft_case(rules=[CENTS, FLOATS], rules_left=0, tokens_left=0)
    merge = EditReply(
        operation=MERGE,
        rule_ids=(CENTS.rule_id, FLOATS.rule_id),
        text="Prices are cents.",
        kind=RuleKind.FACT,
        scope=None,
    )

    (edit,) = read(case, merge, **{CENTS.rule_id: Relation.SAME}).edits

    assert set(edit.rule.supersedes) == {CENTS.rule_id, FLOATS.rule_id}
