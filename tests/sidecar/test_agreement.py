"""Agreement of a judge with the tests: figures worked out by hand, the laws of their intervals, and what follows."""

from math import sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sidecar.agreement import (
    LEAST_CALLS,
    AgreementCard,
    Measure,
    Standing,
    agreement_card,
    confusion,
    kappa,
    share,
    standing,
)
from sidecar.domain import Agreement, CheckedVersion, FailureClass, Guess, Label, Rerun

VERSION = CheckedVersion(judge_version="f", blind_version="b", model="m")
FAIL, PASS = Guess.FAIL, Guess.PASS
counts = st.tuples(*[st.integers(min_value=0, max_value=60)] * 4)


def known(table: tuple[int, int, int, int]) -> Agreement:
    cells = [(Label.CODE_FAIL, FAIL), (Label.CODE_FAIL, PASS), (Label.PASS, FAIL), (Label.PASS, PASS)]
    guesses = [cell for cell, count in zip(cells, table, strict=True) for _ in range(count)]
    return Agreement(version=VERSION, guesses=tuple(guesses))


def card_of(table: tuple[int, int, int, int]) -> AgreementCard:
    return agreement_card(known(table))


@pytest.mark.parametrize(
    ("table", "value"),
    [
        # agreed 35/50, by chance (25*30 + 25*20)/2500 = 0.5
        ((20, 5, 10, 15), 0.4),
        # agreed 60/100, by chance (60*70 + 40*30)/10000 = 0.54
        ((45, 15, 25, 15), 0.06 / 0.46),
        ((10, 0, 0, 10), 1.0),
        ((0, 10, 10, 0), -1.0),
        ((5, 5, 5, 5), 0.0),
        # one rater says the same of everything
        ((7, 0, 3, 0), 0.0),
    ],
)
def test_kappa_is_agreement_beyond_chance(table: tuple[int, int, int, int], value: float) -> None:
    measure = kappa(table)

    assert measure.value == pytest.approx(value)
    assert measure.n == sum(table)


def test_the_interval_of_kappa_is_the_large_sample_one_at_the_padded_table() -> None:
    # By hand for (20, 5, 10, 15) with one more in each cell, n = 54: agreed 37/54, rows 27/54 each, columns 32 and 22.
    agreed, by_chance = 37 / 54, 0.5
    value = (agreed - by_chance) / (1 - by_chance)
    apart = 1 - value
    same = 21 / 54 * (1 - (0.5 + 32 / 54) * apart) ** 2 + 16 / 54 * (1 - (0.5 + 22 / 54) * apart) ** 2
    different = apart**2 * (6 / 54 * (32 / 54 + 0.5) ** 2 + 11 / 54 * (22 / 54 + 0.5) ** 2)
    error = sqrt(same + different - (value - by_chance * apart) ** 2) / ((1 - by_chance) * sqrt(54))

    measure = kappa((20, 5, 10, 15))

    assert measure.low == pytest.approx(value - 1.96 * error, abs=1e-4)
    assert measure.high == pytest.approx(value + 1.96 * error, abs=1e-4)


@pytest.mark.parametrize("table", [(0, 0, 0, 0), (9, 0, 0, 0), (0, 0, 0, 9)])
def test_where_both_always_say_the_same_there_is_no_kappa(table: tuple[int, int, int, int]) -> None:
    assert kappa(table) == Measure(n=sum(table))


def test_perfect_agreement_of_few_calls_is_not_said_to_be_certain() -> None:
    few, many = kappa((5, 0, 0, 5)), kappa((500, 0, 0, 500))

    assert few.low is not None
    assert many.low is not None
    assert few.low < 0.7 < 0.98 < many.low


@given(counts)
def test_the_interval_holds_the_kappa_and_stays_within_its_range(table: tuple[int, int, int, int]) -> None:
    measure = kappa(table)

    assume(measure.value is not None)
    assert -1 <= (measure.low or 0) <= (measure.value or 0) <= (measure.high or 0) <= 1


@given(counts)
def test_kappa_does_not_care_which_rater_or_which_answer_is_named_first(table: tuple[int, int, int, int]) -> None:
    a, b, c, d = table

    for other in ((a, c, b, d), (d, b, c, a)):
        turned, straight = kappa(other), kappa(table)
        assert (turned.value is None) == (straight.value is None)
        assert turned.value == pytest.approx(straight.value) if straight.value is not None else True
        assert turned.low == pytest.approx(straight.low) if straight.low is not None else True


