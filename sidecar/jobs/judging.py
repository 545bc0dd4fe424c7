"""Judge every settled session that a judge has not seen in its present revision."""

import asyncio
import gc
import logging
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from judges.judge import Judge
from judges.packet import build_packet
from sidecar.domain import Packet, ReplyProblem, SessionKey, Unjudged, Verdict
from sidecar.errors import DamagedError, ModelError, SidecarError, StoreError
from sidecar.store import Store, StoredSession

_log = logging.getLogger(__name__)

PREPARED_AT_ONCE = 2
"""Of sessions that are read while others wait for the model. All at once they would keep its answers waiting, as all
share one processor; one alone would wait for each commit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What one run did."""

    verdicts: tuple[Verdict, ...]
    """Those that were given, in the order of the sessions."""
    silent: tuple[SessionKey, ...]
    """Sessions in which the judge found nothing; recorded too, so that they are not asked again."""
    unjudged: tuple[tuple[SessionKey, Unjudged], ...] = ()
    """Sessions about which the judge could not tell, with the reason; asked again a few times."""
    stopped_by: ModelError | None = None
    """Why the run ended before its time; whatever it did not reach goes on waiting."""
    unreached: int = 0
    """Sessions that it did not come to."""
    in_batch: int = 0
    """Sessions that a provider is being asked about in a batch."""
    no_batches: str | None = None
    """Why the provider was not asked in batches though it should have been; None where it was, or need not be."""


@dataclass(slots=True)
class _Run:
    """One run while its workers are at it."""

    waiting: list[SessionKey]
    """The next one last."""
    preparing: asyncio.Semaphore
    """Held by who saves and reads, so that calls that could be made are not behind all who do so at a time."""
    said: dict[SessionKey, Verdict | Unjudged | None] = field(
        default_factory=dict[SessionKey, Verdict | Unjudged | None]
    )
    stopped_by: ModelError | None = None


async def judge_sessions(
    store: Store,
    judge: Judge,
    *,
    now_ns: Callable[[], int],
    workers: int = 1,
    is_by_clock: bool = False,
) -> Judged:
    """Give each unjudged session its verdict; safe to run twice and to stop anywhere.

    Args:
        workers: Sessions judged at once; what stops one of them stops all, each after what it is at. Twice a model's
            concurrency keeps its calls under way while packets are built and verdicts saved.
        is_by_clock: Nobody waits for it: where no model answered, it is asked again later and later.
    """
    in_batch = store.batches.waiting(judge.name, judge.version)
    waiting = store.unjudged_sessions(judge.name, judge.version, rested_ns=now_ns() if is_by_clock else None)
    keys = [key for key in waiting if key not in in_batch]
    run = _Run(keys[::-1], asyncio.Semaphore(PREPARED_AT_ONCE))
    with _old_objects_left_alone():
        await asyncio.gather(*(_work(store, judge, run, now_ns) for _ in range(workers)))
    said = {key: run.said[key] for key in keys if key in run.said}
    judged = judged_of(said, stopped_by=run.stopped_by, in_batch=len(in_batch))
    return replace(judged, unreached=len(run.waiting))


def judged_of(
    said: Mapping[SessionKey, Verdict | Unjudged | None], *, stopped_by: ModelError | None, in_batch: int
) -> Judged:
    """What a run did, from what it was told of each session."""
    return Judged(
        verdicts=tuple(one for one in said.values() if isinstance(one, Verdict)),
        silent=tuple(key for key, one in said.items() if one is None),
        unjudged=tuple((key, one) for key, one in said.items() if isinstance(one, Unjudged)),
        stopped_by=stopped_by,
        in_batch=in_batch,
    )


def joined(batched: Judged, direct: Judged) -> Judged:
    """One run of two parts, of which the second asked directly."""
    return Judged(
        verdicts=(*batched.verdicts, *direct.verdicts),
        silent=(*batched.silent, *direct.silent),
        unjudged=(*batched.unjudged, *direct.unjudged),
        stopped_by=batched.stopped_by or direct.stopped_by,
        unreached=direct.unreached,
        in_batch=direct.in_batch,
        no_batches=batched.no_batches,
    )


