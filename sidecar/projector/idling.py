"""End sessions that nobody ended: their agent was killed, or its machine went off."""

from collections.abc import Callable

from sidecar.domain import SessionKey
from sidecar.sessions.ending import idle_end
from sidecar.store import Store

IDLE_NS = 6 * 3600 * 1_000_000_000


def end_idle(store: Store, before_ns: int, retry: Callable[[list[SessionKey]], object]) -> set[SessionKey]:
    """Note the end of open sessions of which nothing was heard since a time by our own clock; gives them.

    Args:
        retry: Merges them anew.
    """
    keys = store.idle_sessions(before_ns)
    for key in keys:
        if seen := store.observations(key):
            store.add_observations(key.team, key.agent, [idle_end(seen)])
    retry(keys)
    return set(keys)
