"""What is stored, as JSON: sessions, rules and proposals for the read interface and the command line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sidecar.domain import (
    LabelDecision,
    ProjectId,
    Proposal,
    ProposalState,
    Refusal,
    Rule,
    Session,
    SessionId,
    SessionKey,
    TeamId,
    Tombstone,
    Verdict,
)
from sidecar.errors import AmbiguousError, NotFoundError
from sidecar.follow_ups import follow_up_as_json, follow_ups_of, wanted
from sidecar.gate import refusal_id
from sidecar.store import Store, StoredSession


def find_session(store: Store, team: TeamId, session_id: str, agent: str | None = None) -> SessionKey:
    """The one session of that id.

    Raises:
        NotFoundError: there is none.
        AmbiguousError: two agents use the same id and `agent` does not say which.
    """
    keys = store.session_keys(team, SessionId(session_id))
    if agent is not None:
        keys = [key for key in keys if key.agent == agent.replace("-", "_")]
    if not keys:
        raise NotFoundError(f"no session {session_id[:80]!r} is stored; `sidecar status` says what is")
    if len(keys) > 1:
        agents = ", ".join(key.agent for key in keys)
        raise AmbiguousError(f"session {session_id!r} exists for {agents}; say which with --agent, or agent= over HTTP")
    return keys[0]


def session_document(store: Store, team: TeamId, session_id: str, agent: str | None = None) -> dict[str, object]:
    """Everything stored of one session, without the content of its steps; see find_session for the errors."""
    key = find_session(store, team, session_id, agent)
    stored = store.session(key)
    if stored is None:
        raise NotFoundError(f"session {session_id!r} was received and is not projected yet; ask again in a second")
    session = stored.session
    return session_summary(stored) | {
        "missing": dict(session.missing),
        "person": session.person,
        "revision": session.revision,
        "rules": [{"path": one.path, "sha": one.sha, "from": one.source.value} for one in session.rules],
        "outcome": _outcome(stored.decision),
        "steps": len(session.steps),
        "joins": [{"reason": join.reason.value, "confidence": join.confidence} for join in store.joins(key)],
        "follow_ups": _follow_ups(store, session),
        "verdicts": [_verdict(verdict) for verdict in store.verdicts(key)],
        "adherence": [
            {"rule": one.rule_id, "following": one.following.value, "quote": one.quote}
            for one in store.checks.adherence(key)
        ],
    }


def session_summary(stored: StoredSession) -> dict[str, object]:
    """One line of the list of sessions."""
    session: Session = stored.session
    version = session.rules_version
    return {
        "id": session.key.session_id,
        "agent": session.key.agent,
        "agent_version": session.agent_version,
        "project": session.project,
        "branch": session.branch,
        "base_commit": session.base_commit,
        "head_commit": session.head_commit,
        "rules_version": version.value if version else None,
        "rules_version_from": version.source.value if version else None,
        "state": session.state.value,
        "end_reason": session.end_reason,
        "task": session.task,
        "started_ns": session.started_ns,
        "ended_ns": session.ended_ns,
        "outcome": {"label": stored.decision.label.value, "reason": stored.decision.reason},
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRules:
    """Our rules of one project."""

    project: ProjectId
    commit: str | None
    """Base commit of the last sync; None before the first."""
    rules: tuple[Rule, ...]
    """As they stood there."""
    waiting: tuple[Proposal, ...]
    """That people have not decided yet."""
    tombstones: tuple[Tombstone, ...]
    refusals: tuple[Refusal, ...]


def project_rules(store: Store, projects: Sequence[ProjectId]) -> list[ProjectRules]:
    """Our rules of each project, with what waits, what was declined and what the gate refused."""
    states = (ProposalState.DRAFTED, ProposalState.OPEN)
    found: list[ProjectRules] = []
    for project in projects:
        commit, rules = store.base_rules(project) or (None, [])
        found.append(
            ProjectRules(
                project=project,
                commit=commit,
                rules=tuple(rules),
                waiting=tuple(store.proposals(project=project, states=states)),
                tombstones=tuple(store.tombstones(project)),
                refusals=tuple(store.refusals(project)),
            )
        )
    return found


def rules_document(store: Store, projects: Sequence[ProjectId]) -> dict[str, object]:
    """project_rules as JSON."""
    return {
        "projects": [
            {
                "project": one.project,
                "commit": one.commit,
                "rules": [rule_document(rule) for rule in one.rules],
                "waiting": [proposal_document(proposal) for proposal in one.waiting],
                "tombstones": [
                    {"id": stone.rule_id, "text": stone.text, "reason": stone.reason} for stone in one.tombstones
                ],
                "refused": [refusal_document(refusal) for refusal in one.refusals],
            }
            for one in project_rules(store, projects)
        ]
    }


def refusal_document(refusal: Refusal) -> dict[str, object]:
    """One refused text as JSON; its id is what `rules adopt` takes."""
    return {
        "id": refusal_id(refusal.project, refusal.text),
        "text": refusal.text,
        "reasons": list(refusal.reasons),
    }


def rule_document(rule: Rule) -> dict[str, object]:
    """One rule as JSON."""
    return {
        "id": rule.rule_id,
        "text": rule.text,
        "kind": rule.kind.value,
        "scope": rule.scope,
        "human": rule.is_human,
        "evidence": list(rule.evidence),
    }


def proposal_document(proposal: Proposal) -> dict[str, object]:
    """One proposal as JSON."""
    request = proposal.pull_request
    return {
        "id": proposal.proposal_id,
        "project": proposal.project,
        "state": proposal.state.value,
        "branch": proposal.branch,
        "base_commit": proposal.base_commit,
        "url": request.url if request else None,
        "edits": [
            {
                "op": edit.operation.value,
                "rule": rule_document(edit.rule),
                "reason": edit.reason,
                "tasks": edit.task_count,
                "persons": edit.person_count,
                "caveat": edit.caveat,
            }
            for edit in proposal.edits
        ],
    }


def _follow_ups(store: Store, session: Session) -> list[dict[str, object]]:
    commits, branch = wanted(session)
    known = store.follow_ups(session.key.team, commits=commits, project=session.project, branch=branch)
    return [follow_up_as_json(session, one) for one in follow_ups_of(session, known)]


def _outcome(decision: LabelDecision) -> Mapping[str, object]:
    return {
        "label": decision.label.value,
        "reason": decision.reason,
        "tests": [{"id": test.id, "status": test.status.value} for test in decision.tests],
    }


def _verdict(verdict: Verdict) -> dict[str, object]:
    return {
        "judge": verdict.judge,
        "judge_version": verdict.judge_version,
        "explanation": verdict.explanation,
        "evidence": [{"step": quote.step_id, "quote": quote.text} for quote in verdict.evidence],
        "lessons": [lesson.failure_class.value for lesson in verdict.lessons],
        "cost_usd": verdict.cost_usd,
    }
