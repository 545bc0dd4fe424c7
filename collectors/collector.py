"""What a collector is: it reads one agent's hooks, session files and OTLP into Observations.

A collector is pure but for `session_files`. The same message always gives the same Observations with the same
keys, whatever came before it, so that they can be stored as a set. It never decides what a session is: that is merged
later from all Observations.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from collectors.payload import JsonValue
from sidecar.capture import AgentFields
from sidecar.domain import AgentName, LoadedRules, LogRecord, Observation, SessionId, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class HookRepository:
    """What our own start hook measured in the work tree."""

    remote: str | None = None
    """URL of `origin`; None where there is none."""
    head: str | None = None
    """Full SHA of the checked-out commit."""
    branch: str | None = None
    """None when HEAD is detached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HookMessage:
    """One posted hook."""

    body: Mapping[str, JsonValue]
    """The agent's own JSON, unchanged but for redaction."""
    observed_ns: int
    """When it happened by the sender's header; else its first receipt."""
    is_timed: bool
    """observed_ns was said by the sender."""
    last_observed_ns: int
    """Latest receipt of the same bytes; equals observed_ns for timed ones."""
    repository: HookRepository | None = None
    """None for all but our start hook."""
    rules: tuple[LoadedRules, ...] = ()
    """Rules files that our start hook hashed, source EXACT: those of every agent, loaded or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFile:
    """One file of a session as assembled so far."""

    session_id: SessionId
    part: str
    """`main` and `subagents/agent-<id>` of Claude Code, `session` and `messages` of Cline."""
    text: str
    received_ns: int
    """Latest receipt of a piece of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A session file that lies on this machine."""

    session_id: SessionId
    part: str
    body: bytes | None = None
    """What it says in the form that is received; None where that is the file as it lies there."""
    written_ns: int | None = None
    """When the session was last written to; None where the file's own time tells."""


class Collector(Protocol):
    """How one agent is listened to."""

    @property
    def name(self) -> AgentName:
        """The agent's name in addresses and keys."""
        ...

    @property
    def fields(self) -> AgentFields:
        """What each field of its messages holds; a field that is not named is kept at capture level `full` only."""
        ...

    def hook_observations(self, message: HookMessage) -> list[Observation]:
        """What one hook says.

        Raises:
            DecodeError: it names no session.
        """
        ...

    def file_observations(self, file: SessionFile) -> list[Observation]:
        """What a session file says so far; lines that are cut or unknown say nothing."""
        ...

    def span_observations(self, span: Span) -> list[Observation]:
        """What one span says; none for a span that is no part of a session."""
        ...

    def log_observations(self, record: LogRecord) -> list[Observation]:
        """What one log record says; none for a record that is no part of a session."""
        ...

    def claims(self, service_name: str) -> bool:
        """Whether OTLP with this `service.name` comes from this agent."""
        ...

    def session_files(self, path: Path, head: str) -> Iterator[FoundFile]:
        """The session files that a file is: one, none where it is no file of this agent, of a database many.

        Args:
            path: The file; other files are opened only where a session lies in several.
            head: Its beginning, 64 kB at most, so that files of all sizes are told apart by content alike.
        Raises:
            OSError: it cannot be read.
            DecodeError: it is a file of this agent in a form that cannot be read.
        """
        ...
