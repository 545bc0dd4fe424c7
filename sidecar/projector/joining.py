"""Which sessions an outcome speaks of, and which outcomes speak of a session: the same rules read from both sides.

By the session's id; by its commit; by the lines it wrote, since agents rarely commit and people do it for them; and at
last by branch and time, where the session made no commit of its own. Each join has its reason and a confidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sidecar.domain import FollowUp, JoinReason, OutcomeJoin, OutcomeRow, OutcomeSource, Session, SessionKey
from sidecar.follow_ups import own_branch
from sidecar.projector.following import told_after
from sidecar.sessions.added_lines import SURE_LINES, overlap
from sidecar.sessions.commits import is_same_commit
from sidecar.store import Store

DAY_NS = 24 * 60 * 60 * 1_000_000_000
LINES_NS = 14 * DAY_NS
"""How long after a session's start a commit may be its work: what lies longer was mostly written anew."""
BRANCH_NS = DAY_NS
"""How long after a session's last act a run on its branch may be of its work."""
CONFIDENCE = {
    JoinReason.SESSION_ID: 1.0,
    JoinReason.IN_SESSION: 1.0,
    JoinReason.HEAD_COMMIT: 0.9,
    JoinReason.ADDED_LINES: 0.8,
    JoinReason.BRANCH: 0.4,
}
"""A commit may hold the work of several sessions, an id cannot; a branch may hold anybody's."""
FEW_LINES_CONFIDENCE = 0.5
"""Of a join by fewer lines than SURE_LINES: two people may write the same line."""
_OF_COMMITS = (OutcomeSource.CI, OutcomeSource.CHECK)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What was posted that speaks of a session or its change."""

    joined: tuple[tuple[OutcomeRow, OutcomeJoin], ...]
    base: tuple[OutcomeRow, ...]
    """Outcomes of the commit it began on."""
    after: tuple[FollowUp, ...] = ()
    """What became of its change, oldest first."""


def posted_outcomes(store: Store, session: Session, lines: Sequence[str]) -> Posted:
    """Everything in the store that speaks of a session, or of the commit it began on.

    Args:
        lines: Sketch of what the session wrote.
    """
    key, head, base = session.key, session.head_commit, session.base_commit
    named = store.outcomes(key.team, session_id=key.session_id, commits=[one for one in (head, base) if one])
    found = {row.outcome_id: row for row in named if row.source is not OutcomeSource.IN_SESSION}
    if lines:
        found |= {row.outcome_id: row for row in store.outcomes_with_lines(key.team, lines)}
    branch = own_branch(session)
    if session.project is not None and branch is not None and head is None:
        times_ns = (session.last_activity_ns, session.last_activity_ns + BRANCH_NS)
        on_branch = store.outcomes_on_branch(key.team, project=session.project, branch=branch, times_ns=times_ns)
        found |= {row.outcome_id: row for row in on_branch}
    joins = [(row, join(session, row, lines)) for row in found.values()]
    return Posted(
        joined=tuple((row, made) for row, made in joins if made is not None),
        base=tuple(row for row, made in joins if made is None and _is_of_base(session, row)),
        after=told_after(store, session),
    )


def join(session: Session, row: OutcomeRow, lines: Sequence[str]) -> OutcomeJoin | None:
    """That an outcome speaks of a session, and why; None where it does not.

    Args:
        lines: Sketch of what the session wrote.
    """
    if row.source is OutcomeSource.IN_SESSION:
        return _made(session, row, JoinReason.IN_SESSION)
    if row.session_id == session.key.session_id:
        return _made(session, row, JoinReason.SESSION_ID)
    if row.source not in _OF_COMMITS or not _is_same_project(session, row):
        return None
    # an outcome for a commit speaks of the session that made it, never of the one that started from it
    if row.commit and session.head_commit and is_same_commit(row.commit, session.head_commit):
        return _made(session, row, JoinReason.HEAD_COMMIT)
    if _is_of_base(session, row):
        return None
    if row.added and 0 <= row.at_ns - session.started_ns <= LINES_NS:
        shared = overlap(row.added, lines)
        if shared.is_match:
            confidence = None if shared.common >= SURE_LINES else FEW_LINES_CONFIDENCE
            return _made(session, row, JoinReason.ADDED_LINES, confidence)
    return _made(session, row, JoinReason.BRANCH) if _is_on_branch(session, row) else None


def sessions_of(store: Store, row: OutcomeRow) -> set[SessionKey]:
    """Sessions in the store that an outcome may speak of, as themselves or as the commit they began on."""
    found: set[SessionKey] = set()
    if row.session_id:
        found.update(store.session_keys(row.team, row.session_id))
    if row.source not in _OF_COMMITS:
        return found
    if row.commit:
        found.update(store.sessions_at_commit(row.team, row.commit))
        found.update(store.sessions_based_on(row.team, row.commit))
    if row.added:
        sketches = store.session_lines(row.team, project=row.project, times_ns=(row.at_ns - LINES_NS, row.at_ns))
        found.update(key for key, lines in sketches.items() if overlap(row.added, lines).is_match)
    if row.project and row.branch:
        times_ns = (row.at_ns - BRANCH_NS, row.at_ns)
        found.update(store.sessions_on_branch(row.team, project=row.project, branch=row.branch, times_ns=times_ns))
    return found


def _made(session: Session, row: OutcomeRow, reason: JoinReason, confidence: float | None = None) -> OutcomeJoin:
    certain = CONFIDENCE[reason] if confidence is None else confidence
    return OutcomeJoin(session=session.key, outcome_id=row.outcome_id, confidence=certain, reason=reason)


def _is_same_project(session: Session, row: OutcomeRow) -> bool:
    return row.project is None or session.project is None or row.project == session.project


def _is_of_base(session: Session, row: OutcomeRow) -> bool:
    if row.source not in _OF_COMMITS or not _is_same_project(session, row):
        return False
    return bool(row.commit and session.base_commit and is_same_commit(row.commit, session.base_commit))


def _is_on_branch(session: Session, row: OutcomeRow) -> bool:
    if session.head_commit is not None or row.branch is None or row.branch != own_branch(session):
        return False
    is_known = row.project is not None and row.project == session.project
    return is_known and 0 <= row.at_ns - session.last_activity_ns <= BRANCH_NS
