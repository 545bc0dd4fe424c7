"""What became of a Proposal on the base, and the tombstones that follow from it.

Merged means that its rules stand there, however they came: a merge, a squash, a part of it, or a person's typing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sidecar.domain import EditOperation, ProjectId, Proposal, Rule, RuleEdit, RuleId, Tombstone
from sidecar.proposals.files import block_matches, ledger_reason
from sidecar.proposals.heirs import heirs, living_on
from sidecar.rules import (
    decode_ledger,
    encode_ledger_entry,
    is_ledger_path,
    ledger_path,
    listed_words,
    parse_rules_file,
    rule_id,
    rule_words,
)

DELETED = "deleted from the file"
"""Reason of a tombstone for a rule that a person took out of the base."""
TAKEN_OVER = "taken out of the block: a person keeps it among their own lines"
DECLINED = "the proposal was closed without a word"


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseReading:
    """Our rules as the base has them."""

    standing: tuple[Rule, ...]
    """In a block of the base, in the words that stand there, one per rule id."""
    amended: tuple[Rule, ...]
    """Of those, the ones whose words people changed since the ledger was written."""
    deleted: tuple[Rule, ...]
    """Stood before, or stand in the ledger, and were taken out by somebody else."""
    taken_over: frozenset[RuleId] = frozenset()
    """Rules of ours, no longer in a block, that stand among people's own lines: markers deleted, or the line moved out
    of the block."""
    written: tuple[Rule, ...] = ()
    """As the ledger of the base has them: in the words that were merged, whatever people made of these since."""
    added: tuple[Rule, ...] = ()
    """Lines that people wrote into the block and no ledger knows; evidence of what they want."""


def read_base(
    files: Mapping[str, bytes], *, previous: Sequence[Rule] = (), proposals: Sequence[Proposal] = ()
) -> BaseReading:
    """Which rules of ours stand on the base, and which are gone.

    Args:
        files: Every rules file and ledger file of the base (`targets.rules_paths`), by path.
        previous: Rules that stood at the last reading.
        proposals: Of this project, whatever their state; their rules are known, and what a rule that stands took up is
            gone by our doing. What they retire is gone by it only where the ledger says so: else a person was first.
    Raises:
        RulesFileError: broken markers; nothing can be said of the rules then.
        DecodeError: a ledger file is not one.
    """
    ledger = decode_ledger(files)
    buried = {rule_id for rule_id, entry in ledger.items() if entry.tombstone is not None}
    expected = {entry.rule.rule_id: entry.rule for entry in ledger.values() if entry.tombstone is None}
    for rule in previous:
        expected.setdefault(rule.rule_id, rule)
    known = dict(expected)
    for edit in (edit for one in proposals for edit in one.edits if edit.operation is not EditOperation.RETIRE):
        known.setdefault(edit.rule.rule_id, edit.rule)
    matches = block_matches(files, [rule for rule_id, rule in known.items() if rule_id not in buried])
    amended = {rule.rule_id: rule for match in reversed(matches) for rule in match.amended}
    ours = {rule.rule_id: rule for match in matches for rule in (*match.reformatted, *match.kept)}
    standing = ours | amended
    added = {rule.rule_id: rule for match in matches for rule in match.added}
    outside = _listed_outside(files)
    explained = buried | standing.keys() | living_on(heirs(proposals), standing)
    gone = [rule for rule_id, rule in expected.items() if rule_id not in explained]
    return BaseReading(
        standing=tuple(standing[rule_id] for rule_id in sorted(standing)),
        amended=tuple(amended[rule_id] for rule_id in sorted(amended)),
        deleted=tuple(sorted(gone, key=lambda rule: rule.rule_id)),
        taken_over=frozenset(
            rule.rule_id for rule in known.values() if rule.rule_id not in standing and _words(rule) in outside
        ),
        written=tuple(entry.rule for entry in ledger.values() if entry.tombstone is None),
        added=tuple(added[rule_id] for rule_id in sorted(added)),
    )


def put_back(files: Mapping[str, bytes], allowed: Sequence[Tombstone]) -> dict[str, bytes]:
    """The files of the base, with the ledger as people have since decided.

    A rule that they put back into a block has no tombstone any more; the entry of one that they allowed again is not
    there, as if the rule had never been.

    Args:
        allowed: Tombstones that people took back; a later tombstone of the same rule has a reason of its own.
    Raises:
        RulesFileError: broken markers.
        DecodeError: a ledger file is not one.
    """
    buried = {identity: entry for identity, entry in decode_ledger(files).items() if entry.tombstone is not None}
    found = dict(files)
    if not buried:
        return found
    again = {
        one.rule_id for match in block_matches(files, [entry.rule for entry in buried.values()]) for one in match.kept
    }
    reasons = {(one.rule_id, ledger_reason(one.reason)) for one in allowed}
    for identity, entry in buried.items():
        if identity in again:
            found[ledger_path(identity)] = encode_ledger_entry(replace(entry, tombstone=None))
        elif (identity, entry.tombstone) in reasons:
            del found[ledger_path(identity)]
    return found


def _listed_outside(files: Mapping[str, bytes]) -> frozenset[str]:
    """List lines of people's own text."""
    parsed = [parse_rules_file(content) for path, content in files.items() if not is_ledger_path(path)]
    texts = [part.decode(file.encoding, "replace") for file in parsed for part in (file.before, file.after)]
    return frozenset(words for text in texts for words in listed_words(text))


