"""A proposal says of each rule whose words it is and what they rest on."""

from dataclasses import replace

import pytest

from sidecar.domain import EditOperation, RuleEdit
from sidecar.proposals import commit_message, describe
from tests.sidecar.test_proposals import GENERATED, RUN, TOGETHER, edit, outside_fences, proposal

SHOWN = "drawn from what went wrong, and then right, in recorded sessions of coding agents"
UNSEEN = "which show what went wrong and not what would have gone right"
BY_MODEL = edit(GENERATED, is_of_model=True, worded_by="claude-sonnet-4-5")
BY_PERSON = edit(replace(TOGETHER, is_human=True), in_place_of="abc")


def said(*edits: RuleEdit) -> str:
    return outside_fences(describe(proposal(edits)).body)


def test_rules_that_sessions_show_share_one_sentence() -> None:
    body = said(edit(RUN), edit(TOGETHER))

    assert body.startswith(f"Each rule below was {SHOWN}. Nothing but")
    assert "Origin" not in body


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (BY_MODEL, f"Origin: worded by `claude-sonnet-4-5` from 2 failed sessions, {UNSEEN}."),
        (replace(BY_MODEL, worded_by=None), f"Origin: worded by a model from 2 failed sessions, {UNSEEN}."),
        (replace(BY_MODEL, worded_by="m`](x)"), f"Origin: worded by a model from 2 failed sessions, {UNSEEN}."),
        (replace(BY_MODEL, is_of_model=False), "Origin: worded by `claude-sonnet-4-5` from 2 sessions."),
        (
            replace(BY_MODEL, operation=EditOperation.MERGE),
            "Origin: worded by `claude-sonnet-4-5` from 2 sessions.",
        ),
        (BY_PERSON, "Origin: a person's own words, in place of a draft that was refused."),
        (
            replace(BY_PERSON, adopted_by="Zoë `@acme/all`\n## Ok\u202e"),
            "Origin: a person's own words (`Zoë @acme/all## Ok`), in place of a draft that was refused.",
        ),
    ],
)
def test_nothing_else_is_said_to_have_gone_right(one: RuleEdit, expected: str) -> None:
    alone, mixed = said(one), said(edit(RUN), one)

    assert SHOWN not in alone
    assert expected in alone
    assert expected in mixed
    assert mixed.count(f"Origin: {SHOWN}.") == 1


def test_no_person_is_named_where_the_repository_is_public() -> None:
    body = describe(proposal((replace(BY_PERSON, adopted_by="Zoë"),)), with_quotes=False).body

    assert "Origin: a person's own words, in place of" in body
    assert "Zoë" not in body


def test_commit_of_a_persons_words_names_no_sessions() -> None:
    assert "recorded sessions" in commit_message(proposal((edit(RUN), BY_MODEL)))
    assert "recorded sessions" not in commit_message(proposal((edit(RUN), BY_PERSON)))
