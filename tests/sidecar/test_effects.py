"""An Effect is the same whoever looks when, errs as seldom as it says, and says no more than its sessions bear."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain import AgentName, Effect, EffectSide, EffectVerdict, Label, RuleId
from sidecar.effects import MeasuredSession, effect_document, effect_lines, harm_finding, measured_effect
from sidecar.effects.betting import Gains, evidence_above, interval, is_better, is_worse
from sidecar.effects.pairs import model_family, pairs
from tests.bench.effects import CONFOUNDED, FALSE_ALARMS, FOUND, World, simulated

RULE = RuleId("aaaabbbbcccc")
CLAUDE, CODEX = AgentName("claude_code"), AgentName("codex")

sessions = st.builds(
    MeasuredSession,
    name=st.integers(0, 99).map(str),
    at_ns=st.integers(0, 30),
    agent=st.sampled_from([CLAUDE, CODEX]),
    model=st.sampled_from([None, "opus", "sonnet-20250101", "sonnet"]),
    label=st.sampled_from(Label),
    is_exposed=st.booleans(),
    has_recurred=st.sampled_from([None, True, False]),
)
histories = st.lists(sessions, max_size=40, unique_by=lambda one: one.name)
gains = st.builds(Gains, ups=st.integers(0, 300), downs=st.integers(0, 300), evens=st.integers(0, 300))


def one(
    at: int, label: Label, *, exposed: bool, model: str | None = "opus", again: bool | None = False
) -> MeasuredSession:
    return MeasuredSession(
        name=f"{at:04d}",
        at_ns=at,
        agent=CLAUDE,
        model=model,
        label=label,
        is_exposed=exposed,
        has_recurred=again,
    )


def history(
    *, before: Sequence[Label], after: Sequence[Label], again: tuple[bool | None, bool | None] = (False, False)
) -> list[MeasuredSession]:
    """Sessions without the rule, then sessions with it; whether its lesson comes back in all of a side."""
    first = [one(at, label, exposed=False, again=again[0]) for at, label in enumerate(before)]
    return [*first, *(one(1000 + at, label, exposed=True, again=again[1]) for at, label in enumerate(after))]


def labels(passed: int, failed: int) -> list[Label]:
    return [Label.PASS] * passed + [Label.CODE_FAIL] * failed


def measured(given: Sequence[MeasuredSession]) -> Effect:
    return measured_effect(RULE, given)


HARMFUL = history(before=labels(40, 0), after=labels(10, 30))


@given(histories.flatmap(lambda given: st.tuples(st.just(given), st.permutations(given))))
def test_order_of_the_sessions_does_not_matter(drawn: tuple[list[MeasuredSession], list[MeasuredSession]]) -> None:
    given, shuffled = drawn

    assert measured(shuffled) == measured(given)


@given(histories)
def test_swapped_sides_mirror_the_effect(given: list[MeasuredSession]) -> None:
    there = measured(given)
    back = measured([replace(session, is_exposed=not session.is_exposed) for session in given])

    assert (back.exposed, back.comparator) == (there.comparator, there.exposed)
    assert (back.worse_evidence, back.better_evidence) == (there.better_evidence, there.worse_evidence)
    assert back.difference == (None if there.difference is None else -there.difference)


@given(histories)
def test_later_sessions_change_no_pair(given: list[MeasuredSession]) -> None:
    ordered = sorted(given, key=lambda session: (session.at_ns, session.name))
    whole = list(pairs(ordered))

    for count in range(len(ordered)):
        seen = list(pairs(ordered[:count]))
        assert seen == whole[: len(seen)]


@given(histories)
def test_only_sessions_of_one_agent_and_model_meet_and_each_once(given: list[MeasuredSession]) -> None:
    found = list(pairs(given))

    for with_it, without in found:
        assert (with_it.is_exposed, without.is_exposed) == (True, False)
        assert (with_it.agent, model_family(with_it.model)) == (without.agent, model_family(without.model))
    names = [session.name for pair in found for session in pair]
    assert len(names) == len(set(names))


def test_nearest_session_before_is_the_partner() -> None:
    given = [one(at, Label.PASS, exposed=at >= 10) for at in (1, 5, 10, 11)]

    assert [(with_it.at_ns, without.at_ns) for with_it, without in pairs(given)] == [(10, 5), (11, 1)]


@given(histories)
def test_how_sessions_ended_does_not_choose_their_partners(given: list[MeasuredSession]) -> None:
    failed = [replace(session, label=Label.CODE_FAIL) for session in given]

    names = [(a.name, b.name) for a, b in pairs(given)]
    assert [(a.name, b.name) for a, b in pairs(failed)] == names


@given(st.integers(1, 7), st.floats(0, 1), st.floats(0, 1), st.floats(-1, 1))
def test_a_bet_against_what_is_true_gains_nothing(count: int, up: float, down: float, above: float) -> None:
    up *= 1 - down
    mean = max(-1.0, min(1.0, up - down + max(0.0, above)))

    expected = sum(
        comb(count, ups) * comb(count - ups, downs) * up**ups * down**downs * (1 - up - down) ** (count - ups - downs)
        * math.exp(evidence_above(Gains(ups=ups, downs=downs, evens=count - ups - downs), mean))
        for ups, downs in product(range(count + 1), repeat=2)
        if ups + downs <= count
    )  # fmt: skip

    assert expected <= 1 + 1e-9


@given(gains, st.integers(1, 20))
def test_more_of_the_same_never_turns_a_verdict_round(seen: Gains, times: int) -> None:
    more = Gains(ups=seen.ups * times, downs=seen.downs * times, evens=seen.evens * times)

    assert not (is_worse(seen) and is_better(more))
    assert not (is_better(seen) and is_worse(more))
    assert not (is_better(seen) and is_worse(seen))


@given(gains)
def test_interval_holds_the_difference_and_agrees_with_the_verdict(seen: Gains) -> None:
    low, high = interval(seen)
    count = seen.ups + seen.downs + seen.evens

    assert -1 <= low <= high <= 1
    assert not count or low - 1e-9 <= (seen.ups - seen.downs) / count <= high + 1e-9
    assert (low > 1e-9) <= is_better(seen)
    assert (high < -1e-9) <= is_worse(seen)
    assert not (is_worse(seen) and high > 1e-9)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (labels(20, 0), labels(0, 20), EffectVerdict.WORSE),
        (labels(0, 20), labels(20, 0), EffectVerdict.BETTER),
        (labels(19, 0), labels(0, 19), EffectVerdict.UNDECIDED),
        (labels(20, 20), labels(20, 20), EffectVerdict.UNDECIDED),
        (labels(40, 0), [Label.UNKNOWN] * 40, EffectVerdict.WORSE),
        ([], labels(0, 100), EffectVerdict.UNDECIDED),
    ],
    ids=["worse", "better", "too few", "same", "no result is no pass", "nothing to compare with"],
)
def test_verdict_needs_enough_sessions_that_differ(
    before: list[Label], after: list[Label], verdict: EffectVerdict
) -> None:
    assert measured(history(before=before, after=after)).verdict is verdict


def test_new_model_is_not_taken_for_the_rule() -> None:
    moved = [replace(session, model="sonnet") if session.is_exposed else session for session in HARMFUL]

    found = measured(moved)

    assert (found.pairs, found.verdict) == (0, EffectVerdict.UNDECIDED)
    assert list(effect_lines(found)) == [
        "nothing to compare: the sessions with it and those without are of different agents or models",
        "not compared, as no session of the same agent and model is left on the other side: 40 with it, 40 without",
    ]


@pytest.mark.parametrize(
    ("name", "family"),
    [
        (None, None),
        ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
        ("claude-opus-5-5[1m]", "claude-opus-5-5"),
        ("openai/gpt-5-2025-08-07", "gpt-5"),
        ("gemini-3-pro", "gemini-3-pro"),
    ],
)
def test_model_goes_by_its_family(name: str | None, family: str | None) -> None:
    assert model_family(name) == family


@pytest.mark.parametrize(
    ("again", "is_harm", "said"),
    [
        ((False, False), True, "this is harm"),
        ((False, True), True, "this is harm"),
        ((True, False), False, "comes back more seldom, so this is not taken for harm"),
        ((None, False), False, "is not known to come back, so this is not taken for harm"),
        ((False, None), False, "is not known to come back, so this is not taken for harm"),
    ],
)
def test_harm_needs_fewer_passes_and_the_lesson_back_as_often(
    again: tuple[bool | None, bool | None], is_harm: bool, said: str
) -> None:
    found = measured(history(before=labels(40, 0), after=labels(10, 30), again=again))

    assert (found.verdict, found.is_harm) == (EffectVerdict.WORSE, is_harm)
    assert (harm_finding(found) is not None) is is_harm
    assert said in next(effect_lines(found))


def test_finding_has_its_figures_and_its_weakness() -> None:
    finding = harm_finding(measured(HARMFUL))

    assert finding is not None
    assert (finding.rule_id, finding.exposures) == (RULE, 40)
    assert finding.finding == (
        "10 of 40 passed with it, 40 of 40 without (-75 points, 95 % interval -100 to -45); its lesson came back in "
        "0 % with it, 0 % without; before/after, so confounded"
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([], [], "nothing to compare: no settled session has changed anything that it speaks of yet"),
        (labels(3, 3), [], "nothing to compare: no settled session with it has changed anything that it speaks of yet"),
        ([], labels(3, 3), "nothing to compare: no settled session without it changed anything that it speaks of"),
        (
            labels(5, 5),
            labels(5, 2),
            "not yet distinguishable; a verdict needs 20 sessions on each side, so far there are 7",
        ),
        (
            labels(20, 10),
            labels(20, 10),
            "not yet distinguishable; the difference is too small to tell within 2000 sessions",
        ),
    ],
)
def test_undecided_effect_says_what_is_missing(before: list[Label], after: list[Label], said: str) -> None:
    assert next(effect_lines(measured(history(before=before, after=after)))) == said


def test_rules_that_were_there_in_just_the_same_sessions_are_told() -> None:
    also, always = RuleId("ddddeeeeffff"), RuleId("000011112222")
    given = [
        replace(session, rules=frozenset({RULE, also, always} if session.is_exposed else {always}))
        for session in HARMFUL
    ]

    found = measured(given)
    finding = harm_finding(found)

    assert found.inseparable == 1
    assert finding is not None
    assert finding.finding.endswith(
        "another rule was there in just these sessions, and nothing tells which of them did it"
    )


def test_sessions_that_are_still_needed_are_foretold_and_would_tell() -> None:
    mixed = history(before=labels(15, 15) + labels(14, 16), after=labels(11, 19) + labels(8, 22))
    found = measured(mixed)

    assert found.more_pairs is not None
    assert found.verdict is EffectVerdict.UNDECIDED
    assert next(effect_lines(found)) == (
        f"not yet distinguishable; about {found.more_pairs} more sessions with it would tell, if the difference stays "
        f"as it is, and about {found.more_pairs} more without it, which a rule in force rarely leaves"
    )
    grown = [*mixed] * (1 + math.ceil(found.more_pairs / found.pairs))
    later = [replace(session, at_ns=session.at_ns + 10_000 * turn) for turn, session in enumerate_turns(grown, mixed)]
    assert measured(later).verdict is EffectVerdict.WORSE


def enumerate_turns(
    grown: Sequence[MeasuredSession], once: Sequence[MeasuredSession]
) -> Iterator[tuple[int, MeasuredSession]]:
    """Each session with the number of the repetition that it is of."""
    return ((number // len(once), session) for number, session in enumerate(grown))


@given(histories)
def test_effect_can_always_be_told(given: list[MeasuredSession]) -> None:
    found = measured(given)

    lines, document = list(effect_lines(found)), effect_document(found)
    assert all(lines)
    assert found.pairs == 0 or any("confounded" in line for line in lines)
    assert document["verdict"] == found.verdict.value
    assert found.is_model_known or not found.pairs or any("is not known" in line for line in lines)


@pytest.mark.parametrize(
    "side", [{"passed": -1}, {"passed": 1, "judged": 2}, {"passed": 2, "judged": 1, "recurred": 2}], ids=str
)
def test_side_that_counts_what_is_not_there_does_not_construct(side: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="counts what is not there"):
        EffectSide(**side)


@pytest.mark.parametrize("world", [FALSE_ALARMS[1], FALSE_ALARMS[4], FALSE_ALARMS[6]], ids=lambda world: world.name)
def test_false_verdicts_are_rare_though_every_session_is_looked_at(world: World) -> None:
    result = simulated(world, runs=100, seed=1)

    assert result.worse + result.better <= 0.05


@pytest.mark.parametrize("world", [FOUND[0], FOUND[2]], ids=lambda world: world.name)
def test_what_is_there_is_found_within_three_hundred_sessions_a_side(world: World) -> None:
    result = simulated(world, runs=100, seed=1)

    assert max(result.worse, result.better) >= 0.9


def test_before_and_after_cannot_tell_a_drift_from_a_rule() -> None:
    assert simulated(CONFOUNDED, runs=60, seed=1).worse > 0.05
