"""Take one request into the inbox: bound it, check it, redact it, commit it; only then is it acknowledged.

Both receivers (HTTP and gRPC) and the importer come through here, so what is promised of one holds for all:
nothing undecodable is stored, no planted secret is written, the same bytes twice are one row.
What the bytes mean is the projector's business.
"""

from sidecar.receive.arrival import DROPPED_LINES, Arrival, Receipt
from sidecar.receive.receiver import Receiver

__all__ = ["DROPPED_LINES", "Arrival", "Receipt", "Receiver"]
