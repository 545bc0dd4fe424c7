"""A process that tries to write to a data folder as an unprivileged user, and prints what it is told."""

import asyncio
import os
import sys

from sidecar.errors import StoreError
from sidecar.store import Inbox, Store
from tests.contracts.records import make_decision, make_entry, make_session

NOBODY = 65534
"""The user without rights, by number on every Linux."""

if __name__ == "__main__":
    if os.geteuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    try:
        if sys.argv[1] == "store":
            Store.open(sys.argv[2]).set_session(make_session(), make_decision(), now_ns=1)
        else:
            asyncio.run(Inbox.open(sys.argv[2]).add(make_entry()))
    except StoreError as exc:
        sys.stdout.write(f"{type(exc).__name__}: {exc}")
