"""Measure what the rules of a project did, from its settled sessions; harm is what a retirement may rest on.

Nothing is written. A session counts for a rule that speaks to it: it changed something, and a path of the rule's scope
where that has one. It had the rule where its agent was shown it, and could have had it where it is known that it was
not; sessions of which nobody knows what they were shown are left out, but for those before the rule was thought of,
and so are those that were shown it in other words than stand now.
Sessions are taken in the order of time, up to the first that has not settled yet.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

from sidecar.domain import (
    EditOperation,
    Effect,
    Lesson,
    LoadedRules,
    ProjectId,
    Rule,
    RuleId,
    SessionKey,
    SessionState,
    TeamId,
)
from sidecar.effects import MeasuredSession, harm_finding, measured_effect
from sidecar.jobs.base_branch import Base
from sidecar.jobs.retirement import standing_rules
from sidecar.labels import has_change
from sidecar.likeness import is_same_rule
from sidecar.rules import (
    MIN_AGE_NS,
    MIN_HARM_EXPOSURES,
    HarmFinding,
    is_in_scope,
    loaded_rules,
    rules_version_of,
)
from sidecar.store import Store, StoredSession
from sidecar.told_lessons import is_told

MOST_SESSIONS = 3000
"""Newest sessions that are looked at; the nearest ones in time are compared, so older ones would hardly be."""
WAITING_NS = 14 * 24 * 3600 * 1_000_000_000
"""How long before the newest session one that has not settled is waited for; later it is left out."""


def measured_harms(store: Store, base: Base, *, now_ns: int) -> tuple[HarmFinding, ...]:
    """Rules of ours that are seen to do harm; no session is read where all are too young to be retired."""
    old = [one.rule for one in standing_rules(store, base) if one.since_ns <= now_ns - MIN_AGE_NS]
    rules = [rule for rule in old if not rule.is_human]
    if not rules:
        return ()
    measuring = Measuring(store, base.team, base.project, standing=base.reading.standing, seen=base.rules_by_sha)
    findings = (harm_finding(measuring.effect(rule)) for rule in rules if measuring.is_enough(rule))
    return tuple(finding for finding in findings if finding is not None)


class Measuring:
    """The sessions of one project, each read once for all its rules."""

    def __init__(
        self,
        store: Store,
        team: TeamId,
        project: ProjectId,
        *,
        standing: Sequence[Rule] | None = None,
        seen: Mapping[str, Sequence[Rule]] | None = None,
        since_ns: int = 0,
    ) -> None:
        """Bind the store; nothing is read yet.

        Args:
            standing: Rules on the base; None for those of the last sync.
            seen: Rules of ours by git blob hash, beside what syncs have seen.
            since_ns: Sessions that began earlier do not count.
        """
        self._store, self._team, self._project = store, team, project
        self._given, self._seen, self._since_ns = standing, dict(seen or {}), since_ns
        self._active: dict[tuple[LoadedRules, ...], Mapping[RuleId, Rule] | None] = {}
        self._paths: dict[SessionKey, frozenset[str]] = {}

    @cached_property
    def standing(self) -> tuple[Rule, ...]:
        """Rules on the base, in file order."""
        if self._given is not None:
            return tuple(self._given)
        base = self._store.base_rules(self._project)
        return tuple(base[1]) if base is not None else ()

    def is_enough(self, rule: Rule) -> bool:
        """Whether so many sessions were shown a rule that a verdict may come of it; reads no steps."""
        return sum(rule.rule_id in (self._shown(one) or ()) for one in self._sessions) >= MIN_HARM_EXPOSURES

    def effect(self, rule: Rule) -> Effect:
        """What a rule did so far."""
        born_ns, signatures = self._born_ns(rule), self._signatures(rule)
        tellers = {
            judge
            for by_judge in self._lessons.values()
            for judge, lessons in by_judge.items()
            if any(one.signature in signatures for one in lessons)
        }
        return measured_effect(
            rule.rule_id,
            (
                MeasuredSession(
                    name=one.session.key.session_id,
                    at_ns=one.session.started_ns,
                    agent=one.session.key.agent,
                    model=one.session.model,
                    label=one.decision.label,
                    is_exposed=is_exposed,
                    rules=frozenset(self._shown(one) or ()),
                    has_recurred=_has_recurred(self._lessons.get(one.session.key, {}), tellers, signatures),
                )
                for one in self._sessions
                if (is_exposed := self._is_exposed(rule, one, born_ns)) is not None and self._is_spoken_to(rule, one)
            ),
        )

    @cached_property
    def _sessions(self) -> list[StoredSession]:
        """Settled ones with a change, up to the first one that waits to settle.

        A failure may settle sooner than a pass, or later; were the first to settle counted first, that alone would look
        like an effect.
        """
        stored = self._store.sessions(self._team, project=self._project, limit=MOST_SESSIONS)
        newest_ns = max((one.session.started_ns for one in stored), default=0)
        waiting = [one.session.started_ns for one in stored if one.session.state is not SessionState.SETTLED]
        until_ns = min((at_ns for at_ns in waiting if at_ns > newest_ns - WAITING_NS), default=newest_ns + 1)
        return [
            one
            for one in stored
            if one.session.state is SessionState.SETTLED
            and self._since_ns <= one.session.started_ns < until_ns
            and has_change(one.decision)
        ]

    @cached_property
    def _lessons(self) -> Mapping[SessionKey, Mapping[str, tuple[Lesson, ...]]]:
        return self._store.told_lessons(self._team, self._project)

    @cached_property
    def _proposed(self) -> list[tuple[int, Rule, str | None]]:
        """When each rule was proposed, in which words, and from which lesson."""
        return [
            (proposal.created_ns, edit.rule, edit.signature)
            for proposal in self._store.proposals(project=self._project)
            for edit in proposal.edits
            if edit.operation is not EditOperation.RETIRE
        ]

    @cached_property
    def _known(self) -> tuple[tuple[Rule, ...], Mapping[str, Sequence[Rule]], Mapping[RuleId, int]]:
        """Rules in every wording, rules by the hash of their file, and since when each stands."""
        by_sha = self._store.rules_files() | self._seen
        stood = [rule for rules in by_sha.values() for rule in rules]
        rules = [*self.standing, *(rule for _, rule, _ in self._proposed), *stood]
        since = {one.rule.rule_id: one.since_ns for one in self._store.decisions.in_force(self._project)}
        return tuple({(one.rule_id, one.text, one.scope): one for one in rules}.values()), by_sha, since

    def _born_ns(self, rule: Rule) -> int:
        """Before it no session can have had the rule."""
        seen = [at_ns for at_ns, one, _ in self._proposed if one.rule_id == rule.rule_id]
        if (stands_ns := self._known[2].get(rule.rule_id)) is not None:
            seen.append(stands_ns)
        return min(seen, default=0)

    def _signatures(self, rule: Rule) -> frozenset[str]:
        """What the lesson that a rule was written for is known by.

        A model words one lesson in many ways, so what the rule's own sessions told in a model's words counts too.
        """
        named = {signature for _, one, signature in self._proposed if one.rule_id == rule.rule_id and signature}
        own = [
            lesson
            for key, by_judge in self._lessons.items()
            if key.session_id in rule.evidence
            for lessons in by_judge.values()
            for lesson in lessons
        ]
        is_of_slots = any(one.signature in named and not is_told(one) for one in own)
        return frozenset(named | (set() if is_of_slots else {one.signature for one in own if is_told(one)}))

    def _is_exposed(self, rule: Rule, one: StoredSession, born_ns: int) -> bool | None:
        """Whether a session was shown a rule; None where nobody knows, and where it was shown other words of it."""
        if one.session.started_ns < born_ns:
            return False
        shown = self._shown(one)
        if shown is None or rule.rule_id not in shown:
            return None if shown is None else False
        had = shown[rule.rule_id]
        # what earlier words did is neither the doing of these nor how sessions go without the rule
        return True if had.scope == rule.scope and is_same_rule(had.text, rule.text) else None

    def _shown(self, one: StoredSession) -> Mapping[RuleId, Rule] | None:
        """Our rules in what a session loaded; None where that is not known."""
        rules = one.session.rules
        if rules not in self._active:
            known, by_sha, _ = self._known
            is_known = rules_version_of(rules, by_sha, known) is not None
            shown = loaded_rules(rules, by_sha, known) if is_known else ()
            self._active[rules] = {rule.rule_id: rule for rule in shown} if is_known else None
        return self._active[rules]

    def _is_spoken_to(self, rule: Rule, one: StoredSession) -> bool:
        """Whether a session touched a path of the rule's scope."""
        scope, key = rule.scope, one.session.key
        if scope is None:
            return True
        if key not in self._paths:
            stored = self._store.session(key)
            steps = stored.session.steps if stored is not None else ()
            self._paths[key] = frozenset(step.path for step in steps if step.path is not None)
        return any(is_in_scope(path, scope) for path in self._paths[key])


def _has_recurred(told: Mapping[str, Sequence[Lesson]], tellers: set[str], signatures: frozenset[str]) -> bool | None:
    """Whether a session taught one of these lessons; None where no judge has seen it that tells them at all."""
    seen = [told[judge] for judge in tellers if judge in told]
    return any(one.signature in signatures for lessons in seen for one in lessons) if seen else None
