"""What is stored of sessions, as JSON."""

from collections.abc import Iterable, Mapping

from sidecar.documents.finding import find_session
from sidecar.domain import LabelDecision, Session, TeamId, Verdict
from sidecar.errors import NotFoundError
from sidecar.follow_ups import follow_up_as_json, follow_ups_of, wanted
from sidecar.store import Store, StoredSession

_NAMED = 3
"""Projects that a sentence names; the others are counted."""


def projects_there(store: Store, teams: Iterable[TeamId]) -> str:
    """Which Projects the sessions of Teams do have, as the end of a sentence; nothing where they have none."""
    names = sorted({name for team in teams for name in store.projects(team)})
    if not names:
        return ""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"; there are sessions of {', '.join(names[:_NAMED])}{more}"


def session_document(store: Store, team: TeamId, session_id: str, agent: str | None = None) -> dict[str, object]:
    """Everything stored of one session, without the content of its steps; see find_session for the errors."""
    key = find_session(store, team, session_id, agent)
    stored = store.session(key)
    if stored is None:
        raise NotFoundError(f"session {session_id!r} was received and is not projected yet; ask again in a second")
    session = stored.session
    return session_summary(stored) | {
        "missing": dict(session.missing),
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
        "person": session.person,
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
