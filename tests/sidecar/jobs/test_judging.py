"""Judging goes through every session, whatever one of them does to the judge."""

import asyncio
import gc
import time
from pathlib import Path

from sidecar.domain import Packet, ReplyProblem, SessionState, Verdict
from sidecar.errors import ModelUnavailableError
from sidecar.jobs.judging import judge_sessions
from sidecar.store import Store
from tests.contracts.records import make_decision, make_key, make_session


class Picky:
    """Breaks on one session, and finds nothing in the others."""

    name = "picky"
    version = "1"

    async def judge(self, packet: Packet) -> Verdict | None:
        if packet.session.session_id == "bad":
            raise KeyError("unforeseen")
        return None


async def test_session_that_the_judge_breaks_on_does_not_stop_the_others(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'store.db'}")
    for name in ("good", "bad", "late"):
        session = make_session(make_key(name), state=SessionState.SETTLED)
        store.set_session(session, make_decision(), now_ns=1)

    judged = await judge_sessions(store, Picky(), now_ns=time.time_ns)
    problems = store.judge_problems(make_key("bad"))
    store.close()

    assert {key.session_id for key in judged.silent} == {"good", "late"}
    assert [(key.session_id, one.problem) for key, one in judged.unjudged] == [("bad", ReplyProblem.JUDGE_FAILED)]
    assert [problem.problem for problem in problems] == [ReplyProblem.JUDGE_FAILED]


class Forgetful:
    """Sees a session forgotten while it thinks about it."""

    name = "forgetful"
    version = "1"

    def __init__(self, store: Store) -> None:
        self._store = store

    async def judge(self, packet: Packet) -> Verdict | None:
        if packet.session.session_id == "gone":
            self._store.forgetting.remove(packet.session, now_ns=2)
        return None


async def test_session_that_is_forgotten_while_it_is_judged_stops_nothing(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'store.db'}")
    for name in ("first", "gone", "last"):
        store.set_session(make_session(make_key(name), state=SessionState.SETTLED), make_decision(), now_ns=1)

    await judge_sessions(store, Forgetful(store), now_ns=time.time_ns)
    left = store.unjudged_sessions("forgetful", "1")
    present = store.forgetting.present()
    store.close()

    assert left == []
    assert present == [make_key("first"), make_key("last")]


class Stopping:
    """Tells nothing of some sessions, and stops at one while the others are still thought about."""

    name = "stopping"
    version = "1"

    def __init__(self) -> None:
        self._stopped = asyncio.Event()

    async def judge(self, packet: Packet) -> Verdict | None:
        if packet.session.session_id == "stop":
            self._stopped.set()
            raise ModelUnavailableError("away")
        await self._stopped.wait()
        return None


async def test_what_was_said_when_a_run_is_stopped_is_saved_and_the_rest_goes_on_waiting(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'store.db'}")
    for at, name in enumerate(("a", "b", "stop", "c", "d")):
        session = make_session(make_key(name), state=SessionState.SETTLED, started_ns=at)
        store.set_session(session, make_decision(), now_ns=1)
    frozen = gc.get_freeze_count()

    judged = await judge_sessions(store, Stopping(), now_ns=time.time_ns, workers=3)
    left = store.unjudged_sessions("stopping", "1")
    store.close()

    assert isinstance(judged.stopped_by, ModelUnavailableError)
    assert ([one.session_id for one in judged.silent], [one.session_id for one in left]) == (
        ["a", "b"],
        ["stop", "c", "d"],
    )
    assert gc.get_freeze_count() == frozen
