"""Rules files: canonical text, managed block, edits, ledger, what people changed, and the version a session had."""

from sidecar.rules.block import (
    BEGIN,
    END,
    UNSTATED_KIND,
    block_lines,
    listed_words,
    parse_rules_file,
    render_rules_file,
    rule_words,
    split_words,
)
from sidecar.rules.canonical import canonical, canonical_rule, rule_id, text_hash
from sidecar.rules.edits import apply_edits, check_text, parse_edits, token_estimate
from sidecar.rules.ledger import (
    GateResult,
    LedgerEntry,
    decode_ledger,
    decode_ledger_entry,
    encode_ledger_entry,
    ledger_path,
)
from sidecar.rules.match import RulesMatch, match_rules
from sidecar.rules.paths import LEDGER_FOLDER, TARGET_PATHS, is_ledger_path, is_target_path, may_write
from sidecar.rules.version import active_rules, rules_version, rules_version_of

__all__ = [
    "BEGIN",
    "END",
    "LEDGER_FOLDER",
    "TARGET_PATHS",
    "UNSTATED_KIND",
    "GateResult",
    "LedgerEntry",
    "RulesMatch",
    "active_rules",
    "apply_edits",
    "block_lines",
    "canonical",
    "canonical_rule",
    "check_text",
    "decode_ledger",
    "decode_ledger_entry",
    "encode_ledger_entry",
    "is_ledger_path",
    "is_target_path",
    "ledger_path",
    "listed_words",
    "match_rules",
    "may_write",
    "parse_edits",
    "parse_rules_file",
    "render_rules_file",
    "rule_id",
    "rule_words",
    "rules_version",
    "rules_version_of",
    "split_words",
    "text_hash",
    "token_estimate",
]
