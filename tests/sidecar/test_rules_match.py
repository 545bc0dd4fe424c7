"""What people did to our rules is told apart: kept, reworded, deleted, added."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain import Rule, RuleKind
from sidecar.rules import match_rules, rule_id

KNOWN = (
    "Run `uv run pytest`; `pytest` fails here.",
    "Do not edit `gen/api.py` by hand.",
    "Change `schema.sql` together with `models.py`.",
)


def rule(text: str, scope: str | None = None) -> Rule:
    return Rule(rule_id=rule_id(text, scope), text=text, scope=scope, kind=RuleKind.COMMAND, evidence=("s",))


LEDGER = tuple(rule(text) for text in KNOWN)
WORDS = st.lists(st.sampled_from([*KNOWN, "Run `uv run pytest -q`; `pytest` fails here.", "Else", "a", ""]), max_size=6)


def test_untouched_rules_are_kept_as_the_ledger_has_them() -> None:
    match = match_rules([rule(text) for text in reversed(KNOWN)], LEDGER)

    assert match.kept == tuple(reversed(LEDGER))
    assert (match.amended, match.deleted, match.added) == ((), (), ())


@pytest.mark.parametrize(
    "words",
    [
        "Run `uv run pytest -q`; `pytest` fails here.",
        "RUN `UV RUN PYTEST`; `PYTEST` FAILS HERE!",
        "Please run `uv run pytest`, because `pytest` fails here.",
    ],
)
def test_reworded_rule_keeps_its_id_and_is_the_persons(words: str) -> None:
    match = match_rules([rule(words), *LEDGER[1:]], LEDGER)

    assert [(one.rule_id, one.text, one.is_human, one.evidence) for one in match.amended] == [
        (LEDGER[0].rule_id, words, True, ("s",))
    ]
    assert (match.deleted, match.added) == ((), ())


@pytest.mark.parametrize(
    ("known", "formatted"),
    [
        ("Name files like_this.", "Name files like\\_this."),
        ("Never *ever* guess.", "Never _ever_ guess."),
        ("Say \"cents\", don't say 'euros'.", "Say \u201ccents\u201d, don\u2019t say \u2018euros\u2019."),
        ("Use `a_b` and x_y.", "Use `a_b` and x\\_y."),
    ],
)
def test_rule_that_a_formatter_escaped_is_nobodys_but_ours(known: str, formatted: str) -> None:
    match = match_rules([rule(formatted)], [rule(known)])

    assert [(one.rule_id, one.text, one.is_human) for one in match.reformatted] == [
        (rule_id(known, None), formatted, False)
    ]
    assert (match.kept, match.amended, match.deleted, match.added) == ((), (), (), ())


def test_change_within_code_is_a_persons() -> None:
    match = match_rules([rule("Do not edit `gen/a*b.py`.")], [rule("Do not edit `gen/a_b.py`.")])

    assert [one.is_human for one in match.amended] == [True]


def test_reworded_line_is_told_from_a_deleted_one_by_what_it_names() -> None:
    ledger = [rule("Do not edit `gen/api.py` by hand."), rule("Do not edit `gen/app.py` by hand.")]

    match = match_rules([rule("Do not ever edit `gen/app.py` by hand, please.")], ledger)

    assert [one.rule_id for one in match.amended] == [ledger[1].rule_id]


def test_rule_with_another_scope_is_reworded() -> None:
    match = match_rules([rule(KNOWN[0], "src/**"), *LEDGER[1:]], LEDGER)

    assert [(one.rule_id, one.scope) for one in match.amended] == [(LEDGER[0].rule_id, "src/**")]


def test_missing_line_is_a_deleted_rule() -> None:
    match = match_rules([LEDGER[0], LEDGER[2]], LEDGER)

    assert match.deleted == (LEDGER[1],)


def test_replaced_line_is_one_deleted_and_one_added() -> None:
    match = match_rules([LEDGER[0], rule("Use tabs."), LEDGER[2]], LEDGER)

    assert match.deleted == (LEDGER[1],)
    assert [(one.text, one.is_human) for one in match.added] == [("Use tabs.", True)]


def test_reworded_line_is_told_from_a_like_one_by_its_place() -> None:
    ledger = [rule("Run `make test` in `a`."), rule("Keep."), rule("Run `make test` in `b`.")]

    match = match_rules([ledger[1], rule("Run `make test` in `c`.")], ledger)

    assert [one.rule_id for one in match.amended] == [ledger[2].rule_id]
    assert match.deleted == (ledger[0],)


def test_line_written_twice_is_one_rule() -> None:
    assert match_rules([LEDGER[0], LEDGER[0]], LEDGER[:1]).standing == LEDGER[:1]


@given(WORDS, WORDS)
def test_every_ledger_rule_is_kept_reworded_or_deleted_exactly_once(block: list[str], known: list[str]) -> None:
    ledger = [rule(text) for text in dict.fromkeys(known)]

    match = match_rules([rule(text) for text in block], ledger)

    found = [one.rule_id for one in (*match.standing, *match.deleted)]
    assert sorted(found) == sorted(one.rule_id for one in ledger)
