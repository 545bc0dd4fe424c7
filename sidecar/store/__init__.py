"""The store and the inbox: everything that outlives a process, on SQLite or PostgreSQL."""

from sidecar.store.batches import Batch, Batches, BatchItem, Planned
from sidecar.store.columns import word
from sidecar.store.counts import Counts
from sidecar.store.decisions import Decisions, KeptDecision, RuleInForce
from sidecar.store.file_chunks import FileChunk
from sidecar.store.forgetting import Digest, Fate, ForgottenAt, Removed
from sidecar.store.inbox import Inbox
from sidecar.store.inbox_entry import InboxEntry, InboxReceipt, InboxRow, InboxState
from sidecar.store.nodes import Node
from sidecar.store.problems import JudgeProblem
from sidecar.store.sessions import StoredSession
from sidecar.store.spend import Cap, KeptReply, Wanted, day_start_ns, month_start_ns
from sidecar.store.spending import Spending, Spent
from sidecar.store.store import Store
from sidecar.store.traces import trace_of
from sidecar.store.viewer_deletions import ViewerDeletion

__all__ = [
    "Batch",
    "BatchItem",
    "Batches",
    "Cap",
    "Counts",
    "Decisions",
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
    "KeptDecision",
    "KeptReply",
    "Node",
    "Planned",
    "Removed",
    "RuleInForce",
    "Spending",
    "Spent",
    "Store",
    "StoredSession",
    "ViewerDeletion",
    "Wanted",
    "day_start_ns",
    "month_start_ns",
    "trace_of",
    "word",
]
