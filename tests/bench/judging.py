"""Judging with a model against what its latency alone allows: so many calls under way, each as slow as the model."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sidecar.config import Config, Credentials, LearnConfig, ModelConfig
from sidecar.data_dir import DataDir
from sidecar.domain import Label, LabelDecision, Session, TaskId, TestResult, TestStatus
from sidecar.engine import judge_all
from sidecar.installation import Installation
from tests.bench.figures import Figure
from tests.bench.servers import free_port, server
from tests.judges.acts import ROOT, asked, checked, edited, session_of

CONCURRENCY = 20
LATENCY_S = 0.2
SESSIONS = 600
MODEL = "claude-haiku-5-5"
MESSAGE = "AssertionError: assert 12.5 == 1250"
"""In every session; the bench's model quotes it."""
PHOENIX_RATIO = 0.25 / 11.0
"""arize-phoenix-evals 3.9.4, 100 evaluations at 50 ms and concurrency 20: 11 s where 0.25 s are ideal; 2026-11-23."""
_FILLER = "tests/test_{at:03d}.py::test_amount_{at:03d} PASSED                                       [ {at:3d} %]\n"


def judging(folder: Path) -> list[Figure]:
    """Verdicts a second at so many calls at once, all of it included: reading, packet, redaction, money, saving."""
    port = free_port()
    config = Config(
        learn=LearnConfig(judge="failure"),
        model=ModelConfig(
            judge=MODEL, base_url=f"http://127.0.0.1:{port}", concurrency=CONCURRENCY, max_usd_per_day=None
        ),
    )
    with (
        server(["tests.bench.slow_model", str(port), str(LATENCY_S)], port=port, path="/"),
        Installation.open(
            DataDir.open(folder / "judging"), config, owner="bench", credentials=Credentials(api_key="bench")
        ) as installation,
    ):
        _settle(installation, range(CONCURRENCY))  # the library is loaded, as in a program that runs for weeks
        _judged_s(installation, CONCURRENCY)
        _settle(installation, range(CONCURRENCY, CONCURRENCY + SESSIONS))
        bare_per_s = asyncio.run(_bare_per_s(port, SESSIONS))
        taken_s, processor_s = _judged_s(installation, SESSIONS)
    ideal = CONCURRENCY / LATENCY_S
    per_s = SESSIONS / taken_s
    judged = f"sessions judged by a model of {LATENCY_S * 1000:.0f} ms, {CONCURRENCY} at once"
    return [
        Figure(
            name=f"{judged} ({processor_s * 1000 / SESSIONS:.1f} ms of a processor each)",
            value=per_s,
            unit="sessions/s",
            yardstick="what the latency alone allows",
            yardstick_value=ideal,
        ),
        Figure(
            name=f"{judged}, again",
            value=per_s,
            unit="sessions/s",
            yardstick="sending ready bytes to the same model and reading none of its words",
            yardstick_value=bare_per_s,
        ),
        Figure(
            name="the share of the ideal that is reached",
            value=per_s / ideal,
            unit="of it",
            yardstick="arize-phoenix-evals 3.9.4 at 50 ms and 20 at once (measured 2026-11-23, not in this run)",
            yardstick_value=PHOENIX_RATIO,
        ),
    ]


async def _bare_per_s(port: int, count: int) -> float:
    """Requests a second of a sender that does nothing else: what this machine lets through at this moment."""
    request = b"POST / HTTP/1.1\r\ncontent-length: 24000\r\n\r\n" + b"x" * 24_000

    async def ask() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(count // CONCURRENCY):
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(head.rpartition(b"content-length: ")[2]))
        writer.close()

    began_s = time.perf_counter()
    await asyncio.gather(*(ask() for _ in range(CONCURRENCY)))
    return count / (time.perf_counter() - began_s)


def _judged_s(installation: Installation, count: int) -> tuple[float, float]:
    """Seconds by the clock and of the processor."""
    began_s, used_s = time.perf_counter(), time.process_time()
    judged = asyncio.run(judge_all(installation, "failure"))
    taken = time.perf_counter() - began_s, time.process_time() - used_s
    if len(judged.verdicts) != count:
        raise AssertionError(f"{len(judged.verdicts)} verdicts instead of {count}: {judged.unjudged[:1]}")
    return taken


def _settle(installation: Installation, numbers: Sequence[int]) -> None:
    tests = (TestResult(id="tests/test_sum.py::test_total", status=TestStatus.FAILED, message=MESSAGE),)
    decision = LabelDecision(label=Label.CODE_FAIL, reason="1 of 240 tests failed", tests=tests)
    for number in numbers:
        installation.store.set_session(_session(number), decision, now_ns=1)


def _session(number: int) -> Session:
    """One whose packet has about 6,000 tokens, the most there may be."""
    edits = [
        edited(f"{ROOT}/src/shop/part_{at}.py", "return cents\n" * 40, f"return cents / {number}\n" * 40)
        for at in range(12)
    ]
    output = "".join(_FILLER.format(at=at) for at in range(100)) + f"E   {MESSAGE}\n1 failed in {number} s"
    session = session_of(
        asked("Add the total."), *edits, checked("make check", output, ok=False), name=f"s-{number:05d}"
    )
    return replace(session, task=TaskId(f"key:T-{number}"))
