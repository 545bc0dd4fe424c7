"""The static audit: what is refused before the gate, with a reason that a person understands."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.audit import AuditEvidence, audit, audit_evidence, better_elsewhere
from sidecar.domain import FailureClass, Lesson, NoRuleReason, RuleKind, SessionId
from tests.sidecar.drafting import failure_cluster
from tests.sidecar.lessons import cluster

SHOWN = AuditEvidence(
    sessions=frozenset({SessionId("session-4711")}),
    said=("It kept the amount as a float and the sum was off.", "Do not keep an amount as a float.", "make check"),
    symptoms=(
        "assert 12.5 == 1250",
        "AssertionError: assert 'EUR 9.99' == '9.99 EUR'",
        "ImportError: cannot import name 'round_half_up' from 'shop.money'",
    ),
    paths=frozenset({"src/shop/money.py"}),
)


def reasons(text: str, kind: RuleKind = RuleKind.CONSTRAINT) -> str:
    return "; ".join(audit(text, kind, None, SHOWN))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Do not keep amounts as floats.", RuleKind.CONSTRAINT),
        ("Do not keep amounts as floats; use integer cents.", RuleKind.CONSTRAINT),
        ("Amounts are integers, never floats.", RuleKind.FACT),
        ("Amounts are integer cents.", RuleKind.FACT),
        ("Run `make check` before the amount is written.", RuleKind.COMMAND),
        ("When you change `src/shop/money.py`, change `src/shop/amount.py` with it.", RuleKind.WORKFLOW),
        ("Do not call `round_half_up` on an amount.", RuleKind.CONSTRAINT),
    ],
)
def test_a_denial_a_fact_a_command_or_a_workflow_passes(text: str, kind: RuleKind) -> None:
    assert reasons(text, kind) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Use integer cents for amounts.", "positive"),
        ("Write readable code for amounts.", "maxim: 'readable'"),
        ("Do not write amounts without following best practices.", "maxim: 'best practices'"),
        ("Never forget to handle amounts properly.", "maxim: 'properly'"),
        ("Do not forget that `money.py` contains the amounts.", "visible"),
        ("Do not break SHOP-12 with floats for an amount.", "instance: 'SHOP-12' names one issue"),
        ("Do not break #123 with floats for an amount.", "instance: '#123' names one issue"),
        ("Do not keep an amount as in 3f9c2d1a7b.", "names one commit"),
        ("Do not break test_total_in_cents with a float.", "names one test"),
        ("Do not break TestMoney with a float.", "names one test"),
        ("Do not keep an amount as session-4711 did.", "one of the sessions"),
        ("Since 2026-11-03 an amount is not a float.", "names a day"),
        ("Do not return 12.5 as an amount; the amount is 1250.", "answer: '12.5'"),
        ("An amount is not shown as 9.99 EUR.", "answer: '9.99 EUR'"),
        ("Do not keep floats; import round_half_up for an amount.", "answer: 'round_half_up'"),
        ("Never use global variables.", "unfounded"),
    ],
)
def test_what_is_not_worth_its_place_is_refused_with_its_reason(text: str, words: str) -> None:
    assert words in reasons(text)


@pytest.mark.parametrize(
    ("scope", "is_fit"), [(None, True), ("src/shop/**", True), ("src/shop/money.py", True), ("src/api/**", False)]
)
def test_a_scope_holds_for_a_file_that_the_sessions_show(scope: str | None, *, is_fit: bool) -> None:
    told = audit("Do not keep amounts as floats.", RuleKind.CONSTRAINT, scope, SHOWN)

    assert (told == ()) == is_fit


def test_every_reason_says_its_kind_first() -> None:
    told = audit("Use readable test_total_in_cents, see SHOP-12.", RuleKind.CONSTRAINT, None, SHOWN)

    assert [one.split(":")[0] for one in told] == ["maxim", "positive", "instance", "instance"]


def test_evidence_of_a_cluster_is_all_that_its_sessions_say() -> None:
    shown = audit_evidence(failure_cluster(), ("It returns a float.",))

    assert shown.sessions == {"session-a", "session-b"}
    assert {"It returns a float.", "assert 12.5 == 1250", "src/shop/money.py"} <= set(shown.said)
    assert audit("Do not keep amounts as floats.", RuleKind.CONSTRAINT, None, shown) == ()


def told(failure_class: FailureClass, candidate: str | None) -> Lesson:
    return Lesson(failure_class=failure_class, signature="s", rule_candidate=candidate)


@pytest.mark.parametrize(
    ("lesson", "expected"),
    [
        (told(FailureClass.UNCHECKED_END, "Do not leave the totals unchecked."), NoRuleReason.BETTER_AS_HOOK),
        (told(FailureClass.FAULTY_LOGIC, "Do not end without running the checks."), NoRuleReason.BETTER_AS_HOOK),
        (told(FailureClass.BROKEN_CONVENTION, "Do not break the import order."), NoRuleReason.BETTER_AS_LINT),
        (told(FailureClass.BROKEN_CONVENTION, "Do not leave unused imports."), NoRuleReason.BETTER_AS_LINT),
        (told(FailureClass.BROKEN_CONVENTION, "Do not keep amounts as floats."), None),
        (told(FailureClass.FAULTY_LOGIC, None), None),
    ],
)
def test_what_a_hook_or_a_linter_does_better_is_said(lesson: Lesson, expected: NoRuleReason | None) -> None:
    found = better_elsewhere(cluster(lesson))

    assert (found and found[0]) == expected


def test_one_of_many_that_speaks_of_format_does_not_make_it_a_matter_of_lint() -> None:
    found = failure_cluster()
    odd = replace(found.supports[0].lesson, rule_candidate="Do not leave trailing whitespace.")

    assert better_elsewhere(replace(found, supports=(replace(found.supports[0], lesson=odd), *found.supports))) is None


@given(st.text(max_size=300), st.sampled_from(RuleKind), st.text(max_size=100))
def test_any_text_has_an_answer(text: str, kind: RuleKind, symptom: str) -> None:
    told = audit(text, kind, None, replace(SHOWN, symptoms=(symptom,)))

    assert all(": " in one for one in told)
