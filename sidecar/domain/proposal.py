"""What is proposed: RuleEdit, Proposal, PullRequest, and what was refused or must never come again."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from sidecar.domain.names import ProjectId, SessionId, StepId
from sidecar.domain.rule import Rule, RuleId

ProposalId = NewType("ProposalId", str)
"""Sixteen hex digits; part of the branch name and of the commit trailer."""

_LONG_QUOTE = 300
"""Characters; what a judge quotes is cut somewhat above."""


class EditOperation(StrEnum):
    """What a RuleEdit does."""

    ADD = "add"
    AMEND = "amend"
    MERGE = "merge"
    RETIRE = "retire"


class ProposalState(StrEnum):
    """Where a Proposal stands; superseded: rebuilt under another id, reverted: its rules left the base again."""

    DRAFTED = "drafted"
    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"
    SUPERSEDED = "superseded"
    REVERTED = "reverted"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleQuote:
    """Words of a session that bear a rule, with where they stand."""

    text: str
    """Verbatim, redacted."""
    session: SessionId | None = None
    """None where it was not kept, as in proposals of earlier versions."""
    step_id: StepId | None = None
    """None where the words sum up several steps."""
    command: str | None = None
    """Shell text that was run in that step; None where none was."""
    path: str | None = None
    """File that was changed in that step; None where none was."""

    @property
    def is_command(self) -> bool:
        """Whether the words are the command itself, or as much of it as a quote holds."""
        command, text = (self.command or "").strip(), self.text.strip()
        return command == text or (len(text) >= _LONG_QUOTE and command.startswith(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEdit:
    """One change of one rule."""

    operation: EditOperation
    rule: Rule
    """The rule as it will stand; for retire, as it stands now."""
    reason: str
    """Why, in one sentence that a template wrote."""
    task_count: int = 0
    person_count: int = 0
    quotes: tuple[str, ...] = ()
    """Verbatim evidence of edits that earlier versions saved; new ones leave it empty, and `all_quotes` has both."""
    signature: str | None = None
    """Signature of the cluster it rests on; None for edits that rest on none."""
    caveat: str | None = None
    """What a reader must know of the judge it rests on, as long as that is not verified; None where nothing."""
    is_of_model: bool = False
    """It rests on what a judge said that asks a model; False too where that was not kept yet."""
    in_place_of: str | None = None
    """Id of the refused text that a person said in these words instead; None for all else."""
    adopted_by: str | None = None
    """That person, as git names them in what they commit, else as the system does; unchecked, and in clear, as they
    act here under their name. None for all else, and where it was not kept yet."""
    worded_by: str | None = None
    """Model that found its words; None for a person's or a template's, and where that was not kept yet."""
    failing_sessions: tuple[str, ...] = ()
    """Of its evidence, the sessions that show its half about what does not work; empty where all or none do."""
    failing_task_count: int = 0
    """Distinct tasks of these."""
    placed_quotes: tuple[RuleQuote, ...] = ()
    """Verbatim evidence, session after session, each in time order."""

    @property
    def all_quotes(self) -> tuple[RuleQuote, ...]:
        """Its evidence, whichever version saved it."""
        return (*self.placed_quotes, *(RuleQuote(text=text) for text in self.quotes))


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """A pull request as the forge tells it."""

    number: int
    url: str
    state: str
    """`open`, `closed` or `merged`."""
    review: str | None = None
    """The reviewer's words, untrusted text; None when they left none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """RuleEdits of one Project against a base commit."""

    proposal_id: ProposalId
    project: ProjectId
    state: ProposalState
    base_commit: str
    edits: tuple[RuleEdit, ...]
    content_hash: str
    """Hash of the files it writes; decides only whether there is something to push."""
    created_ns: int
    pull_request: PullRequest | None = None
    published: tuple[RuleId, ...] = ()
    """Rules of the edits that stood on the branch at the last publication: what a reviewer can have decided about."""

    @property
    def branch(self) -> str:
        """The only branch this proposal may ever write."""
        return f"sidecar/{self.proposal_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A draft the gate refused, kept with its reasons."""

    project: ProjectId
    text: str
    reasons: tuple[str, ...]
    at_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """A rule a person removed or declined: never proposed again, unless people take that back."""

    project: ProjectId
    rule_id: RuleId
    text: str
    signature: str | None
    """Signature of its cluster, so that other words for it stay out too."""
    reason: str
    """`deleted from the file`, or the reviewer's words."""
    at_ns: int
    allowed_ns: int | None = None
    """When people took it back, so that the rule may come again; None while it holds."""
    allowed_because: str | None = None
    """Their words, or what they did; None where they left none."""
