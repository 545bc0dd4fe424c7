"""Edits: read strictly, applied once, refused when they do not fit."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.domain import EditOperation, Rule, RuleEdit, RuleId, RuleKind
from sidecar.errors import DecodeError, RulesFileError
from sidecar.rules import (
    BEGIN,
    END,
    ROOT_BUDGET,
    SCOPED_BUDGET,
    apply_edits,
    block_size,
    parse_edits,
    parse_rules_file,
    rule_id,
)


def add(text: str, scope: str | None = None) -> dict[str, str]:
    return {"op": "add", "kind": "command", "text": text} | ({} if scope is None else {"scope": scope})


def retire(text: str, scope: str | None = None) -> dict[str, str]:
    return {"op": "retire", "text": text} | ({} if scope is None else {"scope": scope})


def edits(*listed: dict[str, str]) -> tuple[RuleEdit, ...]:
    return parse_edits(json.dumps({"edits": listed}).encode())


def edit(operation: EditOperation, text: str, *, rule_id: str, supersedes: tuple[str, ...] = ()) -> RuleEdit:
    taken = tuple(RuleId(one) for one in supersedes)
    rule = Rule(rule_id=RuleId(rule_id), text=text, kind=RuleKind.FACT, supersedes=taken)
    return RuleEdit(operation=operation, rule=rule, reason="because")


def block(*words: str) -> bytes:
    return "\n".join([BEGIN, *(f"- {line}" for line in words), END, ""]).encode()


WORDS = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=30).filter(
    lambda text: text.strip() and "<!--" not in text and "-->" not in text
)


def test_rules_are_added_in_order_below_the_text() -> None:
    edited = apply_edits(b"# T\n", edits(add("Run `a`"), add("Do not edit `b`", "src/**")))

    assert edited == b"# T\n\n" + block("Run `a`", "In `src/**`: Do not edit `b`")


@given(WORDS, st.sampled_from([None, "src/**"]))
def test_adding_twice_is_adding_once(text: str, scope: str | None) -> None:
    once = apply_edits(b"# T\n", edits(add(text, scope)))

    assert apply_edits(once, edits(add(text, scope))) == once
    assert apply_edits(b"# T\n", edits(add(text, scope), add(text, scope))) == once


@given(st.binary(max_size=60), st.lists(WORDS, min_size=1, max_size=4, unique_by=lambda text: " ".join(text.split())))
def test_adding_and_retiring_restores_the_file(content: bytes, words: list[str]) -> None:
    try:
        added = apply_edits(content, edits(*(add(text) for text in words)))
    except RulesFileError:
        return

    assert apply_edits(added, edits(*(retire(text) for text in reversed(words)))) == content


def test_words_that_name_a_scope_are_that_scope() -> None:
    edited = edits(add("In `src/**`: two"))[0].rule

    assert (edited.text, edited.scope, edited.rule_id) == ("two", "src/**", rule_id("two", "src/**"))


def test_retired_rule_is_found_without_its_scope() -> None:
    assert apply_edits(block("In `src/**`: two", "one"), edits(retire("two"))) == block("one")


def test_retiring_a_text_of_several_scopes_asks_which() -> None:
    with pytest.raises(RulesFileError, match=r"several scopes \(a/\*\*, b/\*\*\)"):
        apply_edits(block("In `a/**`: x", "In `b/**`: x"), edits(retire("x")))


def test_retiring_what_is_not_there_names_the_nearest() -> None:
    with pytest.raises(RulesFileError, match="the nearest is 'Run `uv run pytest`'"):
        apply_edits(block("Run `uv run pytest`", "Else"), edits(retire("Run `pytest`")))


def test_retiring_from_a_file_without_block_says_so() -> None:
    with pytest.raises(RulesFileError, match="holds no rules"):
        apply_edits(b"# T\n", edits(retire("x")))


def test_amended_rule_takes_the_place_of_the_old_words() -> None:
    ledger = [Rule(rule_id=RuleId("a" * 12), text="one", kind=RuleKind.FACT)]

    edited = apply_edits(block("one", "two"), [edit(EditOperation.AMEND, "uno", rule_id="a" * 12)], ledger=ledger)

    assert edited == block("uno", "two")


def test_merged_rules_become_one_at_the_first_place() -> None:
    ledger = [Rule(rule_id=RuleId(letter * 12), text=letter, kind=RuleKind.FACT) for letter in "abc"]
    merge = edit(EditOperation.MERGE, "a and c", rule_id="d" * 12, supersedes=("a" * 12, "c" * 12))

    assert apply_edits(block("a", "b", "c"), [merge], ledger=ledger) == block("a and c", "b")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "empty"),
        (" \t", "empty"),
        ("a\nb", r"U\+000A"),
        ("a\x1b[2K", r"U\+001B"),
        ("a\u202eb", "RIGHT-TO-LEFT OVERRIDE"),
        ("a\u200bb", "ZERO WIDTH SPACE"),
        ("a\U000e0041b", r"U\+E0041"),
        ("a\ud800b", r"U\+D800"),
        ("a <!-- b", "comment"),
        (END, "comment"),
    ],
)
def test_text_that_cannot_stand_on_one_line_is_refused(text: str, what: str) -> None:
    with pytest.raises(RulesFileError, match=what):
        apply_edits(b"", edits(add(text)))


@pytest.mark.parametrize("scope", ["", "a`b", "a\nb"])
def test_scope_that_is_no_pattern_is_refused(scope: str) -> None:
    with pytest.raises(RulesFileError):
        apply_edits(b"", edits(add("x", scope)))


@pytest.mark.parametrize("opened", ["<script>", "```", "<!--", "<?php"])
def test_file_that_leaves_no_place_where_rules_would_be_read_is_refused(opened: str) -> None:
    with pytest.raises(RulesFileError, match="close it first"):
        apply_edits(f"---\n{opened}\n---\ntext\n".encode(), edits(add("x")))


def test_twenty_short_rules_fit_and_one_more_does_not() -> None:
    full = apply_edits(b"", edits(*(add(f"rule {number}") for number in range(20))))

    with pytest.raises(RulesFileError, match="21 rules"):
        apply_edits(full, edits(add("one more")))


def test_rules_over_eight_hundred_tokens_are_refused() -> None:
    with pytest.raises(RulesFileError, match=r"about 8\d\d tokens"):
        apply_edits(b"", edits(*(add(f"{number} " + "word " * 100) for number in range(7))))


def test_words_of_people_in_the_block_count() -> None:
    prose = f"{BEGIN}\n{'word ' * 640}\n- one\n{END}\n".encode()

    with pytest.raises(RulesFileError, match=r"about 80\d tokens"):
        apply_edits(prose, edits(add("two")))


def test_scoped_block_has_its_own_budget() -> None:
    full = apply_edits(b"", edits(*(add(f"rule {number}", "src/**") for number in range(10))), budget=SCOPED_BUDGET)

    with pytest.raises(RulesFileError, match=r"11 rules, 13 lines .* it may hold 10, 20 and 400"):
        apply_edits(full, edits(add("one more", "src/**")), budget=SCOPED_BUDGET)


def test_rule_is_not_amended_beyond_the_budget() -> None:
    full = apply_edits(b"", edits(*(add(f"rule {number} {'word ' * 6}") for number in range(20))))
    longer = edit(EditOperation.AMEND, "word " * 500, rule_id=parse_rules_file(full).rules[0].rule_id)

    with pytest.raises(RulesFileError, match="20 rules"):
        apply_edits(full, [longer])


OVERSIZE = block(*(f"rule {number}" for number in range(45)))


def test_block_that_people_filled_up_can_still_be_trimmed() -> None:
    assert len(parse_rules_file(apply_edits(OVERSIZE, edits(retire("rule 3")))).rules) == 44


def test_addition_to_a_block_that_people_filled_up_is_refused_with_the_figures() -> None:
    with pytest.raises(RulesFileError, match=r"46 rules, 48 lines and about \d+ tokens; it may hold 20, 40 and 800"):
        apply_edits(OVERSIZE, edits(add("one more")))


def test_rules_of_a_block_that_people_filled_up_can_be_merged() -> None:
    first, second = (one.rule_id for one in parse_rules_file(OVERSIZE).rules[:2])
    both = edit(EditOperation.MERGE, "both", rule_id="d" * 12, supersedes=(first, second))

    assert len(parse_rules_file(apply_edits(OVERSIZE, [both])).rules) == 44


def edited_at(place: int, operation: EditOperation, text: str, standing: Sequence[Rule]) -> RuleEdit:
    """An edit of the rule at a place of the block; of a new one where the block is empty."""
    at = standing[place % len(standing)].rule_id if standing else rule_id(text, None)
    made = {EditOperation.ADD: rule_id(text, None), EditOperation.MERGE: rule_id(text, None)}.get(operation, at)
    next_one = standing[(place + 1) % len(standing)].rule_id if standing else at
    return edit(operation, text, rule_id=made, supersedes=(at, next_one) if operation is EditOperation.MERGE else ())


@settings(max_examples=40)  # a chain of renderings, each of which parses the file anew
@given(
    start=st.integers(0, 45),
    steps=st.lists(
        st.tuples(st.integers(0, 60), st.sampled_from(EditOperation), st.integers(1, 120)), min_size=1, max_size=15
    ),
)
def test_no_sequence_of_edits_leads_over_the_budget(start: int, steps: list[tuple[int, EditOperation, int]]) -> None:
    content = block(*(f"rule {number}" for number in range(start)))
    for number, (place, operation, length) in enumerate(steps):
        standing = parse_rules_file(content).rules
        before = block_size(content)
        made = edited_at(place, operation, f"{number} {'word ' * length}", standing)
        try:
            content = apply_edits(content, [made], ledger=standing)
        except RulesFileError:
            continue

        after = block_size(content)
        assert after.rules <= max(before.rules, ROOT_BUDGET.rules)
        assert after.lines <= max(before.lines, ROOT_BUDGET.lines)
        assert after.tokens <= max(before.tokens, ROOT_BUDGET.tokens)


@pytest.mark.parametrize(
    ("document", "what"),
    [
        (b"", "not JSON"),
        (b"[]", "expected a JSON object"),
        (b"{}", 'no list "edits"'),
        (b'{"edits":{}}', 'no list "edits"'),
        (b'{"edits":[1]}', "expected a JSON object"),
        (b'{"edits":[{"op":"add","text":"a"},{"op":"amend","text":"a"}]}', "edit 2: \"op\" is 'amend'"),
        (b'{"edits":[{"op":"add"}]}', 'edit 1: "text" is None'),
        (b'{"edits":[{"op":"add","text":"a","scope":1}]}', 'edit 1: "scope" is 1'),
        (
            b'{"edits":[{"op":"add","text":"a","kind":"advice"}]}',
            "expected one of: command, constraint, fact, workflow",
        ),
        (b'{"edits":[{"op":"add","text":"a","file":"b"}]}', "edit 1: unknown key 'file'"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_document_that_is_no_edits_is_refused_by_place(document: bytes, what: str) -> None:
    with pytest.raises(DecodeError, match=what):
        parse_edits(document)
