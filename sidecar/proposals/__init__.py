"""Proposals as pure functions: what they write, what they say, and what became of them on the base."""

from sidecar.proposals.adopted import adoptions
from sidecar.proposals.base_reading import (
    DECLINED,
    DELETED,
    TAKEN_OVER,
    BaseReading,
    declined_tombstones,
    deletion_tombstones,
    merged_edits,
    put_back,
    read_base,
    taken_out,
    waiting_edits,
)
from sidecar.proposals.differing import RuleDifference, rule_differences
from sidecar.proposals.files import Changes, build_files, content_hash, live_edits, proposal_id
from sidecar.proposals.heirs import heirs, living_on
from sidecar.proposals.text import CLOSING, ProposalText, commit_message, counted, describe, fenced, support_reason
from sidecar.proposals.text_origin import worded_by
from sidecar.proposals.text_quotes import quote_texts, with_redacted_quotes

__all__ = [
    "CLOSING",
    "DECLINED",
    "DELETED",
    "TAKEN_OVER",
    "BaseReading",
    "Changes",
    "ProposalText",
    "RuleDifference",
    "adoptions",
    "build_files",
    "commit_message",
    "content_hash",
    "counted",
    "declined_tombstones",
    "deletion_tombstones",
    "describe",
    "fenced",
    "heirs",
    "live_edits",
    "living_on",
    "merged_edits",
    "proposal_id",
    "put_back",
    "quote_texts",
    "read_base",
    "rule_differences",
    "support_reason",
    "taken_out",
    "waiting_edits",
    "with_redacted_quotes",
    "worded_by",
]
