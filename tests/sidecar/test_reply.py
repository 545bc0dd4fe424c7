"""Reading a draft reply: edits of known rules within the budget, or the reason why not."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain import EditOperation, ReplyProblem, RuleId, RuleKind
from sidecar.metaprompt import MOST_EDITS, DraftCase, EditReply
from sidecar.reply import read_draft
from sidecar.rules import rule_id
from tests.sidecar.drafting import draft_case, draft_reply, edit_reply, failure_cluster, our_rule, tombstone

CHECKS = our_rule()
LINES = our_rule("Keep lines short.")
THEIRS = our_rule("Ask before you add a dependency.", is_human=True)
CASE = draft_case(rules=[CHECKS, LINES, THEIRS], tombstones=[tombstone()])
UNKNOWN = RuleId("ffffffffffff")
ADD, AMEND, MERGE, RETIRE = EditOperation.ADD, EditOperation.AMEND, EditOperation.MERGE, EditOperation.RETIRE


def dropped_reason(edit: EditReply, case: DraftCase = CASE) -> str:
    draft = read_draft(draft_reply(edit), case)
    assert draft.edits == ()
    (reason,) = draft.dropped
    return reason


def test_an_added_rule_rests_on_its_cluster() -> None:
    (edit,) = read_draft(draft_reply(edit_reply()), CASE).edits

    assert edit.operation is ADD
    assert (edit.rule.text, edit.rule.kind, edit.rule.scope) == (
        "Do not keep amounts as floats.",
        RuleKind.CONSTRAINT,
        "src/shop/**",
    )
    assert edit.rule.rule_id == rule_id(edit.rule.text, edit.rule.scope)
    assert edit.rule.evidence == ("session-a", "session-b")
    assert (edit.task_count, edit.signature) == (2, failure_cluster().signature)
    assert edit.reason == "2 sessions on 2 distinct tasks show it."
    assert [(one.session, one.step_id, one.text) for one in edit.placed_quotes] == [
        ("session-a", "t1", "assert 12.5 == 1250"),
        ("session-b", "t1", "assert 12.5 == 1250"),
    ]


def test_an_amended_rule_keeps_its_id_and_its_evidence() -> None:
    (edit,) = read_draft(
        draft_reply(edit_reply(AMEND, CHECKS.rule_id, text="Run `make check`.", scope=None)), CASE
    ).edits

    assert (edit.rule.rule_id, edit.rule.text, edit.rule.scope) == (CHECKS.rule_id, "Run `make check`.", None)
    assert edit.rule.evidence == ("old-session", "session-a", "session-b")


def test_a_merged_rule_supersedes_the_others() -> None:
    (edit,) = read_draft(draft_reply(edit_reply(MERGE, CHECKS.rule_id, LINES.rule_id, scope=None)), CASE).edits

    assert edit.rule.supersedes == (CHECKS.rule_id, LINES.rule_id)


def test_a_retired_rule_stands_as_it_was() -> None:
    (edit,) = read_draft(draft_reply(edit_reply(RETIRE, LINES.rule_id, text="anything\x00")), CASE).edits

    assert (edit.rule, edit.signature) == (LINES, None)
    assert "look at them before you agree" in edit.reason


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (edit_reply(ADD, CHECKS.rule_id), "names no rule, this one names 1"),
        (edit_reply(AMEND), "names one rule, this one names 0"),
        (edit_reply(MERGE, CHECKS.rule_id, CHECKS.rule_id), "names two rules or more, this one names 1"),
        (edit_reply(RETIRE, CHECKS.rule_id, LINES.rule_id), "names one rule, this one names 2"),
        (edit_reply(AMEND, THEIRS.rule_id), "a person changed the words"),
        (edit_reply(RETIRE, THEIRS.rule_id), "a person changed the words"),
        (edit_reply(text=""), "needs words"),
        (edit_reply(text="one\ntwo"), "holds U+000A"),
        (edit_reply(text="hid\u200bden"), "holds U+200B"),
        (edit_reply(text="<!-- hidden -->"), "HTML comment"),
        (edit_reply(text="word " * 41), "204 characters; 200 are allowed"),
        (edit_reply(scope="`src`"), "no path pattern"),
        (edit_reply(text="Keep  lines short.", scope=None), "a rule says the same already"),
        (edit_reply(AMEND, LINES.rule_id, text=LINES.text, scope=None), "a rule says the same already"),
        (edit_reply(text="Never use floats.", scope=None), "people declined"),
        (edit_reply(text="Never use floats.", scope="src/**"), "people declined"),
    ],
)
def test_an_edit_that_cannot_be_used_is_left_out_with_its_reason(edit: EditReply, words: str) -> None:
    assert words in dropped_reason(edit)


@pytest.mark.parametrize("operation", EditOperation)
def test_rules_that_were_not_shown_are_wrong_ids(operation: EditOperation) -> None:
    draft = read_draft(draft_reply(edit_reply(operation, UNKNOWN, CHECKS.rule_id)), CASE)

    assert (draft.edits, draft.problem) == ((), ReplyProblem.WRONG_IDS)


def test_usable_edits_stay_when_others_are_left_out() -> None:
    draft = read_draft(draft_reply(edit_reply(AMEND, UNKNOWN), edit_reply(), edit_reply()), CASE)

    assert [edit.operation for edit in draft.edits] == [ADD]
    assert draft.problem is None
    assert draft.dropped == (
        "edit 1 (amend): it names a rule that is not there",
        "edit 3 (add): a rule says the same already",
    )


def test_when_no_edit_is_usable_the_reply_is_a_problem() -> None:
    draft = read_draft(draft_reply(edit_reply(text=""), edit_reply(AMEND, UNKNOWN)), CASE)

    assert (draft.edits, draft.problem, len(draft.dropped)) == ((), ReplyProblem.UNFIT_EDITS, 2)


def test_edits_over_the_limit_are_left_out() -> None:
    edits = [edit_reply(text=f"Do not use number {number}.") for number in range(6)]

    draft = read_draft(draft_reply(*edits), CASE)

    assert len(draft.edits) == MOST_EDITS
    assert draft.dropped[0] == "edit 5 (add): over the limit of 4 edits"


def test_a_rule_is_changed_by_one_edit_only() -> None:
    draft = read_draft(
        draft_reply(
            edit_reply(MERGE, CHECKS.rule_id, LINES.rule_id, text="One. Two.", scope=None),
            edit_reply(RETIRE, LINES.rule_id),
        ),
        CASE,
    )

    assert [edit.operation for edit in draft.edits] == [MERGE]
    assert draft.dropped == ("edit 2 (retire): an edit before it changes the same rule",)


@pytest.mark.parametrize(
    ("rules_left", "tokens_left", "kept"), [(2, 400, 2), (1, 400, 1), (0, 400, 0), (9, 20, 1), (9, 0, 0)]
)
def test_rules_are_added_while_there_is_room(rules_left: int, tokens_left: int, kept: int) -> None:
    case = draft_case(rules_left=rules_left, tokens_left=tokens_left)

    draft = read_draft(draft_reply(edit_reply(), edit_reply(text="Do not divide amounts.")), case)

    assert len(draft.edits) == kept


def test_merging_needs_no_room() -> None:
    case = draft_case(rules=[CHECKS, LINES], rules_left=0, tokens_left=0)

    draft = read_draft(
        draft_reply(edit_reply(MERGE, CHECKS.rule_id, LINES.rule_id, text="Be brief.", scope=None)), case
    )

    assert [edit.operation for edit in draft.edits] == [MERGE]


def test_none_has_the_models_reason() -> None:
    draft = read_draft(draft_reply(none_because="The rules\nfile says it."), CASE)

    assert (draft.edits, draft.none_because, draft.problem) == ((), "The rules file says it.", None)


@pytest.mark.parametrize("because", [None, "", " "])
def test_neither_edits_nor_a_reason_is_a_problem(because: str | None) -> None:
    assert read_draft(draft_reply(none_because=because), CASE).problem is ReplyProblem.EMPTY


@given(
    edits=st.lists(
        st.builds(
            EditReply,
            operation=st.sampled_from(EditOperation),
            rule_ids=st.lists(
                st.sampled_from([CHECKS.rule_id, LINES.rule_id, THEIRS.rule_id, UNKNOWN]), max_size=3
            ).map(tuple),
            text=st.text(max_size=40) | st.sampled_from([CHECKS.text, "Do not do it.", "Never use floats."]),
            kind=st.sampled_from(RuleKind),
            scope=st.none() | st.text(max_size=10),
        ),
        max_size=6,
    )
)
def test_whatever_the_reply_each_edit_is_taken_or_has_a_reason(edits: Sequence[EditReply]) -> None:
    draft = read_draft(draft_reply(*edits), CASE)

    assert len(draft.edits) + len(draft.dropped) == len(edits)
    assert len(draft.edits) <= MOST_EDITS
    touched = [one for edit in draft.edits for one in (edit.rule.rule_id, *edit.rule.supersedes)]
    assert THEIRS.rule_id not in touched
    assert (draft.problem is None) == bool(draft.edits)
