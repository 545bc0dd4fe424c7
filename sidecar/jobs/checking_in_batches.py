"""Check the judges by batches: the same questions about the same sample as when they are asked directly."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from judges.adherence import rules_in_scope
from judges.adherence.prompt import AdherenceReply
from judges.blind.prompt import BlindReply
from judges.failure.reply import FailureReply
from sidecar.domain import SessionKey, Unjudged
from sidecar.jobs.batch_asking import BatchAsking, BatchRun
from sidecar.jobs.batch_questions import Question
from sidecar.jobs.check_records import Checked, CheckRecords, Judges
from sidecar.jobs.checking import Plan
from sidecar.llm import Bulk
from sidecar.store import Store, StoredSession
from sidecar.store.checks import RERUN


async def check_in_batches(
    store: Store,
    records: CheckRecords,
    planned: Callable[[], Plan],
    bulk: Bulk,
    *,
    draw_key: Callable[[], str],
    is_asking: bool = True,
) -> Checked:
    """Save what has come, then ask about everybody who is planned; safe to run twice and to stop anywhere.

    Args:
        planned: Told anew for each kind of question, after what has come of it is saved.
        draw_key: Gives another word with each call, to name a batch by.
        is_asking: False only takes what comes.
    """
    now_ns = records.around.now_ns
    runs: list[BatchRun] = []
    for asking in (
        BatchAsking(store, _Guesses(records, lambda: planned().blind), bulk, now_ns=now_ns, draw_key=draw_key),
        BatchAsking(store, _Reruns(records, lambda: planned().reruns), bulk, now_ns=now_ns, draw_key=draw_key),
        BatchAsking(store, _Adherences(records, lambda: planned().adherence), bulk, now_ns=now_ns, draw_key=draw_key),
    ):
        runs.append(await asking.run(is_asking=is_asking and all(_is_going_on(run) for run in runs)))
    return replace(
        records.checked,
        stopped_by=next((run.stopped_by for run in runs if run.stopped_by), None),
        in_batch=sum(run.in_batch for run in runs),
        no_batches=next((run.no_batches for run in runs if run.no_batches), None),
    )


def has_open_batches(store: Store, judges: Judges) -> bool:
    """Whether answers of an earlier check are still to come."""
    return any(store.batches.open(name) for name in (judges.blind.name, RERUN, judges.adherence.name))


def _is_going_on(run: BatchRun) -> bool:
    return run.stopped_by is None and run.no_batches is None


class _Guesses:
    """What the blind judge asks."""

    shape = BlindReply

    def __init__(self, records: CheckRecords, waiting: Callable[[], Sequence[SessionKey]]) -> None:
        self.name = records.judges.blind.name
        self.version = records.judges.version.blind_version
        self.waiting = waiting
        self._records = records

    def question(self, stored: StoredSession) -> Question[BlindReply] | None:
        """Whether the tests of a session passed; None where no change of it can be shown."""
        records, blind = self._records, self._records.judges.blind
        packet = records.packet(stored)
        request = blind.request(packet)
        if request is None:
            records.keep_guess(packet, None)
            return None
        return Question(request=request, save=lambda reply: records.keep_guess(packet, blind.read(packet, reply)))

    def save_problem(self, stored: StoredSession, problem: Unjudged) -> None:
        """Count it among the tries in vain."""
        session = stored.session
        self._records.keep_problem(self.name, self.version, session.key, session.revision, problem)


class _Reruns:
    """What the judge `failure` is asked once more."""

    shape = FailureReply

    def __init__(self, records: CheckRecords, waiting: Callable[[], Sequence[SessionKey]]) -> None:
        self.name = RERUN
        self.version = records.judges.version.judge_version
        self.waiting = waiting
        self._records = records

    def question(self, stored: StoredSession) -> Question[FailureReply] | None:
        """The same question as before; None where it was not asked before."""
        records, failure = self._records, self._records.judges.failure
        first = records.first_verdict(stored.session.key)
        packet = records.packet(stored)
        request = None if first is None else failure.request(packet, is_rerun=True)
        if first is None or request is None:
            return None
        return Question(
            request=request, save=lambda reply: records.keep_rerun(packet, first, failure.read(packet, reply))
        )

    def save_problem(self, stored: StoredSession, problem: Unjudged) -> None:
        """Count it among the tries in vain."""
        session = stored.session
        self._records.keep_problem(self.name, self.version, session.key, session.revision, problem)


class _Adherences:
    """What the judge `adherence` asks."""

    shape = AdherenceReply

    def __init__(self, records: CheckRecords, waiting: Callable[[], Sequence[SessionKey]]) -> None:
        self.name = records.judges.adherence.name
        self.version = records.judges.adherence.version
        self.waiting = waiting
        self._records = records

    def question(self, stored: StoredSession) -> Question[AdherenceReply] | None:
        """Which rules a session followed; None where none of ours speaks of what it touched."""
        records, adherence = self._records, self._records.judges.adherence
        packet = records.packet(stored)
        rules = rules_in_scope(packet, records.around.rules_of(stored.session))
        if not rules:
            records.keep_adherence(packet, ())
            return None
        return Question(
            request=adherence.request(packet, rules),
            save=lambda reply: records.keep_adherence(packet, adherence.read(packet, rules, reply)),
        )

    def save_problem(self, stored: StoredSession, problem: Unjudged) -> None:
        """Count it among the tries in vain."""
        session = stored.session
        self._records.keep_problem(self.name, self.version, session.key, session.revision, problem)
