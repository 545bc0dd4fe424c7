"""Follow a judge's batches to their end: find what was lost, save what has come, and count every ending.

An answer is booked, then saved, then ticked off; a kill between two of these repeats the first, which changes nothing.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import aclosing
from typing import Generic, TypeVar

from sidecar.errors import DamagedError
from sidecar.jobs.batch_questions import Question, Questions, question_about
from sidecar.llm import Bulk, Ending
from sidecar.llm.attempt import Failure
from sidecar.llm.batch_lines import Line, Result, missing, read_line
from sidecar.llm.batch_state import MOST_LISTED, BatchState
from sidecar.store import Batch, BatchItem, Store

T = TypeVar("T")
_log = logging.getLogger(__name__)

_SECOND_NS = 1_000_000_000
_SKEW_NS = 300 * _SECOND_NS
"""How far the provider's clock may be from ours."""
_GRACE_NS = 900 * _SECOND_NS
"""After that a batch that was being asked for is in the provider's list, or will never be."""
_LOST_NS = 48 * 3600 * _SECOND_NS
"""After that nobody waits for a batch; the API ends each within 24 hours."""
_LINES_LOOKED_AT = 20
"""Of results, for telling whose they are."""


class BatchCollecting(Generic[T]):
    """One run over one judge's batches under way; the store is fenced by the judge's lease."""

    def __init__(
        self,
        store: Store,
        questions: Questions[T],
        bulk: Bulk,
        now_ns: Callable[[], int],
        endings: Counter[Ending],
    ) -> None:
        """Bind what is worked with.

        Args:
            endings: What became of each question that comes back is counted here.
        """
        self._store = store
        self._questions = questions
        self._bulk = bulk
        self._now_ns = now_ns
        self._endings = endings

    async def follow(self, batch: Batch) -> None:
        """Do for one batch what can be done now.

        Raises:
            ModelRefusedError: the provider takes no call.
        """
        batch_id = batch.batch_id or await self._find(batch)
        if batch_id is None:
            return
        state = await self._bulk.state(batch_id)
        if isinstance(state, BatchState) and state.is_ended:
            await self._collect(batch, batch_id)
        elif isinstance(state, Failure) and state.status == 404:
            self._give_up(batch, f"the provider no longer knows it ({state.words})")
        elif self._is_lost(batch):
            self._give_up(batch, "it has not ended within two days")
        elif isinstance(state, Failure):
            _log.warning("judge: batch %s is looked up again in the next period: %s", batch_id, state.words)

    def _is_lost(self, batch: Batch) -> bool:
        return self._now_ns() - batch.asked_ns > _LOST_NS

    async def _find(self, batch: Batch) -> str | None:
        """The id of a batch that was being asked for when we were cut short, kept from now on; None for not yet."""
        newest = await self._bulk.newest()
        if isinstance(newest, Failure):
            if self._is_lost(batch):
                self._give_up(batch, f"nobody could say whether it was begun ({newest.words})")
            return None
        known = self._store.batches.known_ids()
        candidates = [one for one in newest if one.batch_id not in known and _may_be(batch, one)]
        for one in candidates:
            if one.is_ended and await self._is_ours(batch, one.batch_id):
                self._store.batches.set_id(batch.batch_key, one.batch_id)
                return one.batch_id
        # one that has not ended does not say whose it is
        is_to_wait = any(not one.is_ended for one in candidates) or self._now_ns() - batch.asked_ns < _GRACE_NS
        if is_to_wait:
            return None
        if not _reaches_back_to(batch, newest):
            self._give_up(batch, f"the last {len(newest)} that the provider lists were all begun after it")
        else:
            _log.warning("judge: a batch of %d sessions was never begun; they are asked about again", batch.size)
            self._store.batches.drop(batch.batch_key)
        return None

    async def _is_ours(self, batch: Batch, batch_id: str) -> bool:
        ours = {item.custom_id for item in self._store.batches.items(batch.batch_key)}
        looked_at = 0
        async with aclosing(self._bulk.results(batch_id)) as lines:
            async for line in lines:
                if isinstance(line, Failure) or looked_at == _LINES_LOOKED_AT:
                    return False
                if read_line(line, self._questions.shape).custom_id in ours:
                    return True
                looked_at += 1
        return False

    async def _collect(self, batch: Batch, batch_id: str) -> None:
        """Take every result; where they break off, the rest is taken the next time."""
        items = {item.custom_id: item for item in self._store.batches.items(batch.batch_key)}
        async with aclosing(self._bulk.results(batch_id)) as lines:
            async for line in lines:
                if isinstance(line, Failure):
                    if self._is_lost(batch):
                        self._give_up(batch, f"its results cannot be read ({line.words})")
                    else:
                        _log.warning("judge: batch %s is read again in the next period: %s", batch_id, line.words)
                    return
                await self._take_line(batch, items, line)
        for item in items.values():
            await self._take(batch, item, missing(item.custom_id))
        self._store.batches.end(batch.batch_key, now_ns=self._now_ns())

    async def _take_line(self, batch: Batch, items: dict[str, BatchItem], line: Line) -> None:
        result = read_line(line, self._questions.shape)
        item = items.pop(result.custom_id or "", None)
        if item is not None:
            await self._take(batch, item, result)
        elif result.custom_id is not None:
            await self._book_forgotten(batch, result.custom_id, result)

    async def _book_forgotten(self, batch: Batch, custom_id: str, result: Result[T]) -> None:
        """Its session was forgotten while it was asked about: what it cost counts, what it says does not."""
        attempt = self._store.batches.unsettled_attempt(custom_id)
        if attempt is not None:
            await self._bulk.settle(custom_id, attempt, result, model=batch.model, at_ns=batch.asked_ns)

    async def _take(self, batch: Batch, item: BatchItem, result: Result[T]) -> None:
        self._endings[result.ending] += 1
        cost_usd = await self._bulk.settle(
            item.custom_id, item.attempt, result, model=batch.model, at_ns=batch.asked_ns
        )
        try:
            question = self._question(batch, item)
            if question is not None:
                question.save(self._bulk.reply(result.reading, cost_usd=cost_usd))
        except DamagedError as exc:
            _log.error("session %s is passed over: %s", item.session.session_id, exc)
        self._store.batches.done(batch.batch_key, item.custom_id)

    def _question(self, batch: Batch, item: BatchItem) -> Question[T] | None:
        """What was asked, where the session and the judge are as they were; else it is asked again."""
        stored = self._store.session(item.session)
        is_same = stored is not None and stored.session.revision == item.revision
        if stored is None or not is_same or batch.judge_version != self._questions.version:
            return None
        question = question_about(self._questions, stored)
        return question if question is not None and question.request.request_key == item.custom_id else None

    def _give_up(self, batch: Batch, why: str) -> None:
        """Wait no longer; what was put aside goes on counting, as it may have been paid."""
        left = self._store.batches.items(batch.batch_key)
        _log.error("judge: a batch of %d sessions is given up, as %s; %d are asked again", batch.size, why, len(left))
        self._endings[Ending.MISSING] += len(left)
        self._store.batches.end(batch.batch_key, now_ns=self._now_ns())


def _reaches_back_to(batch: Batch, newest: Sequence[BatchState]) -> bool:
    """Whether a provider's list would show a batch that we were asking for."""
    is_whole = len(newest) < MOST_LISTED
    return is_whole or min(one.created_ns for one in newest) < batch.asked_ns - _SKEW_NS


def _may_be(batch: Batch, state: BatchState) -> bool:
    """Whether a batch in the provider's list may be the one we were asking for."""
    is_then = batch.asked_ns - _SKEW_NS <= state.created_ns <= batch.asked_ns + _GRACE_NS + _SKEW_NS
    return is_then and state.size == batch.size
