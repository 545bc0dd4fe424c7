"""What may be believed of a mean difference between pairs, at every look: by betting against what it is not.

A pair's gain is 1 where only the session with the rule passed, -1 where only the other did, else 0. Whoever bets the
share s of a purse on gains above m multiplies it by 1 + s (gain - m); if the mean is m or less, the purse is a
supermartingale, and a purse of 1/a is reached with a chance of a at most, whenever one looks (Ville). For m = 0 this is
the safe test of two proportions with blocks of one and one (Turner, Ly, Grünwald 2024, J. Stat. Plan. Inference 230),
conditional on the discordant pairs, so that no share of passes need be guessed. Turned round it gives the confidence
sequence (Waudby-Smith, Ramdas 2024, J. R. Stat. Soc. B 86, 1-27). Several shares are a mixture of purses (Robbins
1970, Ann. Math. Stat. 41, 1397-1409).
"""

import math
from dataclasses import dataclass

BETS = ((0.12, 0.10), (0.28, 0.75), (0.45, 0.15))
"""(share of the purse, weight). The middle one grows fastest at 15 points, where 300 pairs must do; the others are for
smaller and for larger differences. Below 0.5, so that no gain empties a purse whatever the mean."""
HARM_ERROR = 0.04
BENEFIT_ERROR = 0.01
"""Chance of either false verdict over all looks, 5 % together; harm has most of it, as only harm leads to something."""
_STEPS = 40
"""Halvings of the interval: exact to far below what is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gains:
    """Pairs by which session passed."""

    ups: float = 0
    """Only the one with the rule."""
    downs: float = 0
    """Only the one without."""
    evens: float = 0
    """Both or neither."""

    @property
    def mirrored(self) -> "Gains":
        """With the sides swapped."""
        return Gains(ups=self.downs, downs=self.ups, evens=self.evens)


def evidence_above(gains: Gains, mean: float = 0.0) -> float:
    """Natural logarithm of the e-value of "the mean gain is `mean` or less", which is in [-1, 1].

    It falls as `mean` grows.
    """
    purses = [
        math.log(weight)
        + gains.ups * math.log1p(share * (1 - mean))
        + gains.evens * math.log1p(-share * mean)
        + gains.downs * math.log1p(-share * (1 + mean))
        for share, weight in BETS
    ]
    most = max(purses)
    return most + math.log(sum(math.exp(purse - most) for purse in purses))


def interval(gains: Gains) -> tuple[float, float]:
    """(low, high) of the mean gain, with 95 % at every look: above 0 where a benefit is proven, below 0 where harm is.

    Where the mean changes with time, low lies below the greatest and high above the least of what it was.
    """
    return _least(gains, BENEFIT_ERROR), -_least(gains.mirrored, HARM_ERROR)


def is_better(gains: Gains) -> bool:
    """Whether the gains prove a benefit."""
    return evidence_above(gains) >= -math.log(BENEFIT_ERROR)


def is_worse(gains: Gains) -> bool:
    """Whether the gains prove harm."""
    return evidence_above(gains.mirrored) >= -math.log(HARM_ERROR)


def pairs_needed(gains: Gains, *, most: int) -> int | None:
    """About how many pairs in all decide, if they keep these proportions; None where `most` do not."""
    have = gains.ups + gains.downs + gains.evens
    for pairs in range(math.ceil(have), most + 1) if have else ():
        grown = Gains(ups=gains.ups * pairs / have, downs=gains.downs * pairs / have)
        if is_better(grown) or is_worse(grown):
            return pairs
    return None


def _least(gains: Gains, error: float) -> float:
    """The mean below which every one is refuted."""
    low, high = -1.0, 1.0
    if evidence_above(gains, low) < -math.log(error):
        return low
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if evidence_above(gains, middle) >= -math.log(error):
            low = middle
        else:
            high = middle
    return low
