"""kill -9 of everything, again and again over one replay and its flows: nothing is lost, nothing is doubled."""

import asyncio
import os
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest

from sidecar.recordings import RecordedRequest
from tests.loop.loop import Loop, Serving, play, requests_of

KILLS_WHILE_RECEIVING = 30
KILLS_PER_FLOW = 7
FLOWS = (("judge",), ("propose",), ("sync",))


def finished(loop: Loop) -> tuple[str, str, str]:
    """Branch, tree and text of the one proposal."""
    (branch,) = loop.branches()
    return branch, loop.git("rev-parse", f"{branch}^{{tree}}"), loop.proposal_text().replace(str(loop.root), "")


def undisturbed(loop: Loop) -> tuple[str, str, str]:
    serving = Serving(loop)
    asyncio.run(play(serving.url, requests_of(loop.repository), set()))
    serving.stop()
    for flow in FLOWS:
        loop.run(*flow)
    return finished(loop)


def run_killed(loop: Loop, flow: tuple[str, ...], after_s: float) -> bool:
    """Start a flow and kill its whole process group; True when it was still running."""
    process = loop.start(*flow)
    time.sleep(after_s)
    was_running = process.poll() is None
    if was_running:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return was_running


def stored_once(url: str, loop: Loop, acknowledged: set[int]) -> list[int]:
    """Acknowledged requests that the sidecar does not recognise as stored."""
    requests = requests_of(loop.repository)
    lost: list[int] = []
    with httpx.Client(base_url=url, timeout=30) as client:
        for number in sorted(acknowledged):
            request = requests[number]
            answer = client.post(request.target, content=request.body, headers=dict(request.headers))
            # OTLP has no words for "seen before"; its rows are counted instead
            is_known = request.target.startswith("/v1/") or answer.json() == {"stored": True, "new": False}
            lost += [] if is_known else [number]
    return lost


@pytest.mark.e2e
def test_fifty_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    expected = undisturbed(Loop(root=tmp_path / "calm", repository="shop").build())
    loop = Loop(root=tmp_path / "killed", repository="shop").build()
    requests = requests_of("shop")
    kills: Counter[str] = Counter()
    acknowledged: set[int] = set()

    serving = Serving(loop)
    for round_number in range(KILLS_WHILE_RECEIVING):
        until = (round_number + 1) * len(requests) // (KILLS_WHILE_RECEIVING + 1)
        asyncio.run(play_and_kill(serving, requests, acknowledged, until))
        kills["receive"] += 1
        serving.restart()
    asyncio.run(play(serving.url, requests, acknowledged))
    rows = httpx.get(f"{serving.url}/readyz", timeout=60).json()["inbox"]
    lost = stored_once(serving.url, loop, acknowledged)
    after = httpx.get(f"{serving.url}/readyz", timeout=60).json()["inbox"]
    serving.stop()
    for flow in FLOWS:
        started = time.monotonic()
        subprocess.run(loop.command(*flow, "--dry-run"), capture_output=True, check=True)
        whole_s = time.monotonic() - started
        for turn in range(KILLS_PER_FLOW):
            kills[flow[0]] += run_killed(loop, flow, whole_s * (turn + 0.5) / KILLS_PER_FLOW)
        loop.run(*flow)

    print("kills per station:", dict(kills), "requests:", len(requests))
    assert len(acknowledged) == len(requests)
    assert lost == []
    assert sum(rows.values()) == sum(after.values()) == len(requests)
    assert finished(loop) == expected


async def play_and_kill(serving: Serving, requests: list[RecordedRequest], acknowledged: set[int], until: int) -> None:
    """Play until enough are acknowledged, then kill while more are in flight."""
    playing = asyncio.create_task(play(serving.url, requests, acknowledged))
    while len(acknowledged) < until and not playing.done():  # noqa: ASYNC110 # the wait is for a count
        await asyncio.sleep(0.001)
    serving.kill()
    await playing
