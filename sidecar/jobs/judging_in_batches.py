"""Judge by batches: what has come is saved, what was lost is found, what waits is sent; safe to stop anywhere.

A batch is planned, with its sessions and the money for them, before the provider is asked for it, and its id is kept
before anything is looked up by it. So a kill costs at most one repeated call for each session of the batch that was
being created, and that only where the provider's list does not show it.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from judges.failure import FailureJudge
from judges.failure.reply import FailureReply
from sidecar.domain import ModelRequest, SessionKey
from sidecar.errors import DamagedError, ModelError, ModelUnavailableError
from sidecar.jobs.batch_collecting import BatchCollecting, Told
from sidecar.jobs.judging import Judged, judged_of, packet_of, save_said
from sidecar.llm import Bulk
from sidecar.llm.attempt import Fate
from sidecar.llm.bulk import MOST_BYTES, MOST_REQUESTS, NotBegun
from sidecar.store import Batch, Planned, Store

_log = logging.getLogger(__name__)

_KEPT_NS = 30 * 24 * 3600 * 1_000_000_000
"""How long an ended batch is told apart from others; the API lists its own for 29 days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """One session's question, ready to be sent."""

    planned: Planned
    request: ModelRequest[FailureReply]


class BatchJudging:
    """One run of one judge; the store is fenced by the judge's lease."""

    def __init__(
        self, store: Store, judge: FailureJudge, bulk: Bulk, *, now_ns: Callable[[], int], draw_key: Callable[[], str]
    ) -> None:
        """Bind what is worked with.

        Args:
            draw_key: Gives another word with each call, to name a batch by.
        """
        self._store = store
        self._judge = judge
        self._bulk = bulk
        self._now_ns = now_ns
        self._draw_key = draw_key
        self._told = Told()
        self._no_batches: str | None = None

    async def run(self, *, is_asking: bool = True) -> Judged:
        """Save what has come of the batches under way, then ask about what waits.

        Args:
            is_asking: False only takes what comes.
        """
        stopped_by: ModelError | None = None
        collecting = BatchCollecting(self._store, self._judge, self._bulk, self._now_ns, self._told)
        try:
            for batch in self._store.batches.open(self._judge.name):
                await collecting.follow(batch)
            if is_asking:
                await self._ask()
        except ModelError as exc:
            stopped_by = exc
        self._store.batches.purge(self._now_ns() - _KEPT_NS)
        in_batch = len(self._store.batches.waiting(self._judge.name, self._judge.version))
        if self._told.endings:
            counts = ", ".join(f"{number} {ending.value}" for ending, number in sorted(self._told.endings.items()))
            _log.info("judge: %s had %s in its batches", self._judge.name, counts)
        judged = judged_of(self._told.said, stopped_by=stopped_by, in_batch=in_batch)
        return replace(judged, no_batches=self._no_batches)

    async def _ask(self) -> None:
        """Send everything that waits and is in no batch.

        Raises:
            ModelError: nothing more can be sent now.
        """
        in_batch = self._store.batches.waiting(self._judge.name, self._judge.version)
        waiting = [
            key for key in self._store.unjudged_sessions(self._judge.name, self._judge.version) if key not in in_batch
        ]
        keys = iter(waiting)
        while questions := await self._questions(keys):
            if not await self._send(questions):
                return

    async def _questions(self, keys: Iterator[SessionKey]) -> list[_Question]:
        """The next questions that fit into one batch; sessions that need none are dealt with at once."""
        found: list[_Question] = []
        size = 0
        for key in keys:
            question = await self._question(key)
            if question is None:
                continue
            found.append(question)
            size += len((question.request.system + question.request.user).encode("utf-8", "replace"))
            if len(found) == MOST_REQUESTS or size > MOST_BYTES:
                break
        return found

    async def _question(self, key: SessionKey) -> _Question | None:
        try:
            stored = self._store.session(key)
        except DamagedError as exc:
            _log.error("session %s is passed over: %s", key.session_id, exc)
            return None
        if stored is None:
            return None
        packet = packet_of(self._store, stored)
        request = self._judge.request(packet)
        reply = None if request is None else await self._bulk.kept(request)
        if request is None or reply is not None:
            said = None if reply is None else self._judge.read(packet, reply)
            revision = stored.session.revision
            save_said(self._store, self._judge, key, revision=revision, said=said, at_ns=self._now_ns())
            self._told.said[key] = said
            return None
        request = self._bulk.fit_to_send(request)
        wanted = self._bulk.wanted(request, at_ns=self._now_ns())
        return _Question(planned=Planned(session=key, revision=stored.session.revision, wanted=wanted), request=request)

    async def _send(self, questions: Sequence[_Question]) -> bool:
        """Plan a batch and have it begun; False where nothing more is to be sent in batches now.

        Raises:
            ModelError: nothing more can be sent at all now; what was planned is free again, or is looked for.
        """
        now_ns = self._now_ns()
        batch = Batch(
            batch_key=self._draw_key(),
            judge=self._judge.name,
            judge_version=self._judge.version,
            model=self._bulk.name,
            asked_ns=now_ns,
            size=len(questions),
        )
        items = self._store.batches.plan(batch, [one.planned for one in questions], cap=self._bulk.cap)
        if items:
            asked = {item.custom_id: one.request for item, one in zip(items, questions, strict=False)}
            # whoever was paused here for so long that another node took over must not begin a second batch
            self._store.check_lease()
            begun = await self._bulk.create(asked)
            if isinstance(begun, NotBegun):
                return self._not_begun(batch, begun)
            self._store.batches.set_id(batch.batch_key, begun.batch_id)
            _log.info("judge: %s asks about %d sessions in batch %s", self._judge.name, len(items), begun.batch_id)
        if len(items) < len(questions):
            raise self._bulk.cap_error(questions[len(items)].planned.wanted, at_ns=now_ns)
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