def merged_edits(proposal: Proposal, reading: BaseReading, *, previous: Sequence[Rule] = ()) -> tuple[RuleEdit, ...]:
    """The edits of a proposal that the base holds, however they came there: merged, squashed, or by hand.

    Args:
        previous: Rules that stood when it was proposed; needed to tell a retirement that happened.
    """
    standing = {rule.rule_id: rule for rule in reading.standing}
    before = {rule.rule_id: rule for rule in previous}
    written = {rule.rule_id: rule for rule in reading.written}
    return tuple(edit for edit in proposal.edits if _is_merged(edit, standing, before, written.get(edit.rule.rule_id)))


def waiting_edits(proposal: Proposal, standing: Sequence[Rule]) -> tuple[RuleEdit, ...]:
    """The edits of a proposal that would still change something: a rule that stands already is not added again.

    Args:
        standing: Rules on the base.
    """
    there = {rule.rule_id for rule in standing}
    return tuple(
        edit for edit in proposal.edits if edit.operation is not EditOperation.ADD or edit.rule.rule_id not in there
    )


def taken_out(edit: RuleEdit) -> tuple[RuleId, ...]:
    """Rules that are gone from the base once the edit is merged."""
    return (edit.rule.rule_id,) if edit.operation is EditOperation.RETIRE else edit.rule.supersedes


def deletion_tombstones(project: ProjectId, reading: BaseReading, *, at_ns: int) -> tuple[Tombstone, ...]:
    """Tombstones of the rules that people took out of the base."""
    return tuple(
        _tombstone(project, rule, TAKEN_OVER if rule.rule_id in reading.taken_over else DELETED, at_ns, signature=None)
        for rule in reading.deleted
    )


def declined_tombstones(proposal: Proposal, reading: BaseReading, *, at_ns: int) -> tuple[Tombstone, ...]:
    """Tombstones of the rules that a closed proposal would have brought, with the reviewer's words.

    They carry the signature of the cluster a rule rests on, so that other words for its lesson stay out too. Of a rule
    that stands only the other words are declined: they have a tombstone under the id that a rule of them would have.
    """
    standing = {rule.rule_id for rule in reading.standing}
    review = proposal.pull_request.review if proposal.pull_request is not None else None
    named = [
        (edit, rule_id(edit.rule.text, edit.rule.scope) if edit.rule.rule_id in standing else edit.rule.rule_id)
        for edit in proposal.edits
        if edit.operation is not EditOperation.RETIRE
    ]
    return tuple(
        _tombstone(
            proposal.project,
            replace(edit.rule, rule_id=identity),
            review or DECLINED,
            at_ns,
            signature=edit.signature,
        )
        for edit, identity in named
        if identity not in standing
    )


def _tombstone(project: ProjectId, rule: Rule, reason: str, at_ns: int, *, signature: str | None) -> Tombstone:
    return Tombstone(
        project=project, rule_id=rule.rule_id, text=rule.text, signature=signature, reason=reason, at_ns=at_ns
    )


def _is_merged(
    edit: RuleEdit, standing: Mapping[RuleId, Rule], before: Mapping[RuleId, Rule], written: Rule | None
) -> bool:
    stands = standing.get(edit.rule.rule_id)
    if edit.operation is EditOperation.RETIRE:
        return stands is None and edit.rule.rule_id in before
    if stands is None:
        return False
    # who edits a branch and merges it takes the rule, in words of their own; the ledger then holds ours
    if edit.operation is EditOperation.ADD or edit.rule.rule_id not in before:
        return True
    if any(one in standing for one in edit.rule.supersedes):
        return False  # a merge into words that stood already has happened once the others are gone
    return _words(edit.rule) in {_words(stands), *([] if written is None else [_words(written)])}


def _words(rule: Rule) -> str:
    return rule_words(rule.text, rule.scope)
