"""Which rules have had their time, by evidence alone.

Three kinds of evidence: no session met the rule for long, though the project was at work; a path that the rule speaks
of is gone; sessions with the rule did worse. None counts before a rule has stood for a while, and a rule in a person's
words is theirs. What comes out is only proposed: a person merges it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sidecar.domain import Rule, RuleId

DAY_NS = 24 * 3600 * 1_000_000_000
UNEXPOSED_NS = 60 * DAY_NS
"""How long no session may meet a rule before it is retired."""
MIN_AGE_NS = 14 * DAY_NS
"""Before it no rule is retired for whatever reason: retiring early was measured to harm (Ratchet, 2605.22148)."""
MIN_SESSIONS = 20
"""Sessions that could have met a rule and did not, before that says something; a quiet project loses no rule."""
MIN_HARM_EXPOSURES = 20
"""Sessions with a rule before a measured harm says something."""
_HARM = "It did harm: "


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionExposure:
    """What one session had of our rules."""

    at_ns: int
    """Its start."""
    active: frozenset[RuleId]
    """Rules that its agent was shown; empty where that is not known."""
    exposed: frozenset[RuleId]
    """Of those, the ones whose scope holds a path that the session touched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRule:
    """A rule on the base."""

    rule: Rule
    since_ns: int
    """When it was first seen there."""
    gone_paths: tuple[str, ...] = ()
    """Paths that it speaks of, that were in the repository once and are not any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmFinding:
    """That sessions with a rule did worse than sessions without, as an effect was measured."""

    rule_id: RuleId
    exposures: int
    """Sessions with the rule in that measurement."""
    finding: str
    """In one sentence that a template wrote, with its figures; no full stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """A rule that should go, and why."""

    rule: Rule
    reason: str
    """One sentence."""


def due_retirements(
    standing: Sequence[StandingRule],
    exposures: Sequence[SessionExposure],
    *,
    now_ns: int,
    harms: Sequence[HarmFinding] = (),
) -> tuple[Retirement, ...]:
    """Rules to retire, measured harm first, then gone paths, then the longest unmet.

    Args:
        exposures: Of the sessions within `UNEXPOSED_NS` before now, any order; older ones are passed over.
    """
    harmful = {harm.rule_id: harm for harm in harms if harm.exposures >= MIN_HARM_EXPOSURES}
    lately = [one for one in exposures if one.at_ns > now_ns - UNEXPOSED_NS]
    found: list[tuple[int, int, str, Retirement]] = []
    for one in standing:
        if one.rule.is_human or one.since_ns > now_ns - MIN_AGE_NS:
            continue
        reasons = (_harm(one, harmful), _gone(one), _unmet(one, lately, now_ns))
        rank, reason = next(((rank, reason) for rank, reason in enumerate(reasons) if reason), (0, None))
        if reason is not None:
            found.append((rank, one.since_ns, one.rule.rule_id, Retirement(rule=one.rule, reason=reason)))
    return tuple(retirement for *_, retirement in sorted(found, key=lambda entry: entry[:3]))


def could_be_unmet(standing: Sequence[StandingRule], *, now_ns: int) -> frozenset[RuleId]:
    """Rules that stand long enough for being unmet to count: only of these need exposures be known."""
    return frozenset(
        one.rule.rule_id for one in standing if not one.rule.is_human and one.since_ns <= now_ns - UNEXPOSED_NS
    )


def exposure_count(rule_id: RuleId, exposures: Collection[SessionExposure]) -> int:
    """Sessions that met a rule."""
    return sum(rule_id in one.exposed for one in exposures)


def is_for_harm(reason: str) -> bool:
    """Whether a rule was retired for harm, by the reason that was given then."""
    return reason.startswith(_HARM)


def _harm(one: StandingRule, harmful: Mapping[RuleId, HarmFinding]) -> str | None:
    harm = harmful.get(one.rule.rule_id)
    return None if harm is None else f"{_HARM}{harm.finding} ({harm.exposures} sessions had it)."


def _gone(one: StandingRule) -> str | None:
    if not one.gone_paths:
        return None
    verb = "is" if len(one.gone_paths) == 1 else "are"
    return f"It speaks of {', '.join(one.gone_paths)}, which {verb} gone from the repository."


def _unmet(one: StandingRule, lately: Sequence[SessionExposure], now_ns: int) -> str | None:
    if one.since_ns > now_ns - UNEXPOSED_NS or exposure_count(one.rule.rule_id, lately):
        return None
    able = sum(bool(session.active) for session in lately)
    if able < MIN_SESSIONS:
        return None
    return f"No session met it in {UNEXPOSED_NS // DAY_NS} days, while {able} sessions worked here with our rules."
