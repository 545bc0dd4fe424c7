"""Judge every settled session that a judge has not seen in its present revision."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from judges.judge import Judge
from judges.packet import build_packet
from sidecar.domain import ReplyProblem, SessionKey, Unjudged, Verdict
from sidecar.errors import DamagedError, ModelError, SidecarError
from sidecar.store import Store, StoredSession

_log = logging.getLogger(__name__)


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


@dataclass(slots=True)
class _Run:
    """One run while its workers are at it."""

    waiting: list[SessionKey]
    """The next one last."""
    said: dict[SessionKey, Verdict | Unjudged | None] = field(
        default_factory=dict[SessionKey, Verdict | Unjudged | None]
    )
    stopped_by: ModelError | None = None


async def judge_sessions(
    store: Store, judge: Judge, *, now_ns: Callable[[], int], workers: int = 1, is_dry_run: bool = False
) -> Judged:
    """Give each unjudged session its verdict; safe to run twice and to stop anywhere.

    Args:
        workers: Sessions judged at once; what stops one of them stops all, each after what it is at.
        is_dry_run: Judge and report, save nothing.
    """
    keys = store.unjudged_sessions(judge.name, judge.version)
    run = _Run(keys[::-1])
    await asyncio.gather(*(_work(store, judge, run, now_ns, is_dry_run) for _ in range(workers)))
    said = [(key, run.said[key]) for key in keys if key in run.said]
    return Judged(
        verdicts=tuple(one for _, one in said if isinstance(one, Verdict)),
        silent=tuple(key for key, one in said if one is None),
        unjudged=tuple((key, one) for key, one in said if isinstance(one, Unjudged)),
        stopped_by=run.stopped_by,
    )


async def _work(store: Store, judge: Judge, run: _Run, now_ns: Callable[[], int], is_dry_run: bool) -> None:
    while run.waiting and run.stopped_by is None:
        key = run.waiting.pop()
        try:
            stored = store.session(key)
            if stored is None:
                continue
            said = run.said[key] = await _asked(store, judge, stored)
        except ModelError as exc:
            run.stopped_by = exc
            return
        except DamagedError as exc:
            _log.error("session %s is passed over: %s", key.session_id, exc)
            continue
        if not is_dry_run:
            _save(store, judge, key, stored.session.revision, said, now_ns())


async def _asked(store: Store, judge: Judge, stored: StoredSession) -> Verdict | Unjudged | None:
    """What the judge says of one session; a session it breaks on must not keep the others from their turn."""
    key = stored.session.key
    try:
        return await judge.judge(build_packet(stored.session, stored.decision, store.feedback(key)))
    except SidecarError:
        raise
    except Exception:  # noqa: BLE001 # the boundary between one session and the rest of the run
        _log.exception("judge %s failed on session %s", judge.name, key.session_id)
        return Unjudged(problem=ReplyProblem.JUDGE_FAILED, detail="the judge itself failed; see the log")


def _save(
    store: Store, judge: Judge, key: SessionKey, revision: int, said: Verdict | Unjudged | None, at_ns: int
) -> None:
    name, version = judge.name, judge.version
    if key not in store.session_keys(key.team, key.session_id):
        return  # it was forgotten while it was judged
    if isinstance(said, Unjudged):
        store.add_judge_problem(
            key, revision=revision, judge=name, judge_version=version, problem=said.problem, at_ns=at_ns
        )
    else:
        store.set_verdict(key, revision=revision, judge=name, judge_version=version, verdict=said)
