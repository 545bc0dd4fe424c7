"""Projecting against plain SQLite, and the learning pass against reading the sessions it learns from."""

import asyncio
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

from judges.registry import judge
from sidecar.clusters import attested_commands, clusters
from sidecar.config import Config
from sidecar.data_dir import DataDir
from sidecar.domain import LOCAL_TEAM, Intake, SpanRow
from sidecar.gate import GateContext, check
from sidecar.installation import Installation
from sidecar.jobs.judging import judge_sessions
from sidecar.otlp import PROTOBUF_CONTENT_TYPE
from sidecar.receive import Arrival
from sidecar.writer import draft_rule
from tests.bench.figures import Figure, best_s
from tests.bench.telemetry import request
from tests.loop.conftest import arrival
from tests.loop.loop import requests_of

SPANS, REQUESTS = 512, 40


PROMISED_SPANS = 30_000
"""A second, on one core."""


def projecting(folder: Path) -> list[Figure]:
    """Spans a second, hooks a second and milliseconds of learning a session."""
    with Installation.open(DataDir.open(folder / "spans"), Config(), owner="bench") as installation:
        spans = _spans(installation, folder)
    with Installation.open(DataDir.open(folder / "sessions"), Config(), owner="bench") as installation:
        return [*spans, _hooks(installation, folder), _learning(installation)]


def _spans(installation: Installation, folder: Path) -> list[Figure]:
    first, *bodies = [_traces(request(SPANS, seed=seed)) for seed in range(REQUESTS + 1)]
    # what a process does once, such as compiling patterns and statements, is no part of a rate
    _receive(installation, [first])
    installation.projector().run(now_ns=time.time_ns())
    _receive(installation, bodies)
    began_s = time.thread_time()
    taken_s = _projecting_s(installation)
    processor_s = time.thread_time() - began_s
    rows = [SpanRow(trace_id=f"{n:032x}", span_id=f"{n * 7919:016x}", name="x") for n in range(SPANS * REQUESTS)]
    return [
        Figure(
            name="spans projected, of one core's time",
            value=SPANS * REQUESTS / processor_s,
            unit="spans/s",
            yardstick="what was promised",
            yardstick_value=PROMISED_SPANS,
        ),
        Figure(
            name="spans projected, the waiting for the disk included",
            value=SPANS * REQUESTS / taken_s,
            unit="spans/s",
            yardstick="inserting ready rows with a unique index in one SQLite transaction a request",
            yardstick_value=len(rows) / _plain_insert_s(folder / "spans.db", rows, SPANS),
        ),
    ]


def _traces(body: bytes) -> Arrival:
    return Arrival(
        team=LOCAL_TEAM,
        intake=Intake.TRACES,
        body=body,
        received_ns=time.time_ns(),
        content_type=PROTOBUF_CONTENT_TYPE,
    )


def _hooks(installation: Installation, folder: Path) -> Figure:
    arrivals = [arrival(one) for one in requests_of("shop")]
    _receive(installation, arrivals)
    taken_s = _projecting_s(installation)
    rows = [SpanRow(trace_id=f"{n:032x}", span_id=f"{n:016x}", name="x" * 800) for n in range(len(arrivals))]
    return Figure(
        name="recorded requests projected (hooks, files, OTLP), one core",
        value=len(arrivals) / taken_s,
        unit="rows/s",
        yardstick="inserting as many ready rows in one SQLite transaction each",
        yardstick_value=len(rows) / _plain_insert_s(folder / "hooks.db", rows, 1),
    )


def _learning(installation: Installation) -> Figure:
    store, evidence = installation.store, judge("evidence")
    sessions = store.sessions(LOCAL_TEAM)

    def read() -> None:
        for one in sessions:
            store.session(one.session.key)

    def learn() -> None:
        asyncio.run(judge_sessions(store, evidence, now_ns=time.time_ns))
        for project in store.projects(LOCAL_TEAM):
            found = clusters(project, store.lesson_supports(LOCAL_TEAM, project, evidence.name, evidence.version))
            context = GateContext(repository_files=frozenset(), attested_commands=attested_commands(found))
            drafts = [draft for cluster in found if (draft := draft_rule(cluster)) is not None]
            for draft in drafts:
                check(draft.text, kind=draft.kind, scope=draft.scope, context=context)

    reading_s = best_s(read)
    return Figure(
        name="learning pass: judge, cluster, word, gate",
        value=best_s(learn, repeat=1) * 1000 / len(sessions),
        unit="ms/session",
        yardstick="reading the session from the store",
        yardstick_value=reading_s * 1000 / len(sessions),
    )


def _receive(installation: Installation, arrivals: Sequence[Arrival]) -> None:
    receiver = installation.receiver()

    async def take() -> None:
        await asyncio.gather(*(receiver.receive(one) for one in arrivals))

    asyncio.run(take())


def _projecting_s(installation: Installation) -> float:
    started = time.perf_counter()
    installation.projector().run(now_ns=time.time_ns())
    return time.perf_counter() - started


def _plain_insert_s(file: Path, rows: Sequence[SpanRow], rows_per_commit: int) -> float:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE spans (trace_id, span_id, name, PRIMARY KEY (trace_id, span_id))")
    started = time.perf_counter()
    for first in range(0, len(rows), rows_per_commit):
        values = [(row.trace_id, row.span_id, row.name) for row in rows[first : first + rows_per_commit]]
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT OR IGNORE INTO spans VALUES (?, ?, ?)", values)
        connection.execute("COMMIT")
    taken_s = time.perf_counter() - started
    connection.close()
    return taken_s
