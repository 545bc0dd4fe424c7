"""What is kept too long: requests that were read, and the content of old sessions.

Nothing goes before its use: a request only when it was read or refused, a session's content only when it is settled
and judged in its present revision.
"""

from dataclasses import dataclass

from sidecar.config import RetentionConfig
from sidecar.store import Digest, Inbox, InboxState, Store

DAY_NS = 24 * 3600 * 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Expired:
    """What one run took."""

    requests: int
    """Inbox rows that had been read."""
    failed: int
    """Inbox rows that could not be read."""
    sessions: int
    """Sessions that lost their content."""


def expire(
    store: Store,
    inbox: Inbox,
    settings: RetentionConfig,
    digest: Digest,
    *,
    judge: tuple[str, str],
    now_ns: int,
) -> Expired:
    """Take what is past its time; safe to run twice and to stop anywhere.

    Args:
        judge: Name and version of the one that must have seen a session before its content goes.
    """
    sessions = 0
    if settings.sessions_days is not None:
        name, version = judge
        before_ns = now_ns - settings.sessions_days * DAY_NS
        for key in store.retiring.old_sessions(before_ns, judge=name, judge_version=version):
            sessions += store.retiring.retire(key, digest, now_ns=now_ns, judged_by=judge)
    return Expired(
        requests=inbox.expire(InboxState.DONE, before_ns=now_ns - settings.inbox_days * DAY_NS),
        failed=inbox.expire(InboxState.FAILED, before_ns=now_ns - settings.failed_days * DAY_NS),
        sessions=sessions,
    )