@contextmanager
def _old_objects_left_alone() -> Generator[None]:
    """Have the collector look only at what is made within the block; it holds all threads for 0.2 s if it looks at all.

    Measured 2026-11-26 with the provider's library loaded, 260,000 objects. A process that has old objects left alone
    already, as `serve` has, goes on as it is.
    """
    if gc.get_freeze_count():
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What a judge said and nobody has saved yet."""

    key: SessionKey
    revision: int
    said: Verdict | Unjudged | None
    at_ns: int


async def _work(store: Store, judge: Judge, run: _Run, now_ns: Callable[[], int]) -> None:
    unsaved: _Said | None = None
    while True:
        async with run.preparing:
            key = run.waiting.pop() if run.waiting and run.stopped_by is None else None
            if key is None and unsaved is None:
                return
            # both in one thread, as each way to one and back takes as long as saving does
            seen = await asyncio.to_thread(_saved_and_seen, store, judge, unsaved, key)
        unsaved = None
        if key is None or seen is None:
            continue
        revision, packet = seen
        try:
            said = run.said[key] = await _asked(judge, packet)
        except ModelError as exc:
            run.stopped_by = exc
            return
        except DamagedError as exc:
            _passed_over(key, exc)
            continue
        unsaved = _Said(key=key, revision=revision, said=said, at_ns=now_ns())


def _saved_and_seen(
    store: Store, judge: Judge, unsaved: _Said | None, key: SessionKey | None
) -> tuple[int, Packet | Unjudged] | None:
    """Save what was said of one session; the revision of another and what a judge sees of it."""
    if unsaved is not None:
        save_said(store, judge, unsaved.key, revision=unsaved.revision, said=unsaved.said, at_ns=unsaved.at_ns)
    return None if key is None else _seen(store, judge, key)


def _seen(store: Store, judge: Judge, key: SessionKey) -> tuple[int, Packet | Unjudged] | None:
    """The revision of a session and what a judge sees of it; None where it is not there any more, or damaged."""
    try:
        shown = store.shown(key)
    except DamagedError as exc:
        _passed_over(key, exc)
        return None
    if shown is None:
        return None
    stored, feedback = shown
    revision = stored.session.revision
    try:
        return revision, build_packet(stored.session, stored.decision, feedback)
    except Exception:  # noqa: BLE001 # the boundary between one session and the rest of the run
        return revision, _broken(judge, key)


def _passed_over(key: SessionKey, exc: DamagedError) -> None:
    _log.error("session %s is passed over: %s", key.session_id, exc)


async def _asked(judge: Judge, packet: Packet | Unjudged) -> Verdict | Unjudged | None:
    """What the judge says of one session; a session it breaks on must not keep the others from their turn."""
    if isinstance(packet, Unjudged):
        return packet
    try:
        return await judge.judge(packet)
    except SidecarError:
        raise
    except Exception:  # noqa: BLE001 # the boundary between one session and the rest of the run
        return _broken(judge, packet.session)


def _broken(judge: Judge, key: SessionKey) -> Unjudged:
    """That a judge broke on a session, within the handling of what broke it."""
    _log.exception("judge %s failed on session %s", judge.name, key.session_id)
    return Unjudged(problem=ReplyProblem.JUDGE_FAILED, detail="the judge itself failed; see the log")


def packet_of(store: Store, stored: StoredSession) -> Packet:
    """What a judge sees of a session."""
    return build_packet(stored.session, stored.decision, store.feedback(stored.session.key))


def save_said(
    store: Store, judge: Judge, key: SessionKey, *, revision: int, said: Verdict | Unjudged | None, at_ns: int
) -> None:
    """Record what a judge said of a session's revision, unless the session was forgotten while it was judged."""
    name, version = judge.name, judge.version
    try:
        if isinstance(said, Unjudged):
            store.add_judge_problem(
                key, revision=revision, judge=name, judge_version=version, problem=said.problem, at_ns=at_ns
            )
        else:
            store.set_verdict(key, revision=revision, judge=name, judge_version=version, verdict=said)
    except StoreError:
        # the store takes no record of a session that is not there; nearly all are, so nobody looks beforehand
        if key in store.session_keys(key.team, key.session_id):
            raise
