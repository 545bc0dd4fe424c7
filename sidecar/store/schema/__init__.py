"""Tables of the store and of the inbox, as the newest migration leaves them.

Only what is searched or sorted by has a column; the rest of each record is in its compressed body. Rows that may come
before the session they speak of (observations, files, outcomes, joins, feedback) do not refer to one.
"""

from sidecar.store.schema.checking import adherences, blind_calls, reruns
from sidecar.store.schema.inbox import inbox
from sidecar.store.schema.judging import (
    batch_items,
    batches,
    judge_problems,
    kept_replies,
    mirrored,
    spend,
    spend_days,
    verdicts,
)
from sidecar.store.schema.metadata import INBOX, STORE
from sidecar.store.schema.outcomes import feedback, follow_up_commits, follow_ups, joins, outcome_lines, outcomes
from sidecar.store.schema.proposals import (
    base_rules,
    decisions,
    proposals,
    refusals,
    rules_files,
    rules_in_force,
    tombstones,
)
from sidecar.store.schema.running import forgotten, leases, nodes, tokens, viewer_deletions
from sidecar.store.schema.sessions import dropped, file_chunks, key_prints, observations, sessions, spans, steps

__all__ = [
    "INBOX",
    "STORE",
    "adherences",
    "base_rules",
    "batch_items",
    "batches",
    "blind_calls",
    "decisions",
    "dropped",
    "feedback",
    "file_chunks",
    "follow_up_commits",
    "follow_ups",
    "forgotten",
    "inbox",
    "joins",
    "judge_problems",
    "kept_replies",
    "key_prints",
    "leases",
    "mirrored",
    "nodes",
    "observations",
    "outcome_lines",
    "outcomes",
    "proposals",
    "refusals",
    "reruns",
    "rules_files",
    "rules_in_force",
    "sessions",
    "spans",
    "spend",
    "spend_days",
    "steps",
    "tokens",
    "tombstones",
    "verdicts",
    "viewer_deletions",
]
