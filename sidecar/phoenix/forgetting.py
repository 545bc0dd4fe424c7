"""Delete forgotten sessions in Phoenix: whole sessions, with their traces, spans and annotations.

A deletion is due from the moment a session is forgotten until Phoenix has been seen without it a while later: spans
that it took before a mirror was stopped may still wait in its queue, and would bring the session back.
"""

from dataclasses import dataclass

from sidecar.phoenix.client import PhoenixClient
from sidecar.phoenix.mapping import phoenix_session
from sidecar.store import Store

SURE_NS = 60 * 1_000_000_000
"""How long after a session was forgotten Phoenix must be without it; its queue of 20,000 spans takes minutes only when
it is full, which a mirror that waits for its spans never makes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """What one run did."""

    sessions: int
    """Found in Phoenix and deleted there."""
    due: int
    """To be looked for once more."""


async def delete_forgotten(store: Store, phoenix: PhoenixClient, *, now_ns: int) -> Deleted:
    """Delete what is due; while this runs nothing may be mirrored.

    Raises:
        PhoenixUnavailableError: it does not answer; what is left stays due.
        PhoenixRefusedError: it will not delete them; they stay due.
    """
    deleted = 0
    due = store.viewer_deletions.due()
    for one in due:
        name = phoenix_session(one.key)
        if await phoenix.has_session(name):
            await phoenix.delete_session(name)
            deleted += 1
        elif now_ns - one.at_ns >= SURE_NS:
            store.viewer_deletions.drop(one.key)
    return Deleted(sessions=deleted, due=len(store.viewer_deletions.due()))
