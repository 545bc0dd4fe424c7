"""A process whose files may grow to so many bytes only, more each time, so that another write fails each time.

After each failure the limit is lifted, and the next entry has to be taken without a restart. Prints as JSON which
entries were acknowledged, what refused the others, and at how many places a write failed.

python -m tests.contracts.failing_writes FOLDER
"""

import asyncio
import json
import resource
import signal
import sys
from pathlib import Path

from sidecar.errors import StoreError
from sidecar.store import Inbox
from tests.contracts.records import make_entry

STEP = 1024
ENTRIES = 4
BODY = bytes(range(256)) * 12
PLACES = 120


def _limit(size: int) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))


def _size(folder: Path) -> int:
    return max(file.stat().st_size for file in folder.iterdir() if not file.name.endswith("-shm"))


async def _main(folder: Path) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    inbox = Inbox.open(f"sqlite:///{folder}/inbox.db")
    acknowledged: list[str] = []
    refused: set[str] = set()
    places = 0
    for place in range(PLACES):
        _limit(_size(folder) + place * STEP // 8)
        has_failed = False
        for number in range(ENTRIES):
            name = f"{place}.{number}"
            try:
                await inbox.add(make_entry(name, body=name.encode() + BODY))
                acknowledged.append(name)
            except StoreError as error:
                refused.add(type(error).__name__)
                has_failed = True
        places += has_failed
        _limit(resource.RLIM_INFINITY)
        await inbox.add(make_entry(f"{place}.after"))
        acknowledged.append(f"{place}.after")
    rows = inbox.claim(owner="test", now_ns=1, lease_ns=1, limit=100_000)
    inbox.close()
    stored = sorted(row.body_hash for row in rows)
    print(
        json.dumps(
            {"acknowledged": sorted(acknowledged), "stored": stored, "refused": sorted(refused), "places": places}
        )
    )


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1])))
