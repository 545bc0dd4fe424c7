"""The Effect of one rule: passes first, and whether what it was written against came back.

The share is of all eligible settled sessions, so that a rule that makes sessions end without a result cannot hide it.
"""

import math
from collections.abc import Iterable, Sequence

from sidecar.domain import Effect, EffectDesign, EffectSide, EffectVerdict, Label, RuleId
from sidecar.effects.betting import Gains, evidence_above, interval, is_better, is_worse, pairs_needed
from sidecar.effects.pairs import MeasuredSession, Pair, pairs
from sidecar.rules import MIN_HARM_EXPOSURES

__all__ = ["MeasuredSession", "measured_effect"]

MOST_FORETOLD = 2_000
"""Pairs up to which it is said how many more would decide: beyond, the difference is as good as none."""
_MOST_EVIDENCE = 700.0
"""Natural logarithm of the largest e-value that is written down; a float holds no larger one."""


def measured_effect(rule_id: RuleId, sessions: Iterable[MeasuredSession]) -> Effect:
    """What the sessions show of a rule by before and after.

    Args:
        sessions: Eligible ones, each once, any order.
    """
    given = list(sessions)
    found = list(pairs(given))
    gains = _gains(found)
    low, high = interval(gains)
    exposed = sum(one.is_exposed for one in given)
    return Effect(
        rule_id=rule_id,
        design=EffectDesign.BEFORE_AFTER,
        exposed=_side([with_it for with_it, _ in found]),
        comparator=_side([without for _, without in found]),
        alone_exposed=exposed - len(found),
        alone_comparator=len(given) - exposed - len(found),
        low=low,
        high=high,
        worse_evidence=_e_value(gains.mirrored),
        better_evidence=_e_value(gains),
        verdict=(verdict := _verdict(gains, len(found))),
        is_model_known=all(one.model is not None for pair in found for one in pair),
        inseparable=_inseparable(rule_id, found),
        more_pairs=_more_pairs(gains, len(found)) if verdict is EffectVerdict.UNDECIDED else None,
    )


def _inseparable(rule_id: RuleId, found: Sequence[Pair]) -> int:
    """Rules that every compared session with this one had, and none without it."""
    if not found:
        return 0
    always = found[0][0].rules.intersection(*(with_it.rules for with_it, _ in found))
    return len(always.difference({rule_id}, *(without.rules for _, without in found)))


def _verdict(gains: Gains, count: int) -> EffectVerdict:
    if count < MIN_HARM_EXPOSURES:
        return EffectVerdict.UNDECIDED
    if is_worse(gains):
        return EffectVerdict.WORSE
    return EffectVerdict.BETTER if is_better(gains) else EffectVerdict.UNDECIDED


def _more_pairs(gains: Gains, count: int) -> int | None:
    if count < MIN_HARM_EXPOSURES:
        return None  # a proportion of so few says nothing about the next ones
    needed = pairs_needed(gains, most=MOST_FORETOLD)
    return None if needed is None else needed - count


def _gains(found: Sequence[Pair]) -> Gains:
    ups = sum(with_it.label is Label.PASS and without.label is not Label.PASS for with_it, without in found)
    downs = sum(with_it.label is not Label.PASS and without.label is Label.PASS for with_it, without in found)
    return Gains(ups=ups, downs=downs, evens=len(found) - ups - downs)


def _side(sessions: Sequence[MeasuredSession]) -> EffectSide:
    labels = [one.label for one in sessions]
    return EffectSide(
        passed=labels.count(Label.PASS),
        code_fail=labels.count(Label.CODE_FAIL),
        infra=labels.count(Label.INFRA),
        unknown=labels.count(Label.UNKNOWN),
        judged=sum(one.has_recurred is not None for one in sessions),
        recurred=sum(one.has_recurred is True for one in sessions),
    )


def _e_value(gains: Gains) -> float:
    return math.exp(min(evidence_above(gains), _MOST_EVIDENCE))
