"""How far a judge is to be believed: its agreement with the tests, each figure with its n and 95 % interval.

Shares have Wilson's interval. Cohen's kappa has the large-sample interval of Fleiss, Cohen and Everitt, taken at the
table with one case added to each cell: at 30 calls the plain one holds the true kappa in 14 % (a nearly perfect judge)
to 94 % of all draws, this one in 94 % to 99 % (simulated, 1,500 draws for each of seven judges).
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from sidecar.domain import Agreement, CheckedVersion, Guess, Label

LEAST_CALLS = 30
"""Blind calls under which nothing is said about a judge."""
MIN_KAPPA = 0.4
"""Where agreement beyond chance begins to be called moderate (Landis and Koch 1977, Biometrics 33, 159-174)."""
_Z = 1.959964
"""Normal quantile of 95 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure; without anything to count there is no value, and no value of 0 either."""

    n: int
    """Cases that it rests on."""
    value: float | None = None
    low: float | None = None
    """Of the 95 % interval; None where there is no value."""
    high: float | None = None

    def __post_init__(self) -> None:
        bounds = (self.low, self.value, self.high)
        if any((bound is None) != (self.value is None) for bound in bounds):
            raise ValueError(f"a value comes with both ends of its interval, not as {bounds}")
        is_known = self.low is not None and self.value is not None and self.high is not None
        if is_known and not (self.low or 0) <= (self.value or 0) <= (self.high or 0):
            raise ValueError(f"the interval does not hold its value: {bounds}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementCard:
    """What is known of one version of a judge."""

    version: CheckedVersion
    kappa: Measure
    """Agreement of the blind guesses with the tests beyond chance; n is the number of blind calls."""
    precision: Measure
    """Of the sessions guessed to fail, the share that failed."""
    recall: Measure
    """Of the sessions that failed, the share guessed to fail."""
    stability: Measure
    """Share of reruns that named the same class of failure."""
    quote_validity: Measure
    """Share of the quotes given as proof that stand word for word where they are said to."""


class Standing(StrEnum):
    """Whether drafts may rest on a judge."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    """Nothing can be said yet; what rests on it is marked."""
    BELOW_FLOOR = "below_floor"
    """It agrees too little with the tests; nothing is drafted from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeStanding:
    """Whether drafts may rest on a judge, and why."""

    standing: Standing
    sentence: str
    """For a person, without a full stop."""


def agreement_card(agreement: Agreement) -> AgreementCard:
    """The figures of one version."""
    table = confusion(agreement)
    hit, missed, false_alarm, _ = table
    same = sum(rerun.first is rerun.again for rerun in agreement.reruns)
    return AgreementCard(
        version=agreement.version,
        kappa=kappa(table),
        precision=share(hit, hit + false_alarm),
        recall=share(hit, hit + missed),
        stability=share(same, len(agreement.reruns)),
        quote_validity=share(agreement.quotes_proven, agreement.quotes_offered),
    )


def confusion(agreement: Agreement) -> tuple[int, int, int, int]:
    """Blind calls by result and guess: failed and guessed to fail, failed and to pass, passed and to fail, to pass."""
    failed = [guess for label, guess in agreement.guesses if label is Label.CODE_FAIL]
    passed = [guess for label, guess in agreement.guesses if label is Label.PASS]
    return failed.count(Guess.FAIL), failed.count(Guess.PASS), passed.count(Guess.FAIL), passed.count(Guess.PASS)


