"""Turn inbox rows into Steps, Sessions and Outcomes.

Every row is claimed by lease, read into observations that are stored as a set, and finished only after the store
has them; a projector that dies anywhere leaves a row that is claimed again and changes nothing the second time.
A session is then merged anew from all its observations, so the order in which rows came cannot matter. A row that
cannot be read, or a session that cannot be merged, is put aside with its reason and stops no other.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from sidecar.domain import OutcomeSource, Session, SessionKey, SessionState, TeamId
from sidecar.errors import StoreError
from sidecar.follow_ups import later_edits
from sidecar.labels import label
from sidecar.owner import is_dead
from sidecar.projector.deciding import is_decided
from sidecar.projector.faults import own_fault
from sidecar.projector.idling import IDLE_NS, end_idle
from sidecar.projector.joining import Posted, join, posted_outcomes
from sidecar.projector.outcomes import ConsoleReader, in_session_outcomes
from sidecar.projector.reading import BatchReader
from sidecar.projector.refusing import Refusals, take_gone
from sidecar.sessions import MergeContext, merge, with_test_runs
from sidecar.sessions.added_lines import added_lines
from sidecar.store import Digest, Inbox, InboxRow, Store

_log = logging.getLogger(__name__)

LEASE_NS = 60 * 1_000_000_000
"""Longer than a batch takes; a dead projector's rows wait this long at most."""
BATCH_ROWS = 200
LOOK_NS = 60 * 1_000_000_000
"""Longest time between two looks at all closed sessions; those that another worker closed become due unseen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """What one run did."""

    rows: int = 0
    rejected: int = 0
    sessions: frozenset[SessionKey] = field(default_factory=frozenset[SessionKey])


class Projector:
    """Projects the inbox into the store until nothing is left."""

    def __init__(
        self,
        *,
        store: Store,
        inbox: Inbox,
        owner: str,
        redact: Callable[[bytes], bytes],
        context: Callable[[TeamId], MergeContext],
        outcome_window_ns: Callable[[Session], int],
        digest: Digest | None = None,
        idle_ns: int = IDLE_NS,
    ) -> None:
        """Bind the parts.

        Args:
            owner: Unique among everybody who may claim rows.
            redact: Takes secrets out of text; needed again where pieces of a file are put together.
            context: What merging needs to know of a Team.
            outcome_window_ns: How long a closed session waits for an outcome.
            digest: What a forgotten session is known again by; None refuses nothing.
            idle_ns: How long nothing must be heard of an open session until it is taken for ended.
        """
        self._store = store
        self._inbox = inbox
        self._owner = owner
        self._redact = redact
        self._console = ConsoleReader()
        self._looked_ns = self._look_again_ns = 0
        self._context = context
        self._window_ns = outcome_window_ns
        self._digest = digest
        self._idle_ns = idle_ns

    def run(
        self,
        *,
        now_ns: int,
        is_stopping: Callable[[], bool] = lambda: False,
        pause: Callable[[], None] = lambda: None,
    ) -> Projection:
        """Project everything that waits, then settle what may be settled.

        Args:
            is_stopping: Asked before each batch; True ends the run there.
            pause: Called between two pieces of work; may take its time, though no more than a lease allows.
        """
        for owner in self._inbox.owners():
            if is_dead(owner):
                self._inbox.release(owner)
        try:
            rows, rejected, touched = self._project_all(now_ns, is_stopping, pause)
        except Exception:
            # ours to try again at once, not when the lease has passed
            with suppress(StoreError):
                self._inbox.release(self._owner)
            raise
        touched |= set() if is_stopping() else self._settle(now_ns)
        return Projection(rows=rows, rejected=rejected, sessions=frozenset(touched))

    def _project_all(
        self, now_ns: int, is_stopping: Callable[[], bool], pause: Callable[[], None]
    ) -> tuple[int, int, set[SessionKey]]:
        rows = rejected = 0
        touched: set[SessionKey] = set()
        while not is_stopping():
            batch = self._inbox.claim(owner=self._owner, now_ns=now_ns, lease_ns=LEASE_NS, limit=BATCH_ROWS)
            if not batch:
                break
            done, keys = self._project_batch(batch, now_ns, pause)
            touched |= keys
            rows += len(batch)
            rejected += len(batch) - done
        return rows, rejected, touched

    def rebuild(
        self,
        keys: Iterable[SessionKey],
        *,
        now_ns: int,
        are_due: bool = False,
        pause: Callable[[], None] = lambda: None,
    ) -> Mapping[SessionKey, str]:
        """Merge sessions anew, because what merging knows of them has changed; gives why some cannot be merged.

        Args:
            are_due: Those that are closed have waited long enough for an outcome.
            pause: As for `run`.
        """
        faults: dict[SessionKey, str] = {}
        contexts: dict[TeamId, MergeContext] = {}
        for key in keys:
            pause()
            if key.team not in contexts:
                contexts[key.team] = self._context(key.team)
            try:
                self._rebuild(key, contexts[key.team], now_ns, is_due=are_due)
            except Exception as exc:  # noqa: BLE001 - one session must not stop the others; own_fault raises the rest
                faults[key] = own_fault(exc)
                _log.error("session %s cannot be merged: %s", key.session_id, faults[key])
        return faults

    def _project_batch(
        self, batch: list[InboxRow], now_ns: int, pause: Callable[[], None]
    ) -> tuple[int, set[SessionKey]]:
        touched: dict[int, set[SessionKey]] = {}
        refusals = Refusals(self._store, self._digest)
        reader = BatchReader(
            self._store, batch, self._redact, refusals, lambda team: self._context(team).project_aliases
        )
        for row in batch:
            pause()
            try:
                touched[row.row_id] = reader.read(row)
            except Exception as exc:  # noqa: BLE001 - one row must not stop the others; own_fault raises the rest
                self._put_aside(row.row_id, own_fault(exc))
        reader.add_spans()
        self._store.add_dropped(reader.dropped)
        keys = {key for found in touched.values() for key in found}
        faults = self.rebuild(sorted(keys, key=_order), now_ns=now_ns, pause=pause)
        done = [row_id for row_id, found in touched.items() if not found & faults.keys()]
        for row_id in touched.keys() - set(done):
            self._put_aside(row_id, next(reason for key, reason in faults.items() if key in touched[row_id]))
        gone = take_gone(self._store, self._digest, keys | refusals.sessions, now_ns=now_ns)
        emptied = refusals.rows | {row_id for row_id, found in touched.items() if found & gone}
        # last: a kill before this line repeats the batch, which changes nothing
        self._inbox.finish(done, owner=self._owner, emptied=emptied)
        if emptied - set(done):
            self._inbox.empty(sorted(emptied - set(done)))
        return len(done), keys

    def _put_aside(self, row_id: int, reason: str) -> None:
        _log.warning("inbox row %d is put aside: %s", row_id, reason)
        self._inbox.reject(row_id, owner=self._owner, reason=reason)

    def _rebuild(self, key: SessionKey, context: MergeContext, now_ns: int, *, is_due: bool) -> None:
        observations = self._store.observations(key)
        while observations:
            merged = merge(key, observations, context=context)
            session = with_test_runs(merged, lambda step: self._console.outcome(step) is not None)
            lines = added_lines(session.steps)
            posted = self._posted(session, lines)
            rows = posted.joined
            decision = label(session, rows, posted.base)
            session = replace(session, corrections=(*session.corrections, *later_edits(session, posted.after)))
            for row, _ in rows:
                # those that were posted are read from the store, and may be of hundreds of thousands of tests
                if row.source is OutcomeSource.IN_SESSION:
                    self._store.add_outcome(row)
            self._store.set_joins(key, [join for _, join in rows])
            if session.state is SessionState.CLOSED:
                due_ns = self._due_ns(session, now_ns)
                is_over = is_due or due_ns <= now_ns or is_decided(decision, rows)
                self._look_again_ns = self._look_again_ns if is_over else min(self._look_again_ns, due_ns)
                session = replace(session, state=SessionState.SETTLED if is_over else SessionState.CLOSED)
            self._store.set_session(session, decision, now_ns=now_ns)
            # Another worker may have added something after our read and saved its session before ours: whoever saves
            # last must have seen everything. Observations and outcomes are only ever added.
            is_whole = self._store.count_observations(key) == len(observations)
            if is_whole and self._posted(session, lines) == posted:
                return
            observations = self._store.observations(key)
        # none were there, or they went while we merged them: then the session we saved must go as well
        take_gone(self._store, self._digest, [key], now_ns=now_ns)

    def _posted(self, session: Session, lines: Sequence[str]) -> Posted:
        posted = posted_outcomes(self._store, session, lines)
        inside = in_session_outcomes(session, self._console.outcome)
        own = [(row, made) for row in inside if (made := join(session, row, lines)) is not None]
        return replace(posted, joined=(*own, *posted.joined))

    def _settle(self, now_ns: int) -> set[SessionKey]:
        # a clock that was set back must not keep us from looking
        if self._looked_ns <= now_ns < self._look_again_ns:
            return set()
        idle = end_idle(self._store, now_ns - self._idle_ns, lambda keys: self.rebuild(keys, now_ns=now_ns))
        waiting = {one.session.key: self._due_ns(one.session, one.updated_ns) for one in self._store.closed_sessions()}
        due = {key for key, due_ns in waiting.items() if due_ns <= now_ns}
        self._looked_ns = now_ns
        self._look_again_ns = min([now_ns + LOOK_NS, *(waiting[key] for key in waiting.keys() - due)])
        self.rebuild(sorted(due, key=_order), now_ns=now_ns, are_due=True)
        return due | idle

    def _due_ns(self, session: Session, known_ns: int) -> int:
        """When the outcome window has passed: since the end, or since we knew of it where its clock is ahead."""
        ended_ns = known_ns if session.ended_ns is None else session.ended_ns
        return min(ended_ns, known_ns) + self._window_ns(session)


def _order(key: SessionKey) -> tuple[str, ...]:
    return key.team, key.agent, key.session_id
