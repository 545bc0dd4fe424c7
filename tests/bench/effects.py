"""How often a measured effect errs, and what it finds, looked at after every session: `python -m tests.bench.effects`.

Sessions are drawn by a seed that is shown, and go the way that real ones go: paired, bet on, judged after each. The
yardsticks are goals: false verdicts of either kind in at most 5 % of runs, and 90 % of what is there found within 300
sessions on each side.
"""

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from sidecar.domain import AgentName, EffectVerdict, Label
from sidecar.effects.betting import Gains, is_better, is_worse
from sidecar.effects.pairs import MeasuredSession, pairs
from sidecar.rules import MIN_HARM_EXPOSURES
from tests.bench.figures import Figure, table

ARM = 300
"""Sessions on each side."""
RUNS = 1000
SEED = 20261126
MOST_FALSE = 0.05
LEAST_FOUND = 0.9
_AGENT = AgentName("claude_code")
_FAILS = (Label.CODE_FAIL, Label.CODE_FAIL, Label.INFRA, Label.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is so, and how sessions come."""

    name: str
    without: float
    """Share of passes, 0 to 1."""
    with_it: float
    is_concurrent: bool = False
    """Both kinds come by the toss of a coin; else all without the rule before all with it."""
    drift: float = 0.0
    """By how much the share of passes of both sides has changed at the last session."""
    models: tuple[str, str] = ("one", "one")
    """Before, and from the first session with the rule on."""

    @property
    def truth(self) -> EffectVerdict:
        """What a verdict should be in the end."""
        if self.with_it == self.without:
            return EffectVerdict.UNDECIDED
        return EffectVerdict.BETTER if self.with_it > self.without else EffectVerdict.WORSE


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What many runs of one world came to."""

    worse: float
    """Share of runs in which any look said so."""
    better: float
    pairs: float | None
    """Median of the pairs at the first verdict; None where there was none."""


FALSE_ALARMS = (
    *(
        World(name=f"no effect, {share * 100:g} % pass", without=share, with_it=share)
        for share in (0.15, 0.5, 0.6, 0.85)
    ),
    World(name="no effect, 60 % pass, both at once", without=0.6, with_it=0.6, is_concurrent=True),
    World(
        name="20 points lost to a slow drift, both at once", without=0.7, with_it=0.7, drift=-0.2, is_concurrent=True
    ),
    World(name="15 points lost to another model", without=0.6, with_it=0.45, models=("one", "two")),
)
FOUND = (
    World(name="from 50 to 70 %", without=0.5, with_it=0.7),
    World(name="from 70 to 50 %", without=0.7, with_it=0.5),
    *(
        World(name=f"15 points of harm, from {share * 100:g} %", without=share, with_it=share - 0.15)
        for share in (0.85, 0.7, 0.6, 0.575, 0.5)
    ),
    World(name="15 points of harm from 60 %, both at once", without=0.6, with_it=0.45, is_concurrent=True),
)
WEAK = (
    World(name="10 points of harm, from 60 %", without=0.6, with_it=0.5),
    World(name="5 points of harm, from 60 %", without=0.6, with_it=0.55),
)
"""Smaller than what was promised; said so that nobody expects it."""
CONFOUNDED = World(name="20 points lost to a slow drift, before/after", without=0.7, with_it=0.7, drift=-0.2)
"""What before/after cannot tell from a rule."""


def simulated(world: World, *, runs: int, seed: int = SEED) -> Result:
    """So many runs of a world."""
    draw = random.Random(f"{seed} {world.name}")
    firsts = [_first_verdict(world, draw) for _ in range(runs)]
    ends = [verdict for verdict, _ in firsts]
    decided = [count for verdict, count in firsts if verdict is not EffectVerdict.UNDECIDED]
    return Result(
        worse=ends.count(EffectVerdict.WORSE) / runs,
        better=ends.count(EffectVerdict.BETTER) / runs,
        pairs=median(decided) if decided else None,
    )


def _first_verdict(world: World, draw: random.Random) -> tuple[EffectVerdict, int]:
    """The first verdict of one run, looked at after each session, and the pairs there were."""
    ups = downs = 0
    for count, (with_it, without) in enumerate(pairs(_sessions(world, draw)), start=1):
        ups += with_it.label is Label.PASS and without.label is not Label.PASS
        downs += with_it.label is not Label.PASS and without.label is Label.PASS
        gains = Gains(ups=ups, downs=downs, evens=count - ups - downs)
        if count >= MIN_HARM_EXPOSURES and is_worse(gains):
            return EffectVerdict.WORSE, count
        if count >= MIN_HARM_EXPOSURES and is_better(gains):
            return EffectVerdict.BETTER, count
    return EffectVerdict.UNDECIDED, 0


def _sessions(world: World, draw: random.Random) -> Iterator[MeasuredSession]:
    for number in range(2 * ARM):
        has_rule = draw.random() < 0.5 if world.is_concurrent else number >= ARM
        share = (world.with_it if has_rule else world.without) + world.drift * number / (2 * ARM)
        yield MeasuredSession(
            name=f"s{number:03d}",
            at_ns=number,
            agent=_AGENT,
            model=world.models[has_rule],
            label=Label.PASS if draw.random() < share else draw.choice(_FAILS),
            is_exposed=has_rule,
            has_recurred=None,
        )


def effect_figures(runs: int = RUNS) -> list[Figure]:
    """False verdicts, and what is found, beside the goals."""
    figures: list[Figure] = []
    for world in FALSE_ALARMS:
        one = simulated(world, runs=runs)
        said = f"({one.worse:.1%} harm, {one.better:.1%} good)"
        figures.append(_figure(f"false verdicts, {world.name} {said}", one.worse + one.better, MOST_FALSE))
    for world in (*FOUND, *WEAK, CONFOUNDED):
        one = simulated(world, runs=runs)
        found = one.better if world.truth is EffectVerdict.BETTER else one.worse
        after = "" if one.pairs is None else f", after {one.pairs:.0f} of {ARM} a side"
        figures.append(_figure(f"runs that say {world.name}{after}", found, LEAST_FOUND))
    return figures


def _figure(name: str, value: float, goal: float) -> Figure:
    yardstick = "at most" if goal == MOST_FALSE else "at least"
    return Figure(name=name, value=value, unit="of runs", yardstick=f"the goal ({yardstick})", yardstick_value=goal)


if __name__ == "__main__":
    sys.stdout.write(f"{RUNS} runs of each, seed {SEED}, looked at after every session\n{table(effect_figures())}\n")
