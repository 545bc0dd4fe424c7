"""The store and the inbox: everything that outlives a process, on SQLite or PostgreSQL."""

from sidecar.store.columns import word
from sidecar.store.counts import Counts
from sidecar.store.forgetting import Digest, Fate, ForgottenAt, Removed
from sidecar.store.inbox import Inbox
from sidecar.store.inbox_entry import InboxEntry, InboxReceipt, InboxRow, InboxState
from sidecar.store.nodes import Node
from sidecar.store.problems import JudgeProblem
from sidecar.store.sessions import FileChunk, StoredSession
from sidecar.store.spend import Cap, KeptReply, Spent, day_start_ns, month_start_ns
from sidecar.store.store import Store
from sidecar.store.traces import trace_of
from sidecar.store.viewer_deletions import ViewerDeletion

__all__ = [
    "Cap",
    "Counts",
    "Digest",
    "Fate",
    "FileChunk",
    "ForgottenAt",
    "Inbox",
    "InboxEntry",
    "InboxReceipt",
    "InboxRow",
    "InboxState",
    "JudgeProblem",
    "KeptReply",
    "Node",
    "Removed",
    "Spent",
    "Store",
    "StoredSession",
    "ViewerDeletion",
    "day_start_ns",
    "month_start_ns",
    "trace_of",
    "word",
]
