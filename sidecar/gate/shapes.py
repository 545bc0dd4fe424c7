"""Shapes of harmless clauses, as patterns over the parts of their tokens.

Positive shapes hold no negation and nothing bad, and a test or check only beside verbs that leave it as strong.
Negative shapes begin with their negation, forbid something bad or something neutral, and hold no word that could turn
them around. A clause of neutral words alone is harmless either way.
"""

import re

from sidecar.gate.parts import Part

_PLAIN = "fjantLkmv,w"
"""Parts that carry no polarity at all."""
_CONTRASTED = re.compile(r"(?:,?c|,N)f*[nktLFKbmE][nktLFKbmja]*(?=$|[,fjaw])")
"""`…, not requests`: what is preferred stands before it, so only names may be contrasted."""
_CONTRASTED_NAME = re.compile(r",?cf*[kLFKbE]+(?=$|[,fjaw])")
"""The same beside a test or a safe way, of which nothing may be denied."""

_POSITIVE = re.compile(rf"[{_PLAIN}rVADTPQ]+|[{_PLAIN}rVADM]+|[fnty]+Df+[PQ][fjaPQ,]*")
_WITH_SAFE = re.compile(r"[fjatyk,APQsS]+|[fjatyk,AsS]*S[fjatyk,AsS]*r|f*S[fntA]*r[fnt]*d?")
_WITH_TESTS = re.compile(r"(?:[fjatk,wAGCQsS]|vf*m)+")
_TESTS_IN_PLACE = re.compile(r"[fjat]*GD[ft]+|[fjatk,ADG]*Q[fjatk,ADGQ]*")
_RUN_OF_CHECKS = re.compile(r"[fw]*Af*[nt]*Gf+C[fjawntVP]*")
_WITH_COMMAND = re.compile(
    rf"[{_PLAIN}VAPQC]+"
    r"|f*Tf*[PQ][fjaPQ,]*aAf*C[fjawnt]*"  # edit P and run C
    r"|wf*Tf*[fntV]*[PQ]?[fjaPQ]*,?f*Af*C[fjant]*"  # after a change in P, run C
    r"|f*Tf*[nt]+f*C(?:wf*Tf*[fntV]*[PQ]?[fjaPQ,]*)?"  # regenerate X with C after changing P
    r"|f*Af*Cwf*F"  # run C before F, which fails otherwise
    r"|f*Af*Cwf*Tf*[fnt]*[PQ]?[fjaPQ,]*"  # run C after you change P
)
_BAD_THINGS = r"f*[nyLktm]*b[nyLktm]*(?:[ja,]{1,2}f*[nyLktm]*b[nyLktm]*)*"
_KEPT_THINGS = r"f*[nt]*d(?:[ja,]{1,2}f*[nt]*[bd])*"
_NEUTRAL_EITHER_WAY = rf"[{_PLAIN}VADTMrc]*[Nc][{_PLAIN}VADTMrNc]*"
_NEGATIVE = tuple(
    re.compile(pattern)
    for pattern in (
        r"f*NB(?:(?:,B)*,?[ja]B)?[fntqGsSPQLkmja,]*",  # never delete or skip a failing test
        rf"f*N[UE](?:j[UE])*{_BAD_THINGS}(?:f+[nytGkPQ]+)*",  # do not add `|| true`
        rf"f*NE(?:jE)*{_KEPT_THINGS}(?:f+[nyt]+)*",  # never commit passwords
        rf"N{_BAD_THINGS}(?:f+[nyt]+)*",  # no secrets in code
        r"f*N[TM](?:j[TM])*[fnt]*[PQ](?:[ja,]{1,2}f*[PQ])*h?(?:f+[nt]+)*",  # do not edit P by hand
        r"f*N[TM](?:j[TM])*f*",  # do not edit them
        r"f*N[TM](?:j[TM])*[fnt]+h",  # do not edit generated files by hand
        rf"(?=.*[Nc].*[nLktm]){_NEUTRAL_EITHER_WAY}",  # do not use abbreviations
        r"[fnyLkt]*b[fnybLktmja]*Z(?:f+[nyt]+)*",  # f-strings in SQL are forbidden
        rf"[{_PLAIN}VAD]+Z(?:f+[nt]+)*",  # tabs are forbidden
        r"f*[bd][fnybdjakt]*ND[fntLkP]*",  # secrets never go into code
        r"[fnt]*[GPQsS][fntPQ]*Nf*B(?:[ja]B)*[fnt]*",  # tests must not be skipped
    )
)
_REACHED = re.compile(rf"[{_PLAIN}VADr]+")
"""What may stand behind a colon, dash or bracket after a negation, which may reach that far."""
REACHING_BREAKS = frozenset(":(—–-…·：（")
_USING = (
    "accept add apply call catch commit create declare define generate have import include introduce keep pass pipe"
    " place put raise return run set store throw use write"
)
_STORING = "commit expose include keep place put return store write"
VERB_READINGS = (
    (frozenset(_USING.split()), Part.USING),
    (frozenset(_STORING.split()), Part.EMITTING),
)
"""Verbs that play another part in a negated clause: what brings its object in, what puts it somewhere."""
_REMEDY = re.compile(r"[fatjw,AGCsSyQO]+")
_FAILING = re.compile(r"f*[FK][jaFK]*W")
_CO_CHANGE = re.compile(r"wf*T[PQ],?Tf*[PQ](?:[ja,]{1,2}[PQ])*f*|[ja,]*O")


def is_harmless(parts: str) -> bool:
    """Whether a clause without negation asserts nothing that weakens anything."""
    return any((_is_positive(parts), _FAILING.fullmatch(parts), _CO_CHANGE.fullmatch(parts)))


def is_protective(parts: str) -> bool:
    """Whether a negated clause provably forbids something bad, or is neutral whichever way it is read."""
    return any(shape.fullmatch(parts) for shape in _NEGATIVE)


def is_neutral(parts: str) -> bool:
    """Whether a clause is harmless even under a negation that reaches it from before."""
    return _REACHED.fullmatch(parts) is not None


def is_remedy(parts: str) -> bool:
    """Whether a clause may follow one that protects a test: it adds, runs or explains, and puts nothing elsewhere."""
    return is_protective(parts) or _REMEDY.fullmatch(parts) is not None or _CO_CHANGE.fullmatch(parts) is not None


def _is_positive(parts: str) -> bool:
    is_guarded = any(part in parts for part in (Part.GOOD, Part.SAFE, Part.SAFE_CALL, Part.COMMAND))
    plain = (_CONTRASTED_NAME if is_guarded else _CONTRASTED).sub("", parts)
    if Part.SAFE in plain or Part.SAFE_CALL in plain:
        shapes = (_WITH_SAFE,)
    elif Part.COMMAND in plain:
        shapes = (_WITH_COMMAND, _RUN_OF_CHECKS, _WITH_TESTS)
    elif Part.GOOD in plain:
        shapes = (_WITH_TESTS, _TESTS_IN_PLACE)
    else:
        shapes = (_POSITIVE,)
    is_test_touched = Part.TOUCHING in plain and Part.TEST_PATH in plain
    return not is_test_touched and any(shape.fullmatch(plain) for shape in shapes)
