"""Judges all waiting sessions with several workers: what is said is stored, and what stops one worker stops all."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from judges.failure import FailureJudge
from judges.packet import build_packet
from sidecar.domain import SessionKey, Unjudged
from sidecar.errors import ModelError
from sidecar.store import Store

WORKERS = 8


@dataclass(slots=True)
class Run:
    """One run over what waits."""

    waiting: list[SessionKey]
    stopped_by: ModelError | None = None


async def judge_waiting(store: Store, judge: FailureJudge, *, at_ns: int = 1) -> Run:
    """Ask about every waiting session once; calls under way end by themselves when another one stops the run."""
    run = Run(store.unjudged_sessions(judge.name, judge.version)[::-1])
    await asyncio.gather(*(_work(store, judge, run, at_ns) for _ in range(WORKERS)))
    return run


async def _work(store: Store, judge: FailureJudge, run: Run, at_ns: int) -> None:
    while run.waiting and run.stopped_by is None:
        key = run.waiting.pop()
        stored = store.session(key)
        assert stored is not None
        try:
            said = await judge.judge(build_packet(stored.session, stored.decision))
        except ModelError as exc:
            run.stopped_by = exc
            return
        revision, name, version = stored.session.revision, judge.name, judge.version
        if isinstance(said, Unjudged):
            store.add_judge_problem(
                key, revision=revision, judge=name, judge_version=version, problem=said.problem, at_ns=at_ns
            )
        else:
            store.set_verdict(key, revision=revision, judge=name, judge_version=version, verdict=said)


def judged(store: Store, keys: Sequence[SessionKey]) -> list[SessionKey]:
    """Those with a verdict."""
    return [key for key in keys if store.verdicts(key)]
