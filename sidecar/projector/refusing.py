"""Refuse what speaks of sessions that are forgotten or retired, and take what came in while they were.

Whoever forgets puts up the tombstone first. A batch that was begun before it may still store something; so each batch
looks again before its rows are done, and a batch that is repeated after a kill finds and takes what the first one left.
"""

from collections.abc import Iterable, Sequence

from sidecar.domain import AgentName, Observation, SessionId, SessionKey, TeamId
from sidecar.store import Digest, Fate, Store, trace_of

ANY_AGENT = AgentName("")
"""Of an outcome, which names a session and no agent."""


class Refusals:
    """What is refused of one batch; each session is looked up once."""

    def __init__(self, store: Store, digest: Digest | None) -> None:
        """Bind the store.

        Args:
            digest: What a session is known again by; None refuses nothing.
        """
        self._store = store
        self._digest = digest if digest is not None and store.forgetting.has_any() else None
        self._fates: dict[SessionKey, Fate | None] = {}
        self._row = 0
        self.rows: set[int] = set()
        """Rows that spoke of forgotten sessions: their bodies go."""
        self.sessions: set[SessionKey] = set()
        """Forgotten and retired sessions that were spoken of."""
        self.traces: set[str] = set()
        """Hex ids of traces that told of them."""

    def begin(self, row_id: int) -> None:
        """What is asked from now on is said by this row."""
        self._row = row_id

    def kept(self, team: TeamId, agent: AgentName, observations: Sequence[Observation]) -> Sequence[Observation]:
        """The observations of other sessions."""
        if self._digest is None:
            return observations
        kept: list[Observation] = []
        for one in observations:
            if self.fate(team, agent, one.session_id) is None:
                kept.append(one)
            elif trace := trace_of(one.key):
                self.traces.add(trace)
        return kept

    def fate(self, team: TeamId, agent: AgentName, session_id: SessionId) -> Fate | None:
        """What became of a session; None for one that is as any other."""
        if self._digest is None:
            return None
        key = SessionKey(team=team, agent=agent, session_id=session_id)
        if key not in self._fates:
            self._fates[key] = self._store.forgetting.fates_of([key], self._digest).get(key)
        fate = self._fates[key]
        if fate is not None:
            self.sessions.add(key)
        if fate is Fate.FORGOTTEN:
            self.rows.add(self._row)
        return fate


def take_gone(store: Store, digest: Digest | None, keys: Iterable[SessionKey], *, now_ns: int) -> set[SessionKey]:
    """Take again whatever is there of sessions that are gone by now; gives the forgotten ones among them."""
    if digest is None or not store.forgetting.has_any():
        return set()
    fates = store.forgetting.fates_of(keys, digest)
    for key, fate in fates.items():
        if fate is Fate.FORGOTTEN:
            store.forgetting.remove(key, now_ns=now_ns)
        else:
            store.retiring.retire_again(key, now_ns=now_ns)
    return {key for key, fate in fates.items() if fate is Fate.FORGOTTEN}
