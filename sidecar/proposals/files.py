"""What a Proposal writes: its id, the files that differ from the base, and the hash of those.

Everything follows from the arguments: the same base and edits give the same bytes, whatever the order of the edits.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sidecar.domain import EditOperation, ProjectId, ProposalId, Rule, RuleEdit, RuleId, Tombstone
from sidecar.proposals.placing import matched, placed_edits
from sidecar.rules import (
    UNSTATED_KIND,
    GateResult,
    LedgerEntry,
    RulesMatch,
    decode_ledger,
    encode_ledger_entry,
    is_ledger_path,
    ledger_path,
    signature_hash,
)
from sidecar.targets import Target

_MAX_REASON = 200
"""Characters of a reviewer's words that the ledger keeps."""

Changes = Mapping[str, bytes | None]
"""Files by path; None removes."""


def proposal_id(project: ProjectId, base_commit: str, edits: Sequence[RuleEdit]) -> ProposalId:
    """Sixteen hex digits of what is proposed to whom; the order of the edits does not matter."""
    described = sorted(
        [edit.operation.value, edit.rule.rule_id, edit.rule.text, edit.rule.scope or "", *sorted(edit.rule.supersedes)]
        for edit in edits
    )
    named = json.dumps([project, base_commit, described])
    return ProposalId(hashlib.sha256(named.encode()).hexdigest()[:16])


def content_hash(changes: Changes) -> str:
    """Sixteen hex digits of what is written; equal for equal files."""
    digest = hashlib.sha256()
    for path in sorted(changes):
        content = changes[path]
        state = "removed" if content is None else hashlib.sha256(content).hexdigest()
        digest.update(f"{path}\0{state}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:16]


def live_edits(files: Mapping[str, bytes], edits: Sequence[RuleEdit]) -> tuple[RuleEdit, ...]:
    """The edits that still make sense on this base: not of a rule declined or gone there, nor over a person's words.

    Args:
        files: Rules files and ledger files at the base, by path.
    """
    ledger = decode_ledger(files)
    touched = {rule.rule_id for rule in _amended(files, ledger)} | {
        rule_id for rule_id, entry in ledger.items() if entry.rule.is_human
    }
    matches = block_matches(files, _active(ledger))
    standing = {rule.rule_id for match in matches for rule in match.standing}
    return tuple(edit for edit in edits if _is_live(edit, ledger, touched, standing))


def build_files(
    files: Mapping[str, bytes],
    edits: Sequence[RuleEdit],
    *,
    targets: Sequence[Target],
    tombstones: Sequence[Tombstone] = (),
    first_targets: Collection[str] = (),
) -> dict[str, bytes | None]:
    """Files that differ from the base once the live edits stand in every target and the ledger says so.

    Args:
        files: Rules files and ledger files at the base, by path, targets included where they exist.
        targets: What gets the block, whether it exists yet or not.
        tombstones: Of this project; those the ledger does not hold yet are written with the edits.
        first_targets: Paths of targets whose readers read no rule of ours yet: with the edits they get what stands.
    Raises:
        RulesFileError: a target's markers are broken, or the edits do not fit into it.
        DecodeError: a ledger file at the base is not one.
    """
    ledger = decode_ledger(files)
    live = live_edits(files, edits)
    amended = _amended(files, ledger)
    built = placed_edits(
        files, live, targets=targets, active=_active(ledger), amended=amended, first_targets=first_targets
    )
    for rule_id, entry in _new_ledger(ledger, live, amended, tombstones).items():
        built[ledger_path(rule_id)] = None if entry is None else encode_ledger_entry(entry)
    return {path: content for path, content in sorted(built.items()) if content != files.get(path)}


def _is_live(edit: RuleEdit, ledger: Mapping[RuleId, LedgerEntry], touched: set[RuleId], standing: set[RuleId]) -> bool:
    entry = ledger.get(edit.rule.rule_id)
    if edit.operation is EditOperation.RETIRE:
        return edit.rule.rule_id not in touched  # what people took over is theirs to take out
    if entry is not None and entry.tombstone is not None:
        return False
    changed = {edit.rule.rule_id, *edit.rule.supersedes}
    return edit.operation is EditOperation.ADD or (bool(changed & standing) and not changed & touched)


def block_matches(files: Mapping[str, bytes], rules: Sequence[Rule]) -> list[RulesMatch]:
    """Each rules file's block held against the known rules, in path order; ledger files are passed over."""
    paths = sorted(path for path in files if not is_ledger_path(path))
    return [matched(path, files[path], rules) for path in paths]


def _active(ledger: Mapping[RuleId, LedgerEntry]) -> list[Rule]:
    return [entry.rule for entry in ledger.values() if entry.tombstone is None]


def _amended(files: Mapping[str, bytes], ledger: Mapping[RuleId, LedgerEntry]) -> tuple[Rule, ...]:
    """Rules whose words people changed; where they differ between files, the first file's words."""
    found: dict[RuleId, Rule] = {}
    for match in block_matches(files, _active(ledger)):
        for rule in match.amended:
            found.setdefault(rule.rule_id, rule)
    return tuple(found.values())


def _new_ledger(
    ledger: Mapping[RuleId, LedgerEntry],
    edits: Sequence[RuleEdit],
    amended: Sequence[Rule],
    tombstones: Sequence[Tombstone],
) -> dict[RuleId, LedgerEntry | None]:
    """Entries that are written, and None for those a merge took up."""
    entries: dict[RuleId, LedgerEntry | None] = {}
    for rule in amended:
        entries[rule.rule_id] = replace(ledger[rule.rule_id], rule=rule)
    for tombstone in tombstones:
        standing = ledger.get(tombstone.rule_id) or LedgerEntry(
            rule=Rule(rule_id=tombstone.rule_id, text=tombstone.text, kind=UNSTATED_KIND)
        )
        if standing.tombstone is None:
            entries[tombstone.rule_id] = _buried(standing, tombstone.reason, tombstone.signature)
    for edit in edits:
        rule_id = edit.rule.rule_id
        standing = ledger.get(rule_id)
        if edit.operation is EditOperation.RETIRE:
            # the first reason stays: it may be a reviewer's
            if standing is None or standing.tombstone is None:
                entries[rule_id] = _buried(standing or LedgerEntry(rule=edit.rule), edit.reason, edit.signature)
            continue
        if edit.operation is EditOperation.ADD and standing is not None:
            continue
        taken_up = [one for one in edit.rule.supersedes if one in ledger and one != rule_id]
        # a tombstone stays, also one that is written now
        entries |= {one: None for one in taken_up if (entries.get(one) or ledger[one]).tombstone is None}
        entries[rule_id] = _entry(edit, standing)
    return entries


def _buried(entry: LedgerEntry, reason: str, signature: str | None) -> LedgerEntry:
    return replace(entry, tombstone=ledger_reason(reason), signature=entry.signature or _hashed(signature))


def _entry(edit: RuleEdit, standing: LedgerEntry | None) -> LedgerEntry:
    return LedgerEntry(
        rule=edit.rule,
        task_count=edit.task_count,
        person_count=edit.person_count,
        # a person answers for their own words
        gate=GateResult.NOT_CHECKED if edit.rule.is_human else GateResult.PASSED,
        signature=_hashed(edit.signature) or (standing.signature if standing else None),
    )


def _hashed(signature: str | None) -> str | None:
    return None if signature is None else signature_hash(signature)


def ledger_reason(words: str) -> str:
    """A tombstone's reason as the ledger keeps it: one line, cut to 200 characters."""
    printable = "".join(character if character.isprintable() else " " for character in words)
    return " ".join(printable.split())[:_MAX_REASON]
