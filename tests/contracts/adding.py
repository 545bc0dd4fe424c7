"""A process that adds entries to an inbox and prints the name of each acknowledged one, until it is killed."""

import asyncio
import os
import sys
from itertools import count

from sidecar.store import Inbox
from tests.contracts.records import make_entry

SENDERS = 8


async def _send(inbox: Inbox, sender: str) -> None:
    for number in count():
        name = f"{sender}.{number}"
        # Random bytes do not compress, so that the file grows and a kill may hit a checkpoint.
        await inbox.add(make_entry(name, body=name.encode() + os.urandom(2000)))
        os.write(1, f"{name}\n".encode())


async def _main(url: str, run: str) -> None:
    inbox = Inbox.open(url)
    await asyncio.gather(*(_send(inbox, f"{run}.{sender}") for sender in range(SENDERS)))


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], sys.argv[2]))
