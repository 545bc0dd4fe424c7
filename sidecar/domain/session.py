"""What agents did: Observation as one channel saw it, Session and Step as merged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sidecar.domain.correction import Correction, Intervention
from sidecar.domain.names import AgentName, PersonId, ProjectId, SessionId, StepId, TaskId, TeamId
from sidecar.domain.rule import LoadedRules, RulesVersion


class Intake(StrEnum):
    """What kind of request it is; OTLP signals by their own names."""

    TRACES = "traces"
    LOGS = "logs"
    METRICS = "metrics"
    HOOK = "hook"
    TRANSCRIPT = "transcript"
    OUTCOME = "outcome"
    WEBHOOK = "webhook"


class Channel(StrEnum):
    """How an observation arrived."""

    TRANSCRIPT = "transcript"
    HOOK = "hook"
    OTLP = "otlp"


class StepKind(StrEnum):
    """What a step was. test_run, edit and commit are tool calls seen to do that."""

    PROMPT = "prompt"
    MODEL_CALL = "model_call"
    TOOL_CALL = "tool_call"
    TEST_RUN = "test_run"
    EDIT = "edit"
    COMMIT = "commit"


class SessionState(StrEnum):
    """open: still active; closed: ended; settled: ended and its outcome window has passed or a decisive one came."""

    OPEN = "open"
    CLOSED = "closed"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionKey:
    """Which session: a team's agent and that agent's id."""

    team: TeamId
    agent: AgentName
    session_id: SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPart:
    """What one observation says of one step; None where it says nothing."""

    step_id: StepId
    kind: StepKind
    """prompt, model_call or tool_call; the finer kinds are decided when sessions are merged."""
    tool: str | None = None
    """The agent's name of the tool."""
    command: str | None = None
    """Shell text that was run."""
    path: str | None = None
    """File read or changed, as the agent named it."""
    is_write: bool = False
    """The call changes the file at `path`."""
    old_text: str | None = None
    """Text that an edit replaced."""
    new_text: str | None = None
    """Text that an edit wrote; the whole file when old_text is None."""
    output: str | None = None
    """What came back, as text, whole."""
    is_success: bool | None = None
    """The agent's own notion of success; None while unknown."""
    exit_code: int | None = None
    text: str | None = None
    """A prompt's or the assistant's words."""
    is_human: bool | None = None
    """Of prompts: False when a machine wrote it (a task notification)."""
    started_ns: int | None = None
    ended_ns: int | None = None
    agent_id: str | None = None
    """Sub-agent that did it; None for the main one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one message of one channel says of one session: what is merged, in any order, any number of times."""

    session_id: SessionId
    key: str
    """Unique within the session: the same message always gives the same key."""
    channel: Channel
    at_ns: int
    """When it happened; the receipt where the message carries no time."""
    is_timed: bool
    """at_ns was said by the sender, not taken from the receipt."""
    last_at_ns: int | None = None
    """Latest receipt of the same bytes, of an end without a time; None where at_ns is all that is known."""
    is_activity: bool = True
    """The agent was doing something at at_ns; False for housekeeping that may come after the end."""
    is_start: bool = False
    """Neither said nor read any more: it is there for stored observations that have it, as none with a field that is
    not known would decode."""
    start_source: str | None = None
    """`startup`, `resume`, `clear`, `compact` of a start."""
    end_reason: str | None = None
    """Set when this says that the session ended."""
    agent_version: str | None = None
    model: str | None = None
    """Language model that answered the main agent, as its provider names it."""
    cwd: str | None = None
    remote: str | None = None
    """Remote URL as measured in the repository."""
    branch: str | None = None
    default_branch: str | None = None
    """Branch that the remote calls its main one."""
    base_commit: str | None = None
    """Commit at the session's start: full SHA, or a prefix of one."""
    head_commit: str | None = None
    """Commit after the agent committed: full SHA, or a prefix of one."""
    user: str | None = None
    """The agent's user id, before hashing."""
    is_headless: bool | None = None
    """No person sits before it: a script, a CI job, a program with the agent inside."""
    is_subagent: bool | None = None
    """Another agent's session began it and wrote its prompts."""
    rules: tuple[LoadedRules, ...] = ()
    """Project rules files that were active, never personal ones."""
    prompt_id: str | None = None
    step: StepPart | None = None
    intervention: Intervention | None = None
    """At the step, or at the last one before at_ns where there is none here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One act in a session, merged from every channel that saw it."""

    step_id: StepId
    kind: StepKind
    at_ns: int
    ended_ns: int | None = None
    tool: str | None = None
    command: str | None = None
    path: str | None = None
    """Relative to the repository where it lies inside, with forward slashes; else as the agent named it."""
    is_write: bool = False
    old_text: str | None = None
    new_text: str | None = None
    output: str | None = None
    is_success: bool | None = None
    exit_code: int | None = None
    text: str | None = None
    is_human: bool | None = None
    agent_id: str | None = None

    @property
    def has_written(self) -> bool:
        """It changed a file, as far as is known: an edit that was refused or failed did not, a failed command may."""
        is_in_vain = self.is_success is False and self.command is None
        return (self.kind is StepKind.EDIT or self.is_write) and not is_in_vain


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session as merged from all its observations; null fields carry their reason in `missing`."""

    key: SessionKey
    state: SessionState
    agent_version: str | None = None
    model: str | None = None
    """Language model that answered most, as its provider names it."""
    project: ProjectId | None = None
    """None while unassigned."""
    branch: str | None = None
    is_branch_shared: bool = False
    """Many tasks share the branch, as the repository's main one; False where nothing told."""
    base_commit: str | None = None
    head_commit: str | None = None
    cwd: str | None = None
    task: TaskId | None = None
    person: PersonId | None = None
    rules: tuple[LoadedRules, ...] = ()
    rules_version: RulesVersion | None = None
    is_headless: bool | None = None
    is_subagent: bool | None = None
    """True for a session of its own that another agent's session began; None for all others."""
    started_ns: int
    last_activity_ns: int
    ended_ns: int | None = None
    end_reason: str | None = None
    first_prompt: str | None = None
    """First human prompt; what the Task is named by when nothing better is known."""
    revision: int = 1
    """Grows by one each time a settled session changes."""
    missing: Mapping[str, str] = field(default_factory=dict[str, str])
    """Field name to the reason why it is None."""
    steps: tuple[Step, ...] = ()
    """In time order; empty where only the envelope was read."""
    corrections: tuple[Correction, ...] = ()
    """By people, in the order of their steps; there where only the envelope was read too."""

    @property
    def is_attended(self) -> bool:
        """A person may have sat before it."""
        return not (self.is_headless or self.is_subagent)
