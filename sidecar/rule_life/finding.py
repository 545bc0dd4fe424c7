"""A rule or a refused text by the beginning of its id, and its life from what is stored."""

from collections.abc import Iterator, Mapping, Sequence

from sidecar.domain import (
    LoadedRules,
    ProjectId,
    Proposal,
    ProposalState,
    Rule,
    RuleId,
    SessionId,
    TeamId,
)
from sidecar.errors import AmbiguousError, NotFoundError
from sidecar.gate import refusal_id
from sidecar.jobs.measuring import Measuring
from sidecar.jobs.retirement import session_exposure
from sidecar.proposals import adoptions
from sidecar.rule_life.life import EvidenceSession, Exposed, RuleLife
from sidecar.rules import is_target_path, loaded_rules
from sidecar.store import Store

_MOST_NAMED = 5
"""Ids that an error lists."""


def rule_life(store: Store, projects: Mapping[ProjectId, TeamId], identity: str) -> RuleLife:
    """The life of the one rule, or refused text, whose id begins so.

    Args:
        projects: Where to look, each with the Team it belongs to.
    Raises:
        NotFoundError: none has such an id; the text says where ids are shown.
        AmbiguousError: several do; the text names them.
    """
    wanted = identity.strip().lower()
    found = {(project, one) for project in projects for one in _identities(store, project) if one.startswith(wanted)}
    exact = {entry for entry in found if entry[1] == wanted} or found
    if not wanted or not exact:
        raise NotFoundError(
            f"no rule or refused text has the id {identity[:40]!r}; `sidecar rules list` shows those in force, those "
            "that wait and the refused ones"
        )
    if len(exact) > 1:
        named = [f"{one} in {project}" for project, one in sorted(exact)]
        more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
        raise AmbiguousError(
            f"{len(named)} rules have an id that begins with {identity!r}: {', '.join(named[:_MOST_NAMED])}{more}; "
            "give more of it, or --project"
        )
    ((project, one),) = exact
    return _life(store, projects[project], project, one)


def _identities(store: Store, project: ProjectId) -> Iterator[str]:
    base = store.base_rules(project)
    yield from (rule.rule_id for rule in (base[1] if base else []))
    yield from (edit.rule.rule_id for proposal in store.proposals(project=project) for edit in proposal.edits)
    yield from (tombstone.rule_id for tombstone in store.tombstones(project))
    yield from (tombstone.rule_id for tombstone in store.allowed_tombstones(project))
    yield from (one.rule.rule_id for one in store.decisions.in_force(project))
    yield from (refusal_id(project, refusal.text) for refusal in store.refusals(project))


def _life(store: Store, team: TeamId, project: ProjectId, identity: str) -> RuleLife:
    commit, rules = store.base_rules(project) or (None, [])
    proposals = store.proposals(project=project)
    edits = tuple((one, edit) for one in proposals for edit in one.edits if edit.rule.rule_id == identity)
    standing = next((rule for rule in rules if rule.rule_id == identity), None)
    known = [edit.rule for _, edit in edits] + ([standing] if standing else [])
    evidence = dict.fromkeys(session for rule in known for session in rule.evidence)
    adopted_as = adoptions(proposals, store.tombstones(project)).get(identity)
    return RuleLife(
        identity=identity,
        project=project,
        commit=commit,
        standing=standing,
        edits=edits,
        superseded_by=_superseded_by(proposals, identity),
        in_force=next((one for one in store.decisions.in_force(project) if one.rule.rule_id == identity), None),
        refusal=next((one for one in store.refusals(project) if refusal_id(project, one.text) == identity), None),
        adopted_as=adopted_as,
        adopted_by=_adopted_by(proposals, adopted_as or next(reversed(known), None)),
        tombstone=next((one for one in store.tombstones(project) if one.rule_id == identity), None),
        allowed=next((one for one in store.allowed_tombstones(project) if one.rule_id == identity), None),
        decision=next((one for one in store.decisions.of(project).values() if identity in one.rules), None),
        evidence=tuple(_evidence(store, team, SessionId(session)) for session in evidence),
        exposed=_exposed(store, team, project, known),
        effect=None if standing is None else Measuring(store, team, project).effect(standing),
    )


def _adopted_by(proposals: Sequence[Proposal], rule: Rule | None) -> str | None:
    """Who said a rule in these very words; whoever changed them since is not known."""
    if rule is None:
        return None
    words = rule.rule_id, rule.text
    said = [
        one.adopted_by for proposal in proposals for one in proposal.edits if words == (one.rule.rule_id, one.rule.text)
    ]
    return next((name for name in reversed(said) if name is not None), None)


def _superseded_by(proposals: Sequence[Proposal], identity: str) -> tuple[RuleId, ...]:
    merged = (one for one in proposals if one.state is ProposalState.MERGED)
    taking = (edit.rule for one in merged for edit in one.edits if identity in edit.rule.supersedes)
    return tuple(dict.fromkeys(rule.rule_id for rule in taking if rule.rule_id != identity))


def _evidence(store: Store, team: TeamId, session: SessionId) -> EvidenceSession:
    for key in store.session_keys(team, session):
        stored = store.session(key)
        if stored is not None:
            judges = dict.fromkeys((one.judge, one.judge_version) for one in store.verdicts(key))
            return EvidenceSession(session=session, stored=stored, judges=tuple(judges))
    return EvidenceSession(session=session, stored=None)


def _exposed(store: Store, team: TeamId, project: ProjectId, known: Sequence[Rule]) -> Exposed:
    """How often the rule was met, in any of its wordings."""
    if not known:
        return Exposed()
    rule_id, rules_by_sha = known[0].rule_id, store.rules_files()
    shown, met = 0, list[int]()
    paths: dict[str, None] = {}
    for envelope in store.sessions(team, project=project, limit=None):
        one = session_exposure(store, envelope, rules_by_sha, known)
        if rule_id in one.active:
            shown += 1
            paths |= dict.fromkeys(_bringing(rule_id, envelope.session.rules, rules_by_sha, known))
        met += [one.at_ns] if rule_id in one.exposed else []
    return Exposed(shown=shown, met=len(met), last_ns=max(met, default=None), paths=tuple(sorted(paths)))


def _bringing(
    rule_id: RuleId, loaded: Sequence[LoadedRules], rules_by_sha: Mapping[str, Sequence[Rule]], known: Sequence[Rule]
) -> Iterator[str]:
    """Those of a session's rules files that hold the rule."""
    for path in {file.path for file in loaded if is_target_path(file.path)}:
        held = loaded_rules([file for file in loaded if file.path == path], rules_by_sha, known)
        if any(rule.rule_id == rule_id for rule in held):
            yield path
