"""What the store promises of drafts' decisions and of the rules in force, on SQLite and on PostgreSQL."""

from dataclasses import replace

import pytest

from sidecar.domain import ClusterId, Decision, FailureClass, NoRuleReason, ProjectId, QuestionKey, RuleId
from sidecar.store import Store
from sidecar.store.decisions import KEPT_NS
from tests.contracts.records import PROJECT, make_rule

OTHER_PROJECT = ProjectId("example.org/parcel")


def decided(
    cluster: str = "c1", *, at_ns: int = 1, reason: NoRuleReason | None = NoRuleReason.ALREADY_SAID, lesson: str = "Do."
) -> Decision:
    return Decision(
        project=PROJECT,
        cluster_id=ClusterId(cluster),
        failure_class=FailureClass.BROKEN_CONVENTION,
        lesson=lesson,
        task_count=3,
        person_count=2,
        reason=reason,
        detail="a rule of the base says it",
        rules=() if reason else (RuleId("00" * 6),),
        question=QuestionKey("q"),
        at_ns=at_ns,
    )


def test_a_decision_reads_back_as_it_was(store: Store) -> None:
    store.decisions.set(PROJECT, [decided()], now_ns=1)

    (kept,) = store.decisions.all(PROJECT)

    assert (decided(), 1) == (kept.decision, kept.since_ns)
    assert store.decisions.of(OTHER_PROJECT) == {}


def test_the_same_decision_stands_since_it_was_first_made(store: Store) -> None:
    for at_ns in (1, 5, 9):
        store.decisions.set(PROJECT, [decided(at_ns=at_ns)], now_ns=at_ns)

    (kept,) = store.decisions.all(PROJECT)

    assert (kept.decision.at_ns, kept.since_ns) == (9, 1)


@pytest.mark.parametrize(
    "other",
    [decided(at_ns=5, reason=NoRuleReason.GATE_REFUSED), decided(at_ns=5, reason=None), decided(at_ns=5, lesson="No.")],
)
def test_another_decision_stands_since_it_was_made(store: Store, other: Decision) -> None:
    store.decisions.set(PROJECT, [decided(at_ns=1)], now_ns=1)

    store.decisions.set(PROJECT, [other], now_ns=5)

    (kept,) = store.decisions.all(PROJECT)
    assert (other, 5) == (kept.decision, kept.since_ns)


def test_an_older_run_does_not_overwrite_a_newer_one(store: Store) -> None:
    store.decisions.set(PROJECT, [decided(at_ns=9)], now_ns=9)

    store.decisions.set(PROJECT, [decided(at_ns=5, reason=NoRuleReason.GATE_REFUSED)], now_ns=9)

    assert store.decisions.of(PROJECT)[ClusterId("c1")].at_ns == 9


def test_a_run_over_other_lessons_leaves_the_rest(store: Store) -> None:
    store.decisions.set(PROJECT, [decided("c1")], now_ns=1)

    store.decisions.set(PROJECT, [decided("c2", at_ns=2)], now_ns=2)

    assert [one.decision.cluster_id for one in store.decisions.all(PROJECT)] == ["c2", "c1"]


def test_a_decision_that_nothing_renews_goes_at_last(store: Store) -> None:
    store.decisions.set(PROJECT, [decided("c1", at_ns=1), decided("c2", at_ns=2)], now_ns=2)

    store.decisions.set(PROJECT, [], now_ns=2 + KEPT_NS)

    assert list(store.decisions.of(PROJECT)) == ["c2"]


def test_a_rule_stands_from_the_first_run_that_saw_it_until_the_first_that_did_not(store: Store) -> None:
    stays, goes = make_rule("01" * 6), make_rule("02" * 6)
    store.decisions.set_in_force(PROJECT, [stays, goes], now_ns=1)
    store.decisions.set_in_force(OTHER_PROJECT, [], now_ns=2)

    store.decisions.set_in_force(PROJECT, [replace(stays, text="In other words.")], now_ns=3)
    store.decisions.set_in_force(PROJECT, [stays], now_ns=4)

    seen = [(one.rule.rule_id, one.since_ns, one.gone_ns) for one in store.decisions.in_force(PROJECT)]
    assert seen == [(stays.rule_id, 1, None), (goes.rule_id, 1, 3)]


def test_a_rule_that_came_back_stands_since_then(store: Store) -> None:
    rule = make_rule("01" * 6)
    for at_ns, rules in ((1, [rule]), (2, []), (3, [rule])):
        store.decisions.set_in_force(PROJECT, rules, now_ns=at_ns)

    (seen,) = store.decisions.in_force(PROJECT)

    assert (seen.since_ns, seen.gone_ns) == (3, None)


def test_a_decision_says_either_rules_or_a_reason() -> None:
    with pytest.raises(ValueError, match="or the reason"):
        replace(decided(), reason=None)
