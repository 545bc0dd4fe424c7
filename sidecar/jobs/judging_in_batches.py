"""Judge failed sessions by batches: which wait, what is asked about each, and what the answers come to."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from judges.failure import FailureJudge
from judges.failure.reply import FailureReply
from sidecar.domain import SessionKey, Unjudged, Verdict
from sidecar.jobs.batch_asking import BatchAsking
from sidecar.jobs.batch_questions import Question
from sidecar.jobs.judging import Judged, judged_of, packet_of, save_said
from sidecar.llm import Bulk
from sidecar.store import Store, StoredSession


class BatchJudging:
    """One run of one judge; the store is fenced by the judge's lease."""

    def __init__(
        self, store: Store, judge: FailureJudge, bulk: Bulk, *, now_ns: Callable[[], int], draw_key: Callable[[], str]
    ) -> None:
        """Bind what is worked with; see BatchAsking."""
        self._questions = _Failures(store, judge, now_ns)
        self._asking = BatchAsking(store, self._questions, bulk, now_ns=now_ns, draw_key=draw_key)

    async def run(self, *, is_asking: bool = True) -> Judged:
        """Save what has come of the batches under way, then ask about what waits; see BatchAsking.run."""
        run = await self._asking.run(is_asking=is_asking)
        judged = judged_of(self._questions.said, stopped_by=run.stopped_by, in_batch=run.in_batch)
        return replace(judged, no_batches=run.no_batches)


class _Failures:
    """What the judge `failure` asks."""

    shape = FailureReply

    def __init__(self, store: Store, judge: FailureJudge, now_ns: Callable[[], int]) -> None:
        self.said: dict[SessionKey, Verdict | Unjudged | None] = {}
        self.name = judge.name
        self.version = judge.version
        self._store = store
        self._judge = judge
        self._now_ns = now_ns

    def waiting(self) -> Sequence[SessionKey]:
        """Sessions without its verdict, but those that it is too early to ask about again: nobody waits for a batch."""
        return self._store.unjudged_sessions(self.name, self.version, rested_ns=self._now_ns())

    def question(self, stored: StoredSession) -> Question[FailureReply] | None:
        """Why a session failed; None where it did not fail by its code."""
        packet = packet_of(self._store, stored)
        request = self._judge.request(packet)

        if request is None:
            self._save(stored, None)
            return None
        return Question(request=request, save=lambda reply: self._save(stored, self._judge.read(packet, reply)))

    def save_problem(self, stored: StoredSession, problem: Unjudged) -> None:
        """Count it among the tries in vain."""
        self._save(stored, problem)

    def _save(self, stored: StoredSession, said: Verdict | Unjudged | None) -> None:
        key, revision = stored.session.key, stored.session.revision
        save_said(self._store, self._judge, key, revision=revision, said=said, at_ns=self._now_ns())
        self.said[key] = said
