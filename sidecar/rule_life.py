"""The whole life of one rule, from what is stored: where it came from, who decided what, who met it, how it ended."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sidecar.domain import (
    Decision,
    EditOperation,
    Effect,
    LoadedRules,
    ProjectId,
    Proposal,
    ProposalState,
    Refusal,
    Rule,
    RuleEdit,
    RuleId,
    SessionId,
    TeamId,
    Tombstone,
)
from sidecar.errors import AmbiguousError, NotFoundError
from sidecar.gate import refusal_id
from sidecar.jobs.base_branch import LIVE
from sidecar.jobs.measuring import Measuring
from sidecar.jobs.retirement import session_exposure
from sidecar.proposals import adoptions
from sidecar.rules import is_target_path, loaded_rules
from sidecar.store import RuleInForce, Store, StoredSession

_MOST_NAMED = 5
"""Ids that an error lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSession:
    """One session that a rule rests on."""

    session: SessionId
    stored: StoredSession | None
    """None where it was forgotten."""
    judges: tuple[tuple[str, str], ...] = ()
    """Name and version of the judges that have a verdict on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposed:
    """How often sessions met a rule."""

    shown: int = 0
    """Sessions whose agent was shown it."""
    met: int = 0
    """Of those, the ones that touched a path of its scope."""
    last_ns: int | None = None
    """Start of the last one that met it."""
    paths: tuple[str, ...] = ()
    """Rules files that brought it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLife:
    """Everything that is stored about one rule, or about a text that the gate refused."""

    identity: str
    project: ProjectId
    commit: str | None
    """Base commit of the last sync; None before the first."""
    standing: Rule | None
    """As it stood there."""
    edits: tuple[tuple[Proposal, RuleEdit], ...]
    """Every edit of it that was proposed, the oldest first."""
    superseded_by: tuple[RuleId, ...] = ()
    """Rules of merged proposals that took it up."""
    in_force: RuleInForce | None = None
    refusal: Refusal | None = None
    tombstone: Tombstone | None = None
    allowed: Tombstone | None = None
    """One that people took back, and that nothing follows from any more."""
    decision: Decision | None = None
    """What the newest draft decided about the lesson it came from."""
    evidence: tuple[EvidenceSession, ...] = ()
    exposed: Exposed = Exposed()
    effect: Effect | None = None
    """What it did so far; None for what does not stand on the base."""
    adopted_as: Rule | None = None
    """Of a refused text: the rule in which a person said it in their own words."""
    adopted_by: str | None = None
    """Who did so, or said this rule in its newest words so; None where nobody did, or who is not known."""

    @property
    def rule(self) -> Rule | None:
        """In its newest words; None for a refused text."""
        proposed = [edit.rule for _, edit in self.edits]
        return self.standing or next(reversed(proposed), None) or (self.in_force.rule if self.in_force else None)

    @property
    def state(self) -> str:
        """`active`, `proposed`, `refused`, `adopted`, `allowed`, `declined`, `superseded` or `retired`."""
        if self.refusal is not None:
            return "refused" if self.adopted_as is None else "adopted"
        if self.standing is not None:
            return "active"
        if any(proposal.state in LIVE and not _is_retirement(edit) for proposal, edit in self.edits):
            return "proposed"
        if self.superseded_by:
            return "superseded"
        if self.allowed is not None:
            return "allowed"
        was_merged = any(one.state in (ProposalState.MERGED, ProposalState.REVERTED) for one, _ in self.edits)
        return "retired" if self.in_force is not None or was_merged else "declined"


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


def _is_retirement(edit: RuleEdit) -> bool:
    return edit.operation is EditOperation.RETIRE
