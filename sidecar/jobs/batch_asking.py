"""Ask by batches: what has come is saved, what was lost is found, what waits is sent; safe to stop anywhere.

A batch is planned, with its sessions and the money for them, before the provider is asked for it, and its id is kept
before anything is looked up by it. So a kill costs at most one repeated call for each session of the batch that was
being created, and that only where the provider's list does not show it.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sidecar.domain import ModelRequest, SessionKey
from sidecar.errors import DamagedError, ModelError, ModelUnavailableError
from sidecar.jobs.batch_collecting import BatchCollecting
from sidecar.jobs.batch_questions import Questions, question_about
from sidecar.llm import Bulk, Ending
from sidecar.llm.attempt import Fate
from sidecar.llm.bulk import MOST_BYTES, MOST_REQUESTS, NotBegun
from sidecar.store import Batch, Planned, Store

T = TypeVar("T")
_log = logging.getLogger(__name__)

_KEPT_NS = 30 * 24 * 3600 * 1_000_000_000
"""How long an ended batch is told apart from others; the API lists its own for 29 days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRun:
    """What one run did beside what it saved."""

    in_batch: int
    """Sessions that the provider is being asked about now."""
    stopped_by: ModelError | None
    """Why it ended before its time; whatever it did not reach goes on waiting."""
    no_batches: str | None
    """Why the provider takes none; None where it does, or was not asked for any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready(Generic[T]):
    """One session's question, ready to be sent."""

    planned: Planned
    request: ModelRequest[T]


class BatchAsking(Generic[T]):
    """One run of one judge; the store is fenced by the judge's lease."""

    def __init__(
        self,
        store: Store,
        questions: Questions[T],
        bulk: Bulk,
        *,
        now_ns: Callable[[], int],
        draw_key: Callable[[], str],
    ) -> None:
        """Bind what is worked with.

        Args:
            draw_key: Gives another word with each call, to name a batch by.
        """
        self._store = store
        self._questions = questions
        self._bulk = bulk
        self._now_ns = now_ns
        self._draw_key = draw_key
        self._no_batches: str | None = None

    async def run(self, *, is_asking: bool = True) -> BatchRun:
        """Save what has come of the batches under way, then ask about what waits.

        Args:
            is_asking: False only takes what comes.
        """
        stopped_by: ModelError | None = None
        endings = Counter[Ending]()
        name = self._questions.name
        collecting = BatchCollecting(self._store, self._questions, self._bulk, self._now_ns, endings)
        try:
            for batch in self._store.batches.open(name):
                await collecting.follow(batch)
            if is_asking:
                await self._ask()
        except ModelError as exc:
            stopped_by = exc
        self._store.batches.purge(self._now_ns() - _KEPT_NS)
        if endings:
            counts = ", ".join(f"{number} {ending.value}" for ending, number in sorted(endings.items()))
            _log.info("judge: %s had %s in its batches", name, counts)
        return BatchRun(in_batch=len(self._in_batch()), stopped_by=stopped_by, no_batches=self._no_batches)

    def _in_batch(self) -> set[SessionKey]:
        return self._store.batches.waiting(self._questions.name, self._questions.version)

    async def _ask(self) -> None:
        """Send everything that waits and is in no batch.

        Raises:
            ModelError: nothing more can be sent now.
        """
        in_batch = self._in_batch()
        keys = iter([key for key in self._questions.waiting() if key not in in_batch])
        while ready := await self._next(keys):
            if not await self._send(ready):
                return

    async def _next(self, keys: Iterator[SessionKey]) -> list[_Ready[T]]:
        """The next questions that fit into one batch; sessions that need none are dealt with at once."""
        found: list[_Ready[T]] = []
        size = 0
        for key in keys:
            one = await self._ready(key)
            if one is None:
                continue
            found.append(one)
            size += len((one.request.system + one.request.user).encode("utf-8", "replace"))
            if len(found) == MOST_REQUESTS or size > MOST_BYTES:
                break
        return found

    async def _ready(self, key: SessionKey) -> _Ready[T] | None:
        try:
            stored = self._store.session(key)
        except DamagedError as exc:
            _log.error("session %s is passed over: %s", key.session_id, exc)
            return None
        question = None if stored is None else question_about(self._questions, stored)
        if stored is None or question is None:
            return None
        reply = await self._bulk.kept(question.request)
        if reply is not None:
            question.save(reply)
            return None
        request = self._bulk.fit_to_send(question.request)
        wanted = self._bulk.wanted(request, at_ns=self._now_ns())
        return _Ready(planned=Planned(session=key, revision=stored.session.revision, wanted=wanted), request=request)

    async def _send(self, ready: Sequence[_Ready[T]]) -> bool:
        """Plan a batch and have it begun; False where nothing more is to be sent in batches now.

        Raises:
            ModelError: nothing more can be sent at all now; what was planned is free again, or is looked for.
        """
        now_ns = self._now_ns()
        batch = Batch(
            batch_key=self._draw_key(),
            judge=self._questions.name,
            judge_version=self._questions.version,
            model=self._bulk.name,
            asked_ns=now_ns,
            size=len(ready),
        )
        items = self._store.batches.plan(batch, [one.planned for one in ready], cap=self._bulk.cap)
        if items:
            asked = {item.custom_id: one.request for item, one in zip(items, ready, strict=False)}
            # whoever was paused here for so long that another node took over must not begin a second batch
            self._store.check_lease()
            begun = await self._bulk.create(asked)
            if isinstance(begun, NotBegun):
                return self._not_begun(batch, begun)
            self._store.batches.set_id(batch.batch_key, begun.batch_id)
            _log.info("judge: %s asks about %d sessions in batch %s", batch.judge, len(items), begun.batch_id)
        if len(items) < len(ready):
            raise self._bulk.cap_error(ready[len(items)].planned.wanted, at_ns=now_ns)
        return True

    def _not_begun(self, batch: Batch, begun: NotBegun) -> bool:
        if not begun.is_certain:
            raise ModelUnavailableError(
                f"{self._bulk.name}: nobody knows whether a batch of {batch.size} sessions was begun ({begun.words}); "
                f"it is looked for in the next period"
            )
        self._store.batches.drop(batch.batch_key)
        if begun.is_unsupported:
            self._no_batches = begun.words
            return False
        if begun.fate is Fate.ALL_REFUSED:
            raise self._bulk.refused_error(begun.words)
        raise ModelUnavailableError(
            f"{self._bulk.name}: the provider begins no batch now ({begun.words}); the next period asks again"
        )
