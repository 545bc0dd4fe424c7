"""The store and the inbox: everything that outlives a process, on SQLite or PostgreSQL."""

from sidecar.store.counts import Counts
from sidecar.store.inbox import Inbox
from sidecar.store.inbox_entry import InboxEntry, InboxReceipt, InboxRow, InboxState
from sidecar.store.problems import JudgeProblem
from sidecar.store.sessions import FileChunk, StoredSession
from sidecar.store.spend import Cap, KeptReply, Spent, day_start_ns, month_start_ns
from sidecar.store.store import Store

__all__ = [
    "Cap",
    "Counts",
    "FileChunk",
    "Inbox",
    "InboxEntry",
    "InboxReceipt",
    "InboxRow",
    "InboxState",
    "JudgeProblem",
    "KeptReply",
    "Spent",
    "Store",
    "StoredSession",
    "day_start_ns",
    "month_start_ns",
]
