"""What is stored about one rule, and what follows from it; pure."""

from dataclasses import dataclass

from sidecar.domain import (
    Decision,
    EditOperation,
    Effect,
    ProjectId,
    Proposal,
    ProposalState,
    Refusal,
    Rule,
    RuleEdit,
    RuleId,
    SessionId,
    Tombstone,
)
from sidecar.jobs.base_branch import LIVE
from sidecar.proposals import worded_by
from sidecar.store import RuleInForce, StoredSession


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSession:
    """One session that a rule rests on."""

    session: SessionId
    stored: StoredSession | None
    """None where it was forgotten."""
    judges: tuple[tuple[str, str], ...] = ()
    """Name and version of the judges that have a verdict on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposed:
    """How often sessions met a rule."""

    shown: int = 0
    """Sessions whose agent was shown it."""
    met: int = 0
    """Of those, the ones that touched a path of its scope."""
    last_ns: int | None = None
    """Start of the last one that met it."""
    paths: tuple[str, ...] = ()
    """Rules files that brought it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLife:
    """Everything that is stored about one rule, or about a text that the gate refused."""

    identity: str
    project: ProjectId
    commit: str | None
    """Base commit of the last sync; None before the first."""
    standing: Rule | None
    """As it stood there."""
    edits: tuple[tuple[Proposal, RuleEdit], ...]
    """Every edit of it that was proposed, the oldest first."""
    superseded_by: tuple[RuleId, ...] = ()
    """Rules of merged proposals that took it up."""
    in_force: RuleInForce | None = None
    refusal: Refusal | None = None
    tombstone: Tombstone | None = None
    allowed: Tombstone | None = None
    """One that people took back, and that nothing follows from any more."""
    decision: Decision | None = None
    """What the newest draft decided about the lesson it came from."""
    evidence: tuple[EvidenceSession, ...] = ()
    exposed: Exposed = Exposed()
    effect: Effect | None = None
    """What it did so far; None for what does not stand on the base."""
    adopted_as: Rule | None = None
    """Of a refused text: the rule in which a person said it in their own words."""
    adopted_by: str | None = None
    """Who did so, or said this rule in its newest words so; None where nobody did, or who is not known."""

    @property
    def rule(self) -> Rule | None:
        """In its newest words; None for a refused text."""
        proposed = [edit.rule for _, edit in self.edits]
        return self.standing or next(reversed(proposed), None) or (self.in_force.rule if self.in_force else None)

    @property
    def state(self) -> str:
        """`active`, `proposed`, `refused`, `adopted`, `allowed`, `declined`, `superseded` or `retired`."""
        if self.refusal is not None:
            return "refused" if self.adopted_as is None else "adopted"
        if self.standing is not None:
            return "active"
        if any(proposal.state in LIVE and not _is_retirement(edit) for proposal, edit in self.edits):
            return "proposed"
        if self.superseded_by:
            return "superseded"
        if self.allowed is not None:
            return "allowed"
        was_merged = any(one.state in (ProposalState.MERGED, ProposalState.REVERTED) for one, _ in self.edits)
        return "retired" if self.in_force is not None or was_merged else "declined"

    @property
    def written(self) -> list[RuleEdit]:
        """Edits that gave it words, the oldest first: one that retires rests on what speaks against it."""
        return [edit for _, edit in self.edits if not _is_retirement(edit)]

    @property
    def quoting(self) -> RuleEdit | None:
        """The newest edit that quotes sessions for it."""
        return next((edit for edit in reversed(self.written) if edit.all_quotes), None)

    @property
    def worded_by(self) -> str:
        """Who found the words as they are now."""
        if self.rule is not None and self.rule.is_human:
            return "a person"
        written = self.written
        return worded_by(written[-1]) if written else "the sidecar"

    @property
    def support(self) -> tuple[int, int]:
        """Distinct tasks and persons it rests on.

        An edit counts those of what asked for it, the sessions of the words before it not among them; these are counted
        as far as they are stored still.
        """
        sessions = [one.stored.session for one in self.evidence if one.stored is not None]
        persons = {session.person for session in sessions if session.is_attended}
        return (
            max([len({session.task for session in sessions} - {None}), *(edit.task_count for edit in self.written)]),
            max([len(persons), *(edit.person_count for edit in self.written)]),
        )

    @property
    def gate_result(self) -> str | None:
        """What the gate said, in words; None where nothing was ever put before it."""
        if self.refusal is not None:
            return "refused"
        written = self.written
        if not written:
            return None
        return "not checked: a person's words" if written[-1].rule.is_human else "passed"

    @property
    def ended_because(self) -> str | None:
        """Why it does not stand and will not come again; None while it may."""
        if self.state in ("active", "proposed", "refused", "adopted", "allowed"):
            return None
        if self.tombstone is not None:
            return self.tombstone.reason
        if self.superseded_by:
            return f"merged into {', '.join(self.superseded_by)}"
        retired = [edit.reason for _, edit in self.edits if _is_retirement(edit)]
        return retired[-1] if retired else None


def _is_retirement(edit: RuleEdit) -> bool:
    return edit.operation is EditOperation.RETIRE
