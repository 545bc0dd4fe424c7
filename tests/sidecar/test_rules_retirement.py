"""Rules go by evidence alone, never early, never for quiet, and never a person's."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain import Rule, RuleId, RuleKind
from sidecar.rules import HarmFinding, SessionExposure, StandingRule, could_be_unmet, due_retirements, rule_id

DAY_NS = 24 * 3600 * 1_000_000_000
NOW_NS = 1_000 * DAY_NS


def standing(
    text: str = "Do not edit `src/api.py`.", *, days: int = 100, is_human: bool = False, gone: tuple[str, ...] = ()
) -> StandingRule:
    made = Rule(rule_id=rule_id(text, "src/**"), text=text, scope="src/**", kind=RuleKind.FACT, is_human=is_human)
    return StandingRule(rule=made, since_ns=NOW_NS - days * DAY_NS, gone_paths=gone)


RULE = standing()
ID = RULE.rule.rule_id
OTHER = RuleId("0" * 12)


def session(days_ago: int, *, active: tuple[RuleId, ...] = (ID,), exposed: tuple[RuleId, ...] = ()) -> SessionExposure:
    return SessionExposure(
        at_ns=NOW_NS - days_ago * DAY_NS, active=frozenset((*active, *exposed)), exposed=frozenset(exposed)
    )


BUSY = tuple(session(days) for days in range(1, 21))
"""Sessions in which the rule was shown and its paths not touched."""


def reasons(*rules: StandingRule, sessions: tuple[SessionExposure, ...] = (), **more: HarmFinding) -> list[str]:
    return [one.reason for one in due_retirements(rules, sessions, now_ns=NOW_NS, harms=tuple(more.values()))]


def harm(exposures: int = 20) -> HarmFinding:
    return HarmFinding(rule_id=ID, exposures=exposures, finding="12 % fewer passed than without")


def test_rule_that_no_session_met_in_sixty_days_is_retired() -> None:
    assert reasons(RULE, sessions=BUSY) == [
        "No session met it in 60 days, while 20 sessions worked here with our rules."
    ]


@pytest.mark.parametrize(
    "sessions",
    [
        (),
        BUSY[:-1],
        (*BUSY, session(59, exposed=(ID,))),
        tuple(session(days, active=()) for days in range(1, 41)),
        tuple(session(days) for days in range(61, 101)),
    ],
    ids=["quiet", "too few", "met once", "nobody knows what was loaded", "long ago"],
)
def test_rule_that_nothing_speaks_against_stays(sessions: tuple[SessionExposure, ...]) -> None:
    assert reasons(RULE, sessions=sessions) == []


def test_sessions_that_had_other_rules_could_have_met_it() -> None:
    assert len(reasons(RULE, sessions=tuple(session(days, active=(OTHER,)) for days in range(1, 21)))) == 1


@pytest.mark.parametrize(("days", "expected"), [(59, 0), (60, 1)])
def test_rule_must_have_stood_as_long_as_it_was_not_met(days: int, expected: int) -> None:
    assert len(reasons(standing(days=days), sessions=BUSY)) == expected


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (("src/api.py",), "It speaks of src/api.py, which is gone from the repository."),
        (("src", "a.py"), "It speaks of src, a.py, which are gone from the repository."),
    ],
)
def test_rule_on_a_path_that_is_gone_is_retired(gone: tuple[str, ...], said: str) -> None:
    assert reasons(standing(gone=gone)) == [said]


@pytest.mark.parametrize(("exposures", "expected"), [(19, 0), (20, 1)])
def test_measured_harm_counts_from_enough_sessions_on(exposures: int, expected: int) -> None:
    assert len(reasons(RULE, one=harm(exposures))) == expected


def test_harm_is_said_with_its_figures() -> None:
    assert reasons(RULE, one=harm()) == ["It did harm: 12 % fewer passed than without (20 sessions had it)."]


@pytest.mark.parametrize("days", [0, 13])
def test_young_rule_is_never_retired(days: int) -> None:
    assert reasons(standing(days=days, gone=("src/api.py",)), sessions=BUSY, one=harm()) == []


def test_rule_in_a_persons_words_is_theirs() -> None:
    assert reasons(standing(is_human=True, gone=("src/api.py",)), sessions=BUSY, one=harm()) == []


def test_most_certain_evidence_comes_first_and_names_one_reason() -> None:
    unmet, moved = standing("Unmet."), standing("Moved.", gone=("a",))

    found = due_retirements([unmet, moved, replace(RULE, gone_paths=("b",))], BUSY, now_ns=NOW_NS, harms=[harm()])

    assert [one.rule.text for one in found] == [RULE.rule.text, "Moved.", "Unmet."]


@given(
    rules=st.lists(st.tuples(st.integers(0, 100), st.booleans(), st.booleans()), max_size=4),
    sessions=st.lists(st.tuples(st.integers(0, 100), st.booleans(), st.booleans()), max_size=40),
)
def test_nothing_young_met_or_human_is_ever_retired(
    rules: list[tuple[int, bool, bool]], sessions: list[tuple[int, bool, bool]]
) -> None:
    made = [
        standing(f"Rule {number}.", days=days, is_human=human, gone=("a",) if gone else ())
        for number, (days, human, gone) in enumerate(rules)
    ]
    ids = tuple(one.rule.rule_id for one in made)
    shown = [
        session(days, active=ids, exposed=ids if met else ()) if known else session(days, active=())
        for days, known, met in sessions
    ]

    found = {one.rule.rule_id for one in due_retirements(made, shown, now_ns=NOW_NS)}

    for one in made:
        is_due = one.rule.rule_id in found
        assert not (is_due and (one.rule.is_human or one.since_ns > NOW_NS - 14 * DAY_NS))
        is_met = any(one.rule.rule_id in each.exposed and each.at_ns > NOW_NS - 60 * DAY_NS for each in shown)
        assert not (is_due and is_met and not one.gone_paths)
        assert one.rule.rule_id in found or not (
            one.gone_paths and not one.rule.is_human and one.since_ns <= NOW_NS - 14 * DAY_NS
        )
    assert found <= could_be_unmet(made, now_ns=NOW_NS) | {one.rule.rule_id for one in made if one.gone_paths}
