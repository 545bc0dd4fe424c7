"""The store and the inbox: everything that outlives a process, on SQLite or PostgreSQL."""

from sidecar.store.counts import Counts
from sidecar.store.inbox import Inbox
from sidecar.store.inbox_entry import InboxEntry, InboxReceipt, InboxRow, InboxState
from sidecar.store.sessions import FileChunk, StoredSession
from sidecar.store.store import Store

__all__ = [
    "Counts",
    "FileChunk",
    "Inbox",
    "InboxEntry",
    "InboxReceipt",
    "InboxRow",
    "InboxState",
    "Store",
    "StoredSession",
]
