"""Retire rules by evidence: the edits that take them out, drafted into the project's rolling proposal.

Nothing outside the store is written, and nothing is retired by this program alone: a person merges the proposal, or
closes it, and then the rule stays for good.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sidecar.domain import EditOperation, Rule, RuleEdit, SessionState, Step
from sidecar.jobs.base_branch import LIVE, Base
from sidecar.jobs.drafting import Drafted, rolling_proposal
from sidecar.jobs.drafting_known import kept_by_people, known_rules, touched_rules
from sidecar.rules import (
    UNEXPOSED_NS,
    HarmFinding,
    SessionExposure,
    StandingRule,
    could_be_unmet,
    due_retirements,
    is_in_scope,
    loaded_rules,
)
from sidecar.store import Store, StoredSession


def retirements(store: Store, base: Base, *, now_ns: int, harms: Sequence[HarmFinding] = ()) -> list[RuleEdit]:
    """Edits that retire what has had its time, the most certain first.

    Left out are rules that an open proposal touches, and those whose retirement a person declined.
    """
    proposals = store.proposals(project=base.project)
    standing = standing_rules(store, base)
    kept = kept_by_people(proposals, [one.rule.rule_id for one in standing])
    waiting = touched_rules([edit for one in proposals if one.state in LIVE for edit in one.edits])
    spoken_for = waiting.union(kept)
    untouched = [one for one in standing if one.rule.rule_id not in spoken_for]
    due = due_retirements(untouched, _lately(store, base, untouched, now_ns), now_ns=now_ns, harms=harms)
    signatures = {edit.rule.rule_id: edit.signature for one in proposals for edit in one.edits if edit.signature}
    return [
        RuleEdit(
            operation=EditOperation.RETIRE,
            rule=one.rule,
            reason=one.reason,
            signature=signatures.get(one.rule.rule_id),
        )
        for one in due
    ]


def with_retirements(
    store: Store, base: Base, drafted: Drafted, retired: Sequence[RuleEdit], *, now_ns: int
) -> Drafted:
    """What was drafted with the retirements in its proposal; as it was where there are none.

    A rule that the draft changes is not retired by the same proposal.
    """
    if drafted.proposal is not None:
        changed = touched_rules(drafted.proposal.edits)
        retired = [edit for edit in retired if edit.rule.rule_id not in changed]
    if not retired:
        return drafted
    if drafted.proposal is not None:
        proposal = replace(drafted.proposal, edits=(*drafted.proposal.edits, *retired))
    else:
        proposal = rolling_proposal(base, known_rules(store, base), retired, now_ns)
    return replace(drafted, proposal=proposal)


def exposures(store: Store, base: Base, *, since_ns: int) -> Iterator[SessionExposure]:
    """What the project's sessions since a time had of our rules, the newest first; each is read whole."""
    rules_by_sha = store.rules_files() | dict(base.rules_by_sha)
    proposed = [edit.rule for proposal in store.proposals(project=base.project) for edit in proposal.edits]
    known = [*base.reading.standing, *proposed]
    # all of them: what is said of a rule is that none met it
    for envelope in store.sessions(base.team, project=base.project, limit=None, since_ns=since_ns):
        if envelope.session.state is not SessionState.OPEN:
            yield session_exposure(store, envelope, rules_by_sha, known)


def standing_rules(store: Store, base: Base) -> list[StandingRule]:
    """Rules of ours on the base of which it is known since when; a line without a ledger entry is not ours."""
    since = {one.rule.rule_id: one.since_ns for one in store.decisions.in_force(base.project) if one.gone_ns is None}
    return [
        StandingRule(rule=rule, since_ns=since[rule.rule_id], gone_paths=tuple(base.gone_paths.get(rule.rule_id, ())))
        for rule in base.reading.standing
        if rule.rule_id in since and rule.rule_id in base.ledger
    ]


def session_exposure(
    store: Store, envelope: StoredSession, rules_by_sha: Mapping[str, Sequence[Rule]], known: Sequence[Rule]
) -> SessionExposure:
    """What one session had of our rules.

    Args:
        known: Rules in every wording that may have been loaded.
    """
    session = envelope.session
    active = loaded_rules(session.rules, rules_by_sha, known)
    stored = store.session(session.key) if any(rule.scope is not None for rule in active) else None
    steps: Sequence[Step] = stored.session.steps if stored is not None else ()
    paths = {step.path for step in steps if step.path is not None}
    return SessionExposure(
        at_ns=session.started_ns,
        active=frozenset(rule.rule_id for rule in active),
        exposed=frozenset(
            rule.rule_id
            for rule in active
            if rule.scope is None or any(is_in_scope(path, rule.scope) for path in paths)
        ),
    )


def _lately(store: Store, base: Base, standing: Sequence[StandingRule], now_ns: int) -> list[SessionExposure]:
    """Exposures as far back as they matter: none where every rule is young, no further once every rule was met."""
    unmet = set(could_be_unmet(standing, now_ns=now_ns))
    read: list[SessionExposure] = []
    found = exposures(store, base, since_ns=now_ns - UNEXPOSED_NS)
    while unmet and (one := next(found, None)) is not None:
        read.append(one)
        unmet -= one.exposed
    return read
