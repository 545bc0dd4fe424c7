"""An Effect in plain words: lines for a person, JSON for a program, and the finding that a retirement rests on.

Every figure stands beside its design, and the design beside its weakness.
"""

from collections.abc import Iterator

from sidecar.domain import Effect, EffectSide, EffectVerdict
from sidecar.effects.comparing import MOST_FORETOLD
from sidecar.rules import MIN_HARM_EXPOSURES, HarmFinding

_CAVEAT = "before/after, so it is confounded with whatever else changed then"
_UNKNOWN_MODEL = "the model of some sessions is not known"


def harm_finding(effect: Effect) -> HarmFinding | None:
    """What a retirement rests on; None where the rule is not seen to do harm."""
    if not effect.is_harm:
        return None
    with_it, without = effect.exposed, effect.comparator
    # the ledger keeps 200 characters of a reason, so what matters most stands in them
    finding = (
        f"{with_it.passed} of {effect.pairs} passed with it, {without.passed} of {effect.pairs} without "
        f"({_points(effect.difference)} points, 95 % interval {_points(effect.low)} to {_points(effect.high)}); its "
        f"lesson came back in {_percent(with_it.recurrence)} with it, {_percent(without.recurrence)} without; "
        f"before/after, so confounded"
    )
    more = "".join(f"; {one}" for one in _weaknesses(effect))
    return HarmFinding(rule_id=effect.rule_id, exposures=effect.pairs, finding=finding + more)


def effect_lines(effect: Effect) -> Iterator[str]:
    """The Effect as lines for a person, the verdict first."""
    yield _verdict(effect)
    if effect.pairs:
        yield _passes(effect)
        yield f"e-value {_shown(effect.worse_evidence)} for harm, {_shown(effect.better_evidence)} for good"
        yield f"with it {_labels(effect.exposed)}; without it {_labels(effect.comparator)}"
        yield _recurrence(effect)
        weaknesses = "".join(f"; {one}" for one in _weaknesses(effect))
        yield f"this is {_CAVEAT}; compared are sessions of the same agent and model only{weaknesses}"
    if effect.alone_exposed or effect.alone_comparator:
        yield (
            f"not compared, as no session of the same agent and model is left on the other side: "
            f"{effect.alone_exposed} with it, {effect.alone_comparator} without"
        )


def effect_document(effect: Effect) -> dict[str, object]:
    """The Effect as JSON; shares and differences from -1 to 1."""
    return {
        "id": effect.rule_id,
        "design": effect.design.value,
        "verdict": effect.verdict.value,
        "is_harm": effect.is_harm,
        "difference": effect.difference,
        "interval": [effect.low, effect.high],
        "e_value": {"worse": effect.worse_evidence, "better": effect.better_evidence},
        "with": _side_document(effect.exposed, alone=effect.alone_exposed),
        "without": _side_document(effect.comparator, alone=effect.alone_comparator),
        "model_known": effect.is_model_known,
        "inseparable_rules": effect.inseparable,
        "more_sessions": effect.more_pairs,
        "caveat": _CAVEAT,
    }


def _weaknesses(effect: Effect) -> Iterator[str]:
    """What speaks against these figures beside the design."""
    if effect.inseparable:
        rules = "another rule was" if effect.inseparable == 1 else f"{effect.inseparable} other rules were"
        yield f"{rules} there in just these sessions, and nothing tells which of them did it"
    if not effect.is_model_known:
        yield _UNKNOWN_MODEL


def _verdict(effect: Effect) -> str:
    if effect.verdict is not EffectVerdict.UNDECIDED:
        if effect.verdict is EffectVerdict.BETTER:
            return "better: more sessions pass with it"
        if effect.is_harm:
            return "worse: fewer sessions pass with it, and its lesson comes back no more seldom; this is harm"
        why = "is not known to come back" if effect.is_recurrence_lower is None else "comes back more seldom"
        return f"worse: fewer sessions pass with it; its lesson {why}, so this is not taken for harm"
    if not effect.pairs:
        return _missing(effect)
    return f"{effect.verdict.value}; {_more(effect)}"


def _missing(effect: Effect) -> str:
    """Why nothing could be compared."""
    if effect.alone_exposed and effect.alone_comparator:
        return "nothing to compare: the sessions with it and those without are of different agents or models"
    if effect.alone_exposed:
        return "nothing to compare: no settled session without it changed anything that it speaks of"
    if effect.alone_comparator:
        return "nothing to compare: no settled session with it has changed anything that it speaks of yet"
    return "nothing to compare: no settled session has changed anything that it speaks of yet"


def _more(effect: Effect) -> str:
    """How many more sessions would tell, as far as that can be said."""
    if effect.pairs < MIN_HARM_EXPOSURES:
        return f"a verdict needs {MIN_HARM_EXPOSURES} sessions on each side, so far there are {effect.pairs}"
    if effect.more_pairs is None:
        return f"the difference is too small to tell within {MOST_FORETOLD} sessions"
    more = f"about {effect.more_pairs} more sessions with it would tell, if the difference stays as it is"
    lacking = effect.more_pairs - effect.alone_comparator
    return more if lacking <= 0 else f"{more}, and about {lacking} more without it, which a rule in force rarely leaves"


def _passes(effect: Effect) -> str:
    with_it, without = effect.exposed, effect.comparator
    return (
        f"{with_it.passed} of {_sessions(effect.pairs)} with it passed ({_percent(with_it.pass_share)}), "
        f"{without.passed} of {effect.pairs} without it ({_percent(without.pass_share)}), a difference of "
        f"{_points(effect.difference)} points (95 % interval at every look: {_points(effect.low)} to "
        f"{_points(effect.high)})"
    )


def _recurrence(effect: Effect) -> str:
    if effect.is_recurrence_lower is None:
        return "whether its lesson came back is not known, as no judged session tells"
    with_it, without = effect.exposed, effect.comparator
    return (
        f"its lesson came back in {with_it.recurred} of {with_it.judged} judged sessions with it "
        f"({_percent(with_it.recurrence)}), in {without.recurred} of {without.judged} without "
        f"({_percent(without.recurrence)})"
    )


def _labels(side: EffectSide) -> str:
    return f"{side.passed} pass, {side.code_fail} code_fail, {side.infra} infra, {side.unknown} unknown"


def _side_document(side: EffectSide, *, alone: int) -> dict[str, object]:
    return {
        "sessions": side.sessions,
        "pass": side.passed,
        "code_fail": side.code_fail,
        "infra": side.infra,
        "unknown": side.unknown,
        "pass_share": side.pass_share,
        "judged": side.judged,
        "recurred": side.recurred,
        "recurrence": side.recurrence,
        "not_compared": alone,
    }


def _sessions(number: int) -> str:
    return f"{number} session" if number == 1 else f"{number} sessions"


def _percent(share: float | None) -> str:
    return "unknown" if share is None else f"{share * 100:.0f} %"


def _points(difference: float | None) -> str:
    return "unknown" if difference is None else f"{difference * 100:+.0f}".replace("+0", "0").replace("-0", "0")


def _shown(value: float) -> str:
    return f"{value:.2g}" if value < 100 else f"{value:,.0f}" if value < 1e6 else f"{value:.0e}"