@given(counts, st.integers(min_value=5, max_value=50))
def test_the_same_agreement_seen_more_often_is_more_certain(table: tuple[int, int, int, int], times: int) -> None:
    assume(min(table) > 0)
    a, b, c, d = table
    once, often = kappa(table), kappa((times * a, times * b, times * c, times * d))

    assert often.value == pytest.approx(once.value)
    assert (often.high or 0) - (often.low or 0) < (once.high or 0) - (once.low or 0)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (1, 2, 0.0945, 0.9055)],
)
def test_a_share_has_the_interval_of_wilson(part: int, whole: int, low: float, high: float) -> None:
    measure = share(part, whole)

    assert (measure.low, measure.value, measure.high) == pytest.approx((low, part / whole, high), abs=1e-4)


@given(st.integers(min_value=0, max_value=5000), st.integers(min_value=1, max_value=5000))
def test_the_interval_of_a_share_holds_it(part: int, whole: int) -> None:
    assume(part <= whole)
    measure, mirrored = share(part, whole), share(whole - part, whole)

    assert 0 <= (measure.low or 0) <= part / whole <= (measure.high or 0) <= 1
    assert measure.low == pytest.approx(1 - (mirrored.high or 0), abs=1e-9)


def test_a_share_of_nothing_has_no_value() -> None:
    assert share(0, 0) == Measure(n=0)


@pytest.mark.parametrize(("part", "whole"), [(-1, 3), (4, 3)])
def test_what_is_no_part_is_refused(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="no part"):
        share(part, whole)


def test_a_measure_without_its_interval_does_not_construct() -> None:
    with pytest.raises(ValueError, match="both ends"):
        Measure(n=3, value=0.5)
    with pytest.raises(ValueError, match="does not hold"):
        Measure(n=3, value=0.5, low=0.6, high=0.7)


def test_the_card_speaks_of_failing() -> None:
    card = card_of((6, 2, 3, 9))

    assert confusion(known((6, 2, 3, 9))) == (6, 2, 3, 9)
    assert (card.precision.value, card.precision.n) == (6 / 9, 9)
    assert (card.recall.value, card.recall.n) == (6 / 8, 8)
    assert card.kappa.n == 20


def test_the_card_counts_reruns_and_quotes() -> None:
    first = FailureClass.FAULTY_LOGIC
    reruns = [Rerun(first=first, again=again) for again in (first, first, FailureClass.WRONG_PLACE)]
    card = agreement_card(Agreement(version=VERSION, reruns=tuple(reruns), quotes_offered=40, quotes_proven=38))

    assert (card.stability.value, card.stability.n) == (2 / 3, 3)
    assert (card.quote_validity.value, card.quote_validity.n) == (0.95, 40)
    assert (card.kappa, card.precision, card.recall) == (Measure(n=0), Measure(n=0), Measure(n=0))


def test_a_judge_below_the_floor_says_so_with_its_figures() -> None:
    stands = standing(card_of((12, 8, 10, 10)))

    assert stands.standing is Standing.BELOW_FLOOR
    assert stands.sentence == "the judge is below the floor: kappa 0.10 (n=40) < 0.40"


def test_the_floor_is_the_operators() -> None:
    card = card_of((12, 8, 10, 10))

    assert standing(card, min_kappa=0.05).standing is Standing.VERIFIED
    assert standing(card_of((18, 2, 3, 17)), min_kappa=0.8).standing is Standing.BELOW_FLOOR


@pytest.mark.parametrize("calls", [0, 1, LEAST_CALLS - 1])
def test_under_thirty_calls_nothing_is_said_for_or_against_a_judge(calls: int) -> None:
    for table in ((calls, 0, 0, 0), (0, calls, 0, 0), (calls // 2, 0, calls - calls // 2, 0)):
        stands = standing(card_of(table))
        assert stands.standing is Standing.UNVERIFIED
        assert stands.sentence == f"unverified judge: {calls} of 30 blind calls"


def test_with_thirty_calls_a_good_judge_is_verified() -> None:
    assert standing(card_of((14, 1, 1, 14))).standing is Standing.VERIFIED


@pytest.mark.parametrize(
    ("table", "word"), [((20, 15, 0, 0), "failed"), ((0, 0, 5, 35), "passed"), ((0, 0, 0, 40), "passed")]
)
def test_sessions_that_all_ended_the_same_cannot_tell(table: tuple[int, int, int, int], word: str) -> None:
    stands = standing(card_of(table))

    assert stands.standing is Standing.UNVERIFIED
    assert word in stands.sentence