def standing(card: AgreementCard, *, min_kappa: float = MIN_KAPPA, least_calls: int = LEAST_CALLS) -> JudgeStanding:
    """Whether drafts may rest on the judge of a card.

    Args:
        min_kappa: The floor.
        least_calls: Blind calls from which on the floor holds.
    """
    calls, failed = card.kappa.n, card.recall.n
    if calls < least_calls:
        return JudgeStanding(
            standing=Standing.UNVERIFIED, sentence=f"unverified judge: {calls} of {least_calls} blind calls"
        )
    value = card.kappa.value
    if value is None or failed in (0, calls):
        result = "passed" if failed == 0 else "failed"
        words = f"unverified judge: all {calls} sessions it was shown {result}, so agreement cannot be told from chance"
        return JudgeStanding(standing=Standing.UNVERIFIED, sentence=words)
    if value < min_kappa:
        words = f"the judge is below the floor: kappa {value:.2f} (n={calls}) < {min_kappa:.2f}"
        return JudgeStanding(standing=Standing.BELOW_FLOOR, sentence=words)
    words = f"verified judge: kappa {value:.2f} (n={calls}), floor {min_kappa:.2f}"
    return JudgeStanding(standing=Standing.VERIFIED, sentence=words)


def share(part: int, whole: int) -> Measure:
    """A share with Wilson's interval.

    Raises:
        ValueError: the part is none of the whole.
    Source: Wilson (1927), J. Am. Stat. Assoc. 22, 209-212.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"{part} is no part of {whole}")
    if whole == 0:
        return Measure(n=0)
    p, z2 = part / whole, _Z**2
    centre = (p + z2 / (2 * whole)) / (1 + z2 / whole)
    half = _Z / (1 + z2 / whole) * math.sqrt(p * (1 - p) / whole + z2 / (4 * whole**2))
    # at 0 and 1 the ends are exact, and rounding must not push them past the value
    return Measure(n=whole, value=p, low=max(0.0, min(p, centre - half)), high=min(1.0, max(p, centre + half)))


def kappa(table: tuple[int, int, int, int]) -> Measure:
    """Cohen's kappa of two raters with two answers, with its 95 % interval; see the top of the module.

    Args:
        table: Both fail, the first alone, the second alone, both pass.
    Returns:
        Without a value where both always gave the same one answer: by chance they would agree as well.
    Raises:
        ValueError: a count is below 0.
    Source: Cohen (1960), Educ. Psychol. Meas. 20, 37-46; Fleiss, Cohen, Everitt (1969), Psychol. Bull. 72, 323-327.
    """
    if min(table) < 0:
        raise ValueError(f"a count is below 0: {table}")
    calls = sum(table)
    value = _kappa(table) if calls else None
    if value is None:
        return Measure(n=calls)
    padded = tuple(count + 1.0 for count in table)
    centre, half = _kappa(padded) or 0.0, _Z * _standard_error(padded)
    return Measure(
        n=calls, value=value, low=max(-1.0, min(value, centre - half)), high=min(1.0, max(value, centre + half))
    )


def _kappa(table: tuple[float, ...]) -> float | None:
    (both_fail, _, _, both_pass), rows, columns = _proportions(table)
    agreed = both_fail + both_pass
    by_chance = rows[0] * columns[0] + rows[1] * columns[1]
    if sum(table[:3]) == 0 or sum(table[1:]) == 0:
        return None
    return (agreed - by_chance) / (1 - by_chance)


def _standard_error(table: tuple[float, ...]) -> float:
    cells, rows, columns = _proportions(table)
    by_chance = rows[0] * columns[0] + rows[1] * columns[1]
    apart = 1 - (cells[0] + cells[3] - by_chance) / (1 - by_chance)
    same = sum(
        cell * (1 - (row + column) * apart) ** 2 for cell, row, column in zip(cells[::3], rows, columns, strict=True)
    )
    # cell (i, j) with the chance of the second rater for i and of the first one for j
    different = apart**2 * (cells[1] * (columns[0] + rows[1]) ** 2 + cells[2] * (columns[1] + rows[0]) ** 2)
    variance = same + different - ((1 - apart) - by_chance * apart) ** 2
    return math.sqrt(max(0.0, variance) / sum(table)) / (1 - by_chance)


def _proportions(table: tuple[float, ...]) -> tuple[tuple[float, ...], tuple[float, float], tuple[float, float]]:
    """Shares of the four cells, of the first rater's answers, and of the second one's."""
    a, b, c, d = (count / sum(table) for count in table)
    return (a, b, c, d), (a + b, c + d), (a + c, b + d)
