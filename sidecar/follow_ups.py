"""Which follow-ups speak of a session's change, and what they say of it. Pure."""

from collections.abc import Iterable, Sequence

from sidecar.domain import Correction, CorrectionKind, FollowUp, FollowUpKind, Session
from sidecar.sessions.commits import is_same_commit
from sidecar.sessions.repository import DEFAULT_BRANCHES

_SHOWN_COMMITS = 5


def own_branch(session: Session) -> str | None:
    """The session's branch, where it is not one that many tasks share."""
    is_shared = session.is_branch_shared or session.branch in DEFAULT_BRANCHES
    return None if is_shared else session.branch


def follow_ups_of(session: Session, known: Iterable[FollowUp]) -> list[FollowUp]:
    """Those that speak of the session's change, oldest first.

    One does by naming the session's commit, by the session's own branch after its start, or by taking back a pull
    request that does. A push that ended with the session is the session's own, and no follow-up.

    Args:
        known: Of the session's project, any order.
    """
    of_project = [one for one in known if session.project is None or one.project == session.project]
    direct = [one for one in of_project if _names_commit(session, one) or _is_on_branch(session, one)]
    merged = [one for one in direct if one.kind is FollowUpKind.MERGED]
    reverted = [one for one in of_project if one.kind is FollowUpKind.REVERTED and _takes_back(one, merged)]
    found = {one.follow_up_id: one for one in (*direct, *reverted)}
    return sorted(found.values(), key=lambda one: (one.at_ns, one.follow_up_id))


def later_edits(session: Session, follow_ups: Iterable[FollowUp]) -> tuple[Correction, ...]:
    """What was done to a session's files after it: that they were pushed again, or that its change was taken back.

    At the last edit of the first such file. A file is told of once, however often it is pushed, so that a busy branch
    does not change a session with every push. A push that may be of the session's own work is no change of it: one that
    names its commit and, where the session made none, the first that holds the file. By whom is not told, so the text
    names nobody.

    Args:
        session: With its steps.
        follow_ups: Of the session, oldest first, as `follow_ups_of` gives them.
    """
    last_edit = {step.path: step.step_id for step in session.steps if step.has_written and step.path is not None}
    pushed: set[str] = set()
    told: set[str] = set()
    found: dict[str, Correction] = {}
    for one in follow_ups:
        text, at = "", None
        if one.kind is FollowUpKind.PUSHED and not _names_commit(session, one):
            in_it = last_edit.keys() & set(one.paths)
            again = sorted((in_it if session.head_commit else in_it & pushed) - told)
            pushed |= in_it
            told.update(again)
            if again:
                text, at = f"{again[0]} was changed again by a later push{_and_more(len(again) - 1)}.", again[0]
        elif one.kind is FollowUpKind.REVERTED and last_edit:
            text, at = "The change was taken back by a later commit.", list(last_edit)[-1]
        if at is not None:
            found[text] = Correction(kind=CorrectionKind.LATER_EDIT, step_id=last_edit[at], text=text)
    return tuple(found.values())


def _and_more(number: int) -> str:
    if not number:
        return ""
    return ", and so was 1 more file" if number == 1 else f", and so were {number} more files"


def follow_up_as_json(session: Session, follow_up: FollowUp) -> dict[str, object]:
    """A follow-up as the API shows it beside its session."""
    edited = {step.path for step in session.steps if step.is_write and step.path}
    return {
        "kind": follow_up.kind.value,
        "branch": follow_up.branch,
        "pull_request": follow_up.number,
        "commits": list(follow_up.commits[:_SHOWN_COMMITS]),
        "changes_again": sorted(edited.intersection(follow_up.paths)),
        "at_ns": follow_up.at_ns,
    }


def _names_commit(session: Session, one: FollowUp) -> bool:
    head = session.head_commit
    return head is not None and any(is_same_commit(head, commit) for commit in one.commits)


def _takes_back(one: FollowUp, merged: Sequence[FollowUp]) -> bool:
    numbers = {merge.number for merge in merged} - {None}
    commits = [commit for merge in merged for commit in merge.commits]
    return one.number in numbers or any(is_same_commit(mine, its) for mine in one.commits for its in commits)


def _is_on_branch(session: Session, one: FollowUp) -> bool:
    if one.branch is None or one.branch != own_branch(session) or one.kind is FollowUpKind.REVERTED:
        return False
    begins_ns = session.last_activity_ns if one.kind is FollowUpKind.PUSHED else session.started_ns
    return session.project is not None and one.at_ns >= begins_ns


def wanted(session: Session) -> tuple[Sequence[str], str | None]:
    """What to look follow-ups up by: commits, and a branch of the session's project."""
    return ([session.head_commit] if session.head_commit else []), own_branch(session)
