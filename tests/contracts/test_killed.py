"""What a kill -9 leaves of the inbox: every acknowledged entry once, every claimed row to be claimed again."""

import asyncio
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from sidecar.store import Inbox, InboxRow
from tests.contracts.records import make_entry

ROOT = Path(__file__).parents[2]
KILLS = 6
LONGEST_LIFE_S = 0.4
"""Counted from the first acknowledgement: a few hundred entries."""


def start(program: str, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"tests.contracts.{program}", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)


def acknowledged_before_kill(url: str, run: int, life_s: float) -> list[str]:
    with start("adding", url, f"{run}") as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        time.sleep(life_s)
        child.kill()
        # What was printed before the kill is still in the pipe; a last line may be cut.
        lines = (first + child.stdout.read()).splitlines(keepends=True)
    return [line.decode().strip() for line in lines if line.endswith(b"\n")]


def test_every_acknowledged_entry_is_stored_once_whenever_the_process_is_killed(inbox_url: str) -> None:
    moments = random.Random(20)
    acknowledged: list[str] = []
    for run in range(KILLS):
        acknowledged += acknowledged_before_kill(inbox_url, run, moments.uniform(0, LONGEST_LIFE_S))

    inbox = Inbox.open(inbox_url)
    rows: list[InboxRow] = []
    while claimed := inbox.claim(owner="test", now_ns=1, lease_ns=1, limit=1_000_000):
        rows += claimed
    inbox.close()

    stored = Counter(row.body_hash for row in rows)
    assert len(acknowledged) > KILLS
    assert [name for name in acknowledged if stored[name] != 1] == []
    assert [row.body_hash for row in rows if not row.body.startswith(row.body_hash.encode())] == []
    assert {1} == set(stored.values())


def test_a_row_whose_claimer_was_killed_is_claimed_again_after_its_lease(inbox_url: str) -> None:
    inbox = Inbox.open(inbox_url)
    asyncio.run(inbox.add(make_entry()))
    with start("claiming", inbox_url) as child:
        assert child.stdout is not None
        row_id = int(child.stdout.readline())
        child.kill()

    early = inbox.claim(owner="next", now_ns=9, lease_ns=10, limit=1)
    in_time = inbox.claim(owner="next", now_ns=10, lease_ns=10, limit=1)
    inbox.finish([row_id], owner="next")

    assert early == []
    assert [(row_id, 2)] == [(row.row_id, row.attempts) for row in in_time]
    assert inbox.counts() == {"new": 0, "claimed": 0, "done": 1, "failed": 0}
    inbox.close()
