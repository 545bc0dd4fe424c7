"""Which sessions a follow-up speaks of, and which follow-ups speak of a session: one rule, read from both sides."""

from sidecar.domain import FollowUp, FollowUpKind, Session, SessionKey
from sidecar.follow_ups import follow_ups_of, wanted
from sidecar.sessions.repository import DEFAULT_BRANCHES
from sidecar.store import Store


def told_after(store: Store, session: Session) -> tuple[FollowUp, ...]:
    """What became of a session's change, oldest first; nothing is looked up for one that changed no file."""
    commits, branch = wanted(session)
    if not any(step.has_written for step in session.steps) or not (commits or branch):
        return ()
    known = store.follow_ups(session.key.team, commits=commits, project=session.project, branch=branch)
    return tuple(follow_ups_of(session, known))


def sessions_followed(store: Store, one: FollowUp) -> set[SessionKey]:
    """Sessions in the store whose change a follow-up may speak of.

    Args:
        one: In the store, as are those before it.
    """
    found = _named(store, one)
    if one.kind is FollowUpKind.REVERTED:
        known = store.follow_ups(one.team, commits=one.commits, project=one.project, number=one.number)
        for merged in known:
            if merged.kind is FollowUpKind.MERGED and merged.project == one.project:
                found |= _named(store, merged)
    return found


def _named(store: Store, one: FollowUp) -> set[SessionKey]:
    found = {key for commit in one.commits for key in store.sessions_at_commit(one.team, commit)}
    if one.kind is FollowUpKind.REVERTED or one.branch is None or one.branch in DEFAULT_BRANCHES:
        return found
    on_branch = store.sessions_on_branch(one.team, project=one.project, branch=one.branch, times_ns=(0, one.at_ns))
    return found.union(on_branch)
