"""A process that claims one row of an inbox, prints its id, and never finishes it."""

import sys
import time

from sidecar.store import Inbox

if __name__ == "__main__":
    inbox = Inbox.open(sys.argv[1])
    [row] = inbox.claim(owner="killed", now_ns=0, lease_ns=10, limit=1)
    sys.stdout.write(f"{row.row_id}\n")
    sys.stdout.flush()
    time.sleep(600)
