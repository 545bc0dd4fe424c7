"""Forget sessions: tombstones first, so that nothing comes back, then everything that is only about them.

Each step may be killed and run again. A session's own rows go last of what it is found by, in one transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from sidecar.domain import AgentName, Proposal, ProposalState, RuleEdit, SessionId, SessionKey, TeamId
from sidecar.proposals import support_reason
from sidecar.store import Digest, Fate, Inbox, Store

FATES_AT_ONCE = 500
_STANDING = frozenset({ProposalState.OPEN, ProposalState.MERGED, ProposalState.CLOSED, ProposalState.REVERTED})


@dataclass(slots=True, kw_only=True)
class Forgotten:
    """What goes, or went, with forgotten sessions."""

    sessions: tuple[SessionKey, ...]
    rows: dict[str, int] = field(default_factory=dict[str, int])
    """Rows of the store by table."""
    inbox_rows: int = 0
    """Received requests that lose their bodies."""
    replies: int = 0
    """Answers of models that were kept; nothing says whose they are, so all go."""
    proposals: int = 0
    """Proposals that lose quotes."""
    published: list[str] = field(default_factory=list[str])
    """Pull requests whose text may quote the sessions; a forge's history is not ours to rewrite."""
    viewer_due: int = 0
    """Sessions that Phoenix may still show."""

    def count(self, rows: Iterable[tuple[str, int]]) -> None:
        """Add rows of one more session."""
        for table, number in rows:
            self.rows[table] = self.rows.get(table, 0) + number


def planned(store: Store, inbox: Inbox, keys: Sequence[SessionKey], session_ids: Sequence[SessionId]) -> Forgotten:
    """What forgetting these would take, all but proposals; nothing is changed."""
    found = Forgotten(sessions=tuple(keys), replies=store.forgetting.count_replies())
    for key in keys:
        found.count(store.forgetting.counted(key).items())
    found.inbox_rows = sum(len(row_ids) for row_ids in inbox.rows_about(session_ids)) if session_ids else 0
    return found


def forget_sessions(
    store: Store,
    inbox: Inbox,
    keys: Sequence[SessionKey],
    session_ids: Sequence[SessionId],
    digest: Digest,
    *,
    now_ns: int,
) -> tuple[Forgotten, set[SessionKey]]:
    """Forget them; gives what went, and other sessions whose labels must be decided anew.

    Args:
        session_ids: Searched for in the inbox; also those of which only requests are left.
    """
    done = Forgotten(sessions=tuple(keys))
    neighbours: set[SessionKey] = set()
    store.forgetting.add(keys, digest, Fate.FORGOTTEN, now_ns=now_ns)
    for row_ids in inbox.rows_about(session_ids) if session_ids else ():
        done.inbox_rows += inbox.empty(row_ids)
    for key in keys:
        removed = store.forgetting.remove(key, now_ns=now_ns)
        done.count(removed.rows.items())
        neighbours |= set(removed.neighbours)
    done.replies = store.forgetting.purge_replies()
    return done, neighbours - set(keys)


def sweep(store: Store, digest: Digest, *, now_ns: int) -> int:
    """Take what a projector or a judge wrote about sessions while they were forgotten; gives how many there were."""
    swept = 0
    keys = store.forgetting.present()
    with_content = set(store.forgetting.with_content())
    for start in range(0, len(keys), FATES_AT_ONCE):
        for key, fate in store.forgetting.fates_of(keys[start : start + FATES_AT_ONCE], digest).items():
            if fate is Fate.FORGOTTEN:
                store.forgetting.remove(key, now_ns=now_ns)
                swept += 1
            elif key in with_content:
                store.retiring.retire_again(key, now_ns=now_ns)
    store.forgetting.purge_replies()
    return swept


def forgotten_in(store: Store, proposals: Iterable[Proposal], team: TeamId, digest: Digest) -> list[SessionId]:
    """Sessions that proposals rest on although they were forgotten, as where a draft had read them before."""
    named = sorted({one for proposal in proposals for edit in proposal.edits for one in edit.rule.evidence})
    keys = [SessionKey(team=team, agent=AgentName(""), session_id=SessionId(one)) for one in named]
    found: list[SessionId] = []
    for start in range(0, len(keys), FATES_AT_ONCE):
        fates = store.forgetting.fates_of(keys[start : start + FATES_AT_ONCE], digest)
        found += [key.session_id for key, fate in fates.items() if fate is Fate.FORGOTTEN]
    return found


def quoting(proposals: Iterable[Proposal], session_ids: Iterable[SessionId]) -> list[Proposal]:
    """Proposals that rest on one of the sessions."""
    named = set(map(str, session_ids))
    return [one for one in proposals if any(named & set(edit.rule.evidence) for edit in one.edits)]


def stripped(proposal: Proposal, session_ids: Iterable[SessionId]) -> Proposal:
    """The proposal without what the sessions said: rules stay, their quotes and these evidence ids do not."""
    named = set(map(str, session_ids))
    return replace(proposal, edits=tuple(_stripped_edit(edit, named) for edit in proposal.edits))


def standing(proposal: Proposal) -> str | None:
    """Where its text can be read by others; None while it was never published."""
    if proposal.pull_request is not None:
        return proposal.pull_request.url
    return proposal.branch if proposal.state in _STANDING or proposal.published else None


def _stripped_edit(edit: RuleEdit, named: set[str]) -> RuleEdit:
    if not named & set(edit.rule.evidence):
        return edit
    evidence = tuple(one for one in edit.rule.evidence if one not in named)
    failing = tuple(one for one in edit.failing_sessions if one not in named)
    left = replace(edit, rule=replace(edit.rule, evidence=evidence), failing_sessions=failing)
    left = replace(left, quotes=(), placed_quotes=())
    return replace(left, reason=_reason(left)) if edit.reason == _reason(edit) else left


def _reason(edit: RuleEdit) -> str:
    """The reason of an edit that is proposed for its support alone."""
    return support_reason(
        len(set(edit.rule.evidence)),
        edit.task_count,
        failing_sessions=len(edit.failing_sessions),
        failing_tasks=edit.failing_task_count,
    )
