"""What changed since a day and why nothing did: learned, proposed, merged, refused, retired, paid.

Pure: it is given what the store holds. Money is told by project, and what was not for one of them apart: calls about
sessions of other repositories or of none that is known.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sidecar.domain import (
    WHOLE_PROJECT,
    ClusterId,
    EditOperation,
    ProjectId,
    Proposal,
    ProposalState,
    Refusal,
    Rule,
    RuleId,
    Tombstone,
)
from sidecar.errors import InputError
from sidecar.lesson_fates import Fate, LessonFates, fates_of
from sidecar.proposals import TAKEN_OVER, RuleDifference, adoptions
from sidecar.rules import is_for_harm
from sidecar.store import KeptDecision, RuleInForce, Spent

SECOND_NS = 1_000_000_000
_DAY_NS = 86_400 * SECOND_NS
_AGE = re.compile(r"(\d{1,5})\s*([hdw])")
_AGE_NS = {"h": 3600 * SECOND_NS, "d": _DAY_NS, "w": 7 * _DAY_NS}
_FATE_WORDS = {
    Fate.PROPOSED: "proposed already, and nobody has decided",
    Fate.MERGED: "merged since the last draft",
    Fate.DECLINED: "declined since the last draft",
    Fate.RETIRED: "merged since the last draft, and taken out again",
    Fate.WITHDRAWN: "proposed, and withdrawn since the last draft",
}
_DATES = ("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFacts:
    """What the store holds of one project."""

    project: ProjectId
    decisions: tuple[KeptDecision, ...]
    rules: tuple[RuleInForce, ...]
    proposals: tuple[Proposal, ...]
    refusals: tuple[Refusal, ...]
    tombstones: tuple[Tombstone, ...]
    spent: tuple[Spent, ...] = ()
    """Since the time that is reported from."""
    differing: tuple[RuleDifference, ...] = ()
    """What people did to rules that stand in one of several files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What models cost, and what that came to for each rule that people took."""

    spent: tuple[Spent, ...]
    accepted: int
    """Rules that were merged in the same time."""

    @property
    def usd(self) -> float:
        """All of it."""
        return sum(one.cost_usd for one in self.spent)

    @property
    def calls(self) -> int:
        """How many there were."""
        return sum(one.calls for one in self.spent)

    @property
    def usd_per_accepted_rule(self) -> float | None:
        """None where no rule was merged: a price of nothing is no price."""
        return self.usd / self.accepted if self.accepted else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectReport:
    """What changed in one project."""

    project: ProjectId
    learned: tuple[KeptDecision, ...]
    """Lessons that enough tasks teach about which something new was decided, the newest first."""
    proposed: tuple[Proposal, ...]
    """Made since then, or still waiting for a person."""
    merged: tuple[RuleInForce, ...]
    """Rules that came to the base since then and stand there."""
    retired: tuple[RuleInForce, ...]
    """Rules that left the base since then."""
    taken_up: tuple[RuleInForce, ...]
    """Rules that left the base since then and live on in one that they were merged into."""
    taken_over: tuple[RuleInForce, ...]
    """Rules that left our block since then and stand among people's own lines."""
    retired_because: Mapping[RuleId, str]
    """Of those that people took out by a proposal of ours, what it said, or which rule took them up."""
    declined: tuple[Tombstone, ...]
    refused: tuple[Refusal, ...]
    differing: tuple[tuple[Rule, RuleDifference], ...]
    """Rules that stand and what people did to them in one of several files, whenever that was."""
    adopted: Mapping[str, Rule]
    """Rules in which people said refused texts in their own words, by the text's id."""
    fates: Mapping[ClusterId, tuple[Fate, str]]
    """What became of lessons for which a rule was proposed, and why where somebody said."""
    nothing_because: tuple[str, ...]
    """Why the last run proposed nothing, most frequent reason first; empty where it proposed something."""
    drafted_ns: int | None
    """Of the last draft run; None when there was none."""
    money: Money

    @property
    def retired_for_harm(self) -> int:
        """How many were taken out because sessions with them did worse."""
        return sum(is_for_harm(reason) for reason in self.retired_because.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What changed since a time."""

    since_ns: int
    projects: tuple[ProjectReport, ...]
    elsewhere: tuple[Spent, ...]
    """What was spent and not for one of these projects."""

    @property
    def money(self) -> Money:
        """Of all reported projects together."""
        return Money(
            spent=tuple(spent for one in self.projects for spent in one.money.spent),
            accepted=sum(one.money.accepted for one in self.projects),
        )


def parse_since(text: str, *, now_ns: int) -> int:
    """The time that `7d`, `12h`, `2w`, `2026-11-01` or `2026-11-01T09:30` names, UTC.

    Raises:
        InputError: it names none, or one that is yet to come.
    """
    words = text.strip()
    age = _AGE.fullmatch(words.lower())
    since_ns = now_ns - int(age[1]) * _AGE_NS[age[2]] if age is not None else _parsed_date(words)
    if since_ns is None:
        raise InputError(
            f"--since {words[:40]!r} is no date; expected one like 2026-11-01 or 2026-11-01T09:30 (UTC), or an age "
            "like 7d, 12h or 2w"
        )
    if since_ns > now_ns:
        raise InputError(f"--since {text!r} is yet to come; name a day that has passed")
    return since_ns


def make_report(facts: Sequence[ProjectFacts], elsewhere: Sequence[Spent], *, since_ns: int) -> Report:
    """What changed since a time.

    Args:
        elsewhere: What was spent since the same time and not for one of these projects.
    """
    projects = tuple(_project(one, since_ns) for one in facts)
    return Report(since_ns=since_ns, projects=projects, elsewhere=tuple(elsewhere))


def _project(facts: ProjectFacts, since_ns: int) -> ProjectReport:
    last_ns = max((one.decision.at_ns for one in facts.decisions), default=None)
    last = [one for one in facts.decisions if one.decision.at_ns == last_ns]
    waiting = (ProposalState.DRAFTED, ProposalState.OPEN)
    merged = tuple(one for one in facts.rules if one.since_ns >= since_ns and one.gone_ns is None)
    gone = tuple(one for one in facts.rules if one.gone_ns is not None and one.gone_ns >= since_ns)
    theirs = {one.rule_id for one in facts.tombstones if one.reason == TAKEN_OVER}
    taken = [edit for one in facts.proposals if one.state is ProposalState.MERGED for edit in one.edits]
    reasons = {one: f"merged into {edit.rule.rule_id}" for edit in taken for one in edit.rule.supersedes}
    reasons |= {edit.rule.rule_id: edit.reason for edit in taken if edit.operation is EditOperation.RETIRE}
    standing = {one.rule.rule_id: one.rule for one in facts.rules if one.gone_ns is None}
    known = LessonFates(proposals=facts.proposals, rules=facts.rules, tombstones=facts.tombstones)
    living_on = known.living_on - theirs
    retired = tuple(one for one in gone if one.rule.rule_id not in theirs | living_on)
    fates = fates_of([one.decision for one in facts.decisions], known)
    return ProjectReport(
        project=facts.project,
        learned=tuple(
            one for one in facts.decisions if one.since_ns >= since_ns and one.decision.cluster_id != WHOLE_PROJECT
        ),
        proposed=tuple(one for one in facts.proposals if one.created_ns >= since_ns or one.state in waiting),
        merged=merged,
        retired=retired,
        taken_up=tuple(one for one in gone if one.rule.rule_id in living_on),
        taken_over=tuple(one for one in gone if one.rule.rule_id in theirs),
        retired_because={
            one.rule.rule_id: reasons[one.rule.rule_id] for one in gone if one.rule.rule_id in reasons.keys() - theirs
        },
        declined=tuple(one for one in facts.tombstones if one.at_ns >= since_ns and one.reason != TAKEN_OVER),
        refused=tuple(one for one in facts.refusals if one.at_ns >= since_ns),
        differing=tuple((standing[one.rule_id], one) for one in facts.differing if one.rule_id in standing),
        adopted=adoptions(facts.proposals, facts.tombstones),
        fates=fates,
        nothing_because=_nothing_because(last, fates),
        drafted_ns=last_ns,
        money=Money(spent=facts.spent, accepted=len(merged)),
    )


def _nothing_because(last: Sequence[KeptDecision], fates: Mapping[ClusterId, tuple[Fate, str]]) -> tuple[str, ...]:
    decisions = [one.decision for one in last]
    if not decisions:
        return ("no draft has run yet; `sidecar propose` runs one now",)
    if any(one.reason is None for one in decisions):
        return ()
    whole = [one.detail for one in decisions if one.cluster_id == WHOLE_PROJECT]
    if whole:
        return tuple(whole)
    counts = Counter(
        _FATE_WORDS[fates[one.cluster_id][0]] if one.cluster_id in fates else one.reason.value
        for one in decisions
        if one.reason is not None
    )
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(f"{count} {'lesson' if count == 1 else 'lessons'}: {reason}" for reason, count in ordered)


def _parsed_date(words: str) -> int | None:
    for form in _DATES:
        try:
            return int(datetime.strptime(words.removesuffix("Z"), form).replace(tzinfo=UTC).timestamp()) * SECOND_NS
        except (ValueError, OverflowError):
            continue
    return None
